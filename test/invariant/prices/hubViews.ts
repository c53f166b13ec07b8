/**
 * What the hub's storage and views say, against the model.
 *
 * @module
 */
import { STANDING, VERDICT, isProven, storeWord } from "@certus/model";
import type { HubSource, ShadowRecord, Spot, VoteReport } from "@certus/model";

import type { Value } from "../../../scripts/lib/abi.ts";
import { ensure, same, show } from "../run/difference.ts";
import type { FeedPlan } from "./places.ts";
import type { PriceWorld } from "./world.ts";

const QUARANTINE_TIME = 86_400n;
/** Numbers of the stages of a source on chain. */
const STAGES = { shadow: 1n, voting: 2n, guard: 2n, disabled: 3n } as const;

/** A shadow as it lies in storage: price 64, time 40, first 40, last 40, samples 32, within 32. */
function shadowWord({ price, time, first, last, samples, within }: ShadowRecord): bigint {
  return (
    price | (time << 64n) | (first << 104n) | (last << 144n) | (samples << 184n) | (within << 216n)
  );
}

function spotValues({ mid, low, high, live, faults, status }: Spot): Value {
  return [mid, low, high, live, faults, status];
}

function voteValues({ classes, store, verdict }: VoteReport, now: bigint): Value {
  if (store === undefined) return [classes, verdict, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
  const { index, price, time, seenAt, confidence, standing, since } = store;
  const over = standing === STANDING.quarantined && now - since >= QUARANTINE_TIME;
  const stands = over ? STANDING.clear : standing;
  return [classes, verdict, index, price, time, seenAt, confidence, stands, since];
}

function compareList(what: string, found: readonly bigint[], expected: readonly bigint[]): void {
  expected.forEach((word, at) => {
    const detail = (): string =>
      `${what} ${at} is ${show(found[at])}, the model's is ${show(word)}`;
    ensure(found[at] === word, "state", detail);
  });
}

function compareView(what: string, found: Value | undefined, expected: Value): void {
  const alike = found !== undefined && same(found, expected);
  ensure(alike, "views", () => `${what} says ${show(found)}, the model ${show(expected)}`);
}

/** Compares stores, spot and report of a feed as of the last block, which is `now`. */
export async function compareSpot(
  world: PriceWorld,
  now: bigint,
  { name }: FeedPlan,
): Promise<VoteReport[]> {
  const report = world.twin.hub.report(now, name);
  if (!report.ok) throw new Error("the feed is not there");
  const { votes, ...spot } = report.returned;
  const words = await world.storeWords(name, votes.length);
  compareList(
    "store",
    words,
    votes.map(({ store }) => storeWord(store)),
  );
  const [current, reported] = await world.view("hub", "report", [name]);
  compareView("spot in the report", current, spotValues(spot));
  compareView(
    "report",
    reported,
    votes.map((vote) => voteValues(vote, now)),
  );
  const [alone] = await world.view("hub", "spot", [name]);
  compareView("spot", alone, spotValues(spot));
  return [...votes];
}

/** Compares shadows and stages of a feed's sources. */
export async function compareSources(
  world: PriceWorld,
  now: bigint,
  { name }: FeedPlan,
): Promise<void> {
  const { sources } = world.twin.hub.requireFeed(name);
  const words = await world.shadowWords(name, sources.length);
  compareList(
    "shadow",
    words,
    sources.map(({ shadow }) => shadowWord(shadow)),
  );
  for (const [index, source] of sources.entries()) {
    const [info] = await world.view("hub", "source", [name, BigInt(index)]);
    compareView(`source ${index}`, info, sourceValues(source));
    if (source.state !== "shadow") continue;
    const [record] = await world.view("hub", "shadow", [name, BigInt(index)]);
    const { price, time, first, last, samples, within } = source.shadow;
    const proven = isProven(source.shadow, now);
    compareView(`shadow ${index}`, record, [price, time, first, last, samples, within, proven]);
  }
}

function sourceValues({ address, vote, state, terms }: HubSource): Value {
  const { push, maxAge, maxAhead, classes } = terms;
  const guard = classes === 1n << 15n;
  return [address, vote, push, guard, STAGES[state], maxAge, maxAhead];
}

/** Whether a vote of a report counts. */
export function isUsed({ verdict }: VoteReport): boolean {
  return verdict === VERDICT.used;
}
