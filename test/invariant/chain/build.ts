import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../../scripts/lib/proc.ts";
import type { AbiEntry } from "./abi.ts";

interface Reference {
  readonly start: number;
  readonly length: number;
}

type References = Readonly<Record<string, Readonly<Record<string, readonly Reference[]>>>>;

/** A compiled contract. Code is hex digits. */
export interface Contract {
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: References;
}

/** Slot of each variable by its name. */
export type Slots = Readonly<Record<string, bigint>>;

/** All that the campaign deploys or decodes. */
export interface Build {
  readonly ledger: Contract;
  readonly annex: Contract;
  readonly listing: Contract;
  readonly oracle: Contract;
  readonly manager: Contract;
  readonly token: Contract;
  readonly proxy: Contract;
  readonly aggregator: Contract;
  /** Both halves of the ledger as its interface declares them. */
  readonly ledgerAbi: readonly AbiEntry[];
  readonly ledgerSlots: Slots;
  readonly oracleSlots: Slots;
  readonly tokenSlots: Slots;
}

interface Artifact {
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: References;
  readonly buildInfoId: string;
  readonly inputSourceName: string;
  readonly contractName: string;
}

/** Part of the compiler's output. */
export interface SolcOutput {
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly storageLayout?: StorageLayout }>>>
  >;
}

/** The compiler's storage layout, as far as it is needed here. */
export interface StorageLayout {
  readonly storage: readonly { readonly label: string; readonly slot: string }[];
}

const artifacts = join(root, "artifacts");

function readJson(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(artifacts, ...path), "utf8"));
}

/** An artifact as Hardhat writes it. */
export function readArtifact(source: string, name: string): Artifact {
  return readJson(source, `${name}.json`) as Artifact;
}

/** Input and output of the build that an artifact comes from. */
export function readBuildInfo({ buildInfoId }: Artifact): {
  readonly input: unknown;
  readonly output: SolcOutput;
} {
  const { input } = readJson("build-info", `${buildInfoId}.json`) as { readonly input: unknown };
  const { output } = readJson("build-info", `${buildInfoId}.output.json`) as {
    readonly output: SolcOutput;
  };
  return { input, output };
}

/** Slot of each variable of a layout. */
export function slotsOf(layout: StorageLayout | undefined): Slots {
  if (layout === undefined) throw new Error("the build holds no storage layout");
  return Object.fromEntries(layout.storage.map(({ label, slot }) => [label, BigInt(slot)]));
}

function contractOf({ abi, bytecode, deployedBytecode, linkReferences }: Artifact): Contract {
  return {
    abi,
    bytecode: bytecode.slice(2),
    deployedBytecode: deployedBytecode.slice(2),
    linkReferences,
  };
}

/** Contracts of one build may have been compiled at different times: each has its own build info. */
function layoutsOf(artifacts: readonly Artifact[]): readonly Slots[] {
  const outputs = new Map<string, SolcOutput>();
  const layoutOf = (artifact: Artifact): Slots => {
    const { buildInfoId, inputSourceName, contractName } = artifact;
    const output = outputs.get(buildInfoId) ?? readBuildInfo(artifact).output;
    outputs.set(buildInfoId, output);
    return slotsOf(output.contracts[inputSourceName]?.[contractName]?.storageLayout);
  };
  return artifacts.map(layoutOf);
}

/** Reads what `hardhat build` left in `artifacts/`. */
export function readBuild(): Build {
  const read = (source: string, name: string): Contract => contractOf(readArtifact(source, name));
  const annex = readArtifact("contracts/Annex.sol", "Annex");
  const oracle = readArtifact("contracts/oracle/ChainlinkSettlement.sol", "ChainlinkSettlement");
  const token = readArtifact("contracts/mocks/TestToken.sol", "TestToken");
  const [ledgerSlots = {}, oracleSlots = {}, tokenSlots = {}] = layoutsOf([annex, oracle, token]);
  const chainlink = "@chainlink/contracts/src/v0.8";
  return {
    ledger: read("contracts/Clearinghouse.sol", "Clearinghouse"),
    annex: contractOf(annex),
    listing: read("contracts/libraries/Listing.sol", "Listing"),
    oracle: contractOf(oracle),
    manager: read("@openzeppelin/contracts/access/manager/AccessManager.sol", "AccessManager"),
    token: contractOf(token),
    proxy: read(
      `${chainlink}/data-feeds/test/helpers/DataFeedsLegacyAggregatorProxy.sol`,
      "DataFeedsLegacyAggregatorProxy",
    ),
    aggregator: read(`${chainlink}/shared/mocks/MockV3Aggregator.sol`, "MockV3Aggregator"),
    ledgerAbi: readArtifact("contracts/interfaces/IClearinghouse.sol", "IClearinghouse").abi,
    ledgerSlots,
    oracleSlots,
    tokenSlots,
  };
}

/** Puts the addresses of libraries into code; a library is known by its name. */
export function link(contract: Contract, libraries: Readonly<Record<string, bigint>>): string {
  let code = contract.bytecode;
  for (const names of Object.values(contract.linkReferences)) {
    for (const [name, references] of Object.entries(names)) {
      const library = libraries[name];
      if (library === undefined) throw new Error(`library ${name} has no address`);
      const digits = library.toString(16).padStart(40, "0");
      for (const { start, length } of references) {
        code = code.slice(0, start * 2) + digits + code.slice((start + length) * 2);
      }
    }
  }
  return code;
}
