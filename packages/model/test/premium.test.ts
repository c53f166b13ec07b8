import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, premiumOf, premiumUpTo } from "@certus/model";
import type { Scale } from "@certus/model";
import { biased, scales, signed } from "../../../test/helpers/arbitraries.ts";

const THIRDS: Scale = { inverse: false, num: 1n, den: 3n };

describe("premium", () => {
  describe("premiumUpTo", () => {
    it("rounds toward plus infinity for either sign", () => {
      expect([1n, 2n, 3n].map((units) => premiumUpTo(THIRDS, 10n, units))).to.deep.equal([
        4n,
        7n,
        10n,
      ]);
      expect([1n, 2n, 3n].map((units) => premiumUpTo(THIRDS, -10n, units))).to.deep.equal([
        -3n,
        -6n,
        -10n,
      ]);
    });

    it("divides by a whole price more in an inverse book", () => {
      const scale = { inverse: true, num: 10n ** 16n, den: 1n };
      expect(premiumUpTo(scale, 5_000_000n, 2n)).to.equal(10n ** 15n);
      expect(premiumUpTo({ ...scale, num: 1n }, 1n, 1n)).to.equal(1n);
      expect(premiumUpTo({ ...scale, num: 1n }, -1n, 1n)).to.equal(0n);
    });
  });

  describe("premiumOf", () => {
    it("gives the fills of an order what the whole order is worth", () => {
      const fills = fc.array(biased(1n, 1n << 61n), { minLength: 1, maxLength: 6 });
      const anyScale = fc.boolean().chain(scales);
      fc.assert(
        fc.property(anyScale, signed(MAX_INT64), fills, (scale, price, sizes) => {
          let filled = 0n;
          let moved = 0n;
          for (const units of sizes) {
            moved += premiumOf(scale, price, filled, units);
            filled += units;
          }
          expect(moved).to.equal(premiumUpTo(scale, price, filled));
        }),
      );
    });

    it("moves the residue with the fill that crosses it", () => {
      expect([0n, 1n, 2n].map((filled) => premiumOf(THIRDS, 10n, filled, 1n))).to.deep.equal([
        4n,
        3n,
        3n,
      ]);
    });
  });
});
