import { requirement } from "@certus/model";
import type { Leg } from "@certus/model";
import { expect } from "chai";
import fc from "fast-check";

import { premiumOf } from "../../../packages/model/src/premium.ts";
import { unitDraw, unitPremium } from "../../../tasks/lib/unitMoney.ts";

const DOLLAR = 10n ** 8n;
const LINEAR = { style: 0n, num: 1n, den: 10_000n };
const INVERSE = { style: 1n, num: 10n ** 16n, den: 1n };

describe("tasks/lib/unitMoney", () => {
  it("tells what a unit brings", () => {
    expect(unitPremium(LINEAR, 1_250n * DOLLAR)).to.equal(12_500_000n);
    expect(unitPremium(INVERSE, DOLLAR / 20n)).to.equal(5n * 10n ** 14n);
    expect(unitPremium(LINEAR, -1n)).to.equal(-1n);
  });

  it("lets an empty position of the maker be filled, however the fills are split", () => {
    const strike = fc.bigInt({ min: 1n, max: 10_000n }).map((price) => price * DOLLAR);
    const lots = fc.bigInt({ min: -50n, max: 50n }).filter((quantity) => quantity !== 0n);
    const leg = fc.record({ strike, isCall: fc.constant(false), quantity: lots });
    const scale = fc.record({
      num: fc.bigInt({ min: 1n, max: 1_000n }),
      den: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    });
    fc.assert(
      fc.property(
        scale,
        leg,
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        fc.bigInt({ min: 1n, max: 1_000n }),
        ({ num, den }, one, premium, filled, units) => {
          const needed = (legs: readonly Leg[]) => requirement({ inverse: false, num, den }, legs);
          const allowed = unitDraw({ style: 0n, num, den }, needed([one]), premium);
          const received = premiumOf({ inverse: false, num, den }, premium, filled, units);
          const draw = needed([{ ...one, quantity: one.quantity * units }]) - received;
          expect(draw <= allowed * units).to.equal(true);
        },
      ),
    );
  });
});
