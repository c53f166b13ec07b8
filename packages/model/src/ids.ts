import { keccakWords } from "./keccak.ts";
import type { AccountId, Address, BookId, Leg, MarketId, SeriesId, Terms } from "./types.ts";

const LOW_63 = (1n << 63n) - 1n;
const LOW_64 = (1n << 64n) - 1n;
const LOW_40 = (1n << 40n) - 1n;
const LOW_96 = (1n << 96n) - 1n;
const LOW_255 = (1n << 255n) - 1n;

/** The words that a market's id is the hash of: its terms in their order. */
export function termsWords(terms: Terms): readonly bigint[] {
  return [
    terms.feed,
    terms.token,
    terms.style,
    terms.num,
    terms.den,
    terms.strikeTick,
    terms.priceExp,
    terms.oracle,
    terms.profile,
    terms.guard,
    terms.gridAnchor,
    terms.gridPeriod,
    terms.horizon,
    terms.lastTrade,
    terms.feePerLot,
    terms.ceiling,
    terms.marginMode,
    terms.salt,
  ];
}

/** keccak256(abi.encode(terms)): every field is a value type, so it takes one word. */
export function marketIdOf(terms: Terms): bigint {
  return keccakWords(termsWords(terms));
}

/** The prefix of a market's id: its highest bit and its low 104 bits cleared. */
export function marketOf(marketId: bigint): MarketId {
  return ((marketId & LOW_255) >> 104n) << 104n;
}

/** The book of a market at an expiry. */
export function bookOf(market: MarketId, expiry: bigint): BookId {
  return market | (expiry << 64n);
}

/** The market of a book or of a series. */
export function marketOfBook(book: BookId): MarketId {
  return (book >> 104n) << 104n;
}

/** The expiry of a book or of a series. */
export function expiryOfBook(book: BookId): bigint {
  return (book >> 64n) & LOW_40;
}

/** The series of a book with a right and a strike. */
export function seriesOf(book: BookId, isCall: boolean, strike: bigint): SeriesId {
  return book | (isCall ? 1n << 63n : 0n) | strike;
}

/** A series taken apart. */
export interface SeriesParts {
  readonly book: BookId;
  readonly isCall: boolean;
  readonly strike: bigint;
}

/** Book, right and strike of a series. */
export function parseSeries(series: SeriesId): SeriesParts {
  return {
    book: (series >> 64n) << 64n,
    isCall: ((series >> 63n) & 1n) === 1n,
    strike: series & LOW_63,
  };
}

/** The account of an owner with a sub-account number. */
export function accountOf(owner: Address, sub: bigint): AccountId {
  return (owner << 96n) | sub;
}

/** The owner of an account. */
export function ownerOf(account: AccountId): Address {
  return account >> 96n;
}

/** The sub-account number of an account. */
export function subOf(account: AccountId): bigint {
  return account & LOW_96;
}

/** A leg in one uint128. */
export function packLeg(leg: Leg): bigint {
  return (legKey(leg) << 64n) | BigInt.asUintN(64, leg.quantity);
}

/** A leg out of one uint128. */
export function unpackLeg(packed: bigint): Leg {
  return {
    strike: packed >> 65n,
    isCall: ((packed >> 64n) & 1n) === 1n,
    quantity: BigInt.asIntN(64, packed & LOW_64),
  };
}

/** What legs are sorted by: strike, then right. */
export function legKey(leg: Leg): bigint {
  return (leg.strike << 1n) | (leg.isCall ? 1n : 0n);
}

const unpackedLegs = new WeakMap<readonly bigint[], readonly Leg[]>();

/** Legs out of their packed form, remembered by the array: packed legs are treated as immutable. */
export function unpackLegs(packed: readonly bigint[]): readonly Leg[] {
  const known = unpackedLegs.get(packed);
  if (known !== undefined) return known;
  const legs = Object.freeze(packed.map(unpackLeg));
  Object.freeze(packed);
  unpackedLegs.set(packed, legs);
  return legs;
}
