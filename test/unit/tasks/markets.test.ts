import { expect } from "chai";

import { expiriesIn } from "../../../tasks/lib/books.ts";
import { matching } from "../../../tasks/lib/markets.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

/** A market whose key begins with these digits. */
const market = (number: number, digits: string) => ({
  number,
  market: BigInt(`0x${digits.padEnd(64, "0")}`),
  marketId: `0x${digits.padEnd(64, "f")}`,
});

describe("tasks/lib/markets", () => {
  const markets = [market(1, "1a2b3c4d"), market(2, "1a2b9999"), market(3, "0000abcd")];

  for (const [text, number] of [
    ["2", 2],
    ["0x1a2b3", 1],
    ["0x1A2B3C4D", 1],
    ["0x0000", 3],
    [`0x${"1a2b9999".padEnd(64, "f")}`, 2],
  ] as const) {
    it(`finds ${text.slice(0, 12)}`, () => {
      expect(matching(markets, "--market", text).number).to.equal(number);
    });
  }

  for (const [text, message] of [
    [
      "4",
      "4 is no market of this ledger: there are 1 (0x1a2b3c4d), 2 (0x1a2b9999), 3 (0x0000abcd)",
    ],
    ["0x1a2b", "means several markets: there are 1 (0x1a2b3c4d), 2 (0x1a2b9999)."],
    ["0x1a", "is no market: write its number in market:list, or its key or at least four"],
    ["eth", "is no market"],
  ] as const) {
    it(`says what is wrong with ${text}`, () => {
      expect(() => matching(markets, "--market", text)).to.throw(UsageError, message);
    });
  }

  it("says so when no market is listed", () => {
    expect(() => matching([], "--market", "1")).to.throw(UsageError, "none is listed yet");
  });
});

describe("tasks/lib/books", () => {
  const grid = { anchor: 100n, period: 10n };

  it("finds the expiries of a stretch of time", () => {
    expect(expiriesIn(grid, 0n, 121n)).to.deep.equal([100n, 110n, 120n]);
    expect(expiriesIn(grid, 110n, 120n)).to.deep.equal([110n]);
    expect(expiriesIn(grid, 111n, 120n)).to.deep.equal([]);
    expect(expiriesIn(grid, 111n, 1_000n, 2)).to.deep.equal([120n, 130n]);
  });
});
