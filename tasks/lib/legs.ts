import {
  MAX_LEGS,
  MAX_LOTS,
  packLegs,
  unpackLeg,
} from "../../packages/contracts/src/orders/legs.ts";
import type { Leg } from "../../packages/contracts/src/orders/legs.ts";
import { formatPrice, parseDecimal, PRICE_DECIMALS } from "./decimals.ts";
import { UsageError } from "./usage.ts";

const LEG =
  /^(?:(?<sign>[+\-−])|(?<word>buy|sell)\s+)?\s*(?<lots>\d[\d_]*)?\s*(?<right>p|c|put|call)\s*(?<strike>\d[\d_]*(?:\.\d+)?)$/i;

const SYNTAX =
  'a signed number of lots, P or C, and the strike, as in "+1 P2800, -2 C3200.5" or "buy 1 P2800, sell 2 C3200.5"';

/**
 * Legs as people write them, `+1 P2800, -2 C3200.5`: packed and sorted. No number means one lot.
 *
 * @param name - How errors call them.
 */
export function parseLegs(name: string, text: string): bigint[] {
  const entries = text.split(",").map((entry) => entry.trim());
  const legs = entries.map((entry, i) =>
    parseLeg(name, entry, `leg ${i + 1} of ${entries.length}`),
  );
  try {
    return packLegs(legs);
  } catch (error) {
    throw problem(name, error, legs);
  }
}

function parseLeg(name: string, text: string, where: string): Leg {
  const found = LEG.exec(text)?.groups;
  if (found === undefined) {
    const comma = /^\d{3}(?:\.\d+)?$/.test(text) ? "; commas divide legs, not thousands" : "";
    const what =
      text === "" ? `${where} is empty` : `cannot read ${JSON.stringify(text)}, ${where}`;
    throw new UsageError(`${name}: ${what}: write ${SYNTAX}${comma}.`);
  }
  const { sign = "+", word = "", lots = "1", right = "", strike = "" } = found;
  const size = BigInt(lots.replaceAll("_", ""));
  if (size === 0n || size > MAX_LOTS) {
    throw new UsageError(`${name}: ${where} has ${size} lots: they must be 1 to ${MAX_LOTS}.`);
  }
  const given = (sign !== "+" && sign !== "") || word.toLowerCase() === "sell";
  const price = parseDecimal(`${name}, ${where}, strike`, strike, PRICE_DECIMALS);
  if (price === 0n || price > MAX_LOTS) {
    throw new UsageError(
      `${name}: ${where} has the strike ${strike}: it must be above 0 and at most ${formatPrice(MAX_LOTS)}.`,
    );
  }
  const isCall = right.toLowerCase().startsWith("c");
  return { strike: price, isCall, quantity: given ? -size : size };
}

/** What `packLegs` still objects to, in the words of the syntax. */
function problem(name: string, error: unknown, legs: readonly Leg[]): unknown {
  if (legs.length > MAX_LEGS) {
    return new UsageError(
      `${name}: ${legs.length} legs are too many: at most ${MAX_LEGS} are one part.`,
    );
  }
  const seen = new Set<string>();
  for (const leg of legs) {
    const series = seriesText(leg);
    if (seen.has(series)) {
      return new UsageError(`${name}: ${series} stands there twice: merge the two into one leg.`);
    }
    seen.add(series);
  }
  return error;
}

/** `P2800`. */
export function seriesText({ strike, isCall }: Pick<Leg, "strike" | "isCall">): string {
  return `${isCall ? "C" : "P"}${formatPrice(strike)}`;
}

/** Legs as `parseLegs` reads them. */
export function legsText(legs: readonly Leg[]): string {
  return legs
    .map((leg) => `${leg.quantity < 0n ? "" : "+"}${leg.quantity} ${seriesText(leg)}`)
    .join(", ");
}

/** Packed legs as `parseLegs` reads them. */
export function packedLegsText(legs: readonly bigint[]): string {
  return legsText(legs.map(unpackLeg));
}
