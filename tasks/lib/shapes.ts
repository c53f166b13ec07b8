import { toBeHex } from "ethers";

import { formatPrice } from "./decimals.ts";
import { iso } from "./times.ts";

/** A price for a document: 8 decimals as a whole number, and as people read it. */
export function priceOf(raw: bigint): { raw: bigint; price: string } {
  return { raw, price: formatPrice(raw) };
}

/** A price that may not be there, which the ledger tells as 0. */
export function priceOrNull(raw: bigint): { raw: bigint; price: string } | null {
  return raw === 0n ? null : priceOf(raw);
}

/** A time for a document. */
export function timeOf(seconds: bigint): { unix: number; iso: string } {
  return { unix: Number(seconds), iso: iso(seconds) };
}

/** An identifier of the ledger: 32 bytes in hex. */
export function idOf(word: bigint): string {
  return toBeHex(word, 32);
}
