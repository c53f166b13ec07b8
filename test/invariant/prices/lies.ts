import type { Dice } from "../generate/dice.ts";

/** How a price is bent: by parts of a million, or to a bound of the rules and what stands beside it. */
export type Lie =
  | { readonly kind: "none" }
  | { readonly kind: "part"; readonly ppm: bigint }
  | {
      readonly kind: "edge";
      readonly percent: bigint;
      readonly up: boolean;
      readonly beside: bigint;
    };

/** No lie. */
export const TRUTH: Lie = { kind: "none" };

const MILLION = 1_000_000n;

/** Bounds of the rules in percent. */
const BOUNDS = [1n, 3n, 10n];

/** A price as a lie has it; never below 1. */
export function bend(price: bigint, lie: Lie): bigint {
  const bent = bentPrice(price, lie);
  return bent < 1n ? 1n : bent;
}

function bentPrice(price: bigint, lie: Lie): bigint {
  if (lie.kind === "none") return price;
  if (lie.kind === "part") return (price * (MILLION + lie.ppm)) / MILLION;
  const { percent, up, beside } = lie;
  const edge = up ? (price * (100n + percent)) / 100n : (price * 100n) / (100n + percent);
  return edge + beside;
}

/** A lie of any size: a bound of the rules, some percent, or up to 99 %. */
export function drawLie(dice: Dice): Lie {
  const sign = dice.pick([-1n, 1n]);
  return dice.weighted<() => Lie>([
    [
      3,
      () => ({
        kind: "edge",
        percent: dice.pick(BOUNDS),
        up: sign > 0n,
        beside: dice.pick([-1n, 0n, 1n]),
      }),
    ],
    [4, () => ({ kind: "part", ppm: sign * dice.between(1_000n, 60_000n) })],
    [2, () => ({ kind: "part", ppm: sign * dice.between(60_000n, 990_000n) })],
  ])();
}
