import { stressOf } from "./volatility.ts";

/** What was seen of the network; block and time of the last look. */
export interface NetworkWatch {
  readonly lastBlock: bigint;
  readonly lastTime: bigint;
  /** Base fee that one look in twenty exceeds, wei. */
  readonly baseFee: bigint;
  /** Stress from the distance of blocks, bps. */
  readonly gapStress: bigint;
  /** Stress from the base fee, bps. */
  readonly feeStress: bigint;
}

/** The block that a look is taken in. */
export interface Block {
  readonly now: bigint;
  readonly number: bigint;
  /** Wei. */
  readonly baseFee: bigint;
}

/** Least seconds between two looks. */
const LOOK_GAP = 60n;
/** Distances of blocks, and base fees, as multiples of the usual ones, from which on there is stress and the worst. */
const GAP = { calm: 2n, worst: 4n };
const FEE = { calm: 2n, worst: 8n };
/** The usual base fee moves by parts of two hundred: by nineteen up, by one down. */
const PARTS = 200n;
const PARTS_UP = 19n;

/** A network that nobody looked at. */
export const UNSEEN: NetworkWatch = {
  lastBlock: 0n,
  lastTime: 0n,
  baseFee: 0n,
  gapStress: 0n,
  feeStress: 0n,
};

/** What is known of the network after a block was looked at; blocks should be so many milliseconds apart. */
export function look(seen: NetworkWatch, block: Block, blockTime: bigint): NetworkWatch {
  const { now, number, baseFee } = block;
  if (seen.lastTime === 0n) return { ...UNSEEN, lastBlock: number, lastTime: now, baseFee };
  const [seconds, blocks] = [now - seen.lastTime, number - seen.lastBlock];
  if (seconds < LOOK_GAP || blocks < 1n) return seen;
  const distance = (1_000n * seconds) / blocks;
  const usual = seen.baseFee;
  return {
    lastBlock: number,
    lastTime: now,
    baseFee: usualAfter(usual, baseFee),
    gapStress: relative(distance, blockTime, GAP),
    feeStress: relative(baseFee, usual, FEE),
  };
}

/** Stress of a value against a usual one; none where nothing is usual. */
function relative(
  value: bigint,
  usual: bigint,
  { calm, worst }: { readonly calm: bigint; readonly worst: bigint },
): bigint {
  return usual === 0n ? 0n : stressOf(value, calm * usual, worst * usual);
}

function usualAfter(usual: bigint, baseFee: bigint): bigint {
  return baseFee > usual ? usual + (PARTS_UP * usual) / PARTS + 1n : usual - usual / PARTS;
}
