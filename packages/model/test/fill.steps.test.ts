import { expect } from "chai";
import { seriesOf } from "@certus/model";
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

/** Series of the second part. */
function lastSeries(parts: readonly Part[], { linear }: Scene): bigint {
  const book = parts[1]?.book ?? 0n;
  const strike = book === linear.book ? leg("put", 1800, 1).strike : leg("call", 2000, 1).strike;
  return seriesOf(book, book !== linear.book, strike);
}

/** Bob takes both parts from Alice. */
function taking({ ledger, alice, bob }: Scene, parts: readonly Part[], limits: readonly Limit[]) {
  const signed = order(alice, parts, { nonce: 9n });
  return () => ledger.fill(from(BOB), bob, signed, ALICE, sign(ledger, signed), 1n, limits);
}

describe("fill: steps 6 and 7", () => {
  it("look at the gates of all parts before what the first one costs", () => {
    const scene = createScene();
    const parts = twoParts(scene, -1n);
    const last = parts[1]?.book === scene.linear.book ? scene.linear : scene.inverse;
    const call = taking(scene, parts, [NO_PAY, OPEN_LIMIT]);
    expectNothing(scene.ledger, call, "PayAboveLimit", 0n, payOf(scene, parts), -1n);
    expectOk(scene.ledger.setGuard(from(GUARD), last.market.market, 1n, START + 10n, 1n));
    const series = lastSeries(parts, scene);
    expectNothing(scene.ledger, call, "RiskRestricted", last.book, series);
  });

  it("look at the legs of all parts before what the first one costs", () => {
    const scene = createScene();
    const { ledger, linear, inverse, bob, carol } = scene;
    const parts = twoParts(scene, -1n);
    const last = parts[1]?.book === linear.book ? linear : inverse;
    const call = taking(scene, parts, [NO_PAY, OPEN_LIMIT]);
    const right = last === inverse ? "call" : "put";
    const many = Array.from({ length: 32 }, (_, index) => leg(right, index + 1, -1));
    expectOk(take(ledger, bob, order(carol, [part(last, many)])));
    expectNothing(ledger, call, "TooManyLegs", bob, last.book, 33n, 32n);
  });

  it("take part by part what is left: pay, cover, fees and pool of one before the pay of the next", () => {
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
