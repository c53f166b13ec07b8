import { bit, pack } from "../../packing.ts";
import { isMaximal } from "./forms.ts";
import type { LadderEnding, Samples } from "./ladder.ts";
import { decodeLane, laneOf, readLane } from "./lanes.ts";
import type { LaneWords } from "./lanes.ts";
import type { Sampling } from "./profile.ts";
import { slotOf } from "./slots.ts";
import type { Mark } from "./slots.ts";

/** One fixing: the fields of its header word, and its lanes. */
export interface MultiFixing {
  /** Final price, 0 until there is one. */
  readonly price: bigint;
  readonly mark: bigint;
  readonly markTime: bigint;
  /** Mask of the sources that may give values. */
  readonly sources: bigint;
  /** Mask of the votes that they have. */
  readonly votes: bigint;
  /** Mask of the votes in which a push source has a better one beside it. */
  readonly demoted: bigint;
  /** Mask of the votes that had a succession. */
  readonly succeeded: bigint;
  /** Closings that passed without a price. */
  readonly stage: bigint;
  /** One of `LADDER`. */
  readonly step: bigint;
  readonly prolonged: boolean;
  /** Changes in place. */
  readonly lanes: LaneWords;
}

/** Header word of a fixing, as docs/oracles.md lays it out; 0 if it is not open. */
export function fixingHeaderWord(fixing: MultiFixing | undefined): bigint {
  if (fixing === undefined) return 0n;
  return pack([
    [fixing.price, 64n],
    [fixing.mark, 64n],
    [fixing.markTime, 40n],
    [fixing.sources, 32n],
    [fixing.votes, 8n],
    [fixing.demoted, 8n],
    [fixing.succeeded, 8n],
    [fixing.stage, 4n],
    [fixing.step, 4n],
    [bit(fixing.prolonged), 1n],
  ]);
}

/** Whether a mask has a bit. */
export function hasBit(mask: bigint, at: bigint): boolean {
  return ((mask >> at) & 1n) === 1n;
}

/** Positions of the bits of a mask, ascending. */
export function bitsOf(mask: bigint): readonly bigint[] {
  const bits: bigint[] = [];
  for (let at = 0n; mask >> at !== 0n; at += 1n) if (hasBit(mask, at)) bits.push(at);
  return bits;
}

/** The mark of a fixing. */
export function markOf({ mark, markTime }: MultiFixing): Mark {
  return { price: mark, time: markTime };
}

/** What the ladder looks at. */
export function samplesOf(fixing: MultiFixing, { slots }: Sampling, expiry: bigint): Samples {
  const mark = markOf(fixing);
  const votes = bitsOf(fixing.votes);
  let complete = true;
  const sampled = Array.from({ length: Number(slots) }, (_, slot) => {
    const values = votes.flatMap((vote) => {
      const lane = laneOf(vote, BigInt(slot), slots);
      return decodeLane(readLane(fixing.lanes, lane)) ?? [];
    });
    complete &&= values.length === votes.length && values.every(({ form }) => isMaximal(form));
    const prices = values.map(({ price }) => price);
    return slotOf(prices, mark, expiry);
  });
  return { slots: sampled, mark, expiry, complete };
}

/** The fixing with its price. */
export function ended(fixing: MultiFixing, { price, step }: LadderEnding): MultiFixing {
  return { ...fixing, price, step };
}
