import { expect } from "chai";
import fc from "fast-check";
import { ceilDiv, floorDiv, gcd } from "@certus/model";
import { biased, signed } from "../../../test/helpers/arbitraries.ts";

describe("rounding", () => {
  describe("floorDiv", () => {
    it("rounds toward minus infinity for either sign", () => {
      expect([7n, -7n, 6n, -6n, 0n].map((n) => floorDiv(n, 3n))).to.deep.equal([
        2n,
        -3n,
        2n,
        -2n,
        0n,
      ]);
    });
  });

  describe("ceilDiv", () => {
    it("rounds toward plus infinity for either sign", () => {
      expect([7n, -7n, 6n, -6n, 0n].map((n) => ceilDiv(n, 3n))).to.deep.equal([
        3n,
        -2n,
        2n,
        -2n,
        0n,
      ]);
    });

    it("brackets the quotient together with floorDiv, and mirrors it", () => {
      const cases = fc.tuple(signed(1n << 240n), biased(1n, 1n << 128n));
      fc.assert(
        fc.property(cases, ([n, d]) => {
          const [low, high] = [floorDiv(n, d), ceilDiv(n, d)];
          expect(low * d <= n && n < (low + 1n) * d, "floor").to.equal(true);
          expect((high - 1n) * d < n && n <= high * d, "ceiling").to.equal(true);
          expect(high).to.equal(-floorDiv(-n, d));
        }),
      );
    });
  });

  describe("gcd", () => {
    it("divides both and leaves nothing in common", () => {
      expect([gcd(12n, 18n), gcd(7n, 13n), gcd(0n, 5n), gcd(5n, 0n)]).to.deep.equal([
        6n,
        1n,
        5n,
        5n,
      ]);
    });
  });
});
