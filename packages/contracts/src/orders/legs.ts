import { int, list, uint, within } from "../ranges.ts";
import type { Integer } from "../ranges.ts";

/** A series of a known book with a signed quantity. */
export interface Leg {
  /** Strike, 8 decimals, 1 ≤ strike < 2^63. */
  readonly strike: bigint;
  /** True for a call, false for a put. */
  readonly isCall: boolean;
  /** Lots; positive: received, negative: given. */
  readonly quantity: bigint;
}

/** A leg as callers may write it. */
export interface LegInput {
  /** Strike, 8 decimals, 1 ≤ strike < 2^63. */
  readonly strike: Integer;
  /** True for a call, false for a put. */
  readonly isCall: boolean;
  /** Lots, not 0, at most 2^63 − 1 of either sign. */
  readonly quantity: Integer;
}

/** Largest strike and largest quantity of either sign: 2^63 − 1. */
export const MAX_LOTS = (1n << 63n) - 1n;

/** Most legs of a part and of a position. */
export const MAX_LEGS = 32;

function pack(name: string, leg: LegInput): bigint {
  const strike = within(`${name}.strike`, leg.strike, 1n, MAX_LOTS);
  const quantity = within(`${name}.quantity`, leg.quantity, -MAX_LOTS, MAX_LOTS);
  if (quantity === 0n) throw new TypeError(`${name}.quantity must not be 0: drop the leg`);
  if (typeof leg.isCall !== "boolean") throw new TypeError(`${name}.isCall must be a boolean`);
  return (strike << 65n) | (leg.isCall ? 1n << 64n : 0n) | BigInt.asUintN(64, quantity);
}

/** What legs are sorted by: strike, then right. */
function keyOf(packed: bigint): bigint {
  return packed >> 64n;
}

/**
 * A leg in the uint128 in which calldata carries it: strike 63 ‖ right 1 (1 call) ‖ int64 lots.
 *
 * @throws TypeError if a field is out of its range.
 */
export function packLeg(leg: LegInput): bigint {
  return pack("leg", leg);
}

/**
 * A leg out of its uint128. Takes every uint128, also such as no order may hold.
 *
 * @throws TypeError if it is no uint128.
 */
export function unpackLeg(packed: Integer): Leg {
  const word = uint("packed leg", packed, 128);
  return {
    strike: word >> 65n,
    isCall: ((word >> 64n) & 1n) === 1n,
    quantity: BigInt.asIntN(64, word),
  };
}

/**
 * Packs legs and sorts them as the ledger asks: by strike, puts before calls.
 *
 * @param legs - One to 32 legs of different series, in any order, spelled out or packed.
 * @param name - How errors call the list.
 * @throws TypeError if there are too many or too few, if a field is out of its range, or if two are of one series.
 */
export function packLegs(legs: readonly (LegInput | bigint)[], name = "legs"): bigint[] {
  const packed = list(name, legs, MAX_LEGS).map((leg, i) =>
    pack(`${name}[${i}]`, typeof leg === "bigint" ? unpackLeg(leg) : leg),
  );
  packed.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const twice = packed.find((leg, i) => i > 0 && keyOf(leg) === keyOf(packed[i - 1] ?? 0n));
  if (twice !== undefined) {
    const { strike, isCall } = unpackLeg(twice);
    throw new TypeError(
      `${name} hold the ${isCall ? "call" : "put"} at ${strike} twice: merge them into one leg`,
    );
  }
  return packed;
}

/**
 * Packed legs times a factor: -1 gives the other side's, as the taker of an order receives them.
 *
 * @throws TypeError if a quantity leaves its range.
 */
export function scaleLegs(legs: readonly bigint[], factor: Integer): bigint[] {
  const times = int("factor", factor, 64);
  return legs.map((packed, i) => {
    const leg = unpackLeg(packed);
    return pack(`legs[${i}]`, { ...leg, quantity: leg.quantity * times });
  });
}
