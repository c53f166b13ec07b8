import fc from "fast-check";
import {
  MAX_INT64,
  MAX_UINT112,
  PRICE_ONE,
  addLegs,
  compareLegs,
  packLeg,
  strikesOf,
} from "@certus/model";
import type { Leg, Order, Part, Scale } from "@certus/model";

/** Numbers of [min, max]: its ends and their neighbours, small ones, any magnitude, and uniform ones. */
export function biased(min: bigint, max: bigint): fc.Arbitrary<bigint> {
  const inside = (value: bigint): bigint => (value < min ? min : value > max ? max : value);
  const magnitudes = BigInt((max - min).toString(2).length);
  const spread = fc
    .tuple(fc.bigInt(0n, magnitudes), fc.bigInt(0n, max - min))
    .map(([bits, noise]) => inside(min + (noise >> (magnitudes - bits))));
  return fc.oneof(
    fc.constantFrom(min, inside(min + 1n), inside(max - 1n), max),
    fc.bigInt(min, inside(min + 20n)),
    spread,
    fc.bigInt(min, max),
  );
}

/** Numbers of [−bound, bound] except 0, with the bias of `biased`. */
export function signed(bound: bigint): fc.Arbitrary<bigint> {
  return fc.tuple(biased(1n, bound), fc.boolean()).map(([size, minus]) => (minus ? -size : size));
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** Lot scales in lowest terms: those of real markets, and any that leave residues. */
export function scales(inverse: boolean): fc.Arbitrary<Scale> {
  const largest = (1n << 64n) - 1n;
  const pairs = fc.oneof(
    fc.constantFrom(
      [1n, 1n],
      [1n, 100n],
      [10n ** 16n, 1n],
      [7n, 3n],
      [3n, 7n],
      [largest, largest - 1n],
      [1n, largest],
    ),
    fc.tuple(biased(1n, 1_000n), biased(1n, 1_000n)),
    fc.tuple(biased(1n, largest), biased(1n, largest)),
  );
  return pairs.map(([a = 1n, b = 1n]) => {
    const divisor = gcd(a, b);
    return { inverse, num: a / divisor, den: b / divisor };
  });
}

/** Strike ticks: whole prices, cents, odd ones. */
export const ticks: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(1n, 3n, 7n, PRICE_ONE / 100n, PRICE_ONE, 25n * PRICE_ONE),
  biased(1n, 1_000n * PRICE_ONE),
);

/** Strikes: `count` different multiples of a tick up to `highest` ticks, ascending. */
export function strikes(
  tick: bigint,
  count: number,
  highest: bigint = MAX_INT64 / tick,
): fc.Arbitrary<readonly bigint[]> {
  return fc
    .uniqueArray(biased(1n, highest), { minLength: count, maxLength: count })
    .map((multiples) =>
      multiples.sort((a, b) => (a < b ? -1 : 1)).map((multiple) => multiple * tick),
    );
}

type Shape = readonly (readonly [right: "put" | "call", strike: number, lots: bigint])[];

/** Packages whose call lots net to zero, by strike index. */
const NETTED: { readonly [name: string]: Shape } = {
  put: [["put", 0, 1n]],
  putSpread: [
    ["put", 0, -1n],
    ["put", 1, 1n],
  ],
  ratioPuts: [
    ["put", 0, -2n],
    ["put", 1, 1n],
  ],
  callSpread: [
    ["call", 0, 1n],
    ["call", 1, -1n],
  ],
  condor: [
    ["put", 0, 1n],
    ["put", 1, -1n],
    ["call", 2, -1n],
    ["call", 3, 1n],
  ],
  ironButterfly: [
    ["put", 0, 1n],
    ["put", 1, -1n],
    ["call", 1, -1n],
    ["call", 2, 1n],
  ],
  callButterfly: [
    ["call", 0, 1n],
    ["call", 1, -2n],
    ["call", 2, 1n],
  ],
  putButterfly: [
    ["put", 0, 1n],
    ["put", 1, -2n],
    ["put", 2, 1n],
  ],
  box: [
    ["put", 0, -1n],
    ["call", 0, 1n],
    ["put", 1, 1n],
    ["call", 1, -1n],
  ],
  callLadder: [
    ["call", 0, 2n],
    ["call", 1, -1n],
    ["call", 2, -1n],
  ],
  riskReversal: [
    ["put", 0, -1n],
    ["call", 1, 1n],
    ["call", 2, -1n],
  ],
};

/** Packages for inverse books: calls alone, net long, short or flat. */
const CALLS: { readonly [name: string]: Shape } = {
  call: [["call", 0, 1n]],
  callSpread: [
    ["call", 0, 1n],
    ["call", 1, -1n],
  ],
  callButterfly: [
    ["call", 0, 1n],
    ["call", 1, -2n],
    ["call", 2, 1n],
  ],
  ratioCalls: [
    ["call", 0, 1n],
    ["call", 1, -2n],
  ],
  backspread: [
    ["call", 0, -1n],
    ["call", 1, 2n],
  ],
  condor: [
    ["call", 0, 1n],
    ["call", 1, -1n],
    ["call", 2, -1n],
    ["call", 3, 1n],
  ],
};

/** Adds up legs in any order into a sorted vector. */
export function normalise(legs: readonly Leg[]): readonly Leg[] {
  return legs.reduce<readonly Leg[]>((sum, leg) => addLegs(sum, [leg], 1n), []);
}

function build(shape: Shape, at: readonly bigint[], lots: bigint): readonly Leg[] {
  return normalise(
    shape.map(([right, index, weight]) => ({
      strike: at[index] ?? 0n,
      isCall: right === "call",
      quantity: weight * lots,
    })),
  );
}

/** What packages are drawn from. */
export interface PackageRange {
  readonly inverse: boolean;
  readonly tick: bigint;
  /** Most lots of a package, either way; half of the largest quantity if left out. */
  readonly most?: bigint;
  /** Highest strike in ticks; the largest there is if left out. */
  readonly highest?: bigint;
}

/** One named package of a book's kind on strikes of a tick. */
export function packages(range: PackageRange): fc.Arbitrary<readonly Leg[]> {
  const { inverse, tick, most = MAX_INT64 / 2n, highest = MAX_INT64 / tick } = range;
  const shapes = Object.values(inverse ? CALLS : NETTED);
  return fc
    .tuple(fc.constantFrom(...shapes), strikes(tick, 4, highest), signed(most))
    .map(([shape, at, lots]) => build(shape, at, lots));
}

/** Positions: sums of one to four packages, so up to 16 legs with unequal quantities. */
export function vectors(inverse: boolean, tick: bigint): fc.Arbitrary<readonly Leg[]> {
  return fc
    .array(packages({ inverse, tick, most: MAX_INT64 / 8n }), { minLength: 1, maxLength: 4 })
    .map((parts) => normalise(parts.flat()));
}

/** A scale, a tick and a vector that belong together. */
export interface Holding {
  readonly scale: Scale;
  readonly tick: bigint;
  readonly legs: readonly Leg[];
}

/** Holdings of one kind of book, or of either. */
export function holdings(inverse: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<Holding> {
  return fc.tuple(inverse, ticks).chain(([kind, tick]) =>
    fc.record({
      scale: scales(kind),
      tick: fc.constant(tick),
      legs: fc.oneof(vectors(kind, tick), packages({ inverse: kind, tick })),
    }),
  );
}

/** Settlement prices: 1, the largest, around every knot, and anywhere. */
export function prices(legs: readonly Leg[]): fc.Arbitrary<bigint> {
  const near = strikesOf(legs).flatMap((strike) => [strike - 1n, strike, strike + 1n]);
  const knots = near.filter((price) => price >= 1n && price <= MAX_INT64);
  return fc.oneof(fc.constantFrom(1n, MAX_INT64, ...knots), biased(1n, MAX_INT64));
}

const uint = (bits: bigint): fc.Arbitrary<bigint> => biased(0n, (1n << bits) - 1n);

const parts: fc.Arbitrary<Part> = fc.record({
  book: uint(255n),
  legs: ticks
    .chain((tick) => fc.oneof(packages({ inverse: false, tick }), vectors(true, tick)))
    .map((legs) => [...legs].sort(compareLegs).map(packLeg)),
  premium: fc.oneof(signed(MAX_INT64), fc.constant(-MAX_INT64 - 1n)),
  maxDraw: biased(0n, MAX_UINT112),
});

/** Orders with any field values that their types can hold, for hashing. */
export const orders: fc.Arbitrary<Order> = fc.record({
  account: uint(256n),
  nonce: uint(256n),
  epoch: uint(32n),
  units: uint(64n),
  minFill: uint(64n),
  signedAt: uint(40n),
  deadline: uint(40n),
  taker: uint(160n),
  parts: fc.array(parts, { minLength: 1, maxLength: 4 }),
});
