import {
  getAddress,
  isAddress,
  isHexString,
  toBeHex,
  ZeroAddress,
  ZeroHash,
  zeroPadValue,
} from "ethers";

import { parseAddress } from "./accounts.ts";
import { parseAmount, parseDecimal, parseWhole, PRICE_DECIMALS } from "./decimals.ts";
import type { PlainTerms } from "./marketReport.ts";
import { parseSpan, parseTime } from "./times.ts";
import { UsageError } from "./usage.ts";

/** Terms of a market as a file holds them, field by field, nothing looked at yet. */
export type TermsFields = Readonly<Record<string, unknown>>;

/** The fields in the order of the ledger's terms, and whether each may be left out. */
const FIELDS: Readonly<Record<string, "needed" | "optional">> = {
  feed: "needed",
  token: "needed",
  style: "needed",
  lot: "needed",
  strikeTick: "needed",
  priceExp: "optional",
  oracle: "needed",
  profile: "needed",
  guard: "optional",
  gridAnchor: "needed",
  gridPeriod: "needed",
  horizon: "needed",
  lastTrade: "needed",
  feePerLot: "needed",
  ceiling: "needed",
  marginMode: "optional",
  salt: "optional",
};

/** The fields of a file: of terms alone, or of what `market:show --json` prints. */
export function termsFields(path: string, text: string): TermsFields {
  const document = parsed(path, text);
  const { terms, token } = document;
  const fields =
    isFields(terms) && isFields(token) ? { ...terms, token: token["address"] } : document;
  const unknown = Object.keys(fields).filter((name) => FIELDS[name] === undefined);
  const missing = Object.keys(FIELDS).filter(
    (name) => FIELDS[name] === "needed" && fields[name] === undefined,
  );
  const problems = [
    ...unknown.map((name) => `${name} is no term`),
    ...missing.map((name) => `${name} is missing`),
  ];
  if (problems.length === 0) return fields;
  throw new UsageError(
    `--terms: ${path}: ${problems.join(", ")}. Terms are ${Object.keys(FIELDS).join(", ")}; market:show --json prints those of a market.`,
  );
}

function parsed(path: string, text: string): TermsFields {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--terms: ${path} is no JSON: ${String(error)}.`);
  }
  if (isFields(document)) return document;
  throw new UsageError(`--terms: ${path} holds no JSON object with a market's terms.`);
}

function isFields(value: unknown): value is TermsFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The token's address. */
export function tokenField(path: string, { token }: TermsFields): string {
  return parseAddress(`${path}, token`, textOf(token));
}

/**
 * The terms as the ledger takes them.
 *
 * @param decimals - Of the token.
 * @param now - Time of the chain.
 */
export function parseTerms(
  path: string,
  fields: TermsFields,
  decimals: number,
  now: bigint,
): PlainTerms {
  const name = (field: string) => `${path}, ${field}`;
  const text = (field: string) => textOf(fields[field]);
  const amount = (field: string) =>
    inside(fields[field], "base") ?? parseAmount(name(field), text(field), decimals);
  const span = (field: string, bits: bigint) =>
    word(name(field), parseSpan(name(field), text(field)), bits);
  const small = (field: string) =>
    fields[field] === undefined ? 0n : parseWhole(name(field), text(field), 0n, 255n);
  const lot = isFields(fields["lot"]) ? fields["lot"] : {};
  const scale = (part: "num" | "den") =>
    parseWhole(`${name("lot")}.${part}`, textOf(lot[part]), 0n, (1n << 64n) - 1n);
  return {
    feed: feedOf(name("feed"), text("feed")),
    token: tokenField(path, fields),
    style: styleOf(name("style"), text("style")),
    num: scale("num"),
    den: scale("den"),
    strikeTick: word(
      name("strikeTick"),
      inside(fields["strikeTick"], "raw") ??
        parseDecimal(name("strikeTick"), text("strikeTick"), PRICE_DECIMALS),
      64n,
    ),
    priceExp: small("priceExp"),
    oracle: parseAddress(name("oracle"), text("oracle")),
    profile: profileOf(name("profile"), fields["profile"], decimals),
    guard: guardOf(name("guard"), fields["guard"]),
    gridAnchor:
      inside(fields["gridAnchor"], "unix") ??
      parseTime(name("gridAnchor"), text("gridAnchor"), now),
    gridPeriod: span("gridPeriod", 40n),
    horizon: span("horizon", 40n),
    lastTrade: span("lastTrade", 24n),
    feePerLot: word(name("feePerLot"), amount("feePerLot"), 64n),
    ceiling: word(name("ceiling"), amount("ceiling"), 112n),
    marginMode: small("marginMode"),
    salt: fields["salt"] === undefined ? ZeroHash : hash(name("salt"), text("salt")),
  };
}

/** What stands there as text; of what is neither text nor number its JSON, for the error that follows. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : String(JSON.stringify(value));
}

/** A number as `market:show` prints it beside its shorter form. */
function inside(value: unknown, key: "base" | "raw" | "unix"): bigint | undefined {
  const raw = isFields(value) ? textOf(value[key]) : "";
  return /^\d+$/.test(raw) ? BigInt(raw) : undefined;
}

function word(name: string, value: bigint, bits: bigint): bigint {
  if (value >= 0n && value >> bits === 0n) return value;
  throw new UsageError(`${name}: ${value} must be between 0 and ${(1n << bits) - 1n}.`);
}

function hash(name: string, text: string): string {
  if (isHexString(text, 32)) return text.toLowerCase();
  throw new UsageError(`${name}: ${JSON.stringify(text)} is no word: write 0x and 64 digits.`);
}

/** A word as the oracle reads it, or the address of a feed. */
function feedOf(name: string, text: string): string {
  return isAddress(text) ? zeroPadValue(getAddress(text), 32) : hash(name, text);
}

function styleOf(name: string, text: string): bigint {
  if (text === "linear" || text === "0") return 0n;
  if (text === "inverse" || text === "1") return 1n;
  throw new UsageError(`${name}: ${JSON.stringify(text)} is no style: write linear or inverse.`);
}

function guardOf(name: string, guard: unknown): string {
  return guard === undefined || guard === null ? ZeroAddress : parseAddress(name, textOf(guard));
}

/** A word as the oracle reads it, or the two values of the single-feed oracle's. */
function profileOf(name: string, profile: unknown, decimals: number): string {
  if (!isFields(profile)) return hash(name, textOf(profile));
  const priceExp = parseWhole(`${name}.priceExp`, textOf(profile["priceExp"] ?? 0), 0n, 255n);
  const most = parseAmount(`${name}.maxCeiling`, textOf(profile["maxCeiling"]), decimals);
  return toBeHex(priceExp | (most << 8n), 32);
}
