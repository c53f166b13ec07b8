/**
 * A class falls silent while a fixing is open: a source in shadow is sampled for a week, proposed, confirmed a week later,
 * and gives its value at the expiry. Everything is tried too early and too late as well.
 *
 * @module
 */
import type { FixingKey, Reading } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import { ensure, same, show } from "../run/difference.ts";
import { PriceCalls } from "./calls.ts";
import type { Offer } from "./calls.ts";
import type { Figures } from "./figures.ts";
import { compareSources, compareSpot } from "./hubViews.ts";
import { AT, DEPLOYER, LOOSE } from "./places.ts";
import type { SourcePlace } from "./places.ts";
import { MAXIMAL_FIRST, signedMessage, toldMessage, unanimous } from "./readings.ts";
import type { PricePath } from "./records.ts";
import type { PriceWorld } from "./world.ts";
import { toWord } from "../../../scripts/lib/abi.ts";

const DAY = 86_400n;
const [NOTICE, LAPSE] = [7n * DAY, 14n * DAY];
const CEILING = 1n << 60n;
/** The source that takes over, at the index that it gets. */
const HEIR: SourcePlace = "newcomer";
const HEIR_AT = LOOSE.sources.length;
/** Days from the opening to the expiry, at least: two for the class to die, a week of samples, two of notice. */
const LEAST_DAYS = 27n;

/** Plays one succession. */
export class SuccessionPlay {
  readonly #world: PriceWorld;
  readonly #calls: PriceCalls;
  readonly #path: PricePath;
  readonly #dice: Dice;
  readonly #key: FixingKey;
  readonly #heirNoise: bigint;
  #now: bigint;
  #published: number;

  constructor(
    world: PriceWorld,
    path: PricePath,
    figures: Figures,
    dice: Dice,
    start: { readonly now: bigint; readonly published: number },
  ) {
    [this.#world, this.#path, this.#dice] = [world, path, dice];
    [this.#now, this.#published] = [start.now, start.published];
    this.#calls = new PriceCalls(world, figures);
    const expiry = start.now + LEAST_DAYS * DAY + dice.between(0n, 8n * DAY);
    this.#key = { feed: LOOSE.name, profile: CEILING << 8n, expiry };
    // Now and then the heir is off so often that it is never proven.
    this.#heirNoise = dice.chance(0.15) ? 108n : 95n;
  }

  /** Plays it to the price. */
  async play(): Promise<void> {
    const { figures } = this.#calls;
    await this.#say(["redstone"]);
    await this.#calls.open(this.#now, LOOSE, this.#key);
    await this.#calls.register(this.#now, "addSource", LOOSE, AT[HEIR], DEPLOYER);
    await this.#sampleForAWeek();
    const proposed = await this.#propose();
    await this.#confirm(proposed);
    await this.#fix();
    figures.count("done", "successions");
  }

  /* READINGS */

  async #pass(seconds: bigint): Promise<void> {
    this.#now += seconds;
    const count = this.#path.countAt(this.#now);
    await this.#world.publish(this.#now, this.#path.rounds.slice(this.#published, count));
    this.#published = Math.max(count, this.#published);
  }

  #price(bps = 0n): bigint {
    const price = this.#path.priceAt(this.#now);
    return price + (price * bps) / 10_000n;
  }

  /** Own signers, Pyth and the push feeds speak, and whoever is named. */
  async #say(more: readonly SourcePlace[]): Promise<void> {
    const price = this.#price();
    const told: Reading = { price, time: this.#now, confidence: 0n, form: MAXIMAL_FIRST };
    for (const [index, place] of this.#world.twin.placesOf(LOOSE).entries()) {
      if (place === "own" || (place === "redstone" && more.includes(place))) {
        const message = signedMessage(this.#world, place, this.#now, unanimous(place, price));
        await this.#calls.update(this.#now, LOOSE, index, message.payload, message.answer);
      } else if (place === "pyth") {
        const { payload, answer } = toldMessage(told);
        await this.#calls.update(this.#now, LOOSE, index, payload, answer);
      }
    }
    await this.#calls.poke(this.#now, LOOSE);
  }

  async #hear(bps: bigint): Promise<void> {
    const price = this.#price(bps);
    const reading = { price, time: this.#now, confidence: 0n, form: MAXIMAL_FIRST };
    const { payload, answer } = toldMessage(reading);
    await this.#calls.update(this.#now, LOOSE, HEIR_AT, payload, answer);
  }

  async #compare(): Promise<void> {
    await compareSpot(this.#world, this.#now, LOOSE);
    await compareSources(this.#world, this.#now, LOOSE);
  }

  /* THE WEEKS */

  /** The class that dies says its last word some samples after the beginning. */
  async #sampleForAWeek(): Promise<void> {
    const dice = this.#dice;
    const last = dice.below(100);
    const samples = dice.pick([500, 503, 515]);
    for (let sample = 0; sample < samples; sample++) {
      await this.#pass(dice.chance(0.02) ? 299n : 1_230n);
      await this.#say(sample <= last ? ["redstone"] : []);
      // A bound of one per cent, which a price off by 101 bps breaks.
      const off =
        dice.chance(0.005) || (sample < 7 && this.#heirNoise > 100n) ? this.#heirNoise : 0n;
      await this.#hear(off);
      if (sample % 40 !== 0) continue;
      await this.#compare();
      await this.#calls.register(this.#now, "promote", LOOSE, BigInt(HEIR_AT), DEPLOYER);
      await this.#succeed("proposeSuccessor");
    }
    await this.#compare();
  }

  #succeed(call: "proposeSuccessor" | "confirmSuccessor", index = HEIR_AT): Promise<boolean> {
    return this.#calls.succeed(this.#now, call, this.#key, BigInt(index));
  }

  /** Proposes, with the wrong sources and a silent one first; answers when it went through. */
  async #propose(): Promise<bigint | undefined> {
    const dice = this.#dice;
    await this.#pass(dice.pick([0n, 401n, 3_000n]));
    await this.#say([]);
    if (dice.chance(0.85)) await this.#calls.refreshMark(this.#now, this.#key);
    for (const index of [0, 1, HEIR_AT + 1]) await this.#succeed("proposeSuccessor", index);
    await this.#succeed("confirmSuccessor");
    await this.#succeed("proposeSuccessor");
    for (const off of [301n, dice.pick([299n, 300n]), 0n]) {
      await this.#pass(1_230n);
      await this.#say([]);
      await this.#hear(off);
      if (await this.#succeed("proposeSuccessor")) return this.#now;
    }
    return undefined;
  }

  /** Confirms at the bounds of the notice. */
  async #confirm(proposed: bigint | undefined): Promise<void> {
    const dice = this.#dice;
    const begin = proposed ?? this.#now;
    const times = dice
      .some([NOTICE - 1n, NOTICE, NOTICE + DAY, LAPSE - 1n, LAPSE, LAPSE + NOTICE], 0.6)
      .map((after) => begin + after);
    for (const time of times) {
      if (time >= this.#key.expiry) break;
      await this.#pass(time - this.#now);
      await this.#say(dice.chance(0.1) ? ["redstone"] : []);
      await this.#succeed("confirmSuccessor");
      if (dice.chance(0.9)) await this.#hear(0n);
      await this.#succeed("confirmSuccessor");
      if (dice.chance(0.3)) await this.#succeed("proposeSuccessor");
      await this.#compare();
    }
  }

  /** Everybody gives a value, also who was replaced. */
  async #fix(): Promise<void> {
    const { expiry } = this.#key;
    await this.#pass(expiry + 300n - this.#now);
    const price = this.#path.priceAt(expiry);
    const { twin } = this.#world;
    for (const [source, place] of twin.placesOf(LOOSE).entries()) {
      const offer = this.#offer(source, place, price, expiry);
      if (offer !== undefined) await this.#calls.submit(this.#now, this.#key, [offer], 0n);
    }
    await this.#calls.fix(this.#now, this.#key);
    await this.#calls.fix(expiry + 93_600n, this.#key);
    const found = await this.#world.fixingWords(this.#key, 3);
    const lanes = twin.oracle.laneWords(this.#key);
    const expected = [
      twin.oracle.headerWord(this.#key),
      ...[0n, 1n, 2n].map((at) => lanes.get(at) ?? 0n),
    ];
    ensure(same(found, expected), "state", () => `${show(found)}, the model's ${show(expected)}`);
    const succeeded = twin.oracle.price(this.#key)?.succeeded ?? 0n;
    this.#calls.figures.count("successions", succeeded === 0n ? "none" : "went through");
  }

  #offer(source: number, place: SourcePlace, price: bigint, time: bigint): Offer | undefined {
    if (place === "redstone" || place === "own") {
      const message = signedMessage(this.#world, place, time, unanimous(place, price));
      return { source, slot: 0, payload: message.payload, answer: () => message.answer };
    }
    if (place !== "pyth" && place !== HEIR) return undefined;
    const payload = [time, price, MAXIMAL_FIRST].map(toWord).join("");
    const returned = { price, form: MAXIMAL_FIRST };
    return { source, slot: 0, payload, answer: () => ({ ok: true, returned }) };
  }
}
