/**
 * Random readings, faults and registrations at the hub, over the rounds of a path; after every call the whole feed is
 * compared.
 *
 * @module
 */
import type { Reading, VoteReport } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import type { PriceCalls, Registration } from "./calls.ts";
import type { Said } from "./keys.ts";
import { STANDINGS, VERDICTS } from "./figures.ts";
import { compareSources, compareSpot } from "./hubViews.ts";
import { TRUTH, bend, drawLie } from "./lies.ts";
import type { Lie } from "./lies.ts";
import { ANYONE, AT, DEPLOYER, FEEDS, PHASES, SCRIPTED, TERMS } from "./places.ts";
import type { FeedPlan, SourcePlace } from "./places.ts";
import { MAXIMAL_FIRST, signedMessage, toldMessage, unanimous } from "./readings.ts";
import type { PricePath } from "./records.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const DAY = 86_400n;

type Told = (typeof SCRIPTED)[number];

function isTold(place: SourcePlace): place is Told {
  return (SCRIPTED as readonly string[]).includes(place);
}

/** Plays so many steps from a time on. */
export class HubPlay {
  readonly #calls: PriceCalls;
  readonly #path: PricePath;
  readonly #dice: Dice;
  readonly #lies = new Map<SourcePlace, Lie>();
  #now: bigint;
  #published: number;

  /** @param published - How many rounds the push feed has had. */
  constructor(calls: PriceCalls, path: PricePath, dice: Dice, now: bigint, published: number) {
    [this.#calls, this.#path, this.#dice] = [calls, path, dice];
    [this.#now, this.#published] = [now, published];
  }

  /** Plays so many steps. */
  async play(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#pass();
      this.#changeLies();
      await this.#act(this.#dice.pick(FEEDS));
      this.#calls.figures.count("done", "steps at the hub");
    }
    for (const feed of FEEDS) await compareSources(this.#calls.world, this.#now, feed);
  }

  /* TIME AND TRUTH */

  async #pass(): Promise<void> {
    const dice = this.#dice;
    this.#now += dice.weighted<bigint>([
      [50, dice.between(0n, 3n)],
      [25, dice.between(4n, 20n)],
      [6, dice.near(15n)],
      [6, dice.near(60n)],
      [8, dice.between(61n, 300n)],
      [4, dice.near(600n)],
      [1, dice.between(1_200n, 4_000n)],
      [0.3, dice.near(DAY)],
    ]);
    const count = this.#path.countAt(this.#now);
    if (count <= this.#published) return;
    const lie = this.#lies.get("push") ?? TRUTH;
    const rounds = this.#path.rounds
      .slice(this.#published, count)
      .map(({ answer, updatedAt }) => ({ answer: bend(answer, lie), updatedAt }));
    await this.#calls.world.publish(this.#now, rounds);
    this.#published = count;
  }

  #changeLies(): void {
    const dice = this.#dice;
    if (dice.chance(0.04)) this.#lies.clear();
    if (!dice.chance(0.06)) return;
    const place = dice.pick(Object.keys(TERMS) as SourcePlace[]);
    this.#lies.set(place, drawLie(dice));
  }

  #priceOf(place: SourcePlace): bigint {
    return bend(this.#path.priceAt(this.#now), this.#lies.get(place) ?? TRUTH);
  }

  /* STEPS */

  async #act(feed: FeedPlan): Promise<void> {
    const dice = this.#dice;
    await dice.weighted<() => Promise<unknown>>([
      [40, () => this.#readAll(feed)],
      [16, () => this.#readOne(feed)],
      [6, () => this.#poke(feed)],
      [5, () => this.#changeUptime(feed)],
      [4, () => this.#register(feed)],
      [3, () => this.#breakOne(feed)],
      [1, () => this.#changePhase(feed)],
      [4, () => this.#wait(feed)],
    ])();
  }

  async #compare(feed: FeedPlan): Promise<void> {
    const votes = await compareSpot(this.#calls.world, this.#now, feed);
    this.#calls.countStatus(this.#now, feed);
    for (const vote of votes) this.#countVote(vote);
  }

  #countVote({ verdict, store }: VoteReport): void {
    const { figures } = this.#calls;
    figures.count("verdicts", VERDICTS[Number(verdict)] ?? "");
    if (store !== undefined) figures.count("standings", STANDINGS[Number(store.standing)] ?? "");
  }

  /** Everybody says what it is. */
  async #readAll(feed: FeedPlan): Promise<void> {
    const dice = this.#dice;
    for (const [index, place] of this.#calls.world.twin.placesOf(feed).entries()) {
      if (!dice.chance(0.9)) continue;
      if (!TERMS[place].push) await this.#bring(feed, index, place);
      else if (isTold(place)) await this.#tell(place, this.#reading(place, this.#now));
    }
    await this.#poke(feed);
  }

  async #poke(feed: FeedPlan): Promise<void> {
    await this.#calls.poke(this.#now, feed);
    await this.#compare(feed);
  }

  /** One source says something, usual or not; now and then there is no such source. */
  async #readOne(feed: FeedPlan): Promise<void> {
    const dice = this.#dice;
    const places = this.#calls.world.twin.placesOf(feed);
    if (dice.chance(0.04)) {
      const { payload, answer } = toldMessage(this.#reading("pyth", this.#now));
      await this.#calls.update(this.#now, feed, places.length + dice.below(3), payload, answer);
      return this.#compare(feed);
    }
    const index = dice.below(places.length);
    const place = places[index] ?? "push";
    if (TERMS[place].push) {
      if (isTold(place)) await this.#tell(place, this.#oddReading(place));
      await this.#calls.updatePushed(this.#now, feed, index);
      return this.#compare(feed);
    }
    await this.#bring(feed, index, place, true);
  }

  async #tell(place: Told, reading: Reading): Promise<void> {
    await this.#calls.world.tell(this.#now, place, reading);
  }

  async #bring(feed: FeedPlan, index: number, place: SourcePlace, odd = false): Promise<void> {
    const { world } = this.#calls;
    const time = odd ? this.#oddTime(place) : this.#now - this.#dice.between(0n, 2n);
    const { payload, answer } =
      place === "redstone" || place === "own"
        ? signedMessage(world, place, time, this.#said(place, odd))
        : toldMessage(
            odd ? this.#oddReading(place) : this.#reading(place, time),
            world.twin.broken.has(place),
          );
    const shadow = world.twin.hub.requireFeed(feed.name).sources[index]?.state === "shadow";
    await this.#calls.update(this.#now, feed, index, payload, answer);
    await this.#compare(feed);
    if (shadow) await compareSources(world, this.#now, feed);
  }

  #said(place: "redstone" | "own", odd: boolean): Said {
    const dice = this.#dice;
    const price = this.#priceOf(place);
    if (!odd) return unanimous(place, price);
    return unanimous(place, price, dice.some([0, 1, 2, 3], 0.2));
  }

  #reading(place: SourcePlace, time: bigint): Reading {
    const confidence = this.#dice.pick([0n, 3n, 20n]);
    return { price: this.#priceOf(place), time, confidence, form: MAXIMAL_FIRST };
  }

  /** A time at a bound of what the source may say, or of what the store has. */
  #oddTime(place: SourcePlace): bigint {
    const dice = this.#dice;
    const { maxAge, maxAhead } = TERMS[place];
    const bound = dice.pick([this.#now, this.#now + maxAhead, this.#now - maxAge, this.#now - 60n]);
    return dice.near(bound);
  }

  #oddReading(place: SourcePlace): Reading {
    const dice = this.#dice;
    const price = dice.chance(0.7)
      ? this.#priceOf(place)
      : dice.pick([0n, 1n, MAX_INT64, MAX_INT64 + 1n, 2n ** 64n - 1n]);
    const confidence = dice.chance(0.7) ? 5n : dice.pick([300n, 301n, 2n ** 16n - 1n]);
    const form = dice.chance(0.7)
      ? MAXIMAL_FIRST + dice.between(0n, 2n)
      : dice.pick([0n, 1n, 1n << 21n, (1n << 22n) - 1n, 1n << 22n, (1n << 24n) - 1n]);
    return { price, time: this.#oddTime(place), confidence, form };
  }

  /* AROUND THE HUB */

  async #changeUptime(feed: FeedPlan): Promise<void> {
    const dice = this.#dice;
    const now = this.#now;
    const startedAt = dice.weighted<bigint>([
      [6, now - dice.between(0n, 4_000n)],
      [2, now - dice.pick([299n, 300n, 301n, 2_699n, 2_700n, 2_701n])],
      [1, 0n],
      [1, now + dice.between(1n, 100n)],
    ]);
    await this.#calls.world.setUptime(now, { answer: dice.pick([0n, 0n, 1n, 2n]), startedAt });
    await this.#wait(feed);
    if (dice.chance(0.2)) return;
    // Long up again, so that not every spot is degraded.
    await this.#calls.world.setUptime(now, { answer: 1n, startedAt: now - 20_000n });
    await this.#calls.world.setUptime(now, { answer: 0n, startedAt: now - 10_000n });
  }

  async #register(feed: FeedPlan): Promise<void> {
    const dice = this.#dice;
    const { world } = this.#calls;
    const call = dice.pick<Registration>(["addSource", "addSource", "promote", "disable"]);
    const places = Object.keys(TERMS) as SourcePlace[];
    const count = world.twin.placesOf(feed).length;
    const what =
      call !== "addSource"
        ? BigInt(dice.below(count + 1))
        : dice.chance(0.1)
          ? 0xdeadn
          : AT[dice.pick(places)];
    // Too many sources disabled leave nothing to look at.
    if (call === "disable" && dice.chance(0.6)) return;
    const sender = dice.chance(0.9) ? DEPLOYER : ANYONE;
    await this.#calls.register(this.#now, call, feed, what, sender);
    await this.#compare(feed);
    await compareSources(world, this.#now, feed);
  }

  async #breakOne(feed: FeedPlan): Promise<void> {
    const { world } = this.#calls;
    const broken = [...world.twin.broken].find(isTold);
    await world.setBroken(this.#now, broken ?? this.#dice.pick(SCRIPTED), broken === undefined);
    await this.#poke(feed);
  }

  async #changePhase(feed: FeedPlan): Promise<void> {
    const { world } = this.#calls;
    if (world.twin.feed.current >= BigInt(PHASES)) return;
    await world.nextPhase(this.#now);
    await this.#poke(feed);
    const answer = this.#priceOf("push");
    await world.publish(this.#now, [{ answer, updatedAt: this.#now }]);
    await this.#poke(feed);
  }

  async #wait(feed: FeedPlan): Promise<void> {
    await this.#calls.world.wait(this.#now);
    await this.#compare(feed);
  }
}
