/**
 * A token with EIP-2612 permits: a small program that grants them itself and hands every other call to the code of an
 * ordinary token, in its own place.
 *
 * @module
 */
import { keccakText } from "@certus/model";

import { toWord } from "../../../scripts/lib/abi.ts";

/** What the program has to know. */
export interface PermitParts {
  /** Address of the ordinary token's code. */
  readonly code: bigint;
  /** The token's EIP-712 domain separator. */
  readonly domain: bigint;
  /** Slot of the ordinary token's allowances. */
  readonly allowances: bigint;
  /** Slot of the nonces of permits. */
  readonly nonces: bigint;
}

const PERMIT = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)";
const PERMIT_TYPEHASH = keccakText(
  "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
);

const byte = (value: bigint): string => value.toString(16).padStart(2, "0");
/** Jumps to a place if what lies on the stack is not 0. */
const jumpIf = (place: number): string => `61${place.toString(16).padStart(4, "0")}57`;

/** Hands the call on and answers what comes back. */
function handOn(code: bigint, from: number): string {
  const call = `365f5f37` + `5f5f365f73${code.toString(16).padStart(40, "0")}5af4` + `3d5f5f3e`;
  const success = from + call.length / 2 + 7;
  // calldatacopy(0, 0, calldatasize); delegatecall; returndatacopy; return or revert with it
  return `${call}${jumpIf(success)}3d5ffd5b3d5ff3`;
}

/** Grants the permit in the calldata: owner, spender, value, deadline, v, r, s. */
function grant({ domain, allowances, nonces }: PermitParts, refuse: number): string {
  return [
    "5b",
    `6064354211${jumpIf(refuse)}`, // timestamp > deadline: refuse
    `7f${toWord(PERMIT_TYPEHASH)}5f52`,
    "60606004602037", // owner, spender, value behind it
    `60043560c05260${byte(nonces)}60e052604060c020`, // slot of the owner's nonce
    "8054806080526064" + "3560a052", // the nonce and the deadline behind them
    "60c05f20", // struct hash
    `6040526119015f527f${toWord(domain)}6020526042601e20`, // digest
    "5f5260606084602037", // digest, v, r, s
    "5f60c052602060c060805f60015afa5060c051", // ecrecover
    `6004351415${jumpIf(refuse)}`, // somebody else: refuse
    "600101" + "9055", // nonce + 1
    `6004355f5260${byte(allowances)}60205260405f20602052`, // allowances of the owner
    "6024355f5260405f20", // to the spender
    "604435905500",
  ].join("");
}

/** The program. */
export function permitToken(parts: PermitParts): string {
  const selector = toWord(keccakText(PERMIT)).slice(0, 8);
  const head = (permit: number): string => `5f3560e01c63${selector}14${jumpIf(permit)}`;
  const from = head(0).length / 2;
  const permit = from + handOn(parts.code, from).length / 2;
  const refuse = permit + grant(parts, 0).length / 2;
  return `${head(permit)}${handOn(parts.code, from)}${grant(parts, refuse)}5b5f5ffd`;
}
