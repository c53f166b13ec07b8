/**
 * What the nodes of a real feed answered in the weeks of a crash, as observations of own signers with liars among them:
 * the value never leaves the range of the honest ones.
 *
 * @module
 */
import { signersValue } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import { ensure, show } from "../run/difference.ts";
import type { Figures } from "./figures.ts";
import { ownContext, ownPayload } from "./keys.ts";
import { bend, drawLie } from "./lies.ts";
import { ANYONE, AT, NODES, PAIR } from "./places.ts";
import type { NodeAnswers } from "./records.ts";
import { shuffled } from "./orders.ts";
import type { PriceWorld } from "./world.ts";

/** Liars that a set of so many signers withstands. */
const LIARS = (NODES.signers.length - 1) / 3;

/** Compares the value of one time. */
export async function playNodes(
  world: PriceWorld,
  dice: Dice,
  figures: Figures,
  { time, answers }: NodeAnswers,
): Promise<void> {
  const { signers, threshold } = NODES;
  const count = Number(threshold) + dice.below(signers.length - Number(threshold) + 1);
  const speaking = shuffled(dice, [...signers.keys()]).slice(0, count);
  const liars = new Set(speaking.slice(0, dice.below(LIARS + 1)));
  const drawn = shuffled(dice, answers);
  const said = new Map<number, bigint>();
  const honest: bigint[] = [];
  for (const index of speaking) {
    const answer = drawn[index] ?? 0n;
    if (!liars.has(index)) honest.push(answer);
    said.set(index, liars.has(index) ? bend(answer, drawLie(dice)) : answer);
  }
  const standing = (1n << BigInt(signers.length)) - 1n;
  const prices = new Map([...said].map(([index, price]) => [BigInt(index), price]));
  const expected = signersValue(prices, { standing, threshold });
  if (!expected.ok) throw new Error(`the model refuses with ${expected.error.name}`);
  const context = ownContext(AT.nodes, PAIR.base, PAIR.quote, PAIR.priceExp);
  const method = world.interfaces.method("own", "valueAt");
  const payload = ownPayload(context, signers, time, said);
  const sent = await world.chain.callNext(ANYONE, AT.nodes, method.encode([time, payload]));
  const found = sent.ok ? method.decode(sent.output) : [];
  const { price, form } = expected.returned;
  const alike = found[0] === price && found[1] === form;
  ensure(alike, "nodes", () => `the value of ${time} is ${show(found)}, not ${price}, ${form}`);
  const least = honest.reduce((a, b) => (b < a ? b : a));
  const most = honest.reduce((a, b) => (b > a ? b : a));
  const within = least <= price && price <= most;
  ensure(within, "range", () => `${price} of ${time} is not within ${least}..${most}`);
  figures.count("done", "times of the nodes");
  figures.count("liars among the nodes", `${liars.size}`);
}
