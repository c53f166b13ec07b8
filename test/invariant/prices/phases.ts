/**
 * Recorded feeds whose next phase began before the last one ended: what a push source says of a time is one value,
 * whatever is shown to it, and a fixing takes it whatever was shown before the change.
 *
 * @module
 */
import { encodeProof, pushValue } from "@certus/model";
import type { FixingKey } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import { ensure, same, show } from "../run/difference.ts";
import { PriceCalls } from "./calls.ts";
import type { Offer } from "./calls.ts";
import type { Figures } from "./figures.ts";
import { hintsAt } from "./offers.ts";
import { ANYONE, AT, THREE } from "./places.ts";
import { signedMessage, unanimous } from "./readings.ts";
import type { RecordedRound } from "./records.ts";
import type { PriceWorld } from "./world.ts";

const CEILING = 1n << 60n;
const PROFILE = CEILING << 8n;
const MAX_AGE = 3_900n;
/** Seconds from a round to the opening of a fixing, and to its expiry. */
const [OPENED_AFTER, EXPIRES_AFTER] = [10n, 1_800n];

type Phases = readonly (readonly RecordedRound[])[];

/** Publishes all phases, one after the other. */
export async function publishPhases(world: PriceWorld, now: bigint, phases: Phases): Promise<void> {
  for (const [index, rounds] of phases.entries()) {
    if (index > 0) await world.nextPhase(now);
    await world.publish(now, rounds);
  }
}

/** Hints beside those that prove a time, and those themselves. */
function candidates(hints: readonly bigint[], phases: number): readonly (readonly bigint[])[] {
  let lists: (readonly bigint[])[] = [[]];
  for (let at = 0; at < phases; at++) {
    const phase = BigInt(phases - at) << 64n;
    const hint = hints[at] ?? 0n;
    const near = [0n, hint - 1n, hint, hint + 1n, phase | 1n].filter((each) => each >= 0n);
    const choices = [...new Set(near)];
    lists = [
      ...lists.filter(({ length }) => length < at),
      ...lists
        .filter(({ length }) => length === at)
        .flatMap((list) => [list, ...choices.map((choice) => [...list, choice])]),
    ];
  }
  return lists.filter(({ length }) => length > 0);
}

/** Shows a source everything that could prove a time: at most one value comes of it, and it is the model's. */
export async function compareProofs(
  world: PriceWorld,
  now: bigint,
  time: bigint,
  figures: Figures,
): Promise<void> {
  const { twin, interfaces } = world;
  const method = interfaces.method("push", "valueAt");
  const hints = hintsAt(twin.feed, time);
  const values = new Set<string>();
  for (const list of candidates(hints, Number(twin.feed.current))) {
    const expected = pushValue(twin.push, time, now, list);
    const data = method.encode([time, encodeProof(list).slice(2)]);
    const sent = await world.chain.callNext(ANYONE, AT.push, data);
    figures.count("done", "proofs of phases");
    const found = sent.ok ? method.decode(sent.output) : interfaces.errors.decode(sent.data).args;
    const wanted = expected.ok
      ? [expected.returned.price, expected.returned.form]
      : expected.error.args;
    const alike = sent.ok === expected.ok && same(found, wanted);
    ensure(
      alike,
      "phases",
      () => `${show(list)} for ${time} gives ${show(found)}, not ${show(wanted)}`,
    );
    if (sent.ok) values.add(show(found));
  }
  ensure(values.size <= 1, "phases", () => `${time} has the values ${[...values].join(", ")}`);
  figures.count(
    "times of phases",
    values.size === 0 ? "stale" : `phase ${hints.length === 1 ? 2 : 1}`,
  );
}

/** Opens a fixing shortly after a round of the first phase and fixes it after the change, in two ways. */
export class PhaseFixing {
  readonly #world: PriceWorld;
  readonly #calls: PriceCalls;
  readonly #phases: Phases;

  constructor(world: PriceWorld, figures: Figures, phases: Phases) {
    [this.#world, this.#phases] = [world, phases];
    this.#calls = new PriceCalls(world, figures);
  }

  /** @param round - A round of the first phase, the feed of which has had all before it. */
  async play(dice: Dice, round: RecordedRound): Promise<void> {
    const { answer, updatedAt } = round;
    const [opened, expiry] = [updatedAt + OPENED_AFTER, updatedAt + EXPIRES_AFTER];
    const key: FixingKey = { feed: THREE.name, profile: PROFILE, expiry };
    for (const place of ["redstone", "own"] as const) {
      const message = signedMessage(this.#world, place, opened, unanimous(place, answer));
      const index = THREE.sources.indexOf(place);
      await this.#calls.update(opened, THREE, index, message.payload, message.answer);
    }
    await this.#calls.poke(opened, THREE);
    if (!(await this.#calls.open(opened, THREE, key))) throw new Error(`${opened} does not open`);
    const said = answer + dice.between(-answer / 100n, answer / 100n);
    const kept = await this.#world.keep();
    const words: string[] = [];
    for (const early of [true, false]) {
      await this.#world.restore(kept);
      const [soon, late] = [expiry + 300n, expiry + 30_000n];
      if (early) await this.#submitPush(soon, key);
      await this.#world.nextPhase(late);
      const second = this.#phases[1] ?? [];
      await this.#world.publish(
        late,
        second.filter((each) => each.updatedAt <= late),
      );
      await this.#submitPush(late, key);
      await this.#submitSigned(late, key, said);
      await this.#calls.fix(expiry + 93_600n, key);
      words.push(show(await this.#compare(key)));
    }
    const phase2 = this.#freshInSecond(expiry);
    this.#calls.figures.count(
      "fixings across phases",
      phase2 ? "of the new phase" : "of the old one",
    );
    // Where the new phase has a fresh round, it replaces what was shown before; where it has none, both are the same.
    ensure(words[0] === words[1], "phases", () => `${words.join(" and ")} at ${expiry}`);
  }

  #freshInSecond(time: bigint): boolean {
    const last = this.#phases[1]?.findLast(({ updatedAt }) => updatedAt <= time);
    return last !== undefined && time - last.updatedAt <= MAX_AGE;
  }

  async #submitPush(now: bigint, key: FixingKey): Promise<void> {
    const { twin } = this.#world;
    const hints = hintsAt(twin.feed, key.expiry);
    const payload = encodeProof(hints).slice(2);
    const answer = (at: bigint): ReturnType<Offer["answer"]> =>
      pushValue(twin.push, key.expiry, at, hints);
    await this.#calls.submit(now, key, [{ source: 0, slot: 0, payload, answer }], 0n);
  }

  async #submitSigned(now: bigint, key: FixingKey, price: bigint): Promise<void> {
    const offers = (["redstone", "own"] as const).map((place): Offer => {
      const said = unanimous(place, price);
      const { payload, answer } = signedMessage(this.#world, place, key.expiry, said);
      const source = THREE.sources.indexOf(place);
      return { source, slot: 0, payload, answer: () => answer };
    });
    await this.#calls.submit(now, key, offers, 0n);
  }

  async #compare(key: FixingKey): Promise<readonly bigint[]> {
    const { oracle } = this.#world.twin;
    const found = await this.#world.fixingWords(key, 1);
    const expected = [oracle.headerWord(key), oracle.laneWords(key).get(0n) ?? 0n];
    ensure(same(found, expected), "state", () => `${show(found)}, the model's ${show(expected)}`);
    return found;
  }
}
