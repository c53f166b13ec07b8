import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, addLegs, payoff, payout, payoffCurve, requirement } from "@certus/model";
import type { Leg, Scale } from "@certus/model";
import { holdings, packages, prices, scales } from "../../../test/helpers/arbitraries.ts";
import { leg } from "./helpers/scene.ts";

const WHOLE = 10n ** 8n;

describe("payoff", () => {
  describe("payoff", () => {
    it("is what a call and a put are worth", () => {
      expect([1n, 10n, 12n].map((price) => payoff(true, 10n, price))).to.deep.equal([0n, 0n, 2n]);
      expect([1n, 10n, 12n].map((price) => payoff(false, 10n, price))).to.deep.equal([9n, 0n, 0n]);
    });
  });

  describe("payout", () => {
    it("pays the difference in a linear book", () => {
      const scale = { inverse: false, num: 1n, den: 100n };
      expect(payout(scale, 0n, [leg("put", 1800, 2)], 1_500n * WHOLE)).to.equal(600_000_000n);
      expect(payout(scale, 3_600_000_000n, [leg("put", 1800, -2)], 1_500n * WHOLE)).to.equal(
        3_000_000_000n,
      );
    });

    it("pays the difference in the underlying in an inverse book", () => {
      const scale = { inverse: true, num: 10n ** 16n, den: 1n };
      expect(payout(scale, 0n, [leg("call", 2000, 1)], 2_500n * WHOLE)).to.equal(2n * 10n ** 15n);
      expect(payout(scale, 10n ** 16n, [leg("call", 2000, -1)], 2_500n * WHOLE)).to.equal(
        8n * 10n ** 15n,
      );
    });

    it("floors a residue toward minus infinity for either sign", () => {
      const linear = { inverse: false, num: 1n, den: 3n };
      const put = (quantity: bigint): Leg => ({ strike: 10n, isCall: false, quantity });
      expect(payout(linear, 4n, [put(1n)], 5n)).to.equal(5n);
      expect(payout(linear, 4n, [put(-1n)], 5n)).to.equal(2n);
    });

    it("divides once an account, not once a leg", () => {
      const linear = { inverse: false, num: 1n, den: 3n };
      const legs = [4n, 5n].map((strike) => ({ strike, isCall: false, quantity: 1n }));
      expect(payout(linear, 0n, legs, 3n)).to.equal(1n);
    });

    it("is never negative for a covered account", () => {
      const cases = holdings().chain((held) => fc.tuple(fc.constant(held), prices(held.legs)));
      fc.assert(
        fc.property(cases, ([{ scale, legs }, price]) => {
          const collateral = requirement(scale, legs);
          expect(payout(scale, collateral, legs, price) >= 0n).to.equal(true);
        }),
        { numRuns: 1_000 },
      );
    });

    it("never pays out more than covered accounts with zero sum put in", () => {
      fc.assert(
        fc.property(markets(), ({ scale, trades, price }) => {
          const held = cross(trades);
          const collaterals = held.map((legs) => requirement(scale, legs));
          const pool = collaterals.reduce((sum, each) => sum + each, 0n);
          const paid = held
            .map((legs, index) => payout(scale, collaterals[index] ?? 0n, legs, price))
            .reduce((sum, each) => sum + each, 0n);
          expect(paid <= pool, `paid ${paid} of ${pool}`).to.equal(true);
          expect(pool - paid < BigInt(held.length), "dust below one unit an account").to.equal(
            true,
          );
        }),
        { numRuns: 1_000 },
      );
    });
  });

  describe("payoffCurve", () => {
    it("shows the ends, every strike between and equal steps", () => {
      const scale = { inverse: false, num: 1n, den: 100n };
      const curve = payoffCurve(scale, 100_000_000n, [leg("put", 1700, 1), leg("put", 1800, -1)], {
        from: 1_600n * WHOLE,
        to: 2_000n * WHOLE,
        steps: 2n,
      });
      expect(curve.map(({ price }) => price / WHOLE)).to.deep.equal([1600n, 1700n, 1800n, 2000n]);
      expect(curve.map((point) => point.payout)).to.deep.equal([
        0n,
        0n,
        100_000_000n,
        100_000_000n,
      ]);
      expect(curve[0]?.value).to.equal(-100n * WHOLE);
    });

    it("reaches from half the lowest strike to twice the highest unless told otherwise", () => {
      const scale = { inverse: false, num: 1n, den: 1n };
      const curve = payoffCurve(scale, 0n, [leg("put", 1700, 1), leg("put", 1800, -1)]);
      expect(curve.map(({ price }) => price / WHOLE)).to.deep.equal([850n, 1700n, 1800n, 3600n]);
      expect(payoffCurve(scale, 5n, []).map((point) => point.payout)).to.deep.equal([5n, 5n]);
    });

    it("ascends strictly within the prices that can settle", () => {
      fc.assert(
        fc.property(holdings(), fc.bigInt(1n, 50n), ({ scale, legs }, steps) => {
          const curve = payoffCurve(scale, 0n, legs, { steps }).map(({ price }) => price);
          expect(curve.every((price) => price >= 1n && price <= MAX_INT64)).to.equal(true);
          expect(curve.slice(1).every((price, index) => price > (curve[index] ?? 0n))).to.equal(
            true,
          );
        }),
      );
    });
  });
});

interface Trade {
  readonly maker: number;
  readonly taker: number;
  readonly legs: readonly Leg[];
}

const ACCOUNTS = 4;

function markets(): fc.Arbitrary<{ scale: Scale; trades: readonly Trade[]; price: bigint }> {
  const account = fc.nat(ACCOUNTS - 1);
  const trade = (inverse: boolean): fc.Arbitrary<Trade> =>
    fc.record({
      maker: account,
      taker: account,
      legs: packages({ inverse, tick: 7n, most: 1n << 60n }),
    });
  return fc
    .boolean()
    .chain((inverse) =>
      fc.record({
        scale: scales(inverse),
        trades: fc.array(trade(inverse), { minLength: 1, maxLength: 8 }),
      }),
    )
    .chain(({ scale, trades }) =>
      fc.record({
        scale: fc.constant(scale),
        trades: fc.constant(trades),
        price: prices(trades.flatMap(({ legs }) => legs)),
      }),
    );
}

/** What each account holds after trades with one another: every quantity has its negation somewhere. */
function cross(trades: readonly Trade[]): readonly (readonly Leg[])[] {
  const held: (readonly Leg[])[] = Array.from({ length: ACCOUNTS }, () => []);
  for (const { maker, taker, legs } of trades) {
    held[maker] = addLegs(held[maker] ?? [], legs, 1n);
    held[taker] = addLegs(held[taker] ?? [], legs, -1n);
  }
  return held;
}
