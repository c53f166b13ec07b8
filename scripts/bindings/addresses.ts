import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { getAddress, isAddress } from "ethers";

import { root } from "../lib/proc.ts";
import type { GeneratedFile } from "./files.ts";

const HEAD = `import type { Deployment } from "../addresses.ts";

/** Where Certus is deployed, by chain id. */
export const addresses: Readonly<Record<string, Deployment>> = `;

/** What a deployment must name. */
const NAMES = [
  "clearinghouse",
  "annex",
  "listing",
  "chainlinkSettlement",
  "accessManager",
  "lens",
] as const;

type Contracts = Record<(typeof NAMES)[number], string>;

interface DeploymentFile {
  readonly chainId?: unknown;
  readonly name?: unknown;
  readonly block?: unknown;
  readonly contracts?: Readonly<Record<string, unknown>>;
}

function natural(path: string, name: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${path}: ${name} is no whole number`);
}

function contractsOf(path: string, given: Readonly<Record<string, unknown>>): Contracts {
  const pairs = NAMES.map((name) => {
    const address = given[name];
    if (typeof address !== "string") throw new Error(`${path}: contracts.${name} is missing`);
    if (!isAddress(address)) throw new Error(`${path}: contracts.${name} is no address`);
    return [name, getAddress(address)] as const;
  });
  return Object.fromEntries(pairs) as Contracts;
}

/** One deployment out of its file, every field checked. */
export function parseDeployment(path: string, text: string) {
  const { chainId, name, block, contracts } = JSON.parse(text) as DeploymentFile;
  if (typeof name !== "string" || name === "") throw new Error(`${path}: name is missing`);
  return {
    chainId: natural(path, "chainId", chainId),
    name,
    block: natural(path, "block", block),
    contracts: contractsOf(path, contracts ?? {}),
  };
}

/**
 * The addresses in `deployments/*.json` at the root of the workspace; there may be none. A file holds one deployment:
 * `{ chainId, name, block, contracts: { clearinghouse, annex, listing, chainlinkSettlement, accessManager, lens } }`,
 * where `block` is that of the ledger's creation.
 */
export async function deployedAddresses(): Promise<GeneratedFile> {
  const paths = globSync("deployments/*.json", { cwd: root }).sort();
  const known = new Map<number, ReturnType<typeof parseDeployment>>();
  for (const path of paths) {
    const deployment = parseDeployment(path, await readFile(join(root, path), "utf8"));
    if (known.has(deployment.chainId)) {
      throw new Error(`${path}: chain ${deployment.chainId} has two deployments`);
    }
    known.set(deployment.chainId, deployment);
  }
  const table = JSON.stringify(Object.fromEntries(known));
  return { path: "src/generated/addresses.ts", text: `${HEAD}${table};\n` };
}
