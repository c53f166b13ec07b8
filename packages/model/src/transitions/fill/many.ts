import { MAX_FILLS, SCOPE_TRADE } from "../../constants.ts";
import { requirePermitted } from "../../context.ts";
import type { Context, Effect } from "../../context.ts";
import { refuse } from "../../errors.ts";
import type { LedgerEvent } from "../../events.ts";
import { itemAt } from "../../lists.ts";
import type { AccountId, Fill, Limit, Order } from "../../types.ts";
import { filledPart } from "./fill.ts";
import { evaluateMaker } from "./maker.ts";
import type { MakerEvaluation } from "./maker.ts";
import { shapeOrder } from "./shape.ts";
import type { ShapedPart } from "./shape.ts";
import { branchSide, openSide } from "./side.ts";
import type { Side } from "./side.ts";
import { crossTaker, payTaker } from "./taker.ts";
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
  readonly taker: Side;
  /** Makers that have filled, as their fills have left them. */
  readonly makers: Map<AccountId, Side>;
  readonly events: LedgerEvent[];
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

/** Steps 4 and 5 of a fill, for a maker that its earlier fills of the call have moved. */
function meetMaker(run: Run, fill: Fill, shaped: readonly ShapedPart[], most: bigint) {
  const { context, makers, taker } = run;
  const { order } = fill;
  const side = branchSide(makers.get(order.account) ?? openSide(context.state, order.account));
  const ask = { taker: taker.id, ...fill, units: most, upTo: true };
  const maker: MakerEvaluation = evaluateMaker(context, side, ask, shaped);
  if (maker.ok) makers.set(order.account, side);
  return maker;
}

/** One order of the call: skipped if its maker fails, else crossed with the taker. */
function takeOrder(run: Run, fill: Fill, shaped: readonly ShapedPart[], most: bigint): void {
  const { context, taker, events } = run;
  const { order } = fill;
  const met = meetMaker(run, fill, shaped, most);
  const names = { maker: order.account, taker: taker.id, orderHash: met.orderHash };
  if (!met.ok) {
    events.push({ name: "FillSkipped", args: { ...names, reason: met.error } });
    return;
  }
  const crossed = crossTaker(context, taker, shaped, met.parts, met.units);
  run.units += met.units;
  run.sums = run.sums.map((sum, at) => addCrossed(sum, itemAt(crossed, at)));
  const parts = shaped.map((part, at) => filledPart(part, itemAt(crossed, at), 0n));
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
  const shaped = shapeOrder(context, itemAt(fills, 0).order, minUnits, limits);
  const taker = openSide(context.state, account);
  const sums = shaped.map(() => NOTHING);
  const run: Run = { context, taker, makers: new Map(), events: [], units: 0n, sums };
  for (const [index, fill] of fills.entries()) {
    if (run.units === maxUnits) break;
    const alike = shapeAlike(shaped, fill.order, index);
    takeOrder(run, fill, alike, maxUnits - run.units);
  }
  const { units, events } = run;
  if (units < minUnits) refuse("UnitsShort", units, minUnits);
  const { draws, queued } = payTaker(context, taker, shaped, run.sums, limits);
  const allocated = shaped.flatMap(({ part }, at): readonly LedgerEvent[] => {
    const args = { account, book: part.book, delta: itemAt(draws, at) };
    return args.delta === 0n ? [] : [{ name: "Allocated", args }];
  });
  const paid = run.sums.map(({ premium, fee }) => premium + fee);
  return { returned: { units, paid }, events: [...events, ...allocated], queued };
}
