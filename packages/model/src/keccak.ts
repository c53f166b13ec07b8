import { keccak_256 } from "@noble/hashes/sha3.js";
import { MAX_UINT256 } from "./constants.ts";

const WORD_BYTES = 32;

/** keccak256 of bytes, as a number. */
export function keccak(bytes: Uint8Array): bigint {
  const hash = keccak_256(bytes);
  const view = new DataView(hash.buffer, hash.byteOffset, WORD_BYTES);
  let value = 0n;
  for (let offset = 0; offset < WORD_BYTES; offset += 8) {
    value = (value << 64n) | view.getBigUint64(offset);
  }
  return value;
}

/** keccak256 of a text in UTF-8. */
export function keccakText(text: string): bigint {
  return keccak(new TextEncoder().encode(text));
}

/**
 * keccak256 of words of 32 bytes, one after the other; negative numbers in two's complement.
 *
 * @param words - The words.
 * @param prefix - Bytes in front of them.
 */
export function keccakWords(words: readonly bigint[], prefix: readonly number[] = []): bigint {
  const bytes = new Uint8Array(prefix.length + words.length * WORD_BYTES);
  bytes.set(prefix);
  const view = new DataView(bytes.buffer, prefix.length);
  words.forEach((word, index) => writeWord(view, index * WORD_BYTES, word & MAX_UINT256));
  return keccak(bytes);
}

function writeWord(view: DataView, start: number, word: bigint): void {
  for (let offset = 24; offset >= 0; offset -= 8) {
    view.setBigUint64(start + offset, word & 0xffffffffffffffffn);
    word >>= 64n;
  }
}
