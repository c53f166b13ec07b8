import { UsageError } from "./usage.ts";

/** Decimals of every price and strike. */
export const PRICE_DECIMALS = 8;

const DECIMAL = /^(?<sign>[+\-−]?)(?<whole>\d(?:[\d_]*\d)?)?(?:\.(?<fraction>\d+))?$/;

/**
 * A decimal number as whole units of its last decimal, exactly: "12.5" with 6 decimals is 12500000.
 *
 * @param name - How errors call it.
 * @param text - Digits with a sign and a point if wanted; `_` may divide thousands.
 * @param decimals - Decimals of the unit.
 */
export function parseDecimal(name: string, text: string, decimals: number): bigint {
  const { sign, whole, fraction = "" } = DECIMAL.exec(text.trim())?.groups ?? {};
  if (whole === undefined) {
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no number: write digits, with a point for decimals, as in 2750.5.`,
    );
  }
  if (fraction.length > decimals && /[1-9]/.test(fraction.slice(decimals))) {
    throw new UsageError(`${name}: ${text.trim()} has more than ${decimals} decimals: round it.`);
  }
  const digits = whole.replaceAll("_", "") + fraction.slice(0, decimals).padEnd(decimals, "0");
  const size = BigInt(digits);
  return sign === "-" || sign === "−" ? -size : size;
}

/** Bits of an amount of tokens, as the ledger keeps it. */
const AMOUNT_BITS = 112n;

/** An amount of tokens, base units: as `parseDecimal` reads it, none below 0 or beyond what the ledger's word for it holds. */
export function parseAmount(name: string, text: string, decimals: number): bigint {
  const most = (1n << AMOUNT_BITS) - 1n;
  return within(name, text, parseDecimal(name, text, decimals), { least: 0n, most, decimals });
}

function within(
  name: string,
  text: string,
  value: bigint,
  { least, most, decimals }: { least: bigint; most: bigint; decimals: number },
): bigint {
  if (value >= least && value <= most) return value;
  const [from, to] = [least, most].map((bound) => formatDecimal(bound, decimals));
  throw new UsageError(`${name}: ${text.trim()} must be between ${from} and ${to}.`);
}

/** `parseDecimal` backwards: shortest form, thousands not divided. */
export function formatDecimal(value: bigint, decimals: number): string {
  const size = value < 0n ? -value : value;
  const digits = size.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A price or a strike, 8 decimals. */
export function formatPrice(price: bigint): string {
  return formatDecimal(price, PRICE_DECIMALS);
}

const WORDS: Readonly<Record<"payer" | "receiver", readonly [positive: string, negative: string]>> =
  {
    payer: ["pay", "receive"],
    receiver: ["receive", "pay"],
  };

/**
 * A signed amount, whose sign may be a word: Hardhat takes a value that begins with `-` for an option, so that
 * "pay 12.5" stands for -12.5 where one receives, and "receive 12.5" where one pays.
 *
 * @param side - What a positive amount means: that one receives it, or that one pays it.
 * @param bits - Of the word that holds it.
 */
export function parseSigned(
  name: string,
  text: string,
  decimals: number,
  { side, bits }: { readonly side: "payer" | "receiver"; readonly bits: bigint },
): bigint {
  const most = (1n << (bits - 1n)) - 1n;
  const amount = signed(name, text, decimals, side);
  return within(name, text, amount, { least: -most, most, decimals });
}

function signed(name: string, text: string, decimals: number, side: "payer" | "receiver"): bigint {
  const [word = "", ...rest] = text.trim().split(/\s+/);
  const [positive, negative] = WORDS[side];
  if (rest.length === 0) return parseDecimal(name, text, decimals);
  const amount = parseDecimal(name, rest.join(" "), decimals);
  if ((word !== positive && word !== negative) || amount < 0n) {
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no amount: write 12.5, or "${negative} 12.5" for -12.5.`,
    );
  }
  return word === negative ? -amount : amount;
}

/** A whole number between two bounds, both included; decimal, or hex after `0x`. */
export function parseWhole(name: string, text: string, least: bigint, most: bigint): bigint {
  const trimmed = text.trim();
  if (!/^(?:\d+|0x[\da-fA-F]+)$/.test(trimmed)) {
    throw new UsageError(`${name}: ${JSON.stringify(text)} is no whole number.`);
  }
  const value = BigInt(trimmed);
  if (value >= least && value <= most) return value;
  throw new UsageError(`${name} must be between ${least} and ${most}, not ${value}.`);
}
