import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { toBeHex, ZeroAddress, ZeroHash, zeroPadValue } from "ethers";

import { root } from "../../../scripts/lib/proc.ts";
import { parseTerms, termsFields } from "../../../tasks/lib/termsFile.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const NOW = 1_800_000_000n;
const DECIMALS = 6;
const [FEED, TOKEN, ORACLE] = [1, 2, 3].map((i) => toBeHex(i, 20)) as [string, string, string];

/** As somebody writes it by hand. */
const WRITTEN = {
  feed: FEED,
  token: TOKEN,
  style: "linear",
  lot: { num: 1, den: "10000" },
  strikeTick: "10",
  oracle: ORACLE,
  profile: { maxCeiling: "1000000" },
  gridAnchor: "1970-01-02T08:00Z",
  gridPeriod: "7d",
  horizon: 691_200,
  lastTrade: "1h",
  feePerLot: 0.001,
  ceiling: "500000",
};

/** As the ledger takes it. */
const TERMS = {
  feed: zeroPadValue(FEED, 32),
  token: TOKEN,
  style: 0n,
  num: 1n,
  den: 10_000n,
  strikeTick: 1_000_000_000n,
  priceExp: 0n,
  oracle: ORACLE,
  profile: toBeHex(1_000_000_000_000n << 8n, 32),
  guard: ZeroAddress,
  gridAnchor: 115_200n,
  gridPeriod: 604_800n,
  horizon: 691_200n,
  lastTrade: 3_600n,
  feePerLot: 1_000n,
  ceiling: 500_000_000_000n,
  marginMode: 0n,
  salt: ZeroHash,
};

function read(document: unknown) {
  return parseTerms("t.json", termsFields("t.json", JSON.stringify(document)), DECIMALS, NOW);
}

describe("tasks/lib/termsFile", () => {
  it("reads terms as people write them", () => {
    expect(read(WRITTEN)).to.deep.equal(TERMS);
  });

  it("reads the terms that docs/tasks.md shows", async () => {
    const page = await readFile(join(root, "docs/tasks.md"), "utf8");
    const [, shown = ""] = /^```json\n([^]*?)^```/m.exec(page) ?? [];
    const terms = read(JSON.parse(shown.replaceAll("0x…", FEED)));
    expect(terms).to.include({ num: 1n, den: 10_000n, horizon: 691_200n, feePerLot: 1_000n });
  });

  it("reads what market:show --json prints", () => {
    const terms = {
      ...WRITTEN,
      token: undefined,
      profile: TERMS.profile,
      priceExp: 0,
      guard: null,
      strikeTick: { raw: "1000000000", price: "10" },
      gridAnchor: { unix: 115_200, iso: "1970-01-02T08:00:00Z" },
      gridPeriod: 604_800,
      feePerLot: { base: "1000", amount: "0.001", symbol: "USDC" },
      ceiling: { base: "500000000000", amount: "500000", symbol: "USDC" },
      marginMode: 0,
      salt: ZeroHash,
    };
    const token = { address: TOKEN, symbol: "USDC", decimals: DECIMALS };
    expect(read({ number: 1, retired: false, token, terms })).to.deep.equal(TERMS);
  });

  for (const [changed, sentence] of [
    [{ feed: undefined, tick: 1 }, "--terms: t.json: tick is no term, feed is missing. Terms are"],
    [{ style: "exotic" }, 't.json, style: "exotic" is no style: write linear or inverse.'],
    [{ lot: 5 }, "t.json, lot.num: "],
    [
      { strikeTick: -1 },
      "t.json, strikeTick: -100000000 must be between 0 and 18446744073709551615.",
    ],
    [{ gridPeriod: "weekly" }, 't.json, gridPeriod: "weekly" is no length of time: write seconds,'],
    [{ horizon: 2 ** 41 }, "t.json, horizon: 2199023255552 must be between 0 and 1099511627775."],
    [{ feePerLot: "0.0000001" }, "t.json, feePerLot: 0.0000001 has more than 6 decimals"],
    [{ profile: "0x12" }, 't.json, profile: "0x12" is no word: write 0x and 64 digits.'],
    [{ profile: { ceiling: 1 } }, "t.json, profile.maxCeiling: "],
    [{ guard: "me" }, 't.json, guard: "me" is no address'],
    [{ oracle: { at: 1 } }, "t.json, oracle: "],
    [{ gridAnchor: "friday" }, 't.json, gridAnchor: "friday" is no time'],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(changed)}`, () => {
      expect(() => read({ ...WRITTEN, ...changed })).to.throw(UsageError, sentence);
    });
  }

  it("says so when a file holds no terms", () => {
    expect(() => termsFields("t.json", "{")).to.throw(UsageError, "--terms: t.json is no JSON: ");
    expect(() => termsFields("t.json", "[]")).to.throw(UsageError, "holds no JSON object");
  });
});
