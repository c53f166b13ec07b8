import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { isAddress } from "ethers";

import type { FinalityRule } from "../../deploy/parameters/index.ts";
import { toJson } from "./print.ts";
import { UsageError } from "./usage.ts";

/** Code of a contract of a deployment. */
export interface Code {
  /** The artifact it was built from: of the project by its qualified name, of a package by the file's specifier; none of foreign code. */
  readonly artifact: string | undefined;
  /** Whether it was there before. */
  readonly shared: boolean;
  /** keccak256 of the runtime code. */
  readonly hash: string;
  /** Block and transaction of its creation, if it was created here. */
  readonly block?: number;
  readonly transaction?: string;
  /** Constructor arguments as they were given; numbers as text. */
  readonly arguments?: unknown;
  /** Addresses of linked libraries by their names. */
  readonly libraries?: Readonly<Record<string, string>>;
}

/** Who has which part in governing. */
export interface Governors {
  /** The Safe. */
  readonly admin: string;
  readonly steward: string;
  /** The guardian's account. */
  readonly guardian: string;
}

/** What is written down of a deployment; `npm run bindings` reads it as well. */
export interface DeploymentFile {
  readonly chainId: number;
  /** Network of hardhat.config.ts. */
  readonly name: string;
  /** Version of the package. */
  readonly version: string;
  /** When the ledger was created, ISO 8601. */
  readonly time: string;
  readonly deployer: string;
  /** Block of the ledger's creation: events begin here. */
  readonly block: number;
  /** What every task waits for. */
  readonly finality: FinalityRule;
  /** Addresses by name. */
  readonly contracts: Readonly<Record<string, string>>;
  readonly roles: Governors;
  /** Code by the same names. */
  readonly code: Readonly<Record<string, Code>>;
}

/** Where files of deployments are: of public chains, and of those that one throws away. */
export function foldersOf(root: string, folder: string | undefined): readonly string[] {
  if (folder !== undefined) return [folder];
  const usual = join(root, "deployments");
  return [usual, join(usual, "local")];
}

/** The file of a deployment. */
export function pathOf(
  root: string,
  folder: string | undefined,
  { name, local }: { readonly name: string; readonly local: boolean },
): string {
  const [open, own = open] = foldersOf(root, folder);
  return join((local ? own : open) ?? "", `${name}.json`);
}

/** The deployment of a chain in some folders, with the path of its file; nothing if there is none. */
export async function fileOf(
  chainId: bigint,
  folders: readonly string[],
): Promise<{ readonly path: string; readonly file: DeploymentFile } | undefined> {
  const found: { readonly path: string; readonly file: DeploymentFile }[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((each) => each.endsWith(".json"))) {
      const path = join(folder, name);
      const file = parsed(path, await readFile(path, "utf8"));
      if (BigInt(file.chainId) === chainId) found.push({ path, file });
    }
  }
  if (found.length < 2) return found[0];
  throw new UsageError(
    `Chain ${chainId} has several deployments: ${found.map(({ path }) => path).join(", ")}. Move all but one away, or name a folder by --deployments.`,
  );
}

/** Writes a file as a whole or not at all. */
export async function writeDeployment(path: string, file: DeploymentFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${toJson(file)}\n`);
  await rename(draft, path);
}

/** A file's text, as far as tasks rest on it. */
function parsed(path: string, text: string): DeploymentFile {
  let document: Partial<DeploymentFile>;
  try {
    document = JSON.parse(text) as Partial<DeploymentFile>;
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${String(error)}. Restore it, or deploy again.`);
  }
  const { chainId, block, contracts, finality } = document;
  const problems = [
    ...(Number.isSafeInteger(chainId) ? [] : ["chainId is no number"]),
    ...(Number.isSafeInteger(block) ? [] : ["block is no number"]),
    ...["clearinghouse", "lens"]
      .filter((name) => !isAddress(contracts?.[name]))
      .map((name) => `contracts.${name} is no address`),
    ...(isRule(finality) ? [] : ["finality is no rule"]),
  ];
  if (problems.length === 0) return document as DeploymentFile;
  throw new UsageError(`${path}: ${problems.join(", ")}. Restore it, or deploy again.`);
}

function isRule(rule: FinalityRule | undefined): boolean {
  if (rule?.kind === "tag") return rule.tag === "safe" || rule.tag === "finalized";
  return rule?.kind === "confirmations" && rule.confirmations > 0;
}
