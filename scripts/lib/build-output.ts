import { readFile } from "node:fs/promises";

import hre from "hardhat";

import type { SolcStorageLayout } from "./storage-layout.ts";

/** A node of the compiler's syntax tree, with the fields that scripts read. */
export interface AstNode {
  readonly nodeType: string;
  readonly id?: number;
  readonly name?: string;
  readonly contractKind?: "contract" | "interface" | "library";
  readonly visibility?: "external" | "public" | "internal" | "private";
  readonly abstract?: boolean;
  readonly nodes?: readonly AstNode[];
  /** Of a contract: itself and all that it inherits, by their ids. */
  readonly linearizedBaseContracts?: readonly number[];
  readonly functionSelector?: string;
  readonly modifiers?: readonly { readonly modifierName: { readonly name: string } }[];
  readonly documentation?: { readonly text: string };
  readonly errorSelector?: string;
  readonly eventSelector?: string;
  readonly indexed?: boolean;
  readonly parameters?: { readonly parameters: readonly AstNode[] };
  readonly typeDescriptions?: { readonly typeString: string };
}

interface SolcOutput {
  readonly contracts: Record<string, Record<string, { storageLayout?: SolcStorageLayout }>>;
  readonly sources: Record<string, { ast: AstNode }>;
}

/** What the compiler said about one contract of `contracts/`. */
export interface BuildOutput {
  readonly layout: SolcStorageLayout;
  readonly ast: AstNode;
}

const outputs = new Map<string, Promise<SolcOutput>>();

async function read(path: string): Promise<SolcOutput> {
  const { output } = JSON.parse(await readFile(path, "utf8")) as { output: SolcOutput };
  return output;
}

/** Folders of `contracts/` that are never deployed as a part of the protocol. */
const BESIDE = ["contracts/mocks/", "contracts/examples/"];

/** Builds if anything is stale, then names all contracts of `contracts/` except mocks and examples. */
export async function contractNames(): Promise<string[]> {
  await hre.tasks.getTask("build").run({ quiet: true });
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())].sort();
  const beside = (name: string) => BESIDE.some((folder) => name.startsWith(folder));
  return names.filter((name) => name.startsWith("contracts/") && !beside(name));
}

/** What the compiler said when it made a contract, of all files that it looked at. */
async function outputOf(fullyQualifiedName: string): Promise<SolcOutput> {
  const id = await hre.artifacts.getBuildInfoId(fullyQualifiedName);
  const path = id === undefined ? undefined : await hre.artifacts.getBuildInfoOutputPath(id);
  if (path === undefined) throw new Error(`no build output for ${fullyQualifiedName}`);
  const pending = outputs.get(path) ?? read(path);
  outputs.set(path, pending);
  return pending;
}

/** The syntax trees of a contract and of all that it inherits, packages' contracts as well. */
export async function inheritedBy(fullyQualifiedName: string): Promise<AstNode[]> {
  const { ast } = await buildOutputOf(fullyQualifiedName);
  const { sources } = await outputOf(fullyQualifiedName);
  const ids = new Set(ast.linearizedBaseContracts);
  const found = Object.values(sources)
    .flatMap(({ ast: unit }) => unit.nodes ?? [])
    .filter(({ id }) => id !== undefined && ids.has(id));
  if (found.length === ids.size) return found;
  throw new Error(`the build output of ${fullyQualifiedName} is incomplete`);
}

/** The compiler's storage layout and syntax tree behind `contracts/X.sol:X`. */
export async function buildOutputOf(fullyQualifiedName: string): Promise<BuildOutput> {
  const output = await outputOf(fullyQualifiedName);

  const [source = "", name = ""] = fullyQualifiedName.split(":");
  const layout = output.contracts[`project/${source}`]?.[name]?.storageLayout;
  const unit = output.sources[`project/${source}`]?.ast;
  const ast = unit?.nodes?.find((n) => n.nodeType === "ContractDefinition" && n.name === name);
  if (layout === undefined || ast === undefined) {
    throw new Error(`the build output of ${fullyQualifiedName} is incomplete`);
  }
  return { layout, ast };
}
