import { expect } from "chai";

import { byPart, complete, limitsOf, limitsText } from "../../../tasks/lib/limits.ts";
import type { Token } from "../../../tasks/lib/tokens.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const USDC: Token = { address: "0x1", symbol: "USDC", decimals: 6 };
const WETH: Token = { address: "0x2", symbol: "WETH", decimals: 18 };

describe("tasks/lib/limits", () => {
  it("reads one limit a part, in the part's own token", () => {
    const found = limitsOf({ maxPay: "12.5; receive 0.1", maxDraw: "0; 2" }, [USDC, WETH]);
    expect(found).to.deep.equal([
      { maxPay: 12_500_000n, maxDraw: 0n },
      { maxPay: -(10n ** 17n), maxDraw: 2n * 10n ** 18n },
    ]);
  });

  it("reads what it writes", () => {
    const limits = [
      { maxPay: 12_500_000n, maxDraw: 0n },
      { maxPay: -1n, maxDraw: 1n },
    ];
    const text = limitsText(limits, [USDC, WETH]);
    expect(text).to.equal(
      '--max-pay "12.5; receive 0.000000000000000001" --max-draw "0; 0.000000000000000001"',
    );
    const [, maxPay, , maxDraw] = text.split('"');
    expect(limitsOf({ maxPay, maxDraw }, [USDC, WETH])).to.deep.equal(limits);
  });

  it("wants one value a part", () => {
    expect(() => byPart("--legs", "+1 P2800", 2)).to.throw(
      UsageError,
      "--legs has 1 entry, and the order 2 parts: write one a part, with ; between.",
    );
    expect(() => byPart("--legs", "+1 P2800;", 2)).to.throw(UsageError, "is empty: remove it");
  });

  it("says what limits would have to be when one is missing", () => {
    const given = limitsOf({ maxPay: "1", maxDraw: undefined }, [USDC]);
    expect(() => complete(given, () => "--max-draw 7")).to.throw(
      UsageError,
      "it would take --max-draw 7 now",
    );
  });
});
