/**
 * What is brought in a window, made once for all orders. Orders are equivalent only if the same proofs go through in each
 * of them, and a call with a proof that is refused leaves nothing of the others. So proofs are told apart beforehand: those
 * that hold come in every order, those that are refused come beside them and take nothing away for good.
 *
 * @module
 */
import { show } from "../run/difference.ts";
import type { Offer } from "./calls.ts";
import type { Offers } from "./offers.ts";
import { KINDS } from "./plan.ts";
import type { Plan, Segment } from "./plan.ts";

/** A segment's proofs. */
export interface Made {
  /** They hold throughout the segment. */
  readonly offers: readonly Offer[];
  /** They are refused throughout: spoilt, or of an instant of which their source has no value. */
  readonly refused: readonly Offer[];
}

/** What a fixing makes of a proof at a time: the value, or nothing where it refuses. */
function valueOf({ feed, kind, expiry }: Plan, offer: Offer, now: bigint): string | undefined {
  const { slots, period } = KINDS[kind] ?? KINDS[0];
  const place = feed.sources[offer.source];
  if (place === undefined || place === "guard" || offer.slot >= slots) return undefined;
  if (now <= expiry - BigInt(offer.slot) * period) return undefined;
  const answer = offer.answer(now);
  return answer.ok ? show([answer.returned.price, answer.returned.form]) : undefined;
}

/**
 * Makes a segment's proofs, as the world is at its beginning.
 *
 * @throws An `Error` where a proof says one thing at the beginning and another at the end: it would count in one order and
 *   not in another.
 */
export function makeWindow(plan: Plan, { from, until, ...segment }: Segment, made: Offers): Made {
  const offers: Offer[] = [];
  const refused: Offer[] = [];
  for (const wish of [...segment.wishes, ...segment.spoilt]) {
    const offer = made.make(wish);
    const [first, last] = [from, until].map((now) => valueOf(plan, offer, now));
    if (first !== last) {
      const said = `${first ?? "nothing"} at ${from} and ${last ?? "nothing"} at ${until}`;
      throw new Error(`a proof of source ${offer.source} for slot ${offer.slot} gives ${said}`);
    }
    (first === undefined ? refused : offers).push(offer);
  }
  return { offers, refused };
}
