import { expect } from "chai";
import { MAX_INT64, digestState } from "@certus/model";
import type { ErrorName, Leg, Order, Part } from "@certus/model";
import { evaluateMaker } from "../src/transitions/fill/maker.ts";

import { shapeOrder } from "../src/transitions/fill/shape.ts";
import { openSide } from "../src/transitions/fill/side.ts";
import {
  ALICE,
  BOB,
  EXPIRY,
  OPEN_LIMIT,
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

interface Given {
  readonly legs?: readonly Leg[];
  readonly part?: Partial<Part>;
  readonly order?: Partial<Order>;
  readonly units?: bigint;
  readonly forged?: boolean;
  /** What happens before. */
  readonly before?: (scene: Scene) => void;
}

const put = (quantity: bigint | number): Leg => leg("put", 1800, quantity);

/** What becomes of Alice as the maker of an order that Bob takes; nothing may have been written. */
function evaluate(given: Given): ReturnType<typeof evaluateMaker> {
  const scene = createScene({ cash: 10n ** 12n });
  const { ledger, linear, alice, bob } = scene;
  given.before?.(scene);
  const parts = [part(linear, given.legs ?? [put(-1)], given.part)];
  const signed = order(alice, parts, { units: 5n, ...given.order });
  const context = { state: ledger.state, world: ledger.world, env: from(BOB) };
  const units = given.units ?? 1n;
  const signature = sign(ledger, signed, given.forged === true ? BOB : ALICE);
  const ask = { taker: bob, order: signed, signer: ALICE, signature, units, upTo: false };
  const shaped = shapeOrder(context, signed, units, [OPEN_LIMIT]);
  const before = digestState(ledger.state);
  const evaluation = evaluateMaker(context, openSide(ledger.state, alice), ask, shaped);
  expect(digestState(ledger.state)).to.equal(before);
  return evaluation;
}

const fillFirst =
  (changes: Partial<Order>) =>
  ({ ledger, linear, alice, bob }: Scene): void => {
    expectOk(take(ledger, bob, order(alice, [part(linear, [put(-1)])], changes), 1n));
  };

const many = Array.from({ length: 32 }, (_, index) => leg("put", index + 1, 1));

/** Every error of a maker or its order, and what leads there. */
const CASES: readonly (readonly [ErrorName, Given])[] = [
  ["OrderExpired", { order: { deadline: 0n } }],
  ["ForeignTaker", { order: { taker: ALICE } }],
  ["EpochStale", { order: { epoch: 1n } }],
  [
    "OrderCancelled",
    { before: ({ ledger, alice }) => void expectOk(ledger.cancel(from(ALICE), alice, [0n])) },
  ],
  ["OrderFilledUp", { before: fillFirst({ units: 1n }) }],
  ["UnitsBound", { units: 6n }],
  ["NonceTaken", { before: fillFirst({ units: 9n }) }],
  ["BelowMinFill", { order: { minFill: 2n } }],
  ["BadSignature", { forged: true }],
  ["QuantityBound", { legs: [put(MAX_INT64)], units: 2n }],
  ["TooManyLegs", { legs: many, before: fillFirst({ nonce: 7n }) }],
  [
    "CollateralBound",
    { legs: [put(1)], part: { premium: MAX_INT64 }, order: { units: 1n << 60n }, units: 1n << 60n },
  ],
  ["DrawTooSmall", { part: { maxDraw: 1n } }],
  ["Undercovered", { legs: [put(-(10n ** 9n))] }],
];

describe("maker", () => {
  describe("evaluateMaker", () => {
    for (const [error, given] of CASES) {
      it(`skips an order that a fill is refused for with ${error}`, () => {
        expect(evaluate(given)).to.nested.include({ ok: false, "error.name": error });
      });
    }

    it("skips an order where maker and taker are one", () => {
      const { ledger, linear, alice } = createScene();
      const signed = order(alice, [part(linear, [put(-1)])], { deadline: EXPIRY });
      const context = { state: ledger.state, world: ledger.world, env: from(ALICE) };
      const ask = {
        taker: alice,
        order: signed,
        signer: ALICE,
        signature: sign(ledger, signed),
        units: 1n,
        upTo: false,
      };
      const shaped = shapeOrder(context, signed, 1n, [OPEN_LIMIT]);
      expect(evaluateMaker(context, openSide(ledger.state, alice), ask, shaped)).to.nested.include({
        ok: false,
        "error.name": "SameAccount",
      });
    });

    it("answers the maker's new state where nothing stands against it", () => {
      const evaluation = evaluate({ part: { premium: 100n }, units: 2n });
      const needed = 3_600_000_000n;
      const next = { collateral: needed, legs: [put(-2)], draw: needed - 2n };
      expect(evaluation).to.deep.include({ ok: true, units: 2n, remaining: 3n });
      expect(evaluation.ok && evaluation.parts[0]?.premium).to.equal(2n);
      expect(evaluation.ok && evaluation.parts[0]?.next).to.deep.include(next);
    });
  });
});
