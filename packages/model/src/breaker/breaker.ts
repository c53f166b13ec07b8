import { LEVEL_HALTED, LEVEL_NORMAL, LEVEL_RESTRICTED, MAX_LEVEL_TIME } from "../constants.ts";
import { refuse } from "../errors.ts";
import { transact } from "../oracle/multi/transaction.ts";
import { max } from "../rounding.ts";
import { findMarket } from "../state.ts";
import type { Env, MarketId } from "../types.ts";
import { look } from "./network.ts";
import type { Block } from "./network.ts";
import { requireCore, requireGap, withObservation } from "./observations.ts";
import { isRecent, isSame, requireChangeable, requirePolicy } from "./policy.ts";
import { adaptableFrom, stepped } from "./stress.ts";
import { POLICY_BOUNDS } from "./table.ts";
import type { Policy } from "./table.ts";
import { Tripping } from "./tripping.ts";
import { freshWatch, indexOf, isHalted, levelIn, withLevel } from "./watch.ts";
import type { MarketWatch } from "./watch.ts";
import { ceilingIn } from "./watching.ts";
import type { BreakerOutcome, Tx } from "./watching.ts";

/** Votes that agree are nearer together than the loosest `apart`, bps. */
const AGREED = POLICY_BOUNDS.max.apart;
/** Seconds between two uses of the guardian, and within which there are two at most. */
const IMPOSED_GAP = 86_400n;
const IMPOSED_WINDOW = 604_800n;

/** Twin of the guard of markets. docs/breakers.md has its rules. */
export class CircuitBreaker extends Tripping {
  /** Begins to watch a market, or takes its feed once the hub has it. Anyone. */
  enroll(market: MarketId): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const { ledger, hub, address } = this.setup;
      const terms = findMarket(ledger.state, market)?.terms;
      if (terms?.guard !== address) return refuse("NotThisGuard", market, terms?.guard ?? 0n);
      const feed = hub.feeds.has(terms.feed) ? terms.feed : 0n;
      const known = this.markets.get(market);
      if (known !== undefined && (known.feed !== 0n || feed === 0n)) {
        refuse("AlreadyEnrolled", market);
      }
      const watch = known ?? freshWatch(terms.token, terms.ceiling);
      tx.set(this.markets, market, { ...watch, feed });
      tx.emit("MarketEnrolled", { market, feed });
    });
  }

  /** Observes a feed, and the network with it. Anyone. */
  observe(block: Block, feed: bigint): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const { hub, blockTime } = this.setup;
      const { now } = block;
      const seen = this.seen(feed);
      const { mid, status } = hub.spotNow(now, feed);
      const healthy = status === 0n;
      requireGap(seen, now, healthy);
      const { quorum, votes } = hub.dispersionNow(now, feed, now);
      requireCore(votes, quorum, AGREED);
      const [low, high] = [votes.coreLow, votes.coreHigh];
      const { dailyVol } = hub.requireFeed(feed);
      const next = withObservation(seen, { low, high, time: now, healthy }, mid, dailyVol);
      tx.set(this.feeds, feed, next);
      tx.emit("Observed", { feed, low, high, healthy, variance: next.variance });
      this.network = look(this.network, block, blockTime);
    });
  }

  /** Adapts tightness and ceiling to the stress; answers the tightness. Anyone. */
  adapt(now: bigint, market: MarketId): BreakerOutcome<bigint> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      const from = adaptableFrom(watch.adaptedAt);
      if (now < from) refuse("TooEarly", now, from);
      const { whole } = this.stress(now, watch);
      const tightness = stepped(watch.tightness, whole, now - watch.adaptedAt);
      const next = { ...watch, tightness, adaptedAt: now };
      tx.emit("Adapted", { market, tightness, ceiling: ceilingIn(next) });
      this.writeUnlessHalted(tx, now, market, next);
      return tightness;
    });
  }

  /** Writes what ought to be in force, after a halt. Anyone. */
  sync(now: bigint, market: MarketId): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      if (isHalted(watch, now)) refuse("AlreadyTripped", LEVEL_HALTED, watch.until);
      this.write(tx, now, market, watch);
    });
  }

  /** Restricts or halts a market without evidence. Restricted. */
  impose(
    { now, sender }: Env,
    market: MarketId,
    level: bigint,
    duration: bigint,
  ): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      this.requireAuthorised("impose", sender);
      const watch = this.require(market);
      const known = level === LEVEL_RESTRICTED || level === LEVEL_HALTED;
      if (!known || duration < 1n || duration > MAX_LEVEL_TIME) {
        refuse("ImpositionInvalid", level, duration);
      }
      const { olderImposed: older, newerImposed: newer } = watch;
      const day = newer === 0n ? 0n : newer + IMPOSED_GAP;
      const from = older === 0n ? day : max(day, older + IMPOSED_WINDOW);
      if (now < from) refuse("GuardianBudget", now, from);
      const current = levelIn(watch, now);
      const until = now + duration;
      const later = until > watch.until || (level > current && until === watch.until);
      if (level < current || (current !== LEVEL_NORMAL && !later)) {
        refuse("AlreadyTripped", current, watch.until);
      }
      const used = { ...watch, olderImposed: newer, newerImposed: now };
      const next = withLevel(used, now, "Guardian", level, until);
      tx.emit("Tripped", { market, trigger: indexOf("Guardian"), level, until, measured: 0n });
      this.write(tx, now, market, next);
    });
  }

  /** Ends what the guardian imposed. Restricted. */
  lift({ now, sender }: Env, market: MarketId): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      this.requireAuthorised("lift", sender);
      const watch = this.require(market);
      if (levelIn(watch, now) === LEVEL_NORMAL || watch.trigger !== "Guardian") {
        refuse("NotReleasable", market, indexOf(watch.trigger));
      }
      this.end(tx, now, market, watch);
    });
  }

  /** Sets tighter thresholds. Restricted. */
  tighten(env: Env, market: MarketId, policy: Policy): BreakerOutcome<void> {
    return this.#changePolicy("tighten", env, market, policy);
  }

  /** Sets thresholds. Restricted. */
  setPolicy(env: Env, market: MarketId, policy: Policy): BreakerOutcome<void> {
    return this.#changePolicy("setPolicy", env, market, policy);
  }

  /** Puts the thresholds before the last change back. Restricted. */
  rollBack({ now, sender }: Env, market: MarketId): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      this.requireAuthorised("rollBack", sender);
      const watch = this.require(market);
      const { previous, policySince } = watch;
      if (previous === undefined || !isRecent(policySince, now)) {
        return refuse("NothingToRollBack", market);
      }
      // A steward who was right may say so again at once.
      const freed = { ...watch, tightenedAt: 0n };
      this.#setPolicy(tx, now, market, freed, previous, undefined);
    });
  }

  /** Names the feed of a market's collateral, 0 for none. Restricted. */
  setTokenFeed({ sender }: Pick<Env, "sender">, market: MarketId, feed: bigint) {
    return transact((tx: Tx): void => {
      this.requireAuthorised("setTokenFeed", sender);
      const watch = this.require(market);
      const priceExp = feed === 0n ? 0n : this.setup.hub.requireFeed(feed).priceExp;
      if (priceExp !== 0n) refuse("TokenFeedUnit", feed, priceExp);
      tx.set(this.markets, market, { ...watch, tokenFeed: feed });
      tx.emit("TokenFeedSet", { market, feed });
    });
  }

  #changePolicy(
    target: "tighten" | "setPolicy",
    { now, sender }: Env,
    market: MarketId,
    policy: Policy,
  ): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      this.requireAuthorised(target, sender);
      const watch = this.require(market);
      const clock = target === "tighten" ? "tightenedAt" : "setAt";
      requireChangeable(watch[clock], now);
      if (isSame(watch.policy, policy)) refuse("PolicyUnchanged", market);
      requirePolicy(watch.policy, policy, target === "tighten");
      const told = { ...watch, [clock]: now };
      this.#setPolicy(tx, now, market, told, policy, watch.policy);
    });
  }

  #setPolicy(
    tx: Tx,
    now: bigint,
    market: MarketId,
    watch: MarketWatch,
    policy: Policy,
    previous: Policy | undefined,
  ): void {
    tx.emit("PolicySet", { market, before: watch.policy, policy });
    this.writeUnlessHalted(tx, now, market, { ...watch, policy, previous, policySince: now });
  }
}
