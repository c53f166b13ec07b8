import { MAX_UINT112 } from "@certus/model";

import type { Dice } from "../generate/dice.ts";

/** What a run starts with; drawn once, before its first command. */
export interface Knobs {
  /** Whether the chain has a sequencer. */
  readonly sequencer: boolean;
  /** Distance of blocks as it should be, milliseconds; 0 where it says nothing. */
  readonly blockTime: bigint;
  /** Votes of the underlying's feed, and how many it needs. */
  readonly votes: number;
  readonly quorum: bigint;
  /** Whether somebody looks after that feed who does not vote. */
  readonly warden: boolean;
  /** In bps, of the underlying's feed and of the late one. */
  readonly dailyVol: bigint;
  readonly lateVol: bigint;
  /** Whether the second market's feed is one that the hub learns of late. */
  readonly late: boolean;
  readonly ceilings: readonly [bigint, bigint];
  /** What the underlying is worth at first, 8 decimals. */
  readonly price: bigint;
  /** Whether a base fee is charged from the beginning. */
  readonly baseFee: bigint | undefined;
}

function drawCeiling(dice: Dice): bigint {
  return dice.weighted<bigint>([
    [2, MAX_UINT112],
    [6, dice.between(1n << 40n, 1n << 60n)],
    [2, dice.magnitude(111)],
  ]);
}

/** Draws what a run starts with. */
export function drawKnobs(dice: Dice): Knobs {
  const votes = dice.pick([3, 3, 4, 5]);
  return {
    sequencer: dice.chance(0.85),
    blockTime: dice.pick([12_000n, 12_000n, 2_000n, 250n, 0n]),
    votes,
    quorum: votes === 5 && dice.chance(0.5) ? 5n : 3n,
    warden: dice.chance(0.5),
    dailyVol: dice.pick([0n, 100n, 500n, 500n, 900n]),
    lateVol: dice.pick([0n, 300n, 10_000n]),
    late: dice.chance(0.4),
    ceilings: [drawCeiling(dice), drawCeiling(dice)],
    price: dice.weighted<bigint>([
      [7, dice.between(100_00000000n, 5_000_00000000n)],
      [1, dice.between(20_000n, 90_000n)],
      [1, dice.between(1n << 58n, 1n << 61n)],
    ]),
    baseFee: dice.chance(0.5) ? dice.between(1_000n, 40_000_000_000n) : undefined,
  };
}
