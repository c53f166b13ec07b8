import { AbiCoder, getAddress, id, keccak256, toBeHex } from "ethers";

import { MAX_LOTS, packLegs, unpackLeg } from "./orders/legs.ts";
import type { LegInput } from "./orders/legs.ts";
import { uint, within } from "./ranges.ts";
import type { Integer } from "./ranges.ts";

const HIGHEST = 1n << 255n;
const LOW_40 = (1n << 40n) - 1n;
const LOW_64 = (1n << 64n) - 1n;
const LOW_96 = (1n << 96n) - 1n;
const LOW_104 = (1n << 104n) - 1n;
const PACKAGE_TYPE = id("certus.package.v1");

/** A series taken apart. */
export interface Series {
  /** The book. */
  readonly book: bigint;
  /** True for a call, false for a put. */
  readonly isCall: boolean;
  /** Strike, 8 decimals. */
  readonly strike: bigint;
}

function bookOf(value: Integer): bigint {
  const book = uint("book", value, 256);
  if (!isBookId(book)) throw new TypeError(`book ${book} is none: see bookId`);
  return book;
}

/**
 * An account: owner 160 ‖ sub-account 96.
 *
 * @param owner - Who owns it.
 * @param sub - Number of the sub-account; 0 if left out.
 */
export function accountId(owner: string, sub: Integer = 0n): bigint {
  return (BigInt(getAddress(owner)) << 96n) | uint("sub", sub, 96);
}

/** The owner of an account. */
export function ownerOf(account: Integer): string {
  return getAddress(toBeHex(uint("account", account, 256) >> 96n, 20));
}

/** The number of a sub-account. */
export function subOf(account: Integer): bigint {
  return uint("account", account, 256) & LOW_96;
}

/** A market's key in every call, from its 32-byte id: the highest bit and the low 104 bits cleared. */
export function marketKey(marketId: string): bigint {
  return uint("marketId", BigInt(marketId), 256) & ~HIGHEST & ~LOW_104;
}

/**
 * The book of a market at an expiry, open or not.
 *
 * @param market - The market's key.
 * @param expiry - Unix seconds.
 */
export function bookId(market: Integer, expiry: Integer): bigint {
  const key = uint("market", market, 256);
  if ((key & (LOW_104 | HIGHEST)) !== 0n) throw new TypeError(`market ${key} is no market's key`);
  return key | (within("expiry", expiry, 1n, LOW_40) << 64n);
}

/** Whether a word has the form of a book: a market, an expiry, and nothing else. */
export function isBookId(book: bigint): boolean {
  return (book & (LOW_64 | HIGHEST)) === 0n && ((book >> 64n) & LOW_40) !== 0n;
}

/** The market of a book or a series. */
export function marketOf(book: Integer): bigint {
  return uint("book", book, 256) & ~LOW_104;
}

/** The expiry of a book or a series, unix seconds. */
export function expiryOf(book: Integer): bigint {
  return (uint("book", book, 256) >> 64n) & LOW_40;
}

/**
 * The series of a book at a strike.
 *
 * @param book - The book.
 * @param isCall - True for the call, false for the put.
 * @param strike - 8 decimals.
 */
export function seriesId(book: Integer, isCall: boolean, strike: Integer): bigint {
  return bookOf(book) | (isCall ? 1n << 63n : 0n) | within("strike", strike, 1n, MAX_LOTS);
}

/** Book, right and strike of a series. */
export function parseSeries(series: Integer): Series {
  const word = uint("series", series, 256);
  return {
    book: word & ~LOW_64,
    isCall: ((word >> 63n) & 1n) === 1n,
    strike: word & MAX_LOTS,
  };
}

/**
 * The ERC-6909 id of a package: its series for exactly one leg of +1, else a hash of book and legs.
 *
 * @param book - The book.
 * @param legs - Legs of one package in any order, spelled out or packed.
 */
export function packageId(book: Integer, legs: readonly (LegInput | bigint)[]): bigint {
  const packed = packLegs(legs);
  const [only, ...others] = packed.map(unpackLeg);
  if (only?.quantity === 1n && others.length === 0) {
    return seriesId(book, only.isCall, only.strike);
  }
  const words = [PACKAGE_TYPE, bookOf(book), packed];
  const encoded = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256", "uint128[]"], words);
  return BigInt(keccak256(encoded)) | HIGHEST;
}
