import { findAccount, findBook, hashOrder, positionOf, requirement } from "@certus/model";
import type { AccountId, BookId, Position, State } from "@certus/model";

import type { Value } from "../../../scripts/lib/abi.ts";
import type { Sent } from "../chain/chain.ts";
import type { Interfaces } from "../world/deploy.ts";
import { AT } from "../world/places.ts";
import { fillArguments } from "./chainCalls.ts";
import type { Stage } from "./chainSide.ts";
import type { CallOf } from "./command.ts";
import { ensure, same, show } from "./difference.ts";
import type { Step } from "./lockstep.ts";
import type { Signatories } from "./signing.ts";

/** A position, and the least collateral that covers it. */
interface Side {
  readonly collateral: bigint;
  readonly needed: bigint;
}

/** Maker and taker in the book of a part. */
type Sides = readonly [maker: Side, taker: Side];

/** What the lens says before a fill, and how both sides stand then. */
export interface Foreseen {
  readonly call: CallOf<"fill">;
  /** The fields of a `FillPreview`. */
  readonly preview: readonly Value[];
  readonly before: readonly Sides[];
}

function sideOf(state: State, account: AccountId, id: BookId): Side {
  const book = findBook(state, id);
  if (book === undefined) return { collateral: 0n, needed: 0n };
  const { collateral, legs }: Position = positionOf(findAccount(state, account), book);
  return { collateral, needed: requirement(book.market.scale, legs) };
}

function sidesOf(state: State, { account, order }: CallOf<"fill">): readonly Sides[] {
  return order.parts.map(({ book }) => [
    sideOf(state, order.account, book),
    sideOf(state, account, book),
  ]);
}

/** Asks the lens what a fill would do in the next block. Throws a `Difference` if it has no answer. */
export async function foresee(
  { chain, interfaces }: Stage,
  state: State,
  call: CallOf<"fill">,
  signatories: Signatories,
): Promise<Foreseen> {
  const previewFill = interfaces.lens("previewFill");
  const data = previewFill.encode([call.sender, ...fillArguments(call, signatories)]);
  const answer = await chain.callNext(call.sender, AT.lens, data);
  ensure(answer.ok, "preview", () => `the lens ${tellRefusal(interfaces, answer)}`);
  const [preview] = previewFill.decode(answer.output) as readonly [readonly Value[]];
  return { call, preview, before: sidesOf(state, call) };
}

function tellRefusal({ errors }: Interfaces, sent: Sent): string {
  if (sent.ok) return "succeeds";
  const { name, args } = errors.decode(sent.data);
  return `refuses with ${name}${show(args)}`;
}

/**
 * Compares what the lens foresaw with what became of the fill.
 *
 * @param step - What both sides came to; they agree already.
 * @param state - The model's state after it.
 */
export function compareForeseen(
  interfaces: Interfaces,
  { call, preview, before }: Foreseen,
  sent: Sent,
  step: Step,
  state: State,
): void {
  const refusal = sent.ok ? "" : sent.data;
  const foreseen = preview[0];
  ensure(foreseen === refusal, "preview's refusal", () => {
    const data = String(foreseen);
    const said: Sent = data === "" ? { ok: true, output: "", logs: [] } : { ok: false, data };
    return `the fill ${tellRefusal(interfaces, sent)}, the preview ${tellRefusal(interfaces, said)}`;
  });
  const wanted = sent.ok
    ? [refusal, ...effectOf(call, before, step, state)]
    : [refusal, hashOrder(call.order), 0n, []];
  ensure(
    same(preview, wanted),
    "preview",
    () => `the lens foresees ${show(preview)}, but it is ${show(wanted)}`,
  );
}

/** What a fill did, as a preview tells it behind the refusal: by its event, what it returned and the state after it. */
function effectOf(
  call: CallOf<"fill">,
  before: readonly Sides[],
  { events = [], returned = [] }: Step,
  state: State,
): readonly Value[] {
  const filled = events.find(({ name }) => name === "OrderFilled");
  if (filled?.name !== "OrderFilled") throw new Error("a fill left no event");
  const { orderHash, remaining, parts } = filled.args;
  const [paid] = returned as readonly [readonly Value[]];
  const after = sidesOf(state, call);
  const told = parts.map(({ book, premium, fee, makerDraw, takerDraw }, at) => {
    const draws = [makerDraw, takerDraw];
    const sides = draws.map((draw, side) => {
      const [was, is] = [before[at]?.[side], after[at]?.[side]];
      if (was === undefined || is === undefined) throw new Error("a fill has parts of its own");
      return [draw, was.collateral, is.collateral, was.needed, is.needed];
    });
    const pool = findBook(state, book)?.pool ?? 0n;
    return [book, premium, fee, paid[at] ?? "", pool, ...sides];
  });
  return [orderHash, remaining, told];
}
