import { pushReading } from "@certus/model";
import type {
  Failure,
  FixingKey,
  ModelError,
  MultiOracleEvent,
  MultiOutcome,
  Reading,
  Value as SourceValue,
  ValueProof,
} from "@certus/model";

import { Method } from "../../../scripts/lib/abi.ts";
import type { Value } from "../../../scripts/lib/abi.ts";
import type { Sent } from "../chain/chain.ts";
import { compareOutcome } from "./agree.ts";
import type { Figures } from "./figures.ts";
import { FLAGS, STATUS_BITS, STEPS } from "./figures.ts";
import { AT, TERMS } from "./places.ts";
import type { FeedPlan } from "./places.ts";
import type { Answer } from "./twin.ts";
import type { PriceWorld } from "./world.ts";

/** A proof with what the model makes of it. */
export interface Offer {
  /** Index of the source in the feed. */
  readonly source: number;
  readonly slot: number;
  /** Hex digits. */
  readonly payload: string;
  /** What the source says when it is shown at a time. */
  readonly answer: (now: bigint) => Answer<SourceValue>;
}

/** Calls about a feed's sources. */
export type Registration = "addSource" | "promote" | "disable";

/** What the chain has other words for than the model. */
const OTHER_WORDS: ReadonlySet<string> = new Set(["SignerNotStanding"]);

function foreignOf({ error }: { readonly error: ModelError }): ModelError | undefined {
  return OTHER_WORDS.has(error.name) ? undefined : error;
}

const PROOFS = new Method({
  type: "function",
  name: "proofs",
  inputs: [
    {
      name: "proofs",
      type: "tuple[]",
      components: ["uint8", "uint8", "uint96", "bytes"].map((type) => ({ name: "", type })),
    },
  ],
});

function proofsOf(offers: readonly Offer[]): Value {
  return offers.map(({ source, slot, payload }) => [BigInt(source), BigInt(slot), 0n, payload]);
}

/** Calls of hub and fixings, each made on both sides and compared. */
export class PriceCalls {
  readonly world: PriceWorld;
  readonly figures: Figures;
  /** Told of every event that both sides emitted. */
  heard: (event: MultiOracleEvent) => void = () => undefined;
  /** How the last fixing that got its price ended. */
  settled: { readonly step: bigint; readonly flags: bigint } | undefined;

  constructor(world: PriceWorld, figures: Figures) {
    this.world = world;
    this.figures = figures;
  }

  #compare<T>(
    name: string,
    now: bigint,
    sent: Sent,
    outcome: MultiOutcome<T>,
    foreign?: ModelError,
  ): MultiOutcome<T> {
    compareOutcome(this.world.interfaces, `${name} at ${now}`, sent, outcome, foreign);
    this.figures.count("calls", outcome.ok ? name : `${name} refused`);
    if (!sent.ok || !outcome.ok) {
      this.figures.count("errors", sent.ok ? "" : this.#errorName(sent.data.slice(0, 8)));
    } else {
      for (const event of outcome.events) {
        this.figures.count("events", event.name);
        this.heard(event);
        if (event.name === "PriceSettled") this.settled = event.args;
        if (event.name !== "ReadingDropped") continue;
        const reason = event.args.reason.toString(16).padStart(8, "0");
        this.figures.count("drops", this.#errorName(reason));
      }
    }
    return outcome;
  }

  #errorName(selector: string): string {
    if (/^0*$/.test(selector)) return "no reason";
    return this.world.interfaces.errors.decode(selector).name;
  }

  /* HUB */

  /** What each push source of a feed answers now, by index. */
  #pushed(now: bigint, feed: FeedPlan): ReadonlyMap<bigint, Reading | Failure> {
    const { twin, interfaces } = this.world;
    const answers = new Map<bigint, Reading | Failure>();
    twin.placesOf(feed).forEach((place, index) => {
      if (!TERMS[place].push) return;
      const answer = place === "push" ? pushReading(twin.push, now) : twin.told(place);
      const reason = (error: ModelError): bigint =>
        BigInt(`0x${interfaces.errors.encode(error).slice(0, 8)}`);
      const reading = answer.ok ? answer.returned : { reason: reason(answer.error) };
      answers.set(BigInt(index), reading);
    });
    return answers;
  }

  /** Reads a push source through `update`. */
  updatePushed(now: bigint, feed: FeedPlan, index: number): Promise<MultiOutcome<void>> {
    const { twin } = this.world;
    const place = twin.placesOf(feed)[index] ?? "push";
    const answer = place === "push" ? pushReading(twin.push, now) : twin.told(place);
    return this.update(now, feed, index, "", answer);
  }

  /** Adds, promotes or disables a source; answers whether it went through. */
  async register(
    now: bigint,
    call: Registration,
    { name }: FeedPlan,
    what: bigint,
    sender: bigint,
  ): Promise<boolean> {
    const { hub } = this.world.twin;
    const sent = await this.world.send(now, AT.hub, "hub", call, [name, what], sender);
    const env = { now, sender };
    if (call === "addSource")
      return this.#compare(call, now, sent, hub.addSource(env, name, what)).ok;
    if (call === "disable") return this.#compare(call, now, sent, hub.disable(env, name, what)).ok;
    return this.#compare(call, now, sent, hub.promote(now, name, what)).ok;
  }

  /** Proposes or confirms a successor; answers whether it went through. */
  async succeed(
    now: bigint,
    call: "proposeSuccessor" | "confirmSuccessor",
    key: FixingKey,
    index: bigint,
  ): Promise<boolean> {
    const sent = await this.#fixing(now, call, key, [index]);
    return this.#compare(call, now, sent, this.world.twin.oracle[call](now, key, index)).ok;
  }

  /** Reads every push source. */
  async poke(now: bigint, feed: FeedPlan): Promise<MultiOutcome<bigint>> {
    const sent = await this.world.send(now, AT.hub, "hub", "poke", [feed.name]);
    const outcome = this.world.twin.hub.poke(now, feed.name, this.#pushed(now, feed));
    return this.#compare("poke", now, sent, outcome);
  }

  /** Brings a reading of a source. */
  async update(
    now: bigint,
    feed: FeedPlan,
    index: number,
    payload: string,
    answer: Answer<Reading>,
  ): Promise<MultiOutcome<void>> {
    const at = BigInt(index);
    const sent = await this.world.send(now, AT.hub, "hub", "update", [feed.name, at, payload]);
    const told = answer.ok ? answer.returned : { reason: 0n };
    const outcome = this.world.twin.hub.update(now, feed.name, at, told);
    return this.#compare("update", now, sent, outcome, answer.ok ? undefined : foreignOf(answer));
  }

  /** Counts what is wrong with the spot. */
  countStatus(now: bigint, feed: FeedPlan): void {
    const { status } = this.world.twin.hub.spotNow(now, feed.name);
    this.figures.countBits("status", status, STATUS_BITS);
    if (status === 0n) this.figures.count("status", "undegraded");
  }

  /* FIXINGS */

  /** Opens a fixing or joins it. */
  async open(now: bigint, feed: FeedPlan, key: FixingKey): Promise<boolean> {
    this.countStatus(now, feed);
    const sent = await this.#fixing(now, "open", key, []);
    return this.#compare("open", now, sent, this.world.twin.oracle.open(now, key)).ok;
  }

  /** Moves the mark. */
  async refreshMark(now: bigint, key: FixingKey): Promise<void> {
    const sent = await this.#fixing(now, "refreshMark", key, []);
    this.#compare("refreshMark", now, sent, this.world.twin.oracle.refreshMark(now, key));
  }

  /** Brings values. */
  async submit(
    now: bigint,
    key: FixingKey,
    offers: readonly Offer[],
    beneficiary: bigint,
  ): Promise<boolean> {
    const sent = await this.#fixing(now, "submit", key, [proofsOf(offers), beneficiary]);
    const { proofs, foreign } = this.#answers(now, offers);
    const outcome = this.world.twin.oracle.submit(now, key, proofs, beneficiary);
    return this.#compare("submit", now, sent, outcome, foreign).ok;
  }

  /** Fixes, with values or without. */
  async fix(now: bigint, key: FixingKey, offers: readonly Offer[] = []): Promise<boolean> {
    const proof = offers.length === 0 ? "" : PROOFS.encode([proofsOf(offers)]).slice(8);
    const bare = offers.length === 0 && now % 2n === 0n;
    const sent = bare
      ? await this.#fixing(now, "finalise", key, [])
      : await this.#fixing(now, "fix", key, [proof]);
    const { proofs, foreign } = this.#answers(now, offers);
    const outcome = this.world.twin.oracle.fix(now, key, proofs);
    return this.#compare(bare ? "finalise" : "fix", now, sent, outcome, foreign).ok;
  }

  /** Moves the closings after an outage. */
  async noteOutage(now: bigint, key: FixingKey): Promise<void> {
    const sent = await this.#fixing(now, "noteOutage", key, []);
    this.#compare("noteOutage", now, sent, this.world.twin.oracle.noteOutage(now, key));
  }

  /** Counts how a fixing ended. */
  countEnding(step: bigint, flags: bigint): void {
    this.figures.count("steps", STEPS[Number(step)] ?? "none");
    this.figures.countBits("flags", flags, FLAGS);
    if (flags === 0n) this.figures.count("flags", "none");
  }

  #fixing(
    now: bigint,
    name: string,
    { feed, profile, expiry }: FixingKey,
    more: readonly Value[],
  ): Promise<Sent> {
    return this.world.send(now, AT.oracle, "oracle", name, [feed, profile, expiry, ...more]);
  }

  /** What the sources say of offers, and what the first that refuses says. */
  #answers(
    now: bigint,
    offers: readonly Offer[],
  ): { readonly proofs: readonly ValueProof[]; readonly foreign: ModelError | undefined } {
    let foreign: ModelError | undefined;
    let failed = false;
    const proofs = offers.map(({ source, slot, answer }) => {
      const given = answer(now);
      if (!given.ok && !failed) [failed, foreign] = [true, foreignOf(given)];
      const value = given.ok ? given.returned : { reason: 0n };
      return { source: BigInt(source), slot: BigInt(slot), value };
    });
    return { proofs, foreign };
  }
}
