import { expect } from "chai";
import type { Limit, Part } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  GUARD,
  OPEN_LIMIT,
  START,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  sign,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

const NO_PAY: Limit = { ...OPEN_LIMIT, maxPay: -1n };

/** One part in each book, ascending. */
function twoParts({ linear, inverse }: Scene, lots: bigint): readonly Part[] {
  const parts = [part(linear, [leg("put", 1800, lots)]), part(inverse, [leg("call", 2000, lots)])];
  return parts.sort((a, b) => (a.book < b.book ? -1 : 1));
}

/** Bob takes both parts from Alice. */
function taking({ ledger, alice, bob }: Scene, parts: readonly Part[], limits: readonly Limit[]) {
  const signed = order(alice, parts, { nonce: 9n });
  return () => ledger.fill(from(BOB), bob, signed, ALICE, sign(ledger, signed), 1n, limits);
}

describe("fill: step 6", () => {
  it("takes the parts one after another: what one pays before the legs and gates of the next", () => {
    const scene = createScene();
    const { ledger, linear, inverse, bob, carol } = scene;
    const parts = twoParts(scene, -1n);
    const [first, last] = parts[0]?.book === linear.book ? [linear, inverse] : [inverse, linear];
    const call = (limit: Limit) => taking(scene, parts, [limit, OPEN_LIMIT]);
    const right = last === inverse ? "call" : "put";
    const many = Array.from({ length: 32 }, (_, index) => leg(right, index + 1, -1));
    expectOk(take(ledger, bob, order(carol, [part(last, many)])));
    expectOk(ledger.setGuard(from(GUARD), last.market.market, 1n, START + 10n, 1n));
    const pay = payOf(scene, parts);
    expectNothing(ledger, call(NO_PAY), "PayAboveLimit", 0n, pay, -1n);
    const draw = [bob, first.book, pay, 0n] as const;
    expectNothing(ledger, call({ ...OPEN_LIMIT, maxDraw: 0n }), "DrawTooSmall", ...draw);
    expectNothing(ledger, call(OPEN_LIMIT), "TooManyLegs", bob, last.book, 33n, 32n);
  });

  it("looks at the pool of one part before the pay of the next", () => {
    const scene = createScene();
    const { ledger, linear, inverse } = scene;
    const parts = twoParts(scene, -1n);
    const first = parts[0]?.book === linear.book ? linear : inverse;
    expectOk(ledger.setGuard(from(GUARD), first.market.market, 0n, START, 1n));
    const outcome = taking(scene, parts, [OPEN_LIMIT, NO_PAY])();
    expect(outcome.ok ? "" : outcome.error.name).to.equal("CeilingReached");
  });
});

/** What the first part costs its taker: the fee of one lot. */
function payOf({ linear }: Scene, parts: readonly Part[]): bigint {
  return parts[0]?.book === linear.book ? 1_000n : 10n ** 12n;
}
