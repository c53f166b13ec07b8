import { expect } from "chai";
import fc from "fast-check";

import { packLegs, unpackLeg } from "../../../packages/contracts/src/orders/legs.ts";
import { legsText, packedLegsText, parseLegs } from "../../../tasks/lib/legs.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

describe("tasks/lib/legs", () => {
  it("reads signs, words, rights and strikes", () => {
    const legs = parseLegs("--legs", "+1 P2800, -2 C3200.5").map(unpackLeg);
    expect(legs).to.deep.equal([
      { strike: 280_000_000_000n, isCall: false, quantity: 1n },
      { strike: 320_050_000_000n, isCall: true, quantity: -2n },
    ]);
  });

  for (const text of [
    "buy 1 P2800, sell 2 C3200.5",
    "SELL 2 call 3200.50, Buy put 2800",
    "+P2800,−2C3_200.5",
    "  -2 C3200.5 ,1 P 2800",
  ]) {
    it(`takes ${JSON.stringify(text)} for the same`, () => {
      expect(parseLegs("--legs", text)).to.deep.equal(parseLegs("--legs", "+1 P2800, -2 C3200.5"));
    });
  }

  it("reads back what it writes, whatever the legs", () => {
    const leg = fc.record({
      strike: fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }),
      isCall: fc.boolean(),
      quantity: fc
        .bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n })
        .filter((q) => q !== 0n),
    });
    const legs = fc.uniqueArray(leg, {
      minLength: 1,
      maxLength: 32,
      selector: ({ strike, isCall }) => `${isCall}${strike}`,
    });
    fc.assert(
      fc.property(legs, (all) => {
        const packed = packLegs(all);
        expect(parseLegs("--legs", legsText(all))).to.deep.equal(packed);
        expect(parseLegs("--legs", packedLegsText(packed))).to.deep.equal(packed);
      }),
      { numRuns: 50 },
    );
  });

  for (const [text, message] of [
    ["", "leg 1 of 1 is empty"],
    ["+1 P2800,", "leg 2 of 2 is empty"],
    ["+1 X2800", 'cannot read "+1 X2800", leg 1 of 1: write a signed number of lots, P or C'],
    ["+1.5 P2800", 'cannot read "+1.5 P2800"'],
    ["+1 P2,800", "commas divide legs, not thousands"],
    ["+0 P2800", "leg 1 of 1 has 0 lots"],
    ["+9223372036854775808 P2800", "has 9223372036854775808 lots: they must be 1 to"],
    ["+1 P0", "has the strike 0: it must be above 0"],
    ["+1 P92233720368.54775808", "and at most 92233720368.54775807"],
    ["+1 P2800.123456789", "strike: 2800.123456789 has more than 8 decimals"],
    ["+1 P2800, -1 C3000, +2 P2800", "P2800 stands there twice: merge the two into one leg"],
    [
      Array.from({ length: 33 }, (_, i) => `+1 P${i + 1}`).join(),
      "33 legs are too many: at most 32",
    ],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(() => parseLegs("--legs", text)).to.throw(UsageError, message);
    });
  }
});
