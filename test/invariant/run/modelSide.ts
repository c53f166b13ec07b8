import { publish, startPhase, termsWords } from "@certus/model";
import type { Feed, FilledPart, LedgerEvent, OracleEvent, Success } from "@certus/model";

import type { ErrorTable, Named, Value } from "../../../scripts/lib/abi.ts";
import { aggregatorAt } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import type { LedgerAction, LedgerCall, WorldAction } from "./command.ts";

/** A feed of the model. */
export function feedOf(twin: Twin, proxy: bigint): Feed {
  const feed = twin.feeds.get(proxy);
  if (feed === undefined) throw new RangeError("the command names no feed");
  return feed;
}

/** Whether the aggregator in force answers. */
export function isLive(feed: Feed): boolean {
  return feed.phases.get(feed.current)?.latest !== undefined;
}

/** Number that the next round of a feed gets, after some that stay empty. */
export function nextRound(feed: Feed, skipped: bigint): bigint {
  return (feed.phases.get(feed.current)?.latest ?? 0n) + skipped + 1n;
}

/** Does to the model's world what a command does to the chain's. */
export function changeWorld(twin: Twin, action: WorldAction): void {
  switch (action.kind) {
    case "wait":
      return;
    case "round": {
      const feed = feedOf(twin, action.proxy);
      const phase = feed.phases.get(feed.current);
      if (phase === undefined || phase.latest === undefined) return;
      phase.latest += action.skipped;
      publish(feed, action.answer, action.updatedAt);
      return;
    }
    case "phase":
      changePhase(feedOf(twin, action.proxy), action);
      return;
    case "wallet":
      twin.wallet.accepts = action.mode === "agrees";
      return;
    case "force":
      force(twin, action);
  }
}

const READS_OF_AGGREGATOR = ["latestRoundData", "decimals", "latestRound"] as const;

function changePhase(feed: Feed, action: WorldAction & { readonly kind: "phase" }): void {
  startPhase(feed, aggregatorAt(action.proxy, feed.current + 1n));
  const phase = feed.phases.get(feed.current);
  if (phase === undefined) throw new Error("the feed has no phase");
  for (const read of READS_OF_AGGREGATOR) {
    if (action.dead) feed.failing.add(read);
    else feed.failing.delete(read);
  }
  phase.missing = action.dead ? "reverts" : "zeros";
  if (action.dead) phase.latest = undefined;
  else feed.decimals = action.decimals;
}

function force({ ledger }: Twin, action: WorldAction & { readonly kind: "force" }): void {
  const account = ledger.state.accounts.get(action.account.toString(16));
  const book = ledger.state.books.get(action.book.toString(16));
  const position = book && account?.positions.get(book.key);
  if (account === undefined || book === undefined || position === undefined) return;
  account.positions.set(book.key, { ...position, collateral: action.collateral });
  book.pool = action.pool;
}

/** What a successful call returns, as the chain's return values are decoded. */
export function returnedValues(
  call: LedgerAction,
  { returned, events }: Success<unknown>,
): readonly Value[] {
  if (call.kind === "batch") {
    const results = returned as readonly unknown[];
    return call.calls.map((inner, at) =>
      inner.kind === "bytes" ? [] : valuesOf(inner.kind, results[at]),
    );
  }
  if (call.kind === "raiseEpoch") {
    // The model answers nothing; the contract answers what it tells in its event.
    return events.flatMap(({ name, args }) => (name === "EpochRaised" ? [args.epoch] : []));
  }
  return valuesOf(call.kind, returned);
}

/** Functions that return several values; the model answers them as the fields of an object. */
const SEVERAL: readonly LedgerCall[] = ["list", "fillMany"];

function valuesOf(kind: LedgerCall, returned: unknown): readonly Value[] {
  if (returned === undefined) return [];
  const value = asValue(returned);
  return SEVERAL.includes(kind) ? (value as readonly Value[]) : [value];
}

/** A value of the model as the codec would decode it: objects become lists of their fields. */
export function asValue(value: unknown): Value {
  if (typeof value === "bigint" || typeof value === "boolean" || typeof value === "string") {
    return value;
  }
  if (Array.isArray(value)) return value.map(asValue);
  if (typeof value === "object" && value !== null) return Object.values(value).map(asValue);
  throw new TypeError(`${String(value)} is nothing that a contract could return`);
}

/** The chain packs both draws into a word, the maker's above. */
function asFilledPart({ book, premium, fee, makerDraw, takerDraw, legs }: FilledPart): Value {
  return [book, premium, fee, (makerDraw << 128n) | takerDraw, legs];
}

/** An event of the model as the codec would decode the chain's. */
export function asNamed(event: LedgerEvent | OracleEvent, errors: ErrorTable): Named {
  if (event.name === "MarketListed") {
    const { marketId, market, terms } = event.args;
    return { name: event.name, args: [marketId, market, termsWords(terms)] };
  }
  if (event.name === "OrderFilled") {
    const { parts, ...fields } = event.args;
    return { name: event.name, args: [...Object.values(fields), parts.map(asFilledPart)] };
  }
  if (event.name === "FillSkipped") {
    const { reason, ...fields } = event.args;
    const encoded = errors.encode({ name: reason.name, args: reason.args });
    return { name: event.name, args: [...Object.values(fields), encoded] };
  }
  return { name: event.name, args: Object.values(event.args).map(asValue) };
}
