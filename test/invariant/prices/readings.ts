import type { Reading } from "@certus/model";

import { toWord } from "../../../scripts/lib/abi.ts";
import { ownPayload, redstonePayload } from "./keys.ts";
import type { Said } from "./keys.ts";
import { DATA_FEED, OWN, REDSTONE } from "./places.ts";
import { BROKEN } from "./twin.ts";
import type { Answer } from "./twin.ts";
import type { PriceWorld } from "./world.ts";

/** A payload for `latest` of a source, as hex digits, and what the source says to it. */
export interface Message {
  readonly payload: string;
  readonly answer: Answer<Reading>;
}

/** The form of a source's only value. */
export const MAXIMAL_FIRST = (1n << 21n) | 1n;

/** What signers of a class say of a time. */
export function signedMessage(
  { twin, ownContext }: PriceWorld,
  place: "redstone" | "own",
  time: bigint,
  said: Said,
): Message {
  const own = place === "own";
  const value = own ? twin.ownValue(said, time) : twin.redstoneValue(said);
  const answer: Answer<Reading> = value.ok
    ? { ok: true, returned: { ...value.returned, time, confidence: 0n } }
    : value;
  const payload = own
    ? ownPayload(ownContext, OWN.signers, time, said)
    : redstonePayload(REDSTONE.signers, DATA_FEED, time, said);
  return { payload, answer };
}

/** The same price of all signers of a class but those that are left out. */
export function unanimous(
  place: "redstone" | "own",
  price: bigint,
  without: readonly number[] = [],
): Said {
  const { signers } = place === "own" ? OWN : REDSTONE;
  const all = signers.map((_, index) => [index, price] as const);
  return new Map(all.filter(([index]) => !without.includes(index)));
}

/** What a source that says what it is told is told. */
export function toldMessage(reading: Reading, broken = false): Message {
  const { price, time, confidence, form } = reading;
  const payload = [price, time, confidence, form].map(toWord).join("");
  return { payload, answer: broken ? BROKEN : { ok: true, returned: reading } };
}
