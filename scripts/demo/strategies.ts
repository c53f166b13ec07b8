import type { Leg } from "@certus/model";

import { black76 } from "./black76.ts";
import { LOTS_PER_ETH } from "./terms.ts";
import type { Market } from "./venue.ts";

/** Assumed volatility of the underlying, a year. */
const VOL = 0.6;
/** Assumed interest on the quote asset, a year. */
const RATE = 0.04;
const SECONDS_A_YEAR = 31_536_000;

/** What the customer receives in one book, per unit of 1 ETH. */
export interface DealPart {
  readonly market: Market["name"];
  /** Sorted by strike, puts first. */
  readonly legs: readonly Leg[];
  /** Premium the customer receives, price units × lots; negative: pays. */
  readonly premium: bigint;
}

/** A strategy at today's prices. */
export interface Deal {
  readonly name: string;
  readonly parts: readonly DealPart[];
}

/** Prices at which strategies are struck. */
export interface Spot {
  /** Price of the underlying, 8 decimals. */
  readonly price: bigint;
  /** Seconds to expiry. */
  readonly left: bigint;
}

/** A leg by its distance from the spot in thousandths, in units of 1 ETH. */
type Wish = readonly [right: "call" | "put", distance: number, units: bigint];

interface Strategy {
  readonly name: string;
  readonly linear?: readonly Wish[];
  readonly inverse?: readonly Wish[];
}

/** What customers trade; all legs of a line are one order. */
export const STRATEGIES = [
  { name: "covered call", inverse: [["call", 75, -1n]] },
  { name: "cash-secured put", linear: [["put", -75, -1n]] },
  {
    name: "iron condor",
    linear: [
      ["put", -150, 1n],
      ["put", -75, -1n],
      ["call", 75, -1n],
      ["call", 150, 1n],
    ],
  },
  {
    name: "long box",
    linear: [
      ["put", -100, -1n],
      ["call", -100, 1n],
      ["put", 100, 1n],
      ["call", 100, -1n],
    ],
  },
  { name: "strangle", linear: [["put", -75, 1n]], inverse: [["call", 75, 1n]] },
  {
    name: "put spread",
    linear: [
      ["put", -100, -1n],
      ["put", 0, 1n],
    ],
  },
  {
    name: "call butterfly",
    linear: [
      ["call", -75, 1n],
      ["call", 0, -2n],
      ["call", 75, 1n],
    ],
  },
  {
    name: "inverse call spread",
    inverse: [
      ["call", 0, 1n],
      ["call", 100, -1n],
    ],
  },
  { name: "risk reversal", linear: [["put", -100, -1n]], inverse: [["call", 100, 1n]] },
  { name: "short strangle", linear: [["put", -125, -1n]], inverse: [["call", 125, -1n]] },
] as const satisfies readonly Strategy[];

/** Name of a strategy. */
export type StrategyName = (typeof STRATEGIES)[number]["name"];

/** A strategy by its name, struck around the spot and priced by Black-76 at an assumed volatility of 60 %. */
export function dealOf(name: StrategyName, spot: Spot): Deal {
  const strategy: Strategy | undefined = STRATEGIES.find((each) => each.name === name);
  if (strategy === undefined) throw new Error(`no strategy is called ${name}`);
  const parts: DealPart[] = [];
  if (strategy.linear) parts.push(partOf("linear", strategy.linear, spot));
  if (strategy.inverse) parts.push(partOf("inverse", strategy.inverse, spot));
  return { name, parts };
}

function partOf(market: Market["name"], wishes: readonly Wish[], spot: Spot): DealPart {
  const legs = wishes.map(([right, distance, units]) => ({
    strike: strikeNear(spot.price, BigInt(distance)),
    isCall: right === "call",
    quantity: units * LOTS_PER_ETH,
  }));
  let premium = 0n;
  for (const leg of legs) premium -= leg.quantity * fairPrice(market, leg, spot);
  return { market, legs, premium };
}

/** Linear: quote per ETH, inverse: ETH per ETH; 8 decimals either way. */
function fairPrice(market: Market["name"], { isCall, strike }: Leg, spot: Spot): bigint {
  const forward = Number(spot.price) / 1e8;
  const quote = { forward, vol: VOL, years: Number(spot.left) / SECONDS_A_YEAR, rate: RATE };
  // The normal distribution is approximated: far from the spot a price may come out just below zero.
  const price = Math.max(0, black76(quote, isCall, Number(strike) / 1e8));
  return BigInt(Math.round((market === "inverse" ? price / forward : price) * 1e8));
}

/** The round strike nearest to the price and so many thousandths more. */
function strikeNear(price: bigint, distance: bigint): bigint {
  const step = strikeStep(price);
  const wanted = (price * (1_000n + distance)) / 1_000n;
  return ((wanted + step / 2n) / step) * step;
}

/** The largest of 1, 2 and 5 times a power of ten that is at most a fortieth of the price. */
export function strikeStep(price: bigint): bigint {
  const most = price / 40n;
  const power = 10n ** BigInt(most.toString().length - 1);
  const [step = power] = [5n, 2n].map((times) => times * power).filter((value) => value <= most);
  return step;
}
