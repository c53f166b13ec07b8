import { freshWatch } from "@certus/model";
import type { FeedWatch, MarketId, MarketWatch, TriggerName } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import type { BreakerCommand, Command, Said } from "./command.ts";
import type { Step } from "./lockstep.ts";
import { ANYONE, FEEDS, HOLDERS } from "./places.ts";
import type { FeedKey } from "./places.ts";
import type { BreakerTwin } from "./twin.ts";

/** One unit of collateral is worth this. */
export const PEG = 100_000_000n;
/** Greatest price there is. */
const MAX_PRICE = (1n << 63n) - 1n;

/** Some commands one after the other, each drawn when the one before has been done. */
export type Play = Generator<Command, void, Step>;

/** Where the commands of a run are drawn: the model as it is at that moment, and what things are worth. */
export interface Scene {
  readonly dice: Dice;
  readonly twin: BreakerTwin;
  /** Time of the last block. */
  now: bigint;
  /** What each feed's base is worth, whoever says so. */
  readonly worth: Record<FeedKey, bigint>;
}

/** A price that there is. */
export function asPrice(value: bigint): bigint {
  if (value < 1n) return 1n;
  return value > MAX_PRICE ? MAX_PRICE : value;
}

/** The market as it is watched; as if it was just enrolled where it is not. */
export function watchOf({ twin }: Scene, market: MarketId): MarketWatch {
  return twin.breaker.markets.get(market) ?? freshWatch(0n, 0n);
}

/** What was observed of a feed, if anything. */
export function seenOf({ twin }: Scene, feed: bigint): FeedWatch | undefined {
  return twin.breaker.feeds.get(feed);
}

/** One of the two markets that the breaker guards, now and then any of all. */
export function anyMarket({ dice, twin }: Scene): MarketId {
  const [first = 0n, second = 0n, other = 0n] = twin.markets;
  return dice.weighted([
    [60, first],
    [40, second],
    [0.6, other],
    [0.6, 12_345n << 104n],
  ]);
}

/** A market whose feed is that of a key. */
export function keyOf({ twin }: Scene, market: MarketId): FeedKey {
  const at = twin.markets.indexOf(market);
  return twin.terms[at]?.feed === FEEDS.late.name ? "late" : "ether";
}

/** How many votes the feed has, a source each; none before the hub knows it. */
export function voteCount({ twin }: Scene, key: FeedKey): number {
  const sources = twin.hub.feeds.get(FEEDS[key].name)?.sources ?? [];
  return sources.filter(({ state }) => state !== "guard").length;
}

/** A call of the breaker, by anyone unless somebody is named. */
export function call<C extends BreakerCommand>(
  at: bigint,
  command: C extends unknown ? Omit<C, "sender"> & { readonly sender?: bigint } : never,
): Command {
  return { sender: ANYONE, ...command, at };
}

/** Who holds the role for a function, now and then somebody else. */
export function holder({ dice }: Scene, name: keyof typeof HOLDERS): bigint {
  return dice.chance(0.93) ? HOLDERS[name] : dice.pick([...Object.values(HOLDERS), ANYONE]);
}

/** Sources of a feed say these prices of a time; those without one are silent. */
export function say(
  at: bigint,
  key: FeedKey,
  prices: readonly (bigint | undefined)[],
  time = at,
): Command {
  const readings = prices.flatMap((price, index): Said[] =>
    price === undefined ? [] : [{ index: BigInt(index), price: asPrice(price), time }],
  );
  return { kind: "say", feed: FEEDS[key].name, readings, at };
}

/** All sources of a feed say what it is worth, within some bps of it. */
export function sayWorth(scene: Scene, at: bigint, key: FeedKey, noise = 5n): Command {
  const { dice, twin, worth } = scene;
  const around = (bps: bigint): bigint =>
    (worth[key] * (10_000n + dice.between(-bps, bps))) / 10_000n;
  const prices = Array.from({ length: voteCount(scene, key) }, () => around(noise));
  // Whoever looks after the feed is not quite as exact, and now and then far off.
  const warned = key === "ether" && twin.knobs.warden && dice.chance(0.6);
  return say(at, key, warned ? [...prices, around(dice.chance(0.1) ? 4_000n : 900n)] : prices);
}

/** A threshold as the market's tightness leaves it. */
export function inForce({ tightness }: MarketWatch, threshold: bigint): bigint {
  return (threshold * (40_000n - tightness)) / 40_000n;
}

/** A time at a bound or beside it, never before now. */
export function nearTime({ dice, now }: Scene, bound: bigint): bigint {
  const time = dice.near(bound);
  return time < now ? now : time;
}

/** One of some triggers. */
export function anyTrigger({ dice }: Scene, names: readonly TriggerName[]): TriggerName {
  return dice.pick(names);
}
