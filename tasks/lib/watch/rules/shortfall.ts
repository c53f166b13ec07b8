import type { Condition } from "../alarm.ts";
import { addressName, amountName, amountSaid } from "../names.ts";
import type { Names } from "../names.ts";

/** A token of the ledger. Base units. */
export interface TokenStand {
  readonly token: bigint;
  /** Pools, cash and fees, by the replica. */
  readonly owed: bigint;
  /** What the token says. */
  readonly balance: bigint;
}

/** Tokens of which the ledger has less than it owes. */
export function shortfallConditions(stands: readonly TokenStand[], names: Names): Condition[] {
  return stands.flatMap(({ token, owed, balance }) => {
    if (balance >= owed) return [];
    return {
      alarm: "shortfall",
      severity: "critical",
      key: String(token),
      text: `the ledger owes ${amountSaid(names, token, owed)} and has ${amountSaid(names, token, balance)}`,
      details: {
        token: addressName(token),
        owed: amountName(names, token, owed),
        balance: amountName(names, token, balance),
        missing: amountName(names, token, owed - balance),
      },
    };
  });
}
