/**
 * What holds whatever is called, on both sides: promises of docs/breakers.md that no single call shows.
 *
 * @module
 */
import { POLICY_BOUNDS, POLICY_FIELDS, findMarket } from "@certus/model";
import type { BreakerEvent, MarketId, MarketWatch } from "@certus/model";

import { ensure } from "../run/difference.ts";
import type { Step } from "./lockstep.ts";
import type { BreakerTwin } from "./twin.ts";

const LONGEST = 21_600n;
const WEEK = 604_800n;
/** Least part of the terms' ceiling, of 16. */
const LEAST_CEILING = 1n;
const SIXTEENTHS = 16n;

/** A halt from its beginning to its end. */
interface Halt {
  readonly from: bigint;
  readonly until: bigint;
}

type GuardSet = Extract<BreakerEvent, { readonly name: "GuardSet" }>["args"];

/** How long halts lasted within the seven days up to a time. */
function haltedBefore(halts: readonly Halt[], end: bigint): bigint {
  return halts.reduce((sum, { from, until }) => {
    const first = from > end - WEEK ? from : end - WEEK;
    const last = until < end ? until : end;
    return last > first ? sum + last - first : sum;
  }, 0n);
}

/** The promises of one run. */
export class Rules {
  readonly #halts = new Map<MarketId, Halt[]>();

  /** Checks all of them after a command. */
  check(twin: BreakerTwin, now: bigint, step: Step): void {
    const written = (step?.ok === true ? step.events : []).flatMap((event) =>
      event.name === "GuardSet" ? [event.args] : [],
    );
    for (const set of written) this.#note(set, now);
    for (const [market, watch] of twin.breaker.markets) {
      requireBounded(watch, now);
      requireSameWord(twin, market, watch);
      requireCeiling(twin, market, watch);
      if (written.some((set) => set.market === market)) requireFloor(watch, now);
    }
  }

  /** Any seven days hold at most twelve hours of halts. */
  #note({ market, level, until }: GuardSet, now: bigint): void {
    const halts = (this.#halts.get(market) ?? []).map((halt) =>
      halt.until > now ? { ...halt, until: now } : halt,
    );
    if (level === 2n && until > now) halts.push({ from: now, until });
    this.#halts.set(market, halts);
    const halted = haltedBefore(halts, until);
    ensure(halted <= 2n * LONGEST, "rule", () => `seven days hold ${halted} seconds of halts`);
  }
}

/** Levels last six hours at most, and thresholds stay within their bounds. */
function requireBounded(watch: MarketWatch, now: bigint): void {
  const { level, until, tightness, escalation, policy } = watch;
  const bounded = until <= now + LONGEST && level <= 2n && tightness <= 10_000n;
  ensure(bounded && escalation <= 4n, "rule", () => `a level of ${level} lasts until ${until}`);
  const { min, max } = POLICY_BOUNDS;
  const within = POLICY_FIELDS.every(
    (field) => policy[field] >= min[field] && policy[field] <= max[field],
  );
  ensure(within && policy.depegBelow < policy.pegAbove, "rule", () => "a threshold is off bounds");
}

/** The ledger has the level and the end that the breaker has. */
function requireSameWord({ ledger }: BreakerTwin, market: MarketId, watch: MarketWatch): void {
  const guard = findMarket(ledger.state, market)?.guard;
  const alike = guard?.level === watch.level && guard.until === watch.until;
  ensure(alike, "rule", () => `the ledger has level ${guard?.level}, the breaker ${watch.level}`);
}

/** Whoever tightens, a sixteenth of the terms' ceiling is left. */
function requireCeiling({ breaker }: BreakerTwin, market: MarketId, watch: MarketWatch): void {
  const found = breaker.ceilingOf(market);
  const ceiling = found.ok ? found.returned : -1n;
  const least = (watch.termsCeiling * LEAST_CEILING) / SIXTEENTHS;
  const within = ceiling >= least && ceiling <= watch.termsCeiling;
  ensure(within, "rule", () => `a ceiling of ${ceiling} is left of ${watch.termsCeiling}`);
}

/** After every write a market that is not halted is restricted until its floor. */
function requireFloor({ level, until, firmUntil }: MarketWatch, now: bigint): void {
  const halted = level === 2n && now < until;
  const held = firmUntil <= now || (level === 1n && until >= firmUntil);
  ensure(
    halted || held,
    "rule",
    () => `firm until ${firmUntil}, and level ${level} until ${until}`,
  );
}
