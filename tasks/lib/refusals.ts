import { TRIGGERS } from "@certus/model";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import type { DecodedError, ErrorArgument } from "../../packages/contracts/src/errors/decode.ts";
import { marketOf, parseSeries } from "../../packages/contracts/src/ids.ts";
import { accountText } from "./accounts.ts";
import { bookText } from "./books.ts";
import { formatPrice } from "./decimals.ts";
import { guardianRefusal } from "./guardian/errors.ts";
import { seriesText } from "./legs.ts";
import { shortMarket } from "./markets.ts";
import { scopesOf } from "./operators.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { iso } from "./times.ts";
import { amountText, tokenAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** The ledger refuses: carries its revert data, in which `decodeError` finds the error. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly data: string;
  readonly tokens: readonly Token[];
  /** What to say behind the sentence. */
  readonly remark: string;

  /** @param tokens - Of the parts that were asked for, as an error names a part but no token. */
  constructor(data: string, tokens: readonly Token[] = [], remark = "") {
    super(decodeError(data).sentence);
    this.data = data;
    this.tokens = tokens;
    this.remark = remark;
  }
}

/** What a call answers; its refusal carries the tokens that its amounts are in. */
export async function refusedIn<Answer>(
  tokens: readonly Token[],
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const { kind, data } = decodeError(error);
    throw kind === "none" ? error : new Refused(data, tokens);
  }
}

/** A refusal in one line: as `decodeError` tells it, values as tasks write and read them, and which task helps. */
export async function refusalText(
  session: Session,
  error: DecodedError,
  tokens: readonly Token[] = [],
): Promise<string> {
  if (error.kind !== "typed") return guardianRefusal(error.data) ?? error.sentence;
  const { name, why, remedy, args } = error;
  const token = await tokenOf(session, error, tokens).catch(() => undefined);
  const values = Object.entries(args).map(
    ([key, value]) => `${key} ${shown(name, key, value, token)}`,
  );
  const hint = await hintOf(session, error, token).catch(() => undefined);
  const list = values.length === 0 ? "" : ` (${values.join(", ")})`;
  return `${name}: ${why} ${remedy}${list}${hint === undefined ? "" : ` ${hint}`}`;
}

/** The same of revert data. */
export function reasonOf(
  session: Session,
  data: string,
  tokens: readonly Token[],
): Promise<string> {
  return refusalText(session, decodeError(data), tokens);
}

/** Values that are amounts, by error. */
const AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  CashShort: ["asked", "available"],
  CeilingBound: ["ceiling", "bound"],
  CeilingReached: ["pool", "ceiling"],
  CollateralBound: ["value", "bound"],
  CollateralShort: ["asked", "available"],
  DrawTooSmall: ["needed", "allowed"],
  FeeCap: ["feePerLot", "bound"],
  FeesBound: ["value", "bound"],
  PackageNegative: ["requirement"],
  PayAboveLimit: ["pay", "bound"],
  PoolBound: ["value", "bound"],
  PoolShort: ["asked", "pool"],
  TransferMismatch: ["received", "asked"],
  Undercovered: ["collateral", "requirement"],
};

/** What values are by their names, whatever the error. */
const BY_NAME: Readonly<Record<string, (value: bigint) => string>> = {
  account: accountText,
  anchor: timeText,
  book: bookText,
  current: timeText,
  deadline: timeText,
  expiry: timeText,
  from: timeText,
  market: shortMarket,
  markTime: timeText,
  price: formatPrice,
  series: (series) => seriesText(parseSeries(series)),
  strike: formatPrice,
  tick: formatPrice,
  timestamp: timeText,
  until: timeText,
  updatedAt: timeText,
};

/** What values are whose names say too little. */
const BY_ERROR: Readonly<Record<string, Readonly<Record<string, (value: bigint) => string>>>> = {
  BeyondHorizon: { bound: timeText },
  ExpiryTooFar: { bound: timeText },
  FixingWindowOver: { end: timeText },
  GuardianBudget: { time: timeText },
  NoEvidence: { trigger: triggerText },
  NotReleasable: { trigger: triggerText },
  NothingToAnswer: { trigger: triggerText },
  NoticeMissing: { trigger: triggerText, to: timeText },
  NoticeStands: { trigger: triggerText, since: timeText },
  TooEarly: { time: timeText },
  TriggerUnavailable: { trigger: triggerText },
  NotNewer: { time: timeText, stored: timeText },
  NotPermitted: { scope: (scope) => scopesOf(scope).join(",") },
  OwnersDiffer: { from: accountText, to: accountText },
  ProofForOtherTime: { proven: instantText, asked: instantText },
  ReadingFromFuture: { time: timeText, latest: timeText },
  TooSoon: { bound: timeText },
  UntilBound: { bound: timeText },
};

function shown(error: string, key: string, value: ErrorArgument, token: Token | undefined): string {
  if (typeof value !== "bigint") return String(value);
  if (token !== undefined && AMOUNTS[error]?.includes(key) === true)
    return amountText(token, value);
  return (BY_ERROR[error]?.[key] ?? BY_NAME[key] ?? wordText)(value);
}

/** Identifiers are longer than any number that people count. */
function wordText(value: bigint): string {
  return value >> 128n > 0n ? idOf(value) : String(value);
}

/** Epochs are `current`, too, and far below any time of a chain. */
function timeText(value: bigint): string {
  return value >= 10n ** 9n && value < 1n << 40n ? iso(value) : String(value);
}

function triggerText(value: bigint): string {
  return TRIGGERS.find(({ index }) => index === Number(value))?.name ?? String(value);
}

/** A time in seconds, or as RedStone has it in milliseconds. */
function instantText(value: bigint): string {
  return timeText(value >> 40n === 0n ? value : value / 1_000n);
}

/** The token whose amounts an error carries, if it carries any. */
async function tokenOf(
  session: Session,
  { name, args }: DecodedError,
  tokens: readonly Token[],
): Promise<Token | undefined> {
  if (AMOUNTS[name] === undefined) return undefined;
  const { token, book, part } = args;
  if (typeof token === "string") return tokenAt(session, token);
  if (typeof book !== "bigint") return tokens[Number(part ?? 0)];
  const terms = await session.ledger.termsOf(marketOf(book));
  return tokenAt(session, terms.token);
}

/** Which task does what the remedy asks for. */
const TASKS: Readonly<Record<string, string>> = {
  BookExpired: "The task for fixPrice is book:fix.",
  BookNotOpen: "The task is book:open.",
  CashShort: "The tasks are account:deposit and collateral:free.",
  NoAgreement: "oracle:status shows the votes, oracle:update brings readings.",
  NotEnrolled: "The task is breaker:observe with --enroll.",
  NotFixed: "The task is book:fix.",
  NotHealthy: "The task is breaker:observe, once a minute.",
  NotOwner: "--from says who calls.",
  NotPermitted: "The task is operator:set; --from says who calls.",
  ReferenceInvalid: "The task is breaker:observe, once a minute.",
  ShadowUnproven: "oracle:shadow shows how far it is.",
  SpotDegraded: "oracle:status shows what is wrong, oracle:update brings readings.",
  TriggerUnavailable: "breaker:status --market N shows which triggers it has.",
};

/** What helps on a local node, where no feed publishes by itself. */
const LOCALLY: ReadonlySet<string> = new Set(["MarkTooOld", "TooEarlyToFix"]);
const LOCAL_CHAIN = 31_337n;

async function hintOf(
  { ledger, chainId }: Session,
  { name, args: { account } }: DecodedError,
  token: Token | undefined,
): Promise<string | undefined> {
  if (LOCALLY.has(name) && chainId === LOCAL_CHAIN) {
    return "On a local node local:round publishes a round, at any later time.";
  }
  if (name !== "Undercovered" || typeof account !== "bigint" || token === undefined) {
    return TASKS[name];
  }
  const cash = await ledger.cashOf(account, token.address);
  return `It has ${amountText(token, cash)} of free cash: account:deposit pays in.`;
}
