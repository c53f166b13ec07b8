import { MAX_INT64 } from "../../constants.ts";
import { max } from "../../rounding.ts";
import type { Value } from "./sources.ts";

/** Bits of a lane. */
export const LANE_BITS = 85n;
/** Lanes of a storage word. */
export const LANES_A_WORD = 3n;

const LANE_MASK = (1n << LANE_BITS) - 1n;

/** Words of lanes that are not zero, by index. */
export type LaneWords = Map<bigint, bigint>;

/** A value as a lane holds it: of two the greater integer stands. */
export function encodeLane({ price, form }: Value): bigint {
  return (form << 63n) | (MAX_INT64 - price);
}

/** The value that a lane holds; undefined for an empty one. */
export function decodeLane(lane: bigint): Value | undefined {
  if (lane === 0n) return undefined;
  return { price: MAX_INT64 - (lane & MAX_INT64), form: lane >> 63n };
}

/** Number of the lane of a vote in a slot. */
export function laneOf(vote: bigint, slot: bigint, slots: bigint): bigint {
  return vote * slots + slot;
}

/** A lane. */
export function readLane(words: LaneWords, lane: bigint): bigint {
  const word = words.get(lane / LANES_A_WORD) ?? 0n;
  return (word >> (LANE_BITS * (lane % LANES_A_WORD))) & LANE_MASK;
}

/** The word of a lane after a value was offered to it. */
export function offerToLane(words: LaneWords, lane: bigint, value: Value): bigint {
  const shift = LANE_BITS * (lane % LANES_A_WORD);
  const word = words.get(lane / LANES_A_WORD) ?? 0n;
  const kept = max(readLane(words, lane), encodeLane(value));
  return (word & ~(LANE_MASK << shift)) | (kept << shift);
}
