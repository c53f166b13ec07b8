import { MAX_FILLS, MAX_LEGS, SCOPE_TRADE } from "../../constants.ts";
import { requirePermitted } from "../../context.ts";
import type { Context, Effect } from "../../context.ts";
import { requirement } from "../../coverage.ts";
import { Refusal, refuse } from "../../errors.ts";
import type { ErrorName, ModelError } from "../../errors.ts";
import type { LedgerEvent } from "../../events.ts";
import { itemAt } from "../../lists.ts";
import { max, min } from "../../rounding.ts";
import type { Book } from "../../state.ts";
import type { AccountId, Fill, Limit, Order } from "../../types.ts";
import { filledPart } from "./fill.ts";
import { evaluateMaker } from "./maker.ts";
import type { MetMaker } from "./maker.ts";
import { shapeOrder } from "./shape.ts";
import type { ShapedPart } from "./shape.ts";
import { branchSide, openSide, positionIn, requireRoom } from "./side.ts";
import type { Side } from "./side.ts";
import { checkCeiling, crossPart, payPart, raisedIn } from "./taker.ts";
import type { Crossed } from "./taker.ts";

/** What `fillMany` answers. */
export interface FilledMany {
  /** Units filled. */
  readonly units: bigint;
  /** What the taker paid in each part, fees included. */
  readonly paid: readonly bigint[];
}

/** A call under way: everything in memory, nothing written. */
interface Run {
  readonly context: Context;
  /** Makers that have filled, as their fills have left them. */
  readonly makers: Map<AccountId, Side>;
  readonly events: LedgerEvent[];
  readonly limits: readonly Limit[];
  /** The taker with its legs as the orders so far have left them. */
  taker: Side;
  units: bigint;
  /** Sums over the orders so far, part by part. */
  sums: readonly Crossed[];
}

const NOTHING: Crossed = { premium: 0n, fee: 0n, makerDraw: 0n, raises: false };

function addCrossed(a: Crossed, b: Crossed): Crossed {
  return {
    premium: a.premium + b.premium,
    fee: a.fee + b.fee,
    makerDraw: a.makerDraw + b.makerDraw,
    raises: a.raises || b.raises,
  };
}

/** The parts of an order that must be those of the first one, but for premium and draw. */
function shapeAlike(shaped: readonly ShapedPart[], { parts }: Order, index: number): ShapedPart[] {
  const alike =
    parts.length === shaped.length &&
    parts.every(({ book, legs }, at) => {
      const { part: first } = itemAt(shaped, at);
      const sameLegs = legs.length === first.legs.length;
      return book === first.book && sameLegs && legs.every((leg, i) => leg === first.legs[i]);
    });
  if (!alike) refuse("PartsDiffer", BigInt(index));
  return shaped.map((first, at) => ({ ...first, part: itemAt(parts, at) }));
}

/** What an order moves, part by part, or the gate that is shut to it. */
type CrossedOrder =
  | { readonly ok: true; readonly parts: readonly Crossed[] }
  | { readonly ok: false; readonly error: ModelError };

/** The gates of a book: an order that meets a shut one is skipped, because another may still fill. */
const GATES: readonly ErrorName[] = ["RiskRestricted", "CeilingReached"];

/** The pool that a call would lead to: with what makers drew and, as far as its limit goes, what the taker lacks. */
function reachOf(taker: Side, book: Book, sum: Crossed, { maxDraw }: Limit): bigint {
  const { collateral, legs } = positionIn(taker, book);
  const lack = requirement(book.market.scale, legs) - (collateral - sum.premium - sum.fee);
  return max(0n, book.pool + sum.makerDraw + max(0n, min(lack, maxDraw)) - sum.fee);
}

/** Crosses an order with the taker, part by part; the pool may not stand above the ceiling by it. */
function crossOrder(
  { context, sums, limits }: Run,
  taker: Side,
  shaped: readonly ShapedPart[],
  maker: MetMaker,
): CrossedOrder {
  try {
    const parts = shaped.map((part, at) => {
      const { book } = part;
      // Only what the call ends with has to fit: between two orders there may be twice as many legs.
      const most = 2n * MAX_LEGS;
      const crossed = crossPart(context, taker, part, itemAt(maker.parts, at), maker.units, most);
      const sum = addCrossed(itemAt(sums, at), crossed);
      checkCeiling(book, reachOf(taker, book, sum, itemAt(limits, at)), sum.raises);
      return crossed;
    });
    return { ok: true, parts };
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || !GATES.includes(thrown.error.name)) throw thrown;
    return { ok: false, error: thrown.error };
  }
}

/** One order of the call: skipped if its maker fails or a gate is shut to it, else crossed with the taker. */
function takeOrder(run: Run, fill: Fill, shaped: readonly ShapedPart[], most: bigint): void {
  const { context, makers, events } = run;
  const { order } = fill;
  const maker = branchSide(makers.get(order.account) ?? openSide(context.state, order.account));
  const ask = { taker: run.taker.id, ...fill, units: most, upTo: true };
  const met = evaluateMaker(context, maker, ask, shaped);
  const names = { maker: order.account, taker: run.taker.id, orderHash: met.orderHash };
  const skip = (reason: ModelError) => {
    events.push({ name: "FillSkipped", args: { ...names, reason } });
  };
  if (!met.ok) return skip(met.error);
  const taker = branchSide(run.taker);
  const crossed = crossOrder(run, taker, shaped, met);
  if (!crossed.ok) return skip(crossed.error);
  makers.set(order.account, maker);
  run.taker = taker;
  run.units += met.units;
  run.sums = run.sums.map((sum, at) => addCrossed(sum, itemAt(crossed.parts, at)));
  const parts = shaped.map((part, at) => filledPart(part, itemAt(crossed.parts, at), 0n));
  const { units, remaining } = met;
  const args = { ...names, nonce: order.nonce, units, remaining, parts };
  events.push({ name: "OrderFilled", args });
}

function checkRange(fills: readonly Fill[], minUnits: bigint, maxUnits: bigint): void {
  const count = BigInt(fills.length);
  if (count < 1n || count > MAX_FILLS) refuse("FillsBound", count, MAX_FILLS);
  if (minUnits < 1n || minUnits > maxUnits) refuse("UnitsRange", minUnits, maxUnits);
}

/** fillMany(account, fills, minUnits, maxUnits, limits): trade of the taking account. */
export function fillMany(
  context: Context,
  account: AccountId,
  fills: readonly Fill[],
  minUnits: bigint,
  maxUnits: bigint,
  limits: readonly Limit[],
): Effect<FilledMany> {
  requirePermitted(context, account, SCOPE_TRADE);
  checkRange(fills, minUnits, maxUnits);
  const shaped = shapeOrder(context, itemAt(fills, 0).order, maxUnits, limits);
  const taker = openSide(context.state, account);
  const sums = shaped.map(() => NOTHING);
  const run: Run = { context, taker, makers: new Map(), events: [], units: 0n, sums, limits };
  for (const [index, fill] of fills.entries()) {
    if (run.units === maxUnits) break;
    const alike = shapeAlike(shaped, fill.order, index);
    takeOrder(run, fill, alike, maxUnits - run.units);
  }
  const { units, events } = run;
  if (units < minUnits) refuse("UnitsShort", units, minUnits);
  const paid = shaped.map((part, at) => {
    requireRoom(run.taker, part.book, positionIn(run.taker, part.book).legs);
    return payPart(context, run.taker, part, at, itemAt(run.sums, at), itemAt(limits, at));
  });
  const raised = shaped.flatMap(({ book }, at) =>
    raisedIn(context, book, itemAt(run.sums, at).raises),
  );
  const allocated = shaped.flatMap(({ part }, at): readonly LedgerEvent[] => {
    const args = { account, book: part.book, delta: itemAt(paid, at).draw };
    return args.delta === 0n ? [] : [{ name: "Allocated", args }];
  });
  return {
    returned: { units, paid: run.sums.map(({ premium, fee }) => premium + fee) },
    events: [...events, ...allocated],
    queued: [...paid.flatMap(({ queued }) => queued), ...raised],
  };
}
