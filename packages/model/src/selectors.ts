import { keccakText } from "./keccak.ts";
import type { Hex } from "./types.ts";

const TERMS =
  "(bytes32,address,uint8,uint64,uint64,uint64,uint8,address,bytes32,address,uint40,uint40,uint40,uint24,uint64," +
  "uint112,uint8,bytes32)";

/** Digits of four bytes with the prefix before them. */
const SELECTOR_DIGITS = 10;

/** Signatures of the ledger's functions that change it and cannot be called from a batch, by name. */
const UNBATCHABLE = {
  approve: "approve(address,uint256,uint256)",
  batch: "batch(bytes[])",
  list: `list(${TERMS})`,
  openBook: "openBook(uint256,uint40)",
  pushFees: "pushFees(uint256)",
  raiseEpoch: "raiseEpoch(uint256)",
  retire: "retire(uint256)",
  setAccountOperator: "setAccountOperator(uint256,address,uint8,uint40)",
  setGuard: "setGuard(uint256,uint8,uint40,uint112)",
  setOperator: "setOperator(address,bool)",
  setTreasury: "setTreasury(address)",
  transfer: "transfer(address,uint256,uint256)",
  transferFrom: "transferFrom(address,address,uint256,uint256)",
} as const;

/** A function that a batch refuses: by name, or any by the bytes of a call; those of a selector that are missing are 0. */
export type UnbatchableName = keyof typeof UNBATCHABLE | Hex;

function isNamed(name: UnbatchableName): name is keyof typeof UNBATCHABLE {
  return Object.hasOwn(UNBATCHABLE, name);
}

/** The selector of a function that a batch refuses. */
export function selectorOf(name: UnbatchableName): bigint {
  if (isNamed(name)) return keccakText(UNBATCHABLE[name]) >> 224n;
  return BigInt(name.slice(0, SELECTOR_DIGITS).padEnd(SELECTOR_DIGITS, "0"));
}
