import type { AbiEntry } from "../lib/abi.ts";
import { layoutsOf, readArtifact, slotsOf } from "../lib/artifacts.ts";
import type { Slots } from "../lib/artifacts.ts";
import { LedgerStorage } from "../lib/ledger-storage.ts";
import { Expectations } from "./expectations.ts";
import { TermsStorage } from "./termsWords.ts";

/** What the compiler says of the contracts. */
export interface Protocol {
  readonly ledgerAbi: readonly AbiEntry[];
  readonly oracleAbi: readonly AbiEntry[];
  readonly expectations: Expectations;
  readonly oracleSlots: Slots;
}

/** Reads what `hardhat build` left. */
export function readProtocol(): Protocol {
  const face = readArtifact("contracts/interfaces/IClearinghouse.sol", "IClearinghouse");
  const annex = readArtifact("contracts/Annex.sol", "Annex");
  const oracle = readArtifact("contracts/oracle/ChainlinkSettlement.sol", "ChainlinkSettlement");
  const [ledgerLayout, oracleLayout] = layoutsOf([annex, oracle]);
  if (ledgerLayout === undefined) throw new Error("the build holds no layout of the ledger");
  const storage = new LedgerStorage(slotsOf(ledgerLayout));
  return {
    ledgerAbi: face.abi,
    oracleAbi: oracle.abi,
    expectations: new Expectations(storage, new TermsStorage(storage, ledgerLayout)),
    oracleSlots: slotsOf(oracleLayout),
  };
}
