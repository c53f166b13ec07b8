/** What the codes of `Panic(uint256)` mean. */
const PANICS: ReadonlyMap<bigint, string> = new Map([
  [0x01n, "An assertion of the contract failed."],
  [0x11n, "A sum, difference or product left its type."],
  [0x12n, "A division by zero."],
  [0x21n, "A number is no member of its enumeration."],
  [0x22n, "A byte array in storage is damaged."],
  [0x31n, "Something was taken from an empty list."],
  [0x32n, "An index is beyond the end of its list."],
  [0x41n, "Too much memory was asked for."],
  [0x51n, "A function that was never set was called."],
]);

/** Why a contract panicked, in words. */
export function panicReason(code: bigint): string {
  return PANICS.get(code) ?? "The contract panicked with a code that Solidity does not use.";
}
