import { refuse } from "../../errors.ts";
import type { Address } from "../../types.ts";
import { MAX_LEAD, fixingIdOf } from "../chainlink.ts";
import type { Description, Opening } from "../interface.ts";
import { isForm, rankOf } from "./forms.ts";
import { ended, fixingHeaderWord, hasBit, samplesOf } from "./fixings.ts";
import type { MultiFixing } from "./fixings.ts";
import type { OracleHub } from "./hub.ts";
import { CLOSINGS, LADDER, closingTime, endAtClosing, endEarly } from "./ladder.ts";
import type { LadderEnding } from "./ladder.ts";
import { LANES_A_WORD, laneOf, offerToLane } from "./lanes.ts";
import { firstTime, maxCeilingOf, requireSampling, slotTime } from "./profile.ts";
import type { Sampling } from "./profile.ts";
import { requireOutage } from "./sequencer.ts";
import { isFailure, isPrice } from "./sources.ts";
import type { Failure, Value } from "./sources.ts";
import { PROPOSAL_TIME, SUCCESSION_DELAY, requireSuccessor, succeed } from "./succession.ts";
import type { Inheritance } from "./succession.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome, Transaction } from "./transaction.ts";

/** Closing from which values are no longer taken. */
const LAST_VALUES = 3n;
/** Stage from which a fixing no longer ends early. */
const EARLY_UNTIL = 2n;

/** What names a fixing. */
export interface FixingKey {
  readonly feed: bigint;
  readonly profile: bigint;
  readonly expiry: bigint;
}

/** A value for a slot. */
export interface ValueProof {
  /** Index of the source. */
  readonly source: bigint;
  readonly slot: bigint;
  /** What the source answers to the payload for the slot's instant. */
  readonly value: Value | Failure;
}

/** A fixing that is open, and how it is sampled. */
interface Open {
  readonly id: bigint;
  readonly key: FixingKey;
  readonly sampling: Sampling;
}

/** Twin of the settlement oracle that forms its prices from several sources. */
export class MultiSourceSettlement {
  readonly hub: OracleHub;
  /** Open fixings by id. */
  readonly fixings: Map<bigint, MultiFixing> = new Map();
  /** When each source was proposed as a successor, by its index, by the id of the fixing. */
  readonly proposals: Map<bigint, ReadonlyMap<bigint, bigint>> = new Map();

  constructor(hub: OracleHub) {
    this.hub = hub;
  }

  /** Unit of the prices of a feed and the largest pool that may rest on them. */
  describe(feed: bigint, profile: bigint): MultiOutcome<Description> {
    return transact(() => {
      requireSampling(profile);
      const { priceExp } = this.hub.requireFeed(feed);
      return { priceExp, maxCeiling: maxCeilingOf(profile) };
    });
  }

  /** Opens a fixing or joins it. Anyone. */
  open(now: bigint, key: FixingKey): MultiOutcome<Opening> {
    return transact((tx) => {
      const mark = this.#requireMark(now, key);
      const id = idOf(key);
      const known = this.fixings.get(id);
      if (known !== undefined) this.#moveMark(tx, id, known, mark, now);
      else this.#create(tx, id, key, mark, now);
      return { fixing: id, mark };
    });
  }

  /** Moves the mark of a fixing to the present. Anyone. */
  refreshMark(now: bigint, key: FixingKey): MultiOutcome<bigint> {
    return transact((tx) => {
      const id = idOf(key);
      const known = this.#requireFixing(id);
      const mark = this.#requireMark(now, key);
      if (now <= known.markTime) refuse("MarkNotNewer", now, known.markTime);
      this.#moveMark(tx, id, known, mark, now);
      return mark;
    });
  }

  /** Takes values into their lanes. Anyone. */
  submit(
    now: bigint,
    key: FixingKey,
    proofs: readonly ValueProof[],
    beneficiary: Address,
  ): MultiOutcome<void> {
    return transact((tx) => this.#submit(tx, now, this.#requireOpen(key), proofs, beneficiary));
  }

  /** Fixes the price, on values given with it if there are any, or answers the one already fixed. Anyone. */
  fix(now: bigint, key: FixingKey, proofs: readonly ValueProof[] = []): MultiOutcome<bigint> {
    return transact((tx) => {
      const open = this.#requireOpen(key);
      this.#close(tx, now, open);
      if (proofs.length > 0 && this.#priceOf(open) === 0n) {
        this.#submit(tx, now, open, proofs, 0n);
      }
      this.#endEarly(tx, open);
      const { price, stage, prolonged } = this.#requireFixing(open.id);
      if (price !== 0n) return price;
      return refuse("TooEarlyToFix", now, closingTime(key.expiry, stage + 1n, prolonged));
    });
  }

  /** Moves the closings that are to come, after an outage of the sequencer. Anyone. */
  noteOutage(now: bigint, key: FixingKey): MultiOutcome<void> {
    return transact((tx) => {
      const open = this.#requireOpen(key);
      const fixing = this.#requireUnfinished(tx, now, open);
      if (fixing.prolonged) refuse("OutageKnown", open.id);
      const first = firstTime(open.sampling, key.expiry);
      if (now <= first) refuse("TooEarlyToFix", now, first + 1n);
      const bound = closingTime(key.expiry, LAST_VALUES, false);
      if (now >= bound) refuse("FixingWindowOver", now, bound);
      const since = requireOutage(this.hub.world.uptime, first, now);
      tx.set(this.fixings, open.id, { ...fixing, prolonged: true });
      tx.emit("OutageNoted", { fixing: open.id, since });
    });
  }

  /** Names a source in shadow that is to take the place of a dead class in a fixing. Anyone. */
  proposeSuccessor(now: bigint, key: FixingKey, index: bigint): MultiOutcome<void> {
    return transact((tx) => {
      const inheritance = this.#inheritance(now, key);
      const id = idOf(key);
      const known = this.proposals.get(id);
      const proposed = known?.get(index);
      if (proposed !== undefined && now < proposed + PROPOSAL_TIME) refuse("SuccessorKnown", index);
      const vote = requireSuccessor(inheritance, index);
      tx.set(this.proposals, id, new Map(known).set(index, now));
      tx.emit("SuccessorProposed", { fixing: id, vote, index });
    });
  }

  /** Puts a proposed source in the place of a dead class. Anyone. */
  confirmSuccessor(now: bigint, key: FixingKey, index: bigint): MultiOutcome<void> {
    return transact((tx) => {
      const inheritance = this.#inheritance(now, key);
      const id = idOf(key);
      const proposed = this.proposals.get(id)?.get(index) ?? refuse("NoSuccessor", index);
      if (now >= proposed + PROPOSAL_TIME) refuse("NoSuccessor", index);
      const from = proposed + SUCCESSION_DELAY;
      if (now < from) refuse("TooEarlyToFix", now, from);
      const vote = requireSuccessor(inheritance, index);
      tx.set(this.fixings, id, succeed(inheritance, vote, index));
      tx.emit("SuccessorConfirmed", { fixing: id, vote, index });
    });
  }

  /** The fixing of a feed at an expiry, or undefined if it is not open: the contract answers zeros then. */
  price(key: FixingKey): MultiFixing | undefined {
    return this.fixings.get(idOf(key));
  }

  /** Header word of a fixing. */
  headerWord(key: FixingKey): bigint {
    return fixingHeaderWord(this.price(key));
  }

  /** Words of the lanes of a fixing, by their index; those that are zero are left out. */
  laneWords(key: FixingKey): ReadonlyMap<bigint, bigint> {
    return this.price(key)?.lanes ?? new Map<bigint, bigint>();
  }

  /** The checks of opening; answers the mark. */
  #requireMark(now: bigint, { feed, profile, expiry }: FixingKey): bigint {
    if (now >= expiry) refuse("FixingWindowOver", now, expiry);
    if (expiry > now + MAX_LEAD) refuse("ExpiryTooFar", expiry, now + MAX_LEAD);
    requireSampling(profile);
    const { mid, status } = this.hub.spotNow(now, feed);
    if (status !== 0n) refuse("SpotDegraded", feed, status);
    return mid;
  }

  #create(tx: Transaction, id: bigint, key: FixingKey, mark: bigint, now: bigint): void {
    const frozen = this.#freeze(key.feed);
    const fixing = {
      price: 0n,
      mark,
      markTime: now,
      ...frozen,
      succeeded: 0n,
      stage: 0n,
      step: LADDER.none,
      prolonged: false,
      lanes: new Map<bigint, bigint>(),
    };
    tx.set(this.fixings, id, fixing);
    tx.emit("FixingOpened", { fixing: id, ...key, mark, sources: frozen.sources });
  }

  /** Masks of the sources that vote now, of their votes, and of those in which a push source is demoted. */
  #freeze(feed: bigint): Pick<MultiFixing, "sources" | "votes" | "demoted"> {
    const masks = { sources: 0n, push: 0n, better: 0n };
    this.hub.requireFeed(feed).sources.forEach(({ state, vote, terms }, index) => {
      if (state !== "voting") return;
      masks.sources |= 1n << BigInt(index);
      if (terms.push) masks.push |= 1n << vote;
      else masks.better |= 1n << vote;
    });
    const { sources, push, better } = masks;
    return { sources, votes: push | better, demoted: push & better };
  }

  #moveMark(tx: Transaction, id: bigint, known: MultiFixing, mark: bigint, now: bigint): void {
    tx.set(this.fixings, id, { ...known, mark, markTime: now });
    tx.emit("MarkRefreshed", { fixing: id, mark, markTime: now });
  }

  #submit(
    tx: Transaction,
    now: bigint,
    open: Open,
    proofs: readonly ValueProof[],
    beneficiary: Address,
  ): void {
    const { prolonged } = this.#requireUnfinished(tx, now, open);
    const bound = closingTime(open.key.expiry, LAST_VALUES, prolonged);
    if (now >= bound) refuse("FixingWindowOver", now, bound);
    for (const proof of proofs) this.#accept(tx, now, open, proof, beneficiary);
  }

  #accept(
    tx: Transaction,
    now: bigint,
    { id, key, sampling }: Open,
    { source: index, slot, value }: ValueProof,
    beneficiary: Address,
  ): void {
    const { sources, demoted, lanes } = this.#requireFixing(id);
    const source = this.hub.requireFeed(key.feed).sources[Number(index)];
    if (source === undefined || !hasBit(sources, index)) return refuse("SourceNotInFixing", index);
    if (slot >= sampling.slots) refuse("SlotUnknown", slot, sampling.slots);
    const time = slotTime(sampling, key.expiry, slot);
    if (now <= time) refuse("TooEarlyToFix", now, time + 1n);
    if (isFailure(value)) return refuse("ForeignCallFailed", source.address);
    if (!isPrice(value.price)) refuse("ValueOutOfRange", value.price);
    if (!isForm(value.form)) refuse("ValueFormInvalid", value.form);
    const { vote, terms } = source;
    const { price } = value;
    const form = terms.push && hasBit(demoted, vote) ? rankOf(value.form) : value.form;
    const lane = laneOf(vote, slot, sampling.slots);
    const word = offerToLane(lanes, lane, { price, form });
    const at = lane / LANES_A_WORD;
    if (word === lanes.get(at)) return;
    tx.set(lanes, at, word);
    tx.emit("ValueAccepted", { fixing: id, vote, slot, price, form, beneficiary });
  }

  /** Closes what is due, in its order, until there is a price. */
  #close(tx: Transaction, now: bigint, { id, key, sampling }: Open): void {
    const { expiry } = key;
    for (;;) {
      const fixing = this.#requireFixing(id);
      const stage = fixing.stage + 1n;
      if (fixing.price !== 0n || stage > BigInt(CLOSINGS.length)) return;
      if (now < closingTime(expiry, stage, fixing.prolonged)) return;
      const ending = endAtClosing(samplesOf(fixing, sampling, expiry), stage);
      if (ending !== undefined) return this.#end(tx, id, ending);
      tx.set(this.fixings, id, { ...fixing, stage });
      tx.emit("WindowClosed", { fixing: id, stage });
    }
  }

  #endEarly(tx: Transaction, { id, key, sampling }: Open): void {
    const fixing = this.#requireFixing(id);
    if (fixing.price !== 0n || fixing.stage >= EARLY_UNTIL) return;
    const ending = endEarly(samplesOf(fixing, sampling, key.expiry));
    if (ending !== undefined) this.#end(tx, id, ending);
  }

  #end(tx: Transaction, id: bigint, ending: LadderEnding): void {
    tx.set(this.fixings, id, ended(this.#requireFixing(id), ending));
    tx.emit("PriceSettled", { fixing: id, ...ending });
  }

  #requireFixing(id: bigint): MultiFixing {
    return this.fixings.get(id) ?? refuse("FixingNotOpen", id);
  }

  #requireOpen(key: FixingKey): Open {
    const id = idOf(key);
    this.#requireFixing(id);
    return { id, key, sampling: requireSampling(key.profile) };
  }

  /** The fixing after what is due was closed, if it still has no price. */
  #requireUnfinished(tx: Transaction, now: bigint, open: Open): MultiFixing {
    this.#close(tx, now, open);
    const fixing = this.#requireFixing(open.id);
    return fixing.price === 0n ? fixing : refuse("FixingFinal", fixing.price);
  }

  #priceOf({ id }: Open): bigint {
    return this.#requireFixing(id).price;
  }

  #inheritance(now: bigint, key: FixingKey): Inheritance {
    const fixing = this.#requireFixing(idOf(key));
    return { hub: this.hub, feed: key.feed, expiry: key.expiry, fixing, now };
  }
}

function idOf({ feed, profile, expiry }: FixingKey): bigint {
  return fixingIdOf(feed, profile, expiry);
}
