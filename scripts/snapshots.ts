/**
 * Keeps what must not change unseen: code size, storage layout and interface of every contract that
 * is deployed, and the gas of the benchmark's operations.
 *
 *   node scripts/snapshots.ts           writes snapshots/*.json
 *   node scripts/snapshots.ts --check   fails if one of them differs from the code, and shows where
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Interface } from "ethers";
import hre from "hardhat";
import { format } from "prettier";

import { type AstNode, buildOutputOf, contractNames } from "./lib/build-output.ts";
import { differences, type Json } from "./lib/json-diff.ts";
import { root } from "./lib/proc.ts";
import { storageOf, type SolcStorageLayout } from "./lib/storage-layout.ts";

const REFRESH = "npm run snapshots";
const GAS_SOURCE = "bench/results.json";

/** Deployed code may take 24,576 bytes (EIP-170); the ledger keeps a reserve below that. */
const SIZE_LIMIT = 24_576;
const SIZE_LIMITS: Readonly<Record<string, number>> = { Clearinghouse: 23_000 };

interface Deployable {
  readonly name: string;
  readonly abi: readonly string[];
  readonly runtimeBytes: number;
  readonly layout: SolcStorageLayout;
}

/**
 * Contracts and linked libraries of `contracts/`, without mocks, examples, interfaces, abstract or
 * inlined code.
 */
async function deployables(): Promise<Deployable[]> {
  const found: Deployable[] = [];
  for (const fullyQualifiedName of await contractNames()) {
    const artifact = await hre.artifacts.readArtifact(fullyQualifiedName);
    if (artifact.deployedBytecode === "0x") continue;
    const { layout, ast } = await buildOutputOf(fullyQualifiedName);
    if (!isCalled(ast)) continue;
    const abi = new Interface(artifact.abi).format().sort();
    const runtimeBytes = artifact.deployedBytecode.length / 2 - 1;
    found.push({ name: artifact.contractName, abi, runtimeBytes, layout });
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = found.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two contracts are called ${twice}`);
  for (const name of Object.keys(SIZE_LIMITS)) {
    if (!names.includes(name)) throw new Error(`there is no contract ${name} to hold to its size`);
  }
  return found;
}

/**
 * A library whose functions are all inlined has code of its own, but none that anyone could call.
 */
function isCalled(ast: AstNode): boolean {
  if (ast.contractKind !== "library") return true;
  return (ast.nodes ?? []).some(
    ({ nodeType, visibility }) =>
      nodeType === "FunctionDefinition" && (visibility === "external" || visibility === "public"),
  );
}

/** Operation → gas, as the benchmark measured it. */
async function gas(): Promise<Json> {
  let text: string;
  try {
    text = await readFile(join(root, GAS_SOURCE), "utf8");
  } catch {
    throw new Error(`${GAS_SOURCE} is not there: run \`npm run bench\` first`);
  }
  const rows = JSON.parse(text) as readonly { readonly op: string; readonly gas: number }[];
  if (rows.length === 0) throw new Error(`${GAS_SOURCE} holds no operation`);
  const table = new Map<string, number>();
  for (const { op, gas: used } of rows) {
    if (table.has(op)) throw new Error(`${GAS_SOURCE} holds ${op} twice`);
    if (!Number.isSafeInteger(used) || used <= 0) {
      throw new Error(`${GAS_SOURCE}: ${op} has no amount of gas`);
    }
    table.set(op, used);
  }
  return Object.fromEntries(table);
}

function oversized(size: Readonly<Record<string, number>>): string[] {
  return Object.entries(size).flatMap(([name, bytes]) => {
    const limit = SIZE_LIMITS[name] ?? SIZE_LIMIT;
    return bytes <= limit ? [] : [`${name} has ${bytes} bytes, its limit is ${limit}`];
  });
}

async function compare(file: string, fresh: Json): Promise<string[]> {
  let committed: Json;
  try {
    committed = JSON.parse(await readFile(join(root, "snapshots", file), "utf8")) as Json;
  } catch {
    return [`snapshots/${file} is not there`];
  }
  return differences(committed, fresh).map((line) => `snapshots/${file}: ${line}`);
}

async function main(check: boolean): Promise<string[]> {
  const contracts = await deployables();
  const size = Object.fromEntries(contracts.map(({ name, runtimeBytes }) => [name, runtimeBytes]));
  const snapshots: Record<string, Json> = {
    "size.json": size,
    "storage-layout.json": Object.fromEntries(
      contracts.map(({ name, layout }) => [name, storageOf(layout)]),
    ),
    "abi.json": Object.fromEntries(contracts.map(({ name, abi }) => [name, abi])),
    "gas.json": await gas(),
  };
  const problems = oversized(size);
  if (check) {
    const found: string[] = [];
    for (const [file, fresh] of Object.entries(snapshots)) {
      found.push(...(await compare(file, fresh)));
    }
    if (found.length > 0) found.push(`If that is meant, refresh with \`${REFRESH}\`.`);
    return [...problems, ...found];
  }
  await mkdir(join(root, "snapshots"), { recursive: true });
  for (const [file, fresh] of Object.entries(snapshots)) {
    const text = await format(JSON.stringify(fresh, null, 2), { parser: "json", printWidth: 100 });
    await writeFile(join(root, "snapshots", file), text);
  }
  return problems;
}

const problems = await main(process.argv.includes("--check"));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "snapshots: fresh" : "snapshots: FAILED");
process.exitCode = problems.length === 0 ? 0 : 1;
