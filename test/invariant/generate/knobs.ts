import fc from "fast-check";

/** What a run is about besides ordinary trading. */
export type Flavour =
  /** Ordinary sizes throughout. */
  | "plain"
  /** One market lives at the bounds of quantities, collateral, pool and fees. */
  | "bounds"
  /** One market settles by oracles that answer 0 or too much. */
  | "scripted"
  /** Words are written that no transition writes: the ways out that coverage rules out are taken. */
  | "forced";

/** How a market turns lots into tokens. */
export interface ScaleKnob {
  readonly num: bigint;
  readonly den: bigint;
  readonly tick: bigint;
  /** Fee per lot in 256ths of its cap. */
  readonly fee: number;
  /** 2^this is the ceiling, at most what the profile allows. */
  readonly ceilingBits: number;
  readonly lastTrade: bigint;
}

/** What fast-check draws for a run; the dice decide the rest from the state. */
export interface Knobs {
  readonly seed: number;
  readonly flavour: Flavour;
  readonly linear: ScaleKnob;
  readonly inverse: ScaleKnob;
  readonly third: ScaleKnob;
  readonly period: bigint;
  readonly anchor: bigint;
  readonly horizon: bigint;
}

const ONE = 100_000_000n;
const UINT64 = (1n << 64n) - 1n;

/** Numerators and denominators: plain, prime, huge, and such that hardly any division comes out even. */
const LINEAR_SCALES: readonly (readonly [bigint, bigint])[] = [
  [1n, 1n],
  [1n, 100n],
  [7n, 3n],
  [1n, 9_999_991n],
  [999_983n, 1_000_003n],
  [1n, 10_000_000_000n],
  [1_000_000n, 7n],
  [UINT64, UINT64 - 1n],
  [7n, UINT64],
];

const INVERSE_SCALES: readonly (readonly [bigint, bigint])[] = [
  [1_000_000_000_000_000n, 1n],
  [100_000_000_000_000_003n, 7n],
  [999_999_999_999_989n, 1_000n],
  [1n, 3n],
  [12_345_678_901n, 97n],
  [UINT64, 7n * 11n],
];

const TICKS: readonly bigint[] = [1n, 7n, 1_000_003n, 12_34567891n, 25n * ONE, 100n * ONE];

function scaleKnob(scales: readonly (readonly [bigint, bigint])[]): fc.Arbitrary<ScaleKnob> {
  return fc
    .record({
      scale: fc.constantFrom(...scales),
      tick: fc.constantFrom(...TICKS),
      fee: fc.constantFrom(0, 1, 100, 255, 256),
      ceilingBits: fc.constantFrom(80, 100, 112, 112, 112, 112, 112),
      lastTrade: fc.constantFrom(0n, 0n, 600n, 600n, 3_600n, 3_600n, 86_400n),
    })
    .map(({ scale: [num, den], ...rest }) => ({ num, den, ...rest }));
}

/** The parameters of runs. */
export const KNOBS: fc.Arbitrary<Knobs> = fc.record({
  seed: fc.integer(),
  flavour: fc.constantFrom<Flavour[]>("plain", "plain", "plain", "bounds", "scripted", "forced"),
  linear: scaleKnob(LINEAR_SCALES),
  inverse: scaleKnob(INVERSE_SCALES),
  third: scaleKnob([...LINEAR_SCALES, ...INVERSE_SCALES]),
  period: fc.constantFrom(7_200n, 28_800n, 86_400n, 100_003n),
  anchor: fc.bigInt(9_000n, 40_000n),
  horizon: fc.constantFrom(100_000n, 604_801n, 8_640_000n),
});

/** The parameters of the runs of a campaign: the first ones are the same however many there are. */
export function drawKnobs(seed: number, runs: number): readonly Knobs[] {
  return fc.sample(KNOBS, { seed, numRuns: runs });
}
