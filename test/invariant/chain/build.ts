import type { AbiEntry } from "../../../scripts/lib/abi.ts";
import { layoutsOf, readArtifact, slotsOf } from "../../../scripts/lib/artifacts.ts";
import type { Artifact, References, Slots } from "../../../scripts/lib/artifacts.ts";

/** A compiled contract. Code is hex digits. */
export interface Contract {
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: References;
}

/** All that the campaign deploys or decodes. */
export interface Build {
  readonly ledger: Contract;
  readonly annex: Contract;
  readonly listing: Contract;
  /** Previews fills. */
  readonly lens: Contract;
  readonly oracle: Contract;
  readonly manager: Contract;
  readonly token: Contract;
  readonly proxy: Contract;
  readonly aggregator: Contract;
  /** Makes several calls in one transaction. */
  readonly relay: Contract;
  /** Both halves of the ledger as its interface declares them. */
  readonly ledgerAbi: readonly AbiEntry[];
  readonly ledgerSlots: Slots;
  readonly oracleSlots: Slots;
  readonly tokenSlots: Slots;
}

function contractOf({ abi, bytecode, deployedBytecode, linkReferences }: Artifact): Contract {
  return {
    abi,
    bytecode: bytecode.slice(2),
    deployedBytecode: deployedBytecode.slice(2),
    linkReferences,
  };
}

/** Reads what `hardhat build` left in `artifacts/`. */
export function readBuild(): Build {
  const read = (source: string, name: string): Contract => contractOf(readArtifact(source, name));
  const annex = readArtifact("contracts/Annex.sol", "Annex");
  const oracle = readArtifact("contracts/oracle/ChainlinkSettlement.sol", "ChainlinkSettlement");
  const token = readArtifact("contracts/mocks/TestToken.sol", "TestToken");
  const [ledgerSlots = {}, oracleSlots = {}, tokenSlots = {}] = layoutsOf([
    annex,
    oracle,
    token,
  ]).map(slotsOf);
  const chainlink = "@chainlink/contracts/src/v0.8";
  return {
    ledger: read("contracts/Clearinghouse.sol", "Clearinghouse"),
    annex: contractOf(annex),
    listing: read("contracts/libraries/Listing.sol", "Listing"),
    lens: read("contracts/lens/Lens.sol", "Lens"),
    oracle: contractOf(oracle),
    manager: read("@openzeppelin/contracts/access/manager/AccessManager.sol", "AccessManager"),
    token: contractOf(token),
    proxy: read(
      `${chainlink}/data-feeds/test/helpers/DataFeedsLegacyAggregatorProxy.sol`,
      "DataFeedsLegacyAggregatorProxy",
    ),
    relay: read("contracts/mocks/Sequence.sol", "Sequence"),
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
