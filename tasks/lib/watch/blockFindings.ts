import type { RpcLog } from "../../../scripts/replay/node.ts";
import type { Finding } from "./alarm.ts";
import type { Limits } from "./limits.ts";
import type { Names } from "./names.ts";
import type { Seen } from "./onlooker.ts";
import { breakerFindings } from "./rules/breaker.ts";
import { payoutFindings } from "./rules/payout.ts";
import { authorityFinding, pendingFindings } from "./rules/pending.ts";
import type { CallNames, Operations } from "./rules/pending.ts";
import { retiredFindings } from "./rules/retired.ts";
import type { Told } from "./told.ts";

/** What a block told, sorted by who told it. */
export interface ToldInBlock {
  /** Of the block, unix seconds. */
  readonly time: bigint;
  readonly seen: Seen;
  readonly manager: readonly Told[];
  readonly breaker: readonly Told[];
  /** The ledger's access manager before and after. */
  readonly authority: readonly [before: bigint, now: bigint];
  readonly operations: Operations;
}

/** What is alarming about the events of one block. */
export function blockFindings(
  told: ToldInBlock,
  limits: Limits,
  names: Names,
  calls: CallNames,
): Finding[] {
  const { seen, authority } = told;
  const [before, now] = authority;
  return [
    ...guardCalls(told).flatMap((call) => breakerFindings(call, names)),
    ...retiredFindings(seen.retired, names),
    ...payoutFindings(seen.payouts, limits, names),
    ...pendingFindings(told.manager, told.operations, calls),
    // The first ones are named by the ledger's constructor.
    ...(before === 0n || before === now ? [] : [authorityFinding("AuthorityUpdated", before, now)]),
    ...seen.treasuries
      .filter(({ previous }) => previous !== 0n)
      .map(({ previous, current }) => authorityFinding("TreasurySet", previous, current)),
  ];
}

/** What guards and breakers said, transaction by transaction. */
function guardCalls({ seen, breaker, time }: ToldInBlock) {
  const transactions = [...seen.guards, ...breaker].map(({ transaction }) => transaction);
  return [...new Set(transactions)].map((transaction) => ({
    time,
    guards: seen.guards.filter((one) => one.transaction === transaction),
    told: breaker.filter((one) => one.transaction === transaction),
  }));
}

/** Logs of some contracts, read. */
export function readTold(
  logs: readonly RpcLog[],
  isTheirs: (address: string) => boolean,
  read: (log: RpcLog) => Told | undefined,
): Told[] {
  return logs.flatMap((log) => (isTheirs(log.address.toLowerCase()) ? (read(log) ?? []) : []));
}
