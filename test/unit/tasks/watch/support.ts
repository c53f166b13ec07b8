import { readLimits, USUAL_LIMITS } from "../../../../tasks/lib/watch/limits.ts";
import type { Limits, LimitTexts } from "../../../../tasks/lib/watch/limits.ts";
import type { Names } from "../../../../tasks/lib/watch/names.ts";

/** A token of two decimals. */
export const TOKEN = 0xc0ffeen;
/** A market's key. */
export const MARKET = 0x1a2b3c4dn << 224n;
/** A time that is easy to count from: 2026-01-05T00:00:00Z. */
export const NOON = 1_767_571_200n;

/** Names that need no chain. */
export const names: Names = {
  token: (address) => ({ address: `0x${address.toString(16)}`, symbol: "TKN", decimals: 2 }),
  market: (market) => (market === MARKET ? "1 (0x1a2b3c4d)" : "?"),
};

/** The usual limits, some of them changed. */
export function limits(changed: Partial<LimitTexts> = {}): Limits {
  return readLimits({ ...USUAL_LIMITS, ...changed });
}

/** What of findings tests look at: how bad, and what is said. */
export function said(
  findings: readonly { readonly severity: string; readonly text: string }[],
): string[] {
  return findings.map(({ severity, text }) => `${severity}: ${text}`);
}
