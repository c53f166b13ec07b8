import { encodeProof, pushValue } from "@certus/model";
import type { Feed } from "@certus/model";

import { toWord } from "../../../scripts/lib/abi.ts";
import type { Offer } from "./calls.ts";
import { ownPayload, redstonePayload } from "./keys.ts";
import { DATA_FEED, OWN, REDSTONE } from "./places.ts";
import { KINDS } from "./plan.ts";
import type { Plan, Wish } from "./plan.ts";
import type { Answer } from "./twin.ts";
import type { PriceWorld } from "./world.ts";

const PHASE_OFFSET = 64n;
const MAX_AGE = 3_900n;

/** Number of the last round of a phase up to a time, 0 if there is none; their times never go down. */
function lastRound(feed: Feed, phase: bigint, time: bigint): bigint {
  const rounds = feed.phases.get(phase);
  const timeOf = (number: bigint): bigint => rounds?.rounds.get(number)?.updatedAt ?? 0n;
  let [known, after] = [0n, (rounds?.latest ?? 0n) + 1n];
  while (known + 1n < after) {
    const middle = (known + after) / 2n;
    if (timeOf(middle) <= time) known = middle;
    else after = middle;
  }
  return known;
}

/** The hints that prove what a push feed said at a time, from its phase in force down to the first with a fresh round. */
export function hintsAt(feed: Feed, time: bigint): readonly bigint[] {
  const hints: bigint[] = [];
  for (let phase = feed.current; phase >= 1n; phase--) {
    const number = lastRound(feed, phase, time);
    hints.push(number === 0n ? 0n : (phase << PHASE_OFFSET) | number);
    const round = feed.phases.get(phase)?.rounds.get(number);
    if (round !== undefined && time - round.updatedAt <= MAX_AGE) break;
  }
  return hints;
}

/** Makes proofs out of wishes, as the world is now. */
export class Offers {
  readonly #world: PriceWorld;
  readonly #plan: Plan;

  constructor(world: PriceWorld, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
  }

  /** The proof of a wish, which says for ever what it says now. */
  make(wish: Wish): Offer {
    const { slot } = wish;
    const { feed, kind, expiry } = this.#plan;
    const time = expiry - BigInt(slot) * (KINDS[kind]?.period ?? 0n);
    switch (wish.kind) {
      case "push":
        return this.#push(slot, time, wish.shift);
      case "foreign": {
        const answer = (): Answer<never> => ({
          ok: false,
          error: { name: "FeedNameZero", args: [] },
        });
        return { source: wish.source, slot, payload: "", answer };
      }
      case "told": {
        const { place, price, form } = wish;
        const payload = [time, price, form].map(toWord).join("");
        const answer = (): Answer<{ price: bigint; form: bigint }> => ({
          ok: true,
          returned: { price, form },
        });
        return { source: feed.sources.indexOf(place), slot, payload, answer };
      }
      case "signed":
        return this.#signed(wish, time);
    }
  }

  #push(slot: number, time: bigint, shift: bigint): Offer {
    const { twin } = this.#world;
    const [first = 0n, ...rest] = hintsAt(twin.feed, time);
    const hints = [first + shift < 0n ? 0n : first + shift, ...rest];
    const answer = (now: bigint): ReturnType<Offer["answer"]> =>
      pushValue(twin.push, time, now, hints);
    return { source: 0, slot, payload: encodeProof(hints).slice(2), answer };
  }

  #signed(wish: Wish & { readonly kind: "signed" }, asked: bigint): Offer {
    const { twin, ownContext } = this.#world;
    const { place, slot, said, late } = wish;
    const time = asked + late;
    const own = place === "own";
    const payload = own
      ? ownPayload(ownContext, OWN.signers, time, said)
      : redstonePayload(REDSTONE.signers, DATA_FEED, time, said);
    const scale = own ? 1n : 1_000n;
    const answer = (): ReturnType<Offer["answer"]> => {
      if (late !== 0n) {
        const args = [time * scale, asked * scale] as const;
        return { ok: false, error: { name: "ProofForOtherTime", args } };
      }
      return own ? twin.ownValue(said, time) : twin.redstoneValue(said);
    };
    return { source: own ? 2 : 1, slot, payload, answer };
  }
}
