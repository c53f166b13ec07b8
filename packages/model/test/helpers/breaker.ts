import { expect } from "chai";
import {
  CircuitBreaker,
  POLICY_BOUNDS,
  PRICE_ONE,
  breakerAuthority,
  findMarket,
} from "@certus/model";
import type {
  BreakerOutcome,
  Guard,
  Ledger,
  OracleHub,
  Policy,
  Round,
  TriggerName,
  UptimeReads,
} from "@certus/model";
import { FEED, PRICE, SOURCE, SOURCES, UNIT, createHub, governed, reading } from "./sources.ts";
import { returnedBy } from "./sources.ts";
import { createScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** The breaker, and who holds its roles. */
export const BREAKER = 0xb4ea4n;
export const STEWARD = 0xa6n;
export const RISK = 0xa7n;
export const GUARDIAN = 0xa8n;
/** The feed of the collateral, and what it is worth. */
export const COIN = 8n;
export const PEG = PRICE_ONE;
/** Distance of blocks, milliseconds. */
export const BLOCK_TIME = 12_000n;

/** A market whose guard is the breaker, with a feed of its collateral. */
export interface GuardedScene extends Scene {
  readonly hub: OracleHub;
  readonly breaker: CircuitBreaker;
  readonly market: bigint;
  /** Writes what the sequencer's uptime feed says. */
  readonly setUptime: (answer: bigint, startedAt: bigint) => void;
}

function uptimeFeed(): { reads: UptimeReads; set: (answer: bigint, startedAt: bigint) => void } {
  const rounds: Round[] = [];
  const set = (answer: bigint, startedAt: bigint): void => {
    const roundId = BigInt(rounds.length) + 1n;
    const times = { startedAt, updatedAt: startedAt };
    rounds.push({ roundId, answer, ...times, answeredInRound: roundId });
  };
  set(0n, 1n);
  const getRoundData = (id: bigint) => rounds.find(({ roundId }) => roundId === id);
  return { reads: { latestRoundData: () => rounds.at(-1), getRoundData }, set };
}

/** A market that is watched unless told otherwise; nobody has said anything. */
export function createGuarded({ enrolled = true, sequencer = true } = {}): GuardedScene {
  const { reads, set } = uptimeFeed();
  const hub = createHub(sequencer ? reads : undefined);
  const terms = { ...UNIT, quorum: 3n, dailyVol: 100n };
  returnedBy(hub.createFeed(governed(), COIN, terms, [...SOURCES.keys()]));
  const scene = createScene({ linear: { guard: BREAKER, feed: FEED }, cash: 1_000n });
  const authority = breakerAuthority();
  for (const target of ["impose", "lift", "rollBack"] as const) authority[target].add(GUARDIAN);
  authority.tighten.add(STEWARD);
  for (const target of ["setPolicy", "setTokenFeed"] as const) authority[target].add(RISK);
  const { ledger } = scene;
  const setup = { address: BREAKER, ledger, hub, authority, blockTime: BLOCK_TIME };
  const breaker = new CircuitBreaker(setup);
  const { market } = scene.linear.market;
  if (enrolled) {
    done(breaker.enroll(market));
    done(breaker.setTokenFeed({ sender: RISK }, market, COIN));
  }
  return { ...scene, hub, breaker, market, setUptime: set };
}

/** The returned value of a call that must succeed. */
export function done<T>(outcome: BreakerOutcome<T>): T {
  if (!outcome.ok) expect.fail(`${outcome.error.name}(${outcome.error.args.join(", ")})`);
  return outcome.returned;
}

/** Events of a call that must succeed: names and values. */
export function told(outcome: BreakerOutcome<unknown>): unknown {
  if (!outcome.ok) expect.fail(`${outcome.error.name}(${outcome.error.args.join(", ")})`);
  return outcome.events.map(({ name, args }) => [name, ...Object.values<unknown>({ ...args })]);
}

/** Three votes say this at a time, each its own price or all the same. */
export function say(
  { hub }: Pick<GuardedScene, "hub">,
  now: bigint,
  said: bigint | readonly [bigint, bigint, bigint] = PRICE,
  feed = FEED,
): void {
  const prices = typeof said === "bigint" ? [said, said, said] : said;
  for (const [at, index] of [SOURCE.streams, SOURCE.redStone, SOURCE.own].entries()) {
    const price = prices[at] ?? 0n;
    returnedBy(hub.update(now, feed, index, reading(now, { price, confidence: 0n })));
  }
}

/** A block of a time, in the distance that is usual. */
export function block(now: bigint, changes: { number?: bigint; baseFee?: bigint } = {}) {
  return { now, number: (now * 1_000n) / BLOCK_TIME, baseFee: 1_000n, ...changes };
}

/** All votes say a price, and it is observed. */
export function observe(scene: GuardedScene, now: bigint, price = PRICE, feed = FEED): void {
  say(scene, now, price, feed);
  done(scene.breaker.observe(block(now), feed));
}

/** Gives notice and trips as soon as it may, the votes being silent. */
export function tripSilent(scene: GuardedScene, since: bigint, trigger: TriggerName): bigint {
  done(scene.breaker.notice(since, scene.market, trigger));
  done(scene.breaker.trip(since + 600n, scene.market, trigger, 0n));
  return since + 600n;
}

/** The ledger's word of a market. */
export function guardOf(ledger: Ledger, market: bigint): Guard {
  const found = findMarket(ledger.state, market);
  if (found === undefined) throw new Error("the market is not listed");
  return { ...found.guard };
}

/** The initial thresholds with some replaced. */
export function policy(changes: Partial<Policy> = {}): Policy {
  return { ...POLICY_BOUNDS.initial, ...changes };
}

/** No two votes agree, and nobody is judged. */
export const FAR_APART = [percent(100n), percent(105n), percent(111n)] as const;

/** So many percent of the feed's price. */
export function percent(value: bigint): bigint {
  return (PRICE * value) / 100n;
}
