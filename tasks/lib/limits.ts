import { formatDecimal, parseAmount, parseSigned } from "./decimals.ts";
import type { Token } from "./tokens.ts";
import { listed, UsageError } from "./usage.ts";

/** What a taker allows in one part, base units. */
export interface Limit {
  /** Most it pays, fee included; negative: the least it receives. */
  readonly maxPay: bigint;
  /** Most that may be drawn from its free cash. */
  readonly maxDraw: bigint;
}

/** How the ledger keeps `maxPay`. */
const MAX_PAY = { side: "payer", bits: 128n } as const;

/** A limit that stops nothing: for asking what would happen. */
export const UNLIMITED: Limit = { maxPay: (1n << 127n) - 1n, maxDraw: (1n << 112n) - 1n };

/** A limit as it was given; what was left out is undefined. */
export type GivenLimit = { readonly [Key in keyof Limit]: bigint | undefined };

/** What was left out stops nothing. */
export function orUnlimited({ maxPay, maxDraw }: GivenLimit): Limit {
  return { maxPay: maxPay ?? UNLIMITED.maxPay, maxDraw: maxDraw ?? UNLIMITED.maxDraw };
}

/** Values of an option that may be given for each part, with semicolons between; one counts for an order of one part. */
export function byPart(option: string, text: string, parts: number): string[] {
  const values = listed(option, text, ";");
  if (values.length === parts) return values;
  const entries = values.length === 1 ? "1 entry" : `${values.length} entries`;
  throw new UsageError(
    `${option} has ${entries}, and the order ${parts} parts: write one a part, with ; between.`,
  );
}

/** The limits that are given, one a part; nothing for an option that is not. */
export function limitsOf(
  {
    maxPay,
    maxDraw,
  }: { readonly maxPay: string | undefined; readonly maxDraw: string | undefined },
  tokens: readonly Token[],
): GivenLimit[] {
  const pays = maxPay === undefined ? [] : byPart("--max-pay", maxPay, tokens.length);
  const draws = maxDraw === undefined ? [] : byPart("--max-draw", maxDraw, tokens.length);
  return tokens.map(({ decimals }, i) => ({
    maxPay: given(pays[i], (text) => parseSigned("--max-pay", text, decimals, MAX_PAY)),
    maxDraw: given(draws[i], (text) => parseAmount("--max-draw", text, decimals)),
  }));
}

function given(text: string | undefined, parse: (text: string) => bigint): bigint | undefined {
  return text === undefined ? undefined : parse(text);
}

/** Limits as they are written: `--max-pay "12.5" --max-draw "0"`. */
export function limitsText(limits: readonly Limit[], tokens: readonly Token[]): string {
  const join = (values: readonly string[]) => `"${values.join("; ")}"`;
  const decimals = (i: number) => tokens[i]?.decimals ?? 0;
  const pays = limits.map(({ maxPay }, i) =>
    maxPay < 0n
      ? `receive ${formatDecimal(-maxPay, decimals(i))}`
      : formatDecimal(maxPay, decimals(i)),
  );
  const draws = limits.map(({ maxDraw }, i) => formatDecimal(maxDraw, decimals(i)));
  return `--max-pay ${join(pays)} --max-draw ${join(draws)}`;
}

/** Refuses to send without both limits; says what they would have to be now. */
export function complete(limits: readonly GivenLimit[], now: () => string): Limit[] {
  return limits.map(({ maxPay, maxDraw }) => {
    if (maxPay !== undefined && maxDraw !== undefined) return { maxPay, maxDraw };
    throw new UsageError(
      `--max-pay and --max-draw bound what the fill may take of you, and one is missing: it would take ${now()} now. --dry-run shows it part by part.`,
    );
  });
}
