import { Refusal, refuse } from "../errors.ts";
import type { Ledger } from "../ledger.ts";
import type { OracleOutcome } from "../oracle/chainlink.ts";
import type { OracleHub } from "../oracle/multi/hub.ts";
import { transact } from "../oracle/multi/transaction.ts";
import type { Transaction } from "../oracle/multi/transaction.ts";
import type { Address, MarketId } from "../types.ts";
import type { BreakerEvent } from "./events.ts";
import { UNSEEN } from "./network.ts";
import type { NetworkWatch } from "./network.ts";
import { UNOBSERVED } from "./observations.ts";
import type { FeedWatch } from "./observations.ts";
import { ceilingUnder } from "./policy.ts";
import { stressNow } from "./stress.ts";
import type { Stress } from "./stress.ts";
import { indexOf, isHalted, settled, withoutLevel } from "./watch.ts";
import type { MarketWatch } from "./watch.ts";

/** The functions of the breaker that are restricted. */
export type RestrictedBreakerFunction =
  "impose" | "lift" | "tighten" | "setPolicy" | "rollBack" | "setTokenFeed";

/** Who may call each restricted function. */
export type BreakerAuthority = Record<RestrictedBreakerFunction, Set<Address>>;

/** Nobody may call anything. */
export function breakerAuthority(): BreakerAuthority {
  return {
    impose: new Set(),
    lift: new Set(),
    tighten: new Set(),
    setPolicy: new Set(),
    rollBack: new Set(),
    setTokenFeed: new Set(),
  };
}

/** What a breaker is made of. */
export interface BreakerSetup {
  /** Its address: what markets name as their guard. */
  readonly address: Address;
  readonly ledger: Ledger;
  readonly hub: OracleHub;
  readonly authority: BreakerAuthority;
  /** Distance of blocks as it should be, milliseconds; 0 where it says nothing. */
  readonly blockTime: bigint;
}

/** How a call of the breaker ends; its events and the ledger's, in the order of their emission. */
export type BreakerOutcome<T> = OracleOutcome<T, BreakerEvent>;

/** What a call does. */
export type Tx = Transaction<BreakerEvent>;

/** Markets and feeds that are watched, and the one way to write what is in force. */
export abstract class Watching {
  readonly setup: BreakerSetup;
  /** Markets that are watched. */
  readonly markets: Map<MarketId, MarketWatch> = new Map();
  /** Feeds that were observed, by name. */
  readonly feeds: Map<bigint, FeedWatch> = new Map();
  /** What was seen of the network. Read it. */
  network: NetworkWatch = UNSEEN;

  constructor(setup: BreakerSetup) {
    this.setup = setup;
  }

  /** Stress of a market now. */
  stressOf(now: bigint, market: MarketId): BreakerOutcome<Stress> {
    return transact(() => this.stress(now, this.require(market)));
  }

  /** The ceiling that policy and tightness give. */
  ceilingOf(market: MarketId): BreakerOutcome<bigint> {
    return transact(() => ceilingIn(this.require(market)));
  }

  /** The market as it is watched; throws a `Refusal` if it is not. */
  require(market: MarketId): MarketWatch {
    return this.markets.get(market) ?? refuse("NotEnrolled", market);
  }

  /** What was observed of a feed. */
  protected seen(feed: bigint): FeedWatch {
    return this.feeds.get(feed) ?? UNOBSERVED;
  }

  /** Stress of a market that is watched. */
  protected stress(now: bigint, watch: MarketWatch): Stress {
    const { hub } = this.setup;
    const { feed } = watch;
    if (feed === 0n) return stressNow(watch, UNOBSERVED, 0n, this.network, now);
    const { dailyVol } = hub.requireFeed(feed);
    return stressNow(watch, this.seen(feed), dailyVol, this.network, now);
  }

  /** Refuses whom the access manager does not let call the function. */
  protected requireAuthorised(target: RestrictedBreakerFunction, sender: Address): void {
    const allowed = this.setup.authority[target].has(sender);
    if (!allowed) refuse("AccessManagedUnauthorized", sender);
  }

  /** Ends what is in force, but for its floor. */
  protected end(tx: Tx, now: bigint, market: MarketId, watch: MarketWatch): void {
    tx.emit("Released", { market, trigger: indexOf(watch.trigger) });
    this.write(tx, now, market, withoutLevel(watch));
  }

  /** Keeps what is known of a market; the ledger's word follows, but for a halt that is in force. */
  protected writeUnlessHalted(tx: Tx, now: bigint, market: MarketId, watch: MarketWatch): void {
    if (isHalted(watch, now)) tx.set(this.markets, market, watch);
    else this.write(tx, now, market, watch);
  }

  /** Keeps what is known of a market, and writes the ledger's word. */
  protected write(tx: Tx, now: bigint, market: MarketId, watch: MarketWatch): void {
    const { ledger, address } = this.setup;
    const next = settled(watch, now);
    tx.set(this.markets, market, next);
    const { level, until } = next;
    const env = { now, sender: address };
    const set = ledger.setGuard(env, market, level, until, ceilingIn(next));
    if (!set.ok) throw new Refusal(set.error);
    for (const event of set.events) {
      if (event.name === "GuardSet") tx.emit("GuardSet", event.args);
    }
  }
}

/** The ceiling of a market. */
export function ceilingIn({ termsCeiling, policy, tightness }: MarketWatch): bigint {
  return ceilingUnder(termsCeiling, policy, tightness);
}
