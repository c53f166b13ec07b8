import type { Outflow } from "../activity.ts";
import type { Condition } from "../alarm.ts";
import type { Limits } from "../limits.ts";
import { amountName, amountSaid, percent } from "../names.ts";
import type { Names } from "../names.ts";

const WHOLE = 10_000n;

/**
 * Tokens of which much left within the window: withdrawn, claimed to wallets and redeemed, as a share of all that could
 * have left. What is moved inside the ledger does not count.
 *
 * @param held - What the ledger owes now, by token.
 */
export function outflowConditions(
  outflows: readonly Outflow[],
  held: ReadonlyMap<bigint, bigint>,
  now: bigint,
  { window, outflow }: Limits,
  names: Names,
): Condition[] {
  if (outflow === undefined) return [];
  const left = new Map<bigint, bigint>();
  for (const { token, amount, time } of outflows) {
    if (time > now - window) left.set(token, (left.get(token) ?? 0n) + amount);
  }
  return [...left].flatMap(([token, out]) => {
    const all = out + (held.get(token) ?? 0n);
    if (out * WHOLE <= all * outflow) return [];
    const share = percent(out, all);
    return {
      alarm: "outflow",
      severity: "warning",
      key: String(token),
      text: `${amountSaid(names, token, out)} left within ${window} s, ${share} % of what was there`,
      details: {
        out: amountName(names, token, out),
        left: amountName(names, token, all - out),
        sharePercent: share,
        windowSeconds: Number(window),
      },
    };
  });
}
