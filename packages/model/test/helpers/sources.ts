import { expect } from "chai";
import {
  CLASSES,
  GUARD_CLASS,
  MultiSourceSettlement,
  OracleHub,
  PRICE_ONE,
  emptyHubWorld,
  maximalForm,
  multiProfileOf,
} from "@certus/model";
import type {
  Env,
  Failure,
  FixingKey,
  HubWorld,
  MultiOutcome,
  Reading,
  SourceTerms,
  UptimeReads,
  Value,
  ValueProof,
} from "@certus/model";

/** When a hub is set up. */
export const START = 1_800_000_000n;
/** T: the expiry of the fixings. */
export const T = START + 50_000n;
/** Seconds of an hour. */
export const HOUR = 3_600n;
/** The feed. */
export const FEED = 7n;
/** Its price. */
export const PRICE = 2_000n * PRICE_ONE;
/** Who may register, and nobody else. */
export const GOVERNOR = 0x60fn;
/** Pair and unit of the feed. */
export const UNIT = { base: 1n, quote: 2n, priceExp: 0n };

/** The sources of the feed by index: two of one vote, two more votes, a guard. */
export const SOURCE = { push: 0n, streams: 1n, redStone: 2n, own: 3n, guard: 4n };
/** Their votes. */
export const VOTE = { chainlink: 0n, redStone: 1n, own: 2n, guard: 3n };

/** What a source says that it is, with some terms replaced. */
export function termsOf(classes: bigint, changes: Partial<SourceTerms> = {}): SourceTerms {
  return { classes, push: false, maxAge: HOUR, maxAhead: 5n, ...UNIT, ...changes };
}

/** The feed's sources by address. */
export const SOURCES: ReadonlyMap<bigint, SourceTerms> = new Map([
  [0xa0n, termsOf(CLASSES.chainlink, { push: true, maxAge: 90_000n })],
  [0xa1n, termsOf(CLASSES.chainlink)],
  [0xa2n, termsOf(CLASSES.redStone)],
  [0xa3n, termsOf(CLASSES.ownSigners)],
  [0xa4n, termsOf(GUARD_CLASS, { push: true })],
]);

/** A call by the governor. */
export function governed(now: bigint = START): Env {
  return { now, sender: GOVERNOR };
}

/** The returned value of a call that must succeed. */
export function returnedBy<T>(outcome: MultiOutcome<T>): T {
  if (!outcome.ok) expect.fail(`${outcome.error.name}(${outcome.error.args.join(", ")})`);
  return outcome.returned;
}

/** Events of a call that must succeed: names and fields. */
export function eventsOf(outcome: MultiOutcome<unknown>): unknown {
  if (!outcome.ok) expect.fail(`${outcome.error.name}(${outcome.error.args.join(", ")})`);
  return outcome.events.map(({ name, args }) => [name, args]);
}

/** Names of the events of a call that must succeed. */
export function eventNames(outcome: MultiOutcome<unknown>): readonly string[] {
  returnedBy(outcome);
  return outcome.ok ? outcome.events.map(({ name }) => name) : [];
}

/** A world with the feed's sources, in which the governor may do everything. */
export function createWorld(uptime?: UptimeReads): HubWorld {
  const world = emptyHubWorld(uptime);
  for (const [address, terms] of SOURCES) world.sources.set(address, terms);
  for (const allowed of Object.values(world.authority)) allowed.add(GOVERNOR);
  return world;
}

/** A hub with the feed and without readings. */
export function createHub(uptime?: UptimeReads): OracleHub {
  const hub = new OracleHub(createWorld(uptime));
  const terms = { ...UNIT, quorum: 3n, dailyVol: 500n };
  returnedBy(hub.createFeed(governed(), FEED, terms, [...SOURCES.keys()]));
  return hub;
}

/** A reading of just now, with some fields replaced. */
export function reading(now: bigint, changes: Partial<Reading> = {}): Reading {
  return { price: PRICE, time: now, confidence: 3n, form: maximalForm(1n), ...changes };
}

/** Gives three votes a reading of just now. */
export function readAll(hub: OracleHub, now: bigint, price = PRICE): void {
  for (const index of [SOURCE.push, SOURCE.redStone, SOURCE.own]) {
    returnedBy(hub.update(now, FEED, index, reading(now, { price })));
  }
}

/** Fixing of a kind at T. */
export function keyOf(kind: bigint): FixingKey {
  return { feed: FEED, profile: multiProfileOf(kind, 1_000n), expiry: T };
}

/** Seconds before T at which a fixing is opened unless said otherwise. */
export const LEAD = 2n * HOUR;

/** A fixing that is open. */
export interface Scene {
  readonly hub: OracleHub;
  readonly oracle: MultiSourceSettlement;
  readonly key: FixingKey;
}

/** A fixing of a kind, opened at a price some time before T. */
export function openFixing(
  kind: bigint,
  { at = T - LEAD, price = PRICE, uptime = undefined as UptimeReads | undefined } = {},
): Scene {
  const hub = createHub(uptime);
  readAll(hub, at, price);
  const oracle = new MultiSourceSettlement(hub);
  const key = keyOf(kind);
  returnedBy(oracle.open(at, key));
  return { hub, oracle, key };
}

/** A value that nothing replaces. */
export function best(price: bigint): Value {
  return { price, form: maximalForm(1n) };
}

/** A value that a better one replaces. */
export function lesser(price: bigint, rank = 1n): Value {
  return { price, form: rank };
}

/** A proof. */
export function proof(source: bigint, slot: bigint, value: Value | Failure): ValueProof {
  return { source, slot, value };
}

/** The same value of each of some sources in each of some slots. */
export function proofs(
  sources: readonly bigint[],
  slots: bigint,
  value: (slot: bigint, source: bigint) => Value,
): readonly ValueProof[] {
  return sources.flatMap((source) =>
    Array.from({ length: Number(slots) }, (_, slot) =>
      proof(source, BigInt(slot), value(BigInt(slot), source)),
    ),
  );
}

/** One source of each vote that gives maximal values. */
export const VOTERS = [SOURCE.streams, SOURCE.redStone, SOURCE.own] as const;
