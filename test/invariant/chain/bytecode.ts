/**
 * Small programs for what stands around the ledger: foreign contracts that answer as told, and a lens that reads slots.
 * All of them are written as hex digits, ready for `hardhat_setCode`.
 *
 * @module
 */

const byte = (value: number): string => value.toString(16).padStart(2, "0");
const push1 = (value: number): string => `60${byte(value)}`;

/** Reads the slots named by the words of its calldata and returns their words. Put over a contract in an `eth_call`. */
export const LENS =
  // for (i = 0; i < calldatasize; i += 32) mstore(i, sload(calldataload(i)))
  "5f5b803611156014578035548152602001600156" +
  // return(0, calldatasize)
  "5b365ff3";

/** Returns the same bytes to every call. At most 255 of them. */
export function answering(bytes: string): string {
  const length = bytes.length / 2;
  // codecopy(0, 9, length); return(0, length)
  return `${push1(length)}80${push1(9)}5f395ff3${bytes}`;
}

/** Reverts every call with nothing. */
export const REFUSING = "5f5ffd";

/** Answers calls by their selector, each with its own bytes; reverts any other. */
export function answeringBySelector(answers: ReadonlyMap<string, string>): string {
  const jumpSize = 10; // dup1, push4 selector, eq, push1 target, jumpi
  const replySize = 10; // jumpdest, push1 length, dup1, push1 offset, push0, codecopy, push0, return
  const entries = [...answers];
  const replies = 5 + entries.length * jumpSize + 3;
  let jumps = "5f3560e01c";
  let bodies = "";
  let data = "";
  entries.forEach(([selector, bytes], index) => {
    const target = replies + index * replySize;
    jumps += `8063${selector}14${push1(target)}57`;
    const offset = replies + entries.length * replySize + data.length / 2;
    bodies += `5b${push1(bytes.length / 2)}80${push1(offset)}5f395ff3`;
    data += bytes;
  });
  return `${jumps}${REFUSING}${bodies}${data}`;
}

/** Calls its caller back with a selector and a zero word, and passes on what comes of it. */
export function callingBack(selector: string): string {
  return (
    // mstore(0, selector << 224); staticcall(gas, caller, 0, 36, 0, 0)
    `63${selector}60e01b5f525f5f60245f335afa` +
    // returndatacopy(0, 0, returndatasize); if it succeeded return it, else revert with it
    `3d5f5f3e601c573d5ffd5b3d5ff3`
  );
}
