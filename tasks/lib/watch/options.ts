import type { LocatedArguments } from "../arguments.ts";
import { parseDecimal, parseWhole } from "../decimals.ts";
import { readText } from "../files.ts";
import { parseSpan } from "../times.ts";
import { UsageError } from "../usage.ts";
import { readLimits, USUAL_LIMITS } from "./limits.ts";
import type { Limits, LimitTexts } from "./limits.ts";

/** What may be in a file of settings as well as on the command line. */
type Settings = LimitTexts & Record<SettingName, string>;

/** Settings that are no limits. */
type SettingName = "confirmations" | "poll" | "patience" | "fullEvery";

/** How a watch is asked for. */
export interface WatchArguments
  extends LocatedArguments, Readonly<Record<keyof Settings, string | undefined>> {
  readonly settings: string | undefined;
  readonly since: string | undefined;
  readonly untilBlock: string | undefined;
  readonly for: string | undefined;
  readonly state: string | undefined;
  readonly keepGoing: boolean;
  readonly strict: boolean;
  readonly pretty: boolean;
}

/** What to watch, and how. */
export interface WatchOptions {
  readonly limits: Limits;
  /** Alarms are told of blocks after this one; undefined: after the newest. */
  readonly since: number | undefined;
  /** The last block. */
  readonly until: number | undefined;
  /** Milliseconds after which the watch ends. */
  readonly time: number | undefined;
  readonly confirmations: number;
  /** Milliseconds between two looks at the head. */
  readonly poll: number;
  /** Milliseconds in which a node may be silent. */
  readonly patience: number;
  /** Blocks between two comparisons of everything. */
  readonly fullEvery: number;
  /** File of the last block that was watched. */
  readonly state: string | undefined;
  readonly keepGoing: boolean;
}

/** What holds if nothing is said. */
export const USUAL_SETTINGS: Settings = {
  ...USUAL_LIMITS,
  confirmations: "0",
  poll: "2",
  patience: "5m",
  fullEvery: "100",
};

const MILLISECONDS = 1_000;
/** Decimals of seconds. */
const SECONDS_DECIMALS = 3;
const LEAST_POLL = 50;
const MOST_POLL = 600_000;
const MOST_BLOCKS = BigInt(Number.MAX_SAFE_INTEGER);
const MOST_CONFIRMATIONS = 1_000n;

/** Reads and checks how a watch is asked for. */
export async function readOptions(args: WatchArguments): Promise<WatchOptions> {
  const settings = { ...USUAL_SETTINGS, ...(await settingsIn(args.settings)), ...given(args) };
  const [since, until] = [
    blockOf("--since", args.since),
    blockOf("--until-block", args.untilBlock),
  ];
  if (since !== undefined && until !== undefined && until < since) {
    throw new UsageError(`--until-block ${until} is before --since ${since}.`);
  }
  return {
    limits: readLimits(settings),
    since,
    until,
    time: args.for === undefined ? undefined : milliseconds("--for", args.for),
    confirmations: Number(
      parseWhole("--confirmations", settings.confirmations, 0n, MOST_CONFIRMATIONS),
    ),
    poll: pollOf(settings.poll),
    patience: milliseconds("--patience", settings.patience),
    fullEvery: Number(parseWhole("--full-every", settings.fullEvery, 1n, MOST_BLOCKS)),
    state: args.state,
    keepGoing: args.keepGoing,
  };
}

/** What was said on the command line. */
function given(args: WatchArguments): Partial<Settings> {
  const names = Object.keys(USUAL_SETTINGS) as (keyof Settings)[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = args[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function settingsIn(path: string | undefined): Promise<Partial<Settings>> {
  if (path === undefined) return {};
  const text = await readText("--settings", path);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--settings: ${path} is no JSON: ${(error as Error).message}.`);
  }
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    throw new UsageError(`--settings: ${path} must hold an object, as in {"outflow": "25%"}.`);
  }
  const known = Object.keys(USUAL_SETTINGS);
  const entries = Object.entries(document).map(([name, value]: [string, unknown]) => {
    if (!known.includes(name)) {
      throw new UsageError(
        `--settings: ${path} has ${JSON.stringify(name)}, which is none of ${known.join(", ")}.`,
      );
    }
    if (typeof value === "string" || typeof value === "number") return [name, String(value)];
    throw new UsageError(`--settings: ${name} in ${path} must be a text or a number.`);
  });
  return Object.fromEntries(entries) as Partial<Settings>;
}

function blockOf(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(parseWhole(name, text, 0n, MOST_BLOCKS));
}

function pollOf(text: string): number {
  const poll = Number(parseDecimal("--poll", text, SECONDS_DECIMALS));
  if (poll >= LEAST_POLL && poll <= MOST_POLL) return poll;
  const [least, most] = [LEAST_POLL, MOST_POLL].map((bound) => bound / MILLISECONDS);
  throw new UsageError(`--poll must be between ${least} and ${most} seconds, not ${text}.`);
}

function milliseconds(name: string, text: string): number {
  return Number(parseSpan(name, text)) * MILLISECONDS;
}
