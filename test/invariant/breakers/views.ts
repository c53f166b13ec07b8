/**
 * What breaker, hub and ledger answer, against the model.
 *
 * @module
 */
import { POLICY_BOUNDS, Refusal, findMarket, observationAt, policyValues } from "@certus/model";
import type {
  FeedWatch,
  MarketId,
  MarketWatch,
  ModelError,
  Policy,
  TriggerName,
} from "@certus/model";

import type { Value } from "../../../scripts/lib/abi.ts";
import { ensure, same, show } from "../run/difference.ts";
import { triggerIndex } from "./agree.ts";
import type { Part } from "./build.ts";
import type { Sides } from "./calls.ts";
import { AT, FEEDS } from "./places.ts";
import type { BreakerTwin } from "./twin.ts";

/** Conditions that have to hold on. */
export const NOTICED = ["FewVotes", "NoVotes", "Apart", "Depeg"] as const;

/** A view with what it should answer. */
interface View {
  readonly part: Part | "ledger";
  readonly name: string;
  readonly args: readonly Value[];
  readonly expected: readonly Value[] | ModelError;
}

const ADDRESS_OF: Readonly<Partial<Record<Part | "ledger", bigint>>> = {
  breaker: AT.breaker,
  hub: AT.hub,
  ledger: AT.ledger,
};

function answerOf(outcome: () => readonly Value[]): readonly Value[] | ModelError {
  try {
    return outcome();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.error;
    throw thrown;
  }
}

function must<T>(
  outcome:
    | { readonly ok: true; readonly returned: T }
    | { readonly ok: false; readonly error: ModelError },
): T {
  if (outcome.ok) return outcome.returned;
  throw new Refusal(outcome.error);
}

const NO_POLICY: Policy = Object.fromEntries(
  Object.keys(POLICY_BOUNDS.initial).map((field) => [field, 0n]),
) as unknown as Policy;

function watchValues(watch: MarketWatch): Value {
  return [
    watch.feed,
    watch.tokenFeed,
    policyValues(watch.policy),
    watch.policySince,
    policyValues(watch.previous ?? NO_POLICY),
    watch.level,
    watch.until,
    watch.firmUntil,
    triggerIndex(watch.trigger),
    watch.trippedAt,
    watch.olderStart,
    watch.newerStart,
    watch.escalation,
    watch.tightness,
    watch.adaptedAt,
    watch.olderImposed,
    watch.newerImposed,
    watch.tightenedAt,
    watch.setAt,
    watch.depegUntil,
  ];
}

function marketViews(
  { breaker, ledger }: BreakerTwin,
  now: bigint,
  market: bigint,
): readonly View[] {
  const of = (name: string, outcome: () => readonly Value[], ...args: readonly Value[]): View => ({
    part: "breaker",
    name,
    args: [market, ...args],
    expected: answerOf(outcome),
  });
  const guard = findMarket(ledger.state, market)?.guard;
  return [
    of("watchOf", () => [watchValues(breaker.require(market))]),
    of("ceilingOf", () => [must(breaker.ceilingOf(market))]),
    of("stressOf", () => {
      const { volatility, faults, network, whole } = must(breaker.stressOf(now, market));
      return [volatility, faults, network, whole];
    }),
    ...NOTICED.map((trigger: TriggerName) =>
      of(
        "noticeOf",
        () => {
          const { since, from, to } = must(breaker.noticeOf(now, market, trigger));
          return [since, from, to];
        },
        triggerIndex(trigger),
      ),
    ),
    ...(guard === undefined ? [] : [guardView(market, guard)]),
  ];
}

function guardView(
  market: bigint,
  guard: { readonly [K in "level" | "until" | "ceiling" | "olderHalt" | "newerHalt"]: bigint } & {
    readonly retired: boolean;
  },
): View {
  const { level, until, ceiling, olderHalt, newerHalt, retired } = guard;
  const expected = [true, retired, level, until, ceiling, olderHalt, newerHalt];
  return { part: "ledger", name: "guardOf", args: [market], expected };
}

function feedViews({ breaker, hub }: BreakerTwin, now: bigint, feed: bigint): readonly View[] {
  const seen: FeedWatch | undefined = breaker.feeds.get(feed);
  if (!hub.feeds.has(feed)) return [];
  const count = seen?.count ?? 0n;
  const indices = [count - 1n, count - 16n, count - 17n, count].filter((index) => index >= 0n);
  const observations = indices.map((index): View => {
    const found = seen === undefined ? undefined : observationAt(seen, index);
    const { low, high, time, healthy } = found ?? { low: 0n, high: 0n, time: 0n, healthy: false };
    const expected = [low, high, time, healthy];
    return { part: "breaker", name: "observationAt", args: [feed, index], expected };
  });
  const { quorum, votes } = hub.dispersionNow(now, feed, now);
  const { lowest, highest, coreLow, coreHigh, recent, seen: heard } = votes;
  const dispersion = [lowest, highest, coreLow, coreHigh, recent, heard];
  const { mid, low, high, live, faults, status } = hub.spotNow(now, feed);
  const { variance = 0n, lastPrice = 0n, lastTime = 0n, lastAny = 0n } = seen ?? {};
  return [
    ...observations,
    { part: "hub", name: "dispersion", args: [feed, now], expected: [quorum, dispersion] },
    { part: "hub", name: "spot", args: [feed], expected: [[mid, low, high, live, faults, status]] },
    {
      part: "breaker",
      name: "feedWatchOf",
      args: [feed],
      expected: [[count, variance, lastPrice, lastTime, lastAny]],
    },
  ];
}

function networkView({ breaker }: BreakerTwin): View {
  const { lastBlock, lastTime, baseFee, gapStress, feeStress } = breaker.network;
  const expected = [[lastBlock, lastTime, baseFee, gapStress, feeStress]];
  return { part: "breaker", name: "networkWatch", args: [], expected };
}

function isError(expected: View["expected"]): expected is ModelError {
  return !Array.isArray(expected);
}

/** What a command is about: views of it are asked each time, all of them now and then. */
export interface About {
  readonly market?: MarketId;
  readonly feed?: bigint;
}

function viewsOf(twin: BreakerTwin, now: bigint, { market, feed }: About): readonly View[] {
  const watched = market === undefined ? undefined : twin.breaker.markets.get(market);
  const feeds = [feed, watched?.feed].filter((name) => name !== undefined && name !== 0n);
  return [
    ...(market === undefined ? [] : marketViews(twin, now, market)),
    ...feeds.flatMap((name) => feedViews(twin, now, name ?? 0n)),
  ];
}

/** Every view there is. */
function allViews(twin: BreakerTwin, now: bigint): readonly View[] {
  return [
    ...twin.markets.flatMap((market) => marketViews(twin, now, market)),
    ...Object.values(FEEDS).flatMap(({ name }) => feedViews(twin, now, name)),
    networkView(twin),
  ];
}

/** Asks views as of the last block, which is `now`, in one call: those of what a command is about, or all. */
export async function compareViews(
  { world, twin }: Sides,
  now: bigint,
  about: About | "all",
): Promise<void> {
  const { interfaces, chain } = world;
  const views = about === "all" ? allViews(twin, now) : viewsOf(twin, now, about);
  if (views.length === 0) return;
  const run = interfaces.method("relay", "run");
  const targets = views.map(({ part }) => ADDRESS_OF[part] ?? 0n);
  const calls = views.map(({ part, name, args }) => interfaces.method(part, name).encode(args));
  const answer = run.decode(await chain.call(AT.relay, run.encode([targets, calls])));
  const [outcomes] = answer as unknown as readonly [readonly (readonly [boolean, string])[]];
  views.forEach(({ part, name, args, expected }, at) => {
    const [ok, data] = outcomes[at] ?? [false, ""];
    const detail = (found: unknown): string =>
      `${name}${show(args)} at ${now} says ${show(found)}, the model ${show(isError(expected) ? [expected.name, ...expected.args] : expected)}`;
    if (!ok) {
      const found = interfaces.errors.decode(data);
      const alike =
        isError(expected) && found.name === expected.name && same(found.args, expected.args);
      return ensure(alike, "views", () => detail([found.name, ...found.args]));
    }
    const found = interfaces.method(part, name).decode(data);
    ensure(!isError(expected) && same(found, expected), "views", () => detail(found));
  });
}
