import type { Job } from "./jobs.ts";
import { KNOWN_FIXINGS } from "./knownSeeds.ts";

/** How much a campaign does. */
export interface Size {
  readonly expiries: number;
  /** Of each expiry. */
  readonly orders: number;
  /** At the hub. */
  readonly steps: number;
  readonly successions: number;
  /** Recorded rounds with everybody honest. */
  readonly rounds: number;
  /** Part of the stablecoins' rounds: one in so many; 0 for none. */
  readonly oneIn: number;
  /** Fixings across the phases of each of them. */
  readonly fixings: number;
  /** Times at which nodes answered. */
  readonly times: number;
}

/** A campaign's size when nothing is said. */
export const FULL: Size = {
  expiries: 400,
  orders: 20,
  steps: 6_000,
  successions: 4,
  rounds: 11_106,
  oneIn: 1,
  fixings: 20,
  times: 3_399,
};

/** Some seconds on two cores. */
export const SMALL: Size = {
  expiries: 80,
  orders: 6,
  steps: 600,
  successions: 0,
  rounds: 100,
  oneIn: 40,
  fixings: 2,
  times: 60,
};

/** Fixings of one job: so many share a chain. */
const FIXINGS_A_JOB = 20;
/** Steps of one job at a hub of its own. */
const STEPS_A_JOB = 300;
/** Recorded rounds of one job. */
const ROUNDS_A_JOB = 500;
/** Times of nodes of one job. */
const TIMES_A_JOB = 500;
/** Jobs of one stablecoin. */
const PHASE_JOBS = 4;

const COINS = ["USDC/USD", "USDT/USD"];

/** The fraction whose multiples are spread most evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Pieces of so many, from 0 on. */
function pieces(all: number, size: number): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: Math.ceil(all / size) }, (_, at) => [
    at * size,
    Math.min(all, (at + 1) * size),
  ]);
}

/** Fixings that once failed, each in so many orders. */
function knownJobs(orders: number): readonly Job[] {
  return KNOWN_FIXINGS.map(({ seed, expiries, index: only, cause }) => {
    const share = { seed, expiries, orders, parts: 1, part: 0, only };
    return { kind: "known", share, cause };
  });
}

/** The jobs of a campaign: what once failed, then the dearest first; one fixing alone if its number is given. */
export function planJobs(size: Size, seed: number, only: number | undefined): readonly Job[] {
  const { expiries, orders, oneIn } = size;
  const parts = Math.max(1, Math.ceil(expiries / FIXINGS_A_JOB));
  const share = { seed, expiries, orders, parts };
  if (only !== undefined) {
    return [{ kind: "fixings", share: { ...share, part: 0, parts: 1, only } }];
  }
  const phaseJobs = oneIn === 0 ? 0 : Math.min(oneIn === 1 ? PHASE_JOBS : 1, PHASE_JOBS);
  const phaseParts = oneIn === 1 ? PHASE_JOBS : oneIn;
  return [
    ...(expiries === 0 ? [] : knownJobs(orders)),
    ...Array.from({ length: size.successions }, (_, run): Job => ({
      kind: "succession",
      seed,
      run,
    })),
    ...pieces(size.rounds, ROUNDS_A_JOB).map(([from, to]): Job => ({
      kind: "honest",
      seed,
      from,
      to,
    })),
    ...pieces(size.steps, STEPS_A_JOB).map(([from, to], run): Job => ({
      kind: "hub",
      seed,
      run,
      steps: to - from,
    })),
    ...COINS.flatMap((coin) =>
      Array.from({ length: phaseJobs }, (_, part): Job => ({
        kind: "phases",
        seed,
        coin,
        part,
        parts: phaseParts,
        fixings: Math.ceil(size.fixings / phaseJobs),
      })),
    ),
    ...pieces(size.times, TIMES_A_JOB).map(([from, to]): Job => ({
      kind: "nodes",
      seed,
      from,
      to,
    })),
    ...spread(expiries === 0 ? 0 : parts).map((part): Job => ({
      kind: "fixings",
      share: { ...share, part },
    })),
  ];
}

/** Numbers below one, those that follow each other far apart: a campaign that ends early has been everywhere. */
function spread(count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, at) => ({ at, place: (at * GOLDEN) % 1 }));
  return places.sort((a, b) => a.place - b.place).map(({ at }) => at);
}
