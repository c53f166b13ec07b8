import type { Job } from "./jobs.ts";

/** How much a campaign does. */
export interface Size {
  readonly expiries: number;
  /** Of each expiry. */
  readonly orders: number;
}

/** A campaign's size when nothing is said. */
export const FULL: Size = { expiries: 400, orders: 20 };
/** Some seconds on two cores. */
export const SMALL: Size = { expiries: 40, orders: 5 };

/** Fixings of one job: so many share a chain. */
const FIXINGS_A_JOB = 20;

/** The jobs of a campaign; of one fixing alone if its number is given. */
export function planJobs(
  { expiries, orders }: Size,
  seed: number,
  only: number | undefined,
): readonly Job[] {
  const parts = Math.max(1, Math.ceil(expiries / FIXINGS_A_JOB));
  const share = { seed, expiries, orders, parts };
  if (only !== undefined)
    return [{ kind: "fixings", share: { ...share, part: 0, parts: 1, only } }];
  return Array.from({ length: parts }, (_, part) => ({
    kind: "fixings",
    share: { ...share, part },
  }));
}
