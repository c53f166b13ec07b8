import type { State } from "@certus/model";

import type { Finding } from "../alarm.ts";
import type { Names } from "../names.ts";
import type { OperationBook } from "../operations.ts";
import { breakerFindings } from "./breaker.ts";
import { standingFinding } from "./pending.ts";
import type { CallNames } from "./pending.ts";

/** What stands when a watch begins, and was told before: levels in force, and operations that wait. */
export function standingFindings(
  { markets }: State,
  operations: OperationBook,
  now: bigint,
  names: Names,
  calls: CallNames,
): Finding[] {
  const guards = [...markets.values()].map(({ market, terms, guard }) => ({
    market,
    token: terms.token,
    level: guard.level,
    until: guard.until,
    ceiling: guard.ceiling,
    // As if it were set now: only what is in force is told.
    before: { level: 0n, until: 0n, ceiling: guard.ceiling },
  }));
  return [
    ...breakerFindings({ time: now, guards, told: [] }, names),
    ...operations.standing(now).map(([id, operation]) => standingFinding(id, operation, calls)),
  ];
}
