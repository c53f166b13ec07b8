import { Refusal, refuse } from "../../errors.ts";
import type { ModelError } from "../../errors.ts";
import { keccakText } from "../../keccak.ts";
import { abs } from "../../rounding.ts";
import type { Address, Env } from "../../types.ts";
import {
  changeSource,
  changeStore,
  requireFeedTerms,
  requireFitting,
  votingStores,
  withSource,
  withoutSource,
} from "./feeds.ts";
import type { FeedTerms, HubFeed, HubSource } from "./feeds.ts";
import { endByTime, judge, referenceOf } from "./quarantine.ts";
import type { Judgement } from "./quarantine.ts";
import type { UptimeReads } from "./sequencer.ts";
import { NO_SHADOW, recordReading, requireNotOlder, requireProven } from "./shadow.ts";
import { isFailure, isGuard } from "./sources.ts";
import type { Failure, Reading, SourceTerms } from "./sources.ts";
import { dispersionOf, liveStores, reportVotes, spotOf } from "./spot.ts";
import type { Dispersion, Spot, VoteReport } from "./spot.ts";
import { requireNewer, requireReading, storeReading, storeWord } from "./store.ts";
import type { Store } from "./store.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome, Transaction } from "./transaction.ts";

/** Disabling a source may move the middle by this many of a thousand. */
export const MAX_MOVE_PERMILLE = 5n;

/** The functions of the hub that are restricted. */
export type RestrictedHubFunction = "createFeed" | "addSource" | "disable";

/** Who may call each restricted function. */
export type HubAuthority = Record<RestrictedHubFunction, Set<Address>>;

/** What is around a hub. Its owner may change it between calls. */
export interface HubWorld {
  /** What each source says that it is, by its address. */
  readonly sources: Map<Address, SourceTerms>;
  readonly authority: HubAuthority;
  /** The sequencer's uptime feed; none on a chain without a sequencer. */
  readonly uptime?: UptimeReads;
}

/** What a guard needs to know of a feed. */
export interface HubDispersion {
  /** Votes without which the spot is degraded. */
  readonly quorum: bigint;
  readonly votes: Dispersion;
}

/** A hub's surroundings with nothing in them. */
export function emptyHubWorld(uptime?: UptimeReads): HubWorld {
  const authority = {
    createFeed: new Set<Address>(),
    addSource: new Set<Address>(),
    disable: new Set<Address>(),
  };
  return { sources: new Map(), authority, ...(uptime === undefined ? {} : { uptime }) };
}

/** Selector of an error whose arguments are numbers: what a revert with it begins with. */
export function errorSelector({ name, args }: ModelError): bigint {
  const types = args.map(() => "uint256").join(",");
  return keccakText(`${name}(${types})`) >> 224n;
}

/** Twin of the hub of spot prices. */
export class OracleHub {
  readonly world: HubWorld;
  /** Feeds by name. */
  readonly feeds: Map<bigint, HubFeed> = new Map();

  constructor(world: HubWorld) {
    this.world = world;
  }

  /** Creates a feed whose sources vote at once. Restricted. */
  createFeed(
    env: Env,
    name: bigint,
    terms: FeedTerms,
    sources: readonly Address[],
  ): MultiOutcome<void> {
    return transact((tx) => {
      this.#requireAuthorised("createFeed", env.sender);
      if (name === 0n) refuse("FeedNameZero");
      if (this.feeds.has(name)) refuse("FeedExists", name);
      requireFeedTerms(terms);
      const { base, quote, priceExp, quorum, dailyVol } = terms;
      const unit = { base, quote, priceExp, quorum, dailyVol };
      tx.set(this.feeds, name, { ...unit, sources: [], votes: [] });
      tx.emit("FeedCreated", { feed: name, ...unit });
      for (const source of sources) this.#add(tx, name, source, "voting");
    });
  }

  /** Adds a source, in shadow unless it is a guard. Restricted. */
  addSource(env: Env, name: bigint, source: Address): MultiOutcome<bigint> {
    return transact((tx) => {
      this.#requireAuthorised("addSource", env.sender);
      return this.#add(tx, name, source, "shadow");
    });
  }

  /** Lets a proven source vote. Anyone. */
  promote(now: bigint, name: bigint, index: bigint): MultiOutcome<void> {
    return transact((tx) => {
      const source = this.#requireShadow(name, index);
      requireProven(source.shadow, now);
      tx.set(this.feeds, name, changeSource(this.requireFeed(name), index, { state: "voting" }));
      tx.emit("SourcePromoted", { feed: name, index });
    });
  }

  /** Ends a source for good. Restricted. */
  disable(env: Env, name: bigint, index: bigint): MultiOutcome<void> {
    return transact((tx) => {
      this.#requireAuthorised("disable", env.sender);
      const feed = this.requireFeed(name);
      const source = this.requireSource(name, index);
      const rest = withoutSource(feed, index, source);
      const live = BigInt(liveStores(rest, env.now).length);
      if (live < feed.quorum) refuse("TooFewVotes", live, feed.quorum);
      const before = this.#spotOf(feed, env.now).mid;
      const after = this.#spotOf(rest, env.now).mid;
      if (abs(after - before) * 1_000n > before * MAX_MOVE_PERMILLE) {
        refuse("SpotWouldMove", before, after);
      }
      tx.set(this.feeds, name, rest);
      tx.emit("SourceRetired", { feed: name, index });
    });
  }

  /**
   * Takes a reading of a source into its vote's store, or into its record in shadow. Anyone.
   *
   * @param answer - What the source answers to the payload.
   */
  update(now: bigint, name: bigint, index: bigint, answer: Reading | Failure): MultiOutcome<void> {
    return transact((tx) => {
      const source = this.requireSource(name, index);
      if (isFailure(answer)) return refuse("ForeignCallFailed", source.address);
      if (source.state === "shadow") this.#sample(tx, name, index, answer, now);
      else this.#store(tx, name, index, answer, now);
    });
  }

  /**
   * Reads every push source that votes or guards; answers how many readings were stored. Anyone.
   *
   * @param answers - What each answers, by its index; a missing one reverts without a reason.
   */
  poke(
    now: bigint,
    name: bigint,
    answers: ReadonlyMap<bigint, Reading | Failure>,
  ): MultiOutcome<bigint> {
    return transact((tx) => {
      let stored = 0n;
      this.requireFeed(name).sources.forEach(({ terms, state }, at) => {
        if (!terms.push || (state !== "voting" && state !== "guard")) return;
        const index = BigInt(at);
        const reason = this.#tryStore(tx, name, index, answers.get(index), now);
        if (reason === undefined) stored += 1n;
        else tx.emit("ReadingDropped", { feed: name, index, reason });
      });
      return stored;
    });
  }

  /** Prices of a feed and how far to trust them. */
  spot(now: bigint, name: bigint): MultiOutcome<Spot> {
    return transact(() => this.spotNow(now, name));
  }

  /** The same, and every vote. */
  report(
    now: bigint,
    name: bigint,
  ): MultiOutcome<Spot & { readonly votes: readonly VoteReport[] }> {
    return transact(() => {
      const feed = this.requireFeed(name);
      return { ...this.#spotOf(feed, now), votes: reportVotes(feed, now) };
    });
  }

  /** The quorum, how far the votes are apart and how many were heard since a time. */
  dispersion(now: bigint, name: bigint, since: bigint): MultiOutcome<HubDispersion> {
    return transact(() => this.dispersionNow(now, name, since));
  }

  /** Words of the votes' stores, by vote. */
  storeWords(name: bigint): readonly bigint[] {
    return (this.feeds.get(name)?.votes ?? []).map(({ store }) => storeWord(store));
  }

  /** The spot; throws a `Refusal` where the hub reverts. */
  spotNow(now: bigint, name: bigint): Spot {
    return this.#spotOf(this.requireFeed(name), now);
  }

  /** The same as `dispersion`; throws a `Refusal` where the hub reverts. */
  dispersionNow(now: bigint, name: bigint, since: bigint): HubDispersion {
    const feed = this.requireFeed(name);
    return { quorum: feed.quorum, votes: dispersionOf(feed, now, since) };
  }

  /** The feed, or `FeedUnknown`. */
  requireFeed(name: bigint): HubFeed {
    return this.feeds.get(name) ?? refuse("FeedUnknown", name);
  }

  /** Rule 1: a source that is not disabled. */
  requireSource(name: bigint, index: bigint): HubSource {
    const source = this.requireFeed(name).sources[Number(index)];
    if (source === undefined) return refuse("SourceUnknown", index);
    if (source.state === "disabled") refuse("SourceDisabled", index);
    return source;
  }

  /** A source in shadow. */
  #requireShadow(name: bigint, index: bigint): HubSource {
    const source = this.requireSource(name, index);
    if (source.state !== "shadow") refuse("NotInShadow", index);
    return source;
  }

  #requireAuthorised(target: RestrictedHubFunction, sender: Address): void {
    if (!this.world.authority[target].has(sender)) refuse("AccessManagedUnauthorized", sender);
  }

  #spotOf(feed: HubFeed, now: bigint): Spot {
    return spotOf(feed, this.world.uptime, now);
  }

  #add(tx: Transaction, name: bigint, address: Address, state: "shadow" | "voting"): bigint {
    const feed = this.requireFeed(name);
    const terms = this.world.sources.get(address) ?? refuse("SourceWithoutCode", address);
    const vote = requireFitting(feed, address, terms);
    const guard = isGuard(terms.classes);
    const source = { address, terms, vote, shadow: NO_SHADOW } as const;
    tx.set(this.feeds, name, withSource(feed, { ...source, state: guard ? "guard" : state }));
    const voting = state === "voting" || guard;
    const index = BigInt(feed.sources.length);
    tx.emit("SourceAdded", { feed: name, index, source: address, vote, voting });
    return index;
  }

  #sample(tx: Transaction, name: bigint, index: bigint, reading: Reading, now: bigint): void {
    const { terms, shadow } = this.requireSource(name, index);
    requireReading(reading, terms, now);
    requireNotOlder(shadow, reading);
    const feed = this.requireFeed(name);
    const spot = this.#spotOf(feed, now);
    const { record, within } = recordReading(shadow, reading, now, spot);
    tx.set(this.feeds, name, changeSource(feed, index, { shadow: record }));
    if (within === undefined) return;
    tx.emit("ShadowSampled", { feed: name, index, price: reading.price, mid: spot.mid, within });
  }

  #store(tx: Transaction, name: bigint, index: bigint, reading: Reading, now: bigint): void {
    const { terms, vote } = this.requireSource(name, index);
    requireReading(reading, terms, now);
    const feed = this.requireFeed(name);
    const stored = feed.votes[Number(vote)]?.store;
    requireNewer(stored, reading, index, terms.push, now);
    const store = storeReading(stored, reading, index, terms, now);
    const { price, time, confidence, form } = reading;
    tx.emit("ReadingStored", { feed: name, index, price, time, confidence, form });
    const judged = isGuard(terms.classes) ? store : this.#judge(tx, name, vote, store, now);
    tx.set(this.feeds, name, changeStore(feed, vote, judged));
  }

  #judge(tx: Transaction, name: bigint, vote: bigint, store: Store, now: bigint): Store {
    const stores = votingStores(this.requireFeed(name));
    const others = stores.filter((each) => each.vote !== vote).map((each) => each.store);
    const reference = referenceOf(others, now);
    const tell = ({ turn }: Judgement): void => {
      if (turn === "released") tx.emit("VoteReleased", { feed: name, vote });
      if (turn !== "quarantined") return;
      const middle = reference ?? 0n;
      tx.emit("VoteQuarantined", { feed: name, vote, price: store.price, middle });
    };
    const ended = endByTime(store, now);
    tell(ended);
    const judged = judge(ended.store, reference, now);
    tell(judged);
    return judged.store;
  }

  /** Why a push source's reading was dropped, if it was. */
  #tryStore(
    tx: Transaction,
    name: bigint,
    index: bigint,
    answer: Reading | Failure = { reason: 0n },
    now: bigint,
  ): bigint | undefined {
    if (isFailure(answer)) return answer.reason;
    try {
      this.#store(tx, name, index, answer, now);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Refusal) return errorSelector(thrown.error);
      throw thrown;
    }
  }
}
