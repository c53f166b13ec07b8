/**
 * Every word that the breaker keeps, as the model has it.
 *
 * @module
 */
import { TRIGGERS, keccakWords, policyValues } from "@certus/model";
import type { FeedWatch, MarketWatch, NetworkWatch, Policy } from "@certus/model";

import { toWord, wordAt } from "../../../scripts/lib/abi.ts";
import { ensure } from "../run/difference.ts";
import { triggerIndex } from "./agree.ts";
import { slotOf } from "./build.ts";
import type { BreakerBuild } from "./build.ts";
import type { Sides } from "./calls.ts";
import { AT, FEEDS } from "./places.ts";

/** Fields of a word with their bits, low bits first. */
function packed(...fields: readonly (readonly [value: bigint, bits: bigint])[]): bigint {
  let [word, shift] = [0n, 0n];
  for (const [value, bits] of fields) {
    word |= value << shift;
    shift += bits;
  }
  return word;
}

/** Thresholds, 16 bits each; 0 for none. */
function policyWord(policy: Policy | undefined): bigint {
  if (policy === undefined) return 0n;
  return packed(...policyValues(policy).map((value) => [value, 16n] as const));
}

/** Times of notices by trigger, 40 bits each, six a word. */
function noticeWords({ notices }: MarketWatch): readonly bigint[] {
  const times = [0n, ...TRIGGERS.map(({ name }) => notices.get(name) ?? 0n)];
  return [times.slice(0, 6), times.slice(6)].map((six) =>
    packed(...six.map((time) => [time, 40n] as const)),
  );
}

/** Words that a market has. */
const MARKET_WORDS = 9;

function marketWords(watch: MarketWatch | undefined): readonly bigint[] {
  if (watch === undefined) return Array.from({ length: MARKET_WORDS }, () => 0n);
  return [
    packed(
      [watch.level, 8n],
      [watch.until, 40n],
      [watch.firmUntil, 40n],
      [triggerIndex(watch.trigger), 8n],
      [watch.trippedAt, 40n],
      [watch.olderStart, 40n],
      [watch.newerStart, 40n],
      [watch.escalation, 8n],
      [watch.tightness, 16n],
      [1n, 1n],
    ),
    watch.feed,
    watch.tokenFeed,
    packed([policyWord(watch.policy), 112n], [watch.termsCeiling, 112n]),
    packed(
      [policyWord(watch.previous), 112n],
      [watch.policySince, 40n],
      [watch.olderImposed, 40n],
      [watch.newerImposed, 40n],
    ),
    packed([watch.token, 160n], [watch.adaptedAt, 40n], [watch.tightenedAt, 40n]),
    packed([watch.setAt, 40n], [watch.depegUntil, 40n]),
    ...noticeWords(watch),
  ];
}

/** Observations that are kept. */
const KEPT = 16;

function feedWords(seen: FeedWatch | undefined): readonly bigint[] {
  const ring = Array.from({ length: KEPT }, () => 0n);
  if (seen === undefined) return [0n, ...ring];
  const { count, variance, lastPrice, lastTime, lastAny, kept } = seen;
  const first = Number(count) - kept.length;
  kept.forEach(({ low, high, time, healthy }, at) => {
    const flag = healthy ? 1n : 0n;
    ring[(first + at) % KEPT] = packed([low, 64n], [high, 64n], [time, 40n], [flag, 1n]);
  });
  const head = packed(
    [count, 32n],
    [variance, 64n],
    [lastPrice, 64n],
    [lastTime, 40n],
    [lastAny, 40n],
  );
  return [head, ...ring];
}

function networkWord(seen: NetworkWatch): bigint {
  const { lastBlock, lastTime, baseFee, gapStress, feeStress } = seen;
  return packed(
    [lastBlock, 48n],
    [lastTime, 40n],
    [baseFee, 80n],
    [gapStress, 16n],
    [feeStress, 16n],
  );
}

interface Kept {
  readonly what: string;
  readonly slot: bigint;
  readonly word: bigint;
}

function keptFrom(what: string, first: bigint, words: readonly bigint[]): readonly Kept[] {
  return words.map((word, at) => ({ what: `${what} ${at}`, slot: first + BigInt(at), word }));
}

/** Compares every word of the breaker: markets, feeds, the network. */
export async function compareWords({ world, twin }: Sides): Promise<void> {
  const { breaker } = twin;
  const build: BreakerBuild = world.build;
  const [watched, seen] = [slotOf(build, "_watched"), slotOf(build, "_seen")];
  const kept = [
    ...twin.markets.flatMap((market, at) =>
      keptFrom(
        `word of market ${at}`,
        keccakWords([market, watched]),
        marketWords(breaker.markets.get(market)),
      ),
    ),
    ...Object.entries(FEEDS).flatMap(([key, { name }]) =>
      keptFrom(
        `word of feed ${key}`,
        keccakWords([name, seen]),
        feedWords(breaker.feeds.get(name)),
      ),
    ),
    ...keptFrom("word of the network", slotOf(build, "_network"), [networkWord(breaker.network)]),
  ];
  const words = await world.chain.slots(AT.breaker, kept.map(({ slot }) => toWord(slot)).join(""));
  kept.forEach(({ what, word }, at) => {
    const found = wordAt(words, at * 64);
    ensure(
      found === word,
      "state",
      () => `${what} is 0x${found.toString(16)}, the model's is 0x${word.toString(16)}`,
    );
  });
}
