/**
 * One fixing, played on both sides in many orders of its proofs: every order must agree with the model, word by word,
 * and with the first order.
 *
 * @module
 */
import { fixingIdOf } from "@certus/model";
import type { FixingKey, MultiFixing } from "@certus/model";

import { ensure, show } from "../run/difference.ts";
import type { Dice } from "../generate/dice.ts";
import type { Offer, PriceCalls } from "./calls.ts";
import { bend } from "./lies.ts";
import { Offers } from "./offers.ts";
import { openFixing, publishUntil } from "./opening.ts";
import { drawOrder, drawTimes } from "./orders.ts";
import { ANYONE } from "./places.ts";
import { KINDS } from "./plan.ts";
import type { Plan, Segment, WorldAct } from "./plan.ts";
import { Points } from "./points.ts";
import type { PricePath } from "./records.ts";
import { makeWindow } from "./window.ts";
import type { Made } from "./window.ts";

/** Proofs of one transaction: what fits its gas. */
const MOST_PROOFS = 40;
const CEILING = 1n << 60n;
/** Seconds before the expiry of which a signer says two things. */
const EARLIER = 30n;

/** What an order came to. */
interface Ending {
  readonly words: readonly bigint[];
  readonly step: bigint;
  readonly flags: bigint;
}

/** Plays one fixing. */
export class FixingPlay {
  readonly #calls: PriceCalls;
  readonly #path: PricePath;
  readonly #plan: Plan;
  readonly #key: FixingKey;
  readonly #offers: Offers;
  readonly #made: Made[] = [];
  #published = 0n;
  /** Points for refreshing the mark. */
  #pointsBefore = 0n;

  constructor(calls: PriceCalls, path: PricePath, plan: Plan) {
    this.#calls = calls;
    this.#path = path;
    this.#plan = plan;
    const profile = (CEILING << 8n) | BigInt(plan.kind);
    this.#key = { feed: plan.feed.name, profile, expiry: plan.expiry };
    this.#offers = new Offers(calls.world, plan);
  }

  /** Opens the fixing and fixes it in so many orders. */
  async play(dice: Dice, orders: number): Promise<void> {
    const { world, figures } = this.#calls;
    const scene = { calls: this.#calls, path: this.#path, plan: this.#plan, key: this.#key };
    this.#published = await openFixing(scene);
    await this.#publishUntil(this.#plan.segments[0]?.from ?? 0n);
    const published = this.#published;
    this.#pointsBefore = await this.#points();
    const opened = await world.keep();
    let first: Ending | undefined;
    for (let order = 0; order < orders; order++) {
      if (order > 0) await world.restore(opened);
      this.#published = published;
      const ending = await this.#fixInOrder(dice, order);
      if (first === undefined) this.#calls.countEnding(ending.step, ending.flags);
      first ??= ending;
      this.#compareOrders(first, ending, order);
      figures.count("done", "orders");
    }
    figures.count("profiles", `${KINDS[this.#plan.kind]?.slots ?? 0} slots`);
    figures.count("done", "expiries");
  }

  #compareOrders(first: Ending, ending: Ending, order: number): void {
    const alike = first.words.every((word, at) => word === ending.words[at]);
    ensure(
      alike && first.flags === ending.flags,
      "order",
      () => `order ${order} ends with ${show(ending.words)}, the first with ${show(first.words)}`,
    );
  }

  /* ONE ORDER */

  async #fixInOrder(dice: Dice, order: number): Promise<Ending> {
    const points = new Points(ANYONE);
    this.#calls.heard = (event) => points.hear(event);
    this.#calls.settled = undefined;
    for (const [at, segment] of this.#plan.segments.entries()) {
      await this.#playSegment(dice, at, segment, order);
      await this.#compareWords();
      if (this.#fixing.price !== 0n) break;
    }
    for (const now of this.#plan.endings) {
      if (this.#fixing.price !== 0n) break;
      await this.#calls.fix(now, this.#key);
    }
    const words = await this.#compareWords();
    const settled = this.#calls.settled as { step: bigint; flags: bigint } | undefined;
    if (settled === undefined) throw new Error("the last ending left a fixing without a price");
    if (dice.chance(0.1)) await this.#comparePoints(this.#pointsBefore + points.sum);
    if (dice.chance(0.05)) await this.#again(words);
    return { words, step: settled.step, flags: settled.flags };
  }

  /** What is final stays: fixing again answers the price, submitting is refused. */
  async #again(words: readonly bigint[]): Promise<void> {
    const now = this.#plan.endings.at(-1) ?? 0n;
    const key = this.#key;
    const offers = this.#made[0]?.offers.slice(0, 1) ?? [];
    await this.#calls.submit(now, key, offers, 0n);
    await this.#calls.fix(now, key, offers);
    const after = await this.#compareWords();
    ensure(show(after) === show(words), "final", () => `${show(words)} became ${show(after)}`);
  }

  async #playSegment(dice: Dice, at: number, segment: Segment, order: number): Promise<void> {
    const { from, until, tries, notes } = segment;
    for (const act of segment.acts) await this.#act(from, act);
    if (notes) await this.#calls.noteOutage(from, this.#key);
    const made = (this.#made[at] ??= makeWindow(this.#plan, segment, this.#offers));
    if (made.offers.length === 0) await this.#spoil(dice, from, made);
    const groups = drawOrder(dice, made.offers.length, order === 0 ? MOST_PROOFS : MOST_PROOFS / 2);
    const times = drawTimes(dice, groups.length, from, until);
    for (const [number, group] of groups.entries()) {
      const now = times[number] ?? until;
      const offers = group.flatMap((index) => made.offers[index] ?? []);
      await this.#spoil(dice, now, made, offers);
      const last = number === groups.length - 1;
      if (last && tries && dice.chance(0.5)) {
        if (await this.#calls.fix(until, this.#key, offers)) return;
        await this.#calls.submit(until, this.#key, offers, ANYONE);
        return;
      }
      await this.#calls.submit(now, this.#key, offers, dice.pick([0n, ANYONE]));
    }
    if (tries) await this.#calls.fix(until, this.#key);
  }

  /** Now and then a proof that is refused comes first, alone or behind good ones, of which it leaves nothing. */
  async #spoil(
    dice: Dice,
    now: bigint,
    { refused }: Made,
    offers: readonly Offer[] = [],
  ): Promise<void> {
    const spoilt = dice.chance(0.3) ? dice.maybe(refused) : undefined;
    if (spoilt === undefined) return;
    const proofs = dice.chance(0.5) ? [...offers, spoilt] : [spoilt];
    await this.#calls.submit(now, this.#key, proofs, 0n);
  }

  /* THE WORLD */

  async #publishUntil(until: bigint): Promise<void> {
    const { pushLie } = this.#plan;
    const scene = { calls: this.#calls, path: this.#path };
    await publishUntil(scene, this.#published, until, pushLie);
    if (until > this.#published) this.#published = until;
  }

  async #act(now: bigint, act: WorldAct): Promise<void> {
    const { world, figures } = this.#calls;
    const { expiry } = this.#plan;
    if (act.kind !== "rounds") figures.count("acts", act.kind);
    switch (act.kind) {
      case "rounds":
        return this.#publishUntil(act.until);
      case "phase": {
        await world.nextPhase(now);
        const answer = bend(this.#path.priceAt(expiry), act.lie);
        return world.publish(now, [
          { answer, updatedAt: expiry - act.before },
          { answer: answer + 1n, updatedAt: now },
        ]);
      }
      case "outage": {
        await world.setUptime(now, { answer: 1n, startedAt: act.began });
        if (act.ended === undefined) return;
        return world.setUptime(now, { answer: 0n, startedAt: act.ended });
      }
      case "equivocation":
        if (world.twin.removed.has(BigInt(act.index))) return;
        return world.proveEquivocation(now, act.index, expiry - EARLIER, [1n, 2n]);
    }
  }

  /* COMPARING */

  get #fixing(): MultiFixing {
    const fixing = this.#calls.world.twin.oracle.price(this.#key);
    if (fixing === undefined) throw new Error("the fixing is not open");
    return fixing;
  }

  async #points(): Promise<bigint> {
    const { feed, profile, expiry } = this.#key;
    const id = fixingIdOf(feed, profile, expiry);
    const [points] = await this.#calls.world.view("oracle", "pointsOf", [id, ANYONE]);
    return typeof points === "bigint" ? points : -1n;
  }

  async #comparePoints(expected: bigint): Promise<void> {
    const found = await this.#points();
    ensure(found === expected, "points", () => `${found} points, not ${expected}`);
  }

  /** Compares header and lanes of the chain with the model's; answers the words. */
  async #compareWords(): Promise<readonly bigint[]> {
    const { world } = this.#calls;
    const { feed, kind } = this.#plan;
    const slots = KINDS[kind]?.slots ?? 1;
    const lanes = Math.ceil((feed.sources.length * slots) / 3) + 1;
    const found = await world.fixingWords(this.#key, lanes);
    const expected = [
      world.twin.oracle.headerWord(this.#key),
      ...Array.from({ length: lanes }, (_, at) => this.#fixing.lanes.get(BigInt(at)) ?? 0n),
    ];
    expected.forEach((word, at) => {
      const what = at === 0 ? "the header" : `word ${at - 1} of the lanes`;
      const same = found[at] === word;
      ensure(same, "state", () => `${what} is ${show(found[at])}, the model's is ${show(word)}`);
    });
    return found;
  }
}
