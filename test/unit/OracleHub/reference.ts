import { MAX_63 } from "../../fixtures/units.ts";

/** What the spot depends on, of one live vote. */
export interface LiveVote {
  readonly price: bigint;
  readonly age: bigint;
  readonly confidence: bigint;
}

export interface SpotBand {
  readonly mid: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly live: bigint;
  readonly faults: bigint;
}

const sorted = (list: readonly bigint[]): bigint[] => [...list].sort((a, b) => (a < b ? -1 : 1));

function median(list: readonly bigint[]): bigint {
  const [order, half] = [sorted(list), list.length >> 1];
  const upper = order[half] ?? 0n;
  return list.length % 2 === 1 ? upper : ((order[half - 1] ?? 0n) + upper) / 2n;
}

function root(value: bigint): bigint {
  let low = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (low * low > value) --low;
  while ((low + 1n) * (low + 1n) <= value) ++low;
  return low;
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const max = (...list: bigint[]): bigint => list.reduce((a, b) => (a > b ? a : b));
const min = (...list: bigint[]): bigint => list.reduce((a, b) => (a < b ? a : b));

/** Mid and band as docs/oracles.md writes them, of one live vote or more. */
export function bandOf(votes: readonly LiveVote[], quorum: bigint, dailyVol: bigint): SpotBand {
  const live = BigInt(votes.length);
  const faults = live >= quorum ? (quorum - 1n) / 2n : 0n;
  const prices = sorted(votes.map(({ price }) => price));
  const mid = median(prices);
  const age = median(votes.map((vote) => vote.age));
  const confidence = median(votes.map((vote) => vote.confidence));
  const half = max(
    ceil(mid * confidence, 10_000n),
    ceil(mid * dailyVol * root((age * 10n ** 12n) / 86_400n), 20_000n * 10n ** 6n),
    ceil(mid * 5n, 10_000n),
  );
  const lo = prices[Number(faults)] ?? 0n;
  const hi = prices[Number(live - 1n - faults)] ?? 0n;
  const low = max(1n, min(lo, mid - half));
  return { mid, low, high: min(MAX_63, max(hi, mid + half)), live, faults };
}
