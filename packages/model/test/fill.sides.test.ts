import { expect } from "chai";
import { MAX_FEES, MAX_INT64, MAX_UINT112, hashOrder, seriesOf } from "@certus/model";
import type { Leg } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  GUARD,
  START,
  createScene,
  expectOk,
  from,
  holding,
  leg,
  order,
  part,
  sign,
  take,
} from "./helpers/scene.ts";

const put = (quantity: bigint | number): Leg => leg("put", 1800, quantity);
const COVER = 1_800_000_000n;

describe("fill: maker and taker", () => {
  describe("what moves", () => {
    it("moves legs, premium, fee and draws, and says so", () => {
      const { ledger, linear, alice, bob } = createScene({ cash: 10n ** 12n });
      const signed = order(alice, [part(linear, [put(-2)], { premium: 5_000_000_000n })], {
        units: 3n,
      });
      const outcome = take(ledger, bob, signed, 2n);
      // Two units of two puts: premium 2 × 50, four lots opened at a fee of 0.001, four strikes of cover.
      const [premium, fee] = [100_000_000n, 4_000n];
      const makerDraw = 4n * COVER - premium;
      const filled = {
        book: linear.book,
        premium,
        fee,
        makerDraw,
        takerDraw: premium + fee,
        legs: signed.parts[0]?.legs,
      };
      const args = {
        maker: alice,
        taker: bob,
        orderHash: hashOrder(signed),
        nonce: 0n,
        units: 2n,
        remaining: 1n,
        parts: [filled],
      };
      expect(outcome).to.deep.equal({
        ok: true,
        returned: [premium + fee],
        events: [{ name: "OrderFilled", args }],
        oracleEvents: [],
      });
      const cash = 10n ** 12n;
      expect(holding(ledger, alice, linear)).to.deep.equal({
        collateral: 4n * COVER,
        legs: [put(-4)],
        cash: cash - makerDraw,
      });
      expect(holding(ledger, bob, linear)).to.deep.equal({
        collateral: 0n,
        legs: [put(4)],
        cash: cash - premium - fee,
      });
      expect([linear.pool, linear.fees]).to.deep.equal([4n * COVER, fee]);
    });

    it("charges the taker for lots that it opens, leg by leg, turns included, and for no others", () => {
      const { ledger, linear, alice, bob } = createScene();
      const fill = (quantity: number, nonce: bigint) =>
        take(ledger, bob, order(alice, [part(linear, [put(quantity)])], { nonce }));
      expect(expectOk(fill(-5, 0n))).to.deep.equal([5_000n]);
      expect(expectOk(fill(3, 1n))).to.deep.equal([0n]);
      expect(expectOk(fill(7, 2n))).to.deep.equal([5_000n]);
      expect(expectOk(fill(-10, 3n))).to.deep.equal([5_000n]);
    });

    it("draws nothing while the collateral is enough", () => {
      const { ledger, linear, alice, bob } = createScene();
      expectOk(ledger.allocate(from(ALICE), alice, linear.book, COVER));
      const parts = [part(linear, [put(-1)], { maxDraw: 0n })];
      const outcome = take(ledger, bob, order(alice, parts));
      expect(outcome.ok && outcome.events[0]?.args).to.have.nested.property(
        "parts[0].makerDraw",
        0n,
      );
    });

    it("fills several books in one proportion, from one purse of cash", () => {
      const changes = { token: 0x10n, num: 1n, den: 1n, feePerLot: 0n };
      const scene = createScene({ inverse: changes, cash: COVER });
      const { ledger, linear, inverse, alice, bob } = scene;
      const parts = [part(linear, [put(-1)]), part(inverse, [leg("call", 2000, -1)])];
      parts.sort((a, b) => (a.book < b.book ? -1 : 1));
      const first = parts[0]?.book === linear.book;
      const call = () => take(ledger, bob, order(alice, parts));
      // The linear part needs all of the cash, the inverse one a single unit: whichever is last goes short.
      const last = first ? inverse : linear;
      const [left, needed] = first ? [0n, 1n] : [COVER - 1n, COVER];
      expectNothing(ledger, call, "Undercovered", alice, last.book, left, needed);
    });
  });

  describe("maker", () => {
    it("is refused by quantities, legs and collateral out of bounds", () => {
      const { ledger, linear, alice, bob } = createScene();
      const series = seriesOf(linear.book, false, put(1).strike);
      const call =
        (legs: readonly Leg[], units: bigint, changes = {}) =>
        () =>
          take(
            ledger,
            bob,
            order(alice, [part(linear, legs, changes)], { units, nonce: 9n }),
            units,
          );
      const half = 1n << 62n;
      expectNothing(ledger, call([put(half)], 2n), "QuantityBound", alice, series, 2n * half);
      expectOk(take(ledger, bob, order(alice, [part(linear, [put(3)])])));
      expectNothing(
        ledger,
        call([put(MAX_INT64 - 2n)], 1n),
        "QuantityBound",
        alice,
        series,
        MAX_INT64 + 1n,
      );
      const many = Array.from({ length: 32 }, (_, index) => leg("put", index + 1, 1));
      expectNothing(ledger, call(many, 1n), "TooManyLegs", alice, linear.book, 33n, 32n);
      const rich = { premium: MAX_INT64 };
      const value = (MAX_INT64 * (1n << 60n) + 99n) / 100n;
      const collateral = holding(ledger, alice, linear).collateral;
      expectNothing(
        ledger,
        call([leg("put", 5, 1)], 1n << 60n, rich),
        "CollateralBound",
        alice,
        linear.book,
        value + collateral,
        MAX_UINT112,
      );
    });

    it("may hold 2^112 − 1, and not one more", () => {
      const { ledger, linear, alice, bob } = createScene({
        linear: { den: 1n },
        cash: MAX_UINT112,
      });
      expectOk(ledger.allocate(from(ALICE), alice, linear.book, MAX_UINT112 - 7n));
      const call = (premium: bigint) => () =>
        take(ledger, bob, order(alice, [part(linear, [put(1)], { premium })]));
      const over = MAX_UINT112 + 1n;
      const bound = "CollateralBound";
      expectNothing(ledger, call(8n), bound, alice, linear.book, over, MAX_UINT112);
      // The maker's own bound is met; what stops the fill is the pool, to which the taker has to add.
      const pool = MAX_UINT112 - 7n + 7n + 1_800n * 10n ** 8n;
      expectNothing(ledger, call(7n), "PoolBound", linear.book, pool, MAX_UINT112);
    });

    it("may not draw itself above 2^112 − 1 either", () => {
      const { ledger, linear, alice, bob } = createScene({ linear: { den: 1n }, cash: 1n << 120n });
      const strike = (10n ** 8n) << 30n;
      const call = (quantity: bigint) => () => {
        const legs = [{ strike, isCall: false, quantity: -quantity }];
        return take(ledger, bob, order(alice, [part(linear, legs)], { units: 4n }));
      };
      // The least quantity whose cover, four units of strike × quantity, does not fit.
      const quantity = MAX_UINT112 / (4n * strike) + 1n;
      const needed = 4n * quantity * strike;
      const bound = "CollateralBound";
      expectNothing(ledger, call(quantity), bound, alice, linear.book, needed, MAX_UINT112);
      const less = needed - 4n * strike;
      expectNothing(ledger, call(quantity - 1n), "CeilingReached", linear.book, less, 10n ** 30n);
    });

    it("may draw itself to 2^112 − 1 exactly", () => {
      const terms = { den: 1n, strikeTick: 1n, feePerLot: 0n, ceiling: MAX_UINT112 };
      const { ledger, linear, alice, bob } = createScene({ linear: terms, cash: MAX_UINT112 });
      // (2^56 − 1)(2^56 + 1) = 2^112 − 1
      const legs = [{ strike: (1n << 56n) - 1n, isCall: false, quantity: -(1n << 56n) - 1n }];
      expectOk(take(ledger, bob, order(alice, [part(linear, legs)])));
      expect(holding(ledger, alice, linear).collateral).to.equal(MAX_UINT112);
    });

    it("draws at most maxDraw a unit, and at most its cash", () => {
      const { ledger, linear, alice, bob } = createScene({ cash: 2n * COVER });
      const call =
        (units: bigint, maxDraw: bigint, premium = 0n) =>
        () => {
          const parts = [part(linear, [put(-1)], { maxDraw, premium })];
          return take(ledger, bob, order(alice, parts, { units }));
        };
      const short = [alice, linear.book, 2n * COVER, 2n * COVER - 2n] as const;
      expectNothing(ledger, call(2n, COVER - 1n), "DrawTooSmall", ...short);
      const under = [alice, linear.book, 2n * COVER, 3n * COVER] as const;
      expectNothing(ledger, call(3n, COVER), "Undercovered", ...under);
      const paying = call(3n, 10n ** 30n, -(10n ** 12n));
      expectNothing(ledger, paying, "Undercovered", alice, linear.book, 0n, 3n * COVER);
      expectOk(call(2n, COVER)());
    });
  });

  describe("taker", () => {
    it("is refused by its own bounds after the maker's", () => {
      const { ledger, linear, alice, bob, carol } = createScene();
      const series = seriesOf(linear.book, false, put(1).strike);
      expectOk(take(ledger, bob, order(carol, [part(linear, [put(-1)])])));
      const big = order(alice, [part(linear, [put(-MAX_INT64)])]);
      expectOk(ledger.setGuard(from(GUARD), linear.market.market, 0n, START, 10n ** 30n));
      const call = () => take(ledger, bob, big);
      expectNothing(ledger, call, "QuantityBound", bob, series, MAX_INT64 + 1n);
      const many = Array.from({ length: 32 }, (_, index) => leg("put", index + 1, -1));
      const wide = () => take(ledger, bob, order(alice, [part(linear, many)]));
      expectNothing(ledger, wide, "TooManyLegs", bob, linear.book, 33n, 32n);
    });

    it("pays at most its limit, fee included, and draws at most its own", () => {
      const { ledger, linear, alice, bob } = createScene();
      const signed = order(alice, [part(linear, [put(-1)], { premium: 10n ** 9n })]);
      const call = (maxPay: bigint, maxDraw: bigint) => () => {
        const limits = [{ maxPay, maxDraw }];
        return ledger.fill(from(BOB), bob, signed, ALICE, sign(ledger, signed), 1n, limits);
      };
      const pay = 10_001_000n;
      expectNothing(ledger, call(pay - 1n, 0n), "PayAboveLimit", 0n, pay, pay - 1n);
      expectNothing(ledger, call(pay, pay - 1n), "DrawTooSmall", bob, linear.book, pay, pay - 1n);
      expect(expectOk(call(pay, pay)())).to.deep.equal([pay]);
    });

    it("receives a negative premium, less the fee", () => {
      const { ledger, linear, alice, bob } = createScene();
      const signed = order(alice, [part(linear, [put(1)], { premium: -(10n ** 9n) })]);
      expect(expectOk(take(ledger, bob, signed))).to.deep.equal([1_000n - 10_000_000n]);
      expect(holding(ledger, bob, linear).collateral).to.equal(COVER);
    });

    it("is refused where the book's fees or pool would outgrow their words", () => {
      const { ledger, linear, alice, bob } = createScene();
      const call = () => take(ledger, bob, order(alice, [part(linear, [put(-1)])]));
      linear.fees = MAX_FEES - 999n;
      expectNothing(ledger, call, "FeesBound", linear.book, MAX_FEES + 1n, MAX_FEES);
      linear.fees = 0n;
      linear.pool = MAX_UINT112 - COVER + 1n;
      const over = MAX_UINT112 + 1n;
      expectNothing(ledger, call, "PoolBound", linear.book, over, MAX_UINT112);
      linear.pool = MAX_UINT112 - COVER;
      expectNothing(ledger, call, "CeilingReached", linear.book, MAX_UINT112, 10n ** 30n);
    });
  });
});
