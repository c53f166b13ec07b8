import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, callSum, requirement, strikesOf, vectorValue } from "@certus/model";
import type { Leg, Scale } from "@certus/model";
import { biased, holdings, prices } from "../../../test/helpers/arbitraries.ts";
import { leg } from "./helpers/scene.ts";

/** One lot × one whole price = 10^6 base units: a market quoted in a token of 6 decimals. */
const LINEAR: Scale = { inverse: false, num: 1n, den: 100n };
/** One lot = 10^16 base units: a hundredth of a token of 18 decimals. */
const INVERSE: Scale = { inverse: true, num: 10n ** 16n, den: 1n };

/** collateral + V(S)·scale, times its positive denominator: exact, no division. */
function surplus(scale: Scale, collateral: bigint, legs: readonly Leg[], price: bigint): bigint {
  const divisor = scale.inverse ? scale.den * price : scale.den;
  return collateral * divisor + vectorValue(legs, price) * scale.num;
}

describe("coverage", () => {
  describe("requirement of a linear book", () => {
    it("asks K for a short put", () => {
      expect(requirement(LINEAR, [leg("put", 1800, -1)])).to.equal(1_800_000_000n);
    });

    it("asks nothing for a long put", () => {
      expect(requirement(LINEAR, [leg("put", 1800, 1)])).to.equal(0n);
    });

    it("asks its width for a put spread", () => {
      const spread = [leg("put", 1700, 3), leg("put", 1800, -3)];
      expect(requirement(LINEAR, spread)).to.equal(300_000_000n);
    });

    it("asks its width for a call spread sold", () => {
      expect(requirement(LINEAR, [leg("call", 2000, -2), leg("call", 2250, 2)])).to.equal(
        500_000_000n,
      );
    });

    it("asks the wider wing of an iron condor", () => {
      const condor = [
        leg("put", 1700, 1),
        leg("put", 1800, -1),
        leg("call", 2200, -1),
        leg("call", 2350, 1),
      ];
      expect(requirement(LINEAR, condor)).to.equal(150_000_000n);
    });

    it("asks nothing for a long box and its width for a short one", () => {
      const box = [
        leg("put", 1800, -1),
        leg("call", 1800, 1),
        leg("put", 2000, 1),
        leg("call", 2000, -1),
      ];
      const sold = box.map((each) => ({ ...each, quantity: -each.quantity }));
      expect(requirement(LINEAR, box)).to.equal(0n);
      expect(requirement(LINEAR, sold)).to.equal(200_000_000n);
    });

    it("rounds a residue up", () => {
      const scale = { inverse: false, num: 1n, den: 3n };
      expect(requirement(scale, [{ strike: 10n, isCall: false, quantity: -1n }])).to.equal(4n);
      expect(requirement(scale, [{ strike: 9n, isCall: false, quantity: -1n }])).to.equal(3n);
    });

    it("equals the worst of every single price on a small grid", () => {
      const small = fc.array(
        fc.record({
          strike: fc.bigInt(1n, 30n),
          isCall: fc.boolean(),
          quantity: fc.bigInt(-5n, 5n).filter((q) => q !== 0n),
        }),
        { minLength: 1, maxLength: 6 },
      );
      fc.assert(
        fc.property(small, fc.bigInt(1n, 9n), fc.bigInt(1n, 9n), (legs, num, den) => {
          fc.pre(callSum(legs) >= 0n);
          let worst = 0n;
          for (let price = 0n; price <= 40n; price++) {
            const loss = -vectorValue(legs, price) * num;
            while (worst * den < loss) worst++;
          }
          expect(requirement({ inverse: false, num, den }, legs)).to.equal(worst);
        }),
      );
    });

    it("refuses net short calls: no collateral is enough", () => {
      expect(() => requirement(LINEAR, [leg("call", 2000, -1)])).to.throw("no finite requirement");
    });
  });

  describe("requirement of an inverse book", () => {
    it("asks one unit of the underlying for a covered call", () => {
      expect(requirement(INVERSE, [leg("call", 2000, -1)])).to.equal(10n ** 16n);
    });

    it("asks (K2 − K1) / K2 for a call spread sold", () => {
      const spread = [leg("call", 2000, -1), leg("call", 2500, 1)];
      expect(requirement(INVERSE, spread)).to.equal(2n * 10n ** 15n);
    });

    it("asks nothing for a long call", () => {
      expect(requirement(INVERSE, [leg("call", 2000, 1)])).to.equal(0n);
    });

    it("rounds a residue up", () => {
      const scale = { inverse: true, num: 1n, den: 1n };
      const spread = [
        { strike: 2n, isCall: true, quantity: -1n },
        { strike: 3n, isCall: true, quantity: 1n },
      ];
      expect(requirement(scale, spread)).to.equal(1n);
    });
  });

  describe("requirement of any vector", () => {
    it("covers a thousand prices, knots or not", function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(
          holdings(),
          fc.infiniteStream(biased(1n, MAX_INT64)),
          ({ scale, legs }, drawn) => {
            const collateral = requirement(scale, legs);
            const near = strikesOf(legs).flatMap((strike) => [strike - 1n, strike, strike + 1n]);
            const random = [...drawn.take(1_000)];
            for (const price of [1n, MAX_INT64, ...near.filter((each) => each > 0n), ...random]) {
              expect(surplus(scale, collateral, legs, price) >= 0n, `at ${price}`).to.equal(true);
            }
          },
        ),
      );
    });

    it("is the least: one unit less leaves some price uncovered", () => {
      fc.assert(
        fc.property(holdings(), ({ scale, legs }) => {
          const less = requirement(scale, legs) - 1n;
          if (less < 0n) return;
          const knots = scale.inverse ? strikesOf(legs) : [0n, ...strikesOf(legs)];
          const atKnot = knots.some((price) => surplus(scale, less, legs, price) < 0n);
          const far = scale.inverse && less * scale.den + callSum(legs) * scale.num < 0n;
          expect(atKnot || far).to.equal(true);
        }),
        { numRuns: 1_000 },
      );
    });

    it("does not depend on the order of the legs", () => {
      fc.assert(
        fc.property(holdings(), fc.infiniteStream(fc.nat()), ({ scale, legs }, keys) => {
          const ranks = [...keys.take(legs.length)];
          const shuffled = legs
            .map((each, index) => ({ each, rank: ranks[index] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ each }) => each);
          expect(requirement(scale, shuffled)).to.equal(requirement(scale, legs));
        }),
      );
    });

    it("is never raised by a second vector's own collateral: it is subadditive", () => {
      const pairs = fc
        .boolean()
        .chain((inverse) =>
          fc.tuple(holdings(fc.constant(inverse)), holdings(fc.constant(inverse))),
        );
      fc.assert(
        fc.property(pairs, ([one, two]) => {
          const both = [...one.legs, ...two.legs];
          const apart = requirement(one.scale, one.legs) + requirement(one.scale, two.legs);
          expect(requirement(one.scale, both) <= apart).to.equal(true);
        }),
      );
    });

    it("keeps every value below 2^240", () => {
      const cases = holdings().chain((held) => fc.tuple(fc.constant(held), prices(held.legs)));
      fc.assert(
        fc.property(cases, ([{ scale, legs }, price]) => {
          const value = vectorValue(legs, price) * scale.num;
          expect(value < 1n << 240n && value > -(1n << 240n)).to.equal(true);
        }),
      );
    });
  });
});
