import { seriesOf, unpackLeg } from "./ids.ts";
import { keccakText, keccakWords } from "./keccak.ts";
import type { BookId, PackageId } from "./types.ts";

const TYPE = keccakText("certus.package.v1");
const HIGHEST_BIT = 1n << 255n;
/** Where the legs begin in abi.encode(type, book, legs). */
const LEGS_OFFSET = 96n;

/**
 * The id of a package: the series of its leg if that is one leg of +1, else a hash of its legs with the highest bit set.
 *
 * @param book - The book of its legs.
 * @param legs - Packed, as they travel in calldata.
 */
export function packageId(book: BookId, legs: readonly bigint[]): PackageId {
  const [packed, ...others] = legs;
  if (packed !== undefined && others.length === 0) {
    const { isCall, strike, quantity } = unpackLeg(packed);
    if (quantity === 1n) return seriesOf(book, isCall, strike);
  }
  const words = [TYPE, book, LEGS_OFFSET, BigInt(legs.length), ...legs];
  return keccakWords(words) | HIGHEST_BIT;
}
