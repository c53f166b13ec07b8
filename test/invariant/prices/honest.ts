/**
 * Recorded rounds with three honest classes: whatever the market did, the spot is never degraded but for age, and no vote
 * is ever in quarantine.
 *
 * @module
 */
import { STANDING, STATUS } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import { ensure } from "../run/difference.ts";
import { PriceCalls } from "./calls.ts";
import { STATUS_BITS } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { compareSpot } from "./hubViews.ts";
import { OWN, REDSTONE, THREE } from "./places.ts";
import { signedMessage } from "./readings.ts";
import type { PricePath } from "./records.ts";
import type { PriceWorld } from "./world.ts";

/** What passes with time alone. */
const OF_AGE = STATUS.notFresh | STATUS.fewVotes | STATUS.noPrice;
/** Most parts of 10,000 by which an honest signer is off. */
const NOISE = 5n;

/** Some rounds of a path, with everybody honest. */
export class HonestReplay {
  readonly #world: PriceWorld;
  readonly #path: PricePath;
  readonly #calls: PriceCalls;
  readonly #figures: Figures;
  readonly #dice: Dice;

  constructor(world: PriceWorld, path: PricePath, figures: Figures, dice: Dice) {
    [this.#world, this.#path, this.#figures, this.#dice] = [world, path, figures, dice];
    this.#calls = new PriceCalls(world, figures);
  }

  /** Replays the rounds from one number to before another. */
  async play(from: number, to: number): Promise<void> {
    const { rounds } = this.#path;
    for (let at = from; at < to; at++) {
      const round = rounds[at];
      if (round === undefined) return;
      const { answer, updatedAt } = round;
      const next = rounds[at + 1]?.updatedAt ?? updatedAt;
      await this.#world.publish(updatedAt, [round]);
      // Several rounds of one second are published before anybody reads.
      this.#figures.count("done", "honest rounds");
      if (next === updatedAt) continue;
      await this.#say(updatedAt, answer);
      await this.#check(updatedAt, 0n);
      const later = updatedAt + (next - updatedAt) / 2n;
      if (later === updatedAt) continue;
      await this.#world.wait(later);
      await this.#check(later, OF_AGE);
      await this.#say(later, answer);
      await this.#check(later, 0n);
      if (next - 1n > later) await this.#lead(next - 1n);
    }
  }

  /** All classes speak, their signers around one price. */
  async #say(now: bigint, price: bigint): Promise<void> {
    const dice = this.#dice;
    for (const [place, { signers }] of [
      ["redstone", REDSTONE],
      ["own", OWN],
    ] as const) {
      const off = (): bigint => (price * dice.between(-NOISE, NOISE)) / 10_000n;
      const said = new Map(signers.map((_, index) => [index, price + off()]));
      const { payload, answer } = signedMessage(this.#world, place, now, said);
      await this.#calls.update(now, THREE, THREE.sources.indexOf(place), payload, answer);
    }
    await this.#calls.poke(now, THREE);
  }

  /** Nothing but `allowed` is wrong, and nobody is in quarantine. */
  async #check(now: bigint, allowed: bigint): Promise<void> {
    const votes = await compareSpot(this.#world, now, THREE);
    const { status } = this.#world.twin.hub.spotNow(now, THREE.name);
    ensure((status & ~allowed) === 0n, "halt", () => `the spot at ${now} has status ${status}`);
    this.#figures.countBits("status of honest rounds", status, STATUS_BITS);
    if (status === 0n) this.#figures.count("status of honest rounds", "undegraded");
    for (const [vote, { store }] of votes.entries()) {
      const counts = store?.standing !== STANDING.quarantined;
      ensure(counts, "quarantine", () => `vote ${vote} is in quarantine at ${now}`);
    }
  }

  /** The signers are ahead of the push feed, which is about to publish: what that does is counted, not judged. */
  async #lead(now: bigint): Promise<void> {
    await this.#say(now, this.#path.priceAt(now, true));
    const votes = await compareSpot(this.#world, now, THREE);
    const { status } = this.#world.twin.hub.spotNow(now, THREE.name);
    this.#figures.countBits("status just before a round", status, STATUS_BITS);
    if (status === 0n) this.#figures.count("status just before a round", "undegraded");
    const suspects = votes.filter(({ store }) => (store?.standing ?? 0n) !== 0n).length;
    if (suspects > 0) this.#figures.count("status just before a round", "suspects", suspects);
  }
}
