import { parseDecimal } from "../decimals.ts";
import { parseSpan } from "../times.ts";
import { UsageError } from "../usage.ts";

/** From which measure on something is alarming; undefined: never. */
export interface Limits {
  /** Seconds over which outflow and volume are summed. */
  readonly window: bigint;
  /** Share of what could leave that left, bps. */
  readonly outflow: bigint | undefined;
  /** Volume by the average of the day before, hundredths. */
  readonly volume: bigint | undefined;
  /** Share of a book's pool that one account won, bps. */
  readonly payout: bigint | undefined;
  /** Seconds that a reading may be out of date. */
  readonly stale: bigint | undefined;
  /** Seconds in which the chain may be without a new block. */
  readonly lag: bigint | undefined;
  /** Blocks that a reorganisation may give up. */
  readonly reorgDepth: number;
}

/** Name of a limit. */
export type LimitName = keyof Limits;

/** Limits as options write them. */
export type LimitTexts = Readonly<Record<LimitName, string>>;

/** What holds if nothing is said. */
export const USUAL_LIMITS: LimitTexts = {
  window: "1h",
  outflow: "25%",
  volume: "10",
  payout: "25%",
  stale: "15m",
  lag: "2m",
  reorgDepth: "64",
};

const OFF = "off";
const HUNDREDTHS = 2;
const PERCENT = 100n;
/** Bps in the whole. */
const WHOLE = 10_000n;
const MOST_BLOCKS = 512;

/** Reads limits as they are written. */
export function readLimits(texts: LimitTexts): Limits {
  return {
    window: positive("window", spanOf("window", texts.window)),
    outflow: unlessOff(texts.outflow, (text) => shareOf("outflow", text)),
    volume: unlessOff(texts.volume, (text) =>
      positive("volume", parseDecimal("--volume", text, HUNDREDTHS)),
    ),
    payout: unlessOff(texts.payout, (text) => shareOf("payout", text)),
    stale: unlessOff(texts.stale, (text) => spanOf("stale", text)),
    lag: unlessOff(texts.lag, (text) => positive("lag", spanOf("lag", text))),
    reorgDepth: depthOf(texts.reorgDepth),
  };
}

function unlessOff(text: string, read: (text: string) => bigint): bigint | undefined {
  return text.trim() === OFF ? undefined : read(text);
}

function spanOf(name: LimitName, text: string): bigint {
  return parseSpan(`--${name}`, text);
}

function positive(name: LimitName, value: bigint): bigint {
  if (value > 0n) return value;
  throw new UsageError(`--${name} must be above 0; "off" takes the alarm away.`);
}

/** A share in bps: `25%`. */
function shareOf(name: LimitName, text: string): bigint {
  const [, digits] = /^([\d.]+)\s?%$/.exec(text.trim()) ?? [];
  if (digits === undefined) {
    throw new UsageError(
      `--${name}: ${JSON.stringify(text)} is no share: write 25%, or "off" for no alarm.`,
    );
  }
  const bps = parseDecimal(`--${name}`, digits, HUNDREDTHS);
  if (bps > 0n && bps <= WHOLE) return bps;
  throw new UsageError(`--${name} must be above 0% and at most ${PERCENT}%.`);
}

function depthOf(text: string): number {
  const depth = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  if (depth >= 1 && depth <= MOST_BLOCKS) return depth;
  throw new UsageError(`--reorg-depth must be a whole number between 1 and ${MOST_BLOCKS}.`);
}
