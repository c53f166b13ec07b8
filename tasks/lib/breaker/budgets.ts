import type { MarketWatchStructOutput } from "../../../packages/contracts/src/generated/bindings/ICircuitBreaker.ts";
import { DAY } from "../times.ts";
import type { GuardWord } from "./status.ts";

const WEEK = 7n * DAY;

/** What is left of a budget of two in seven days. */
export interface Budget {
  readonly left: number;
  /** When there is one again, unix seconds; nothing if there is one now. */
  readonly from: bigint | undefined;
}

/** Halts of a market that the ledger takes: two begin in any seven days. */
export function haltBudget(
  { older, newer }: Pick<GuardWord, "older" | "newer">,
  now: bigint,
): Budget {
  return budget(older, newer, now, 0n);
}

/** Halts that evidence may begin: none while another began within seven days, but for a shortfall. */
export function evidenceBudget({ newer }: Pick<GuardWord, "newer">, now: bigint): Budget {
  const from = newer === 0n ? 0n : newer + WEEK;
  return from > now ? { left: 0, from } : { left: 1, from: undefined };
}

/** Impositions that the guardian has: two in any seven days, a day apart. */
export function guardianBudget(
  { olderImposed, newerImposed }: Pick<MarketWatchStructOutput, "olderImposed" | "newerImposed">,
  now: bigint,
): Budget {
  return budget(olderImposed, newerImposed, now, DAY);
}

function budget(older: bigint, newer: bigint, now: bigint, gap: bigint): Budget {
  const left = [older, newer].filter((one) => one === 0n || one + WEEK <= now).length;
  const times = [older === 0n ? 0n : older + WEEK, newer === 0n ? 0n : newer + gap];
  const from = times.reduce((latest, time) => (time > latest ? time : latest));
  return { left, from: from > now ? from : undefined };
}
