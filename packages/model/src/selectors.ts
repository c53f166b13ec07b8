import { keccakText } from "./keccak.ts";
import type { Hex } from "./types.ts";

const TERMS =
  "(bytes32,address,uint8,uint64,uint64,uint64,uint8,address,bytes32,address,uint40,uint40,uint40,uint24,uint64," +
  "uint112,uint8,bytes32)";

/** Signatures of the ledger's functions that change it and cannot be called from a batch, by name. */
const UNBATCHABLE = {
  batch: "batch(bytes[])",
  list: `list(${TERMS})`,
  openBook: "openBook(uint256,uint40)",
  pushFees: "pushFees(uint256)",
  raiseEpoch: "raiseEpoch(uint256)",
  retire: "retire(uint256)",
  setGuard: "setGuard(uint256,uint8,uint40,uint112)",
  setOperator: "setOperator(uint256,address,uint8,uint40)",
  setTreasury: "setTreasury(address)",
} as const;

/** A function that a batch refuses: by name, or any by its selector (four bytes). */
export type UnbatchableName = keyof typeof UNBATCHABLE | Hex;

function isNamed(name: UnbatchableName): name is keyof typeof UNBATCHABLE {
  return Object.hasOwn(UNBATCHABLE, name);
}

/** The selector of a function that a batch refuses. */
export function selectorOf(name: UnbatchableName): bigint {
  return isNamed(name) ? keccakText(UNBATCHABLE[name]) >> 224n : BigInt(name);
}
