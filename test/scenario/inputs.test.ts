import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { readHistory } from "../../scripts/demo/csv.ts";
import { parseOptions } from "../../scripts/demo/options.ts";
import { UsageError } from "../../scripts/demo/usage.ts";

describe("the demo's price files", () => {
  const folder = mkdtempSync(join(tmpdir(), "certus-csv-"));
  const file = (content: string | Buffer) => {
    const path = join(folder, "prices.csv");
    writeFileSync(path, content);
    return path;
  };
  const BARS = "ts,utc,open,close\n1767340800,x,1,2500.5\n1767344400,x,2,2600\n1767351600,x,3,7\n";

  after(() => rmSync(folder, { recursive: true }));

  it("publishes a close at the end of its bar", () => {
    const { rounds, column, delay } = readHistory(file(BARS));
    expect({ column, delay }).to.deep.equal({ column: "close", delay: 3_600n });
    expect(rounds).to.deep.equal([
      { time: 1_767_344_400n, answer: 250_050_000_000n },
      { time: 1_767_348_000n, answer: 260_000_000_000n },
      { time: 1_767_355_200n, answer: 700_000_000n },
    ]);
  });

  it("publishes a price at its own time", () => {
    const path = file("timestamp,price\n1767340800,0.123456789\n1767340860,1\n");
    expect(readHistory(path)).to.deep.equal({
      column: "price",
      delay: 0n,
      rounds: [
        { time: 1_767_340_800n, answer: 12_345_678n },
        { time: 1_767_340_860n, answer: 100_000_000n },
      ],
    });
  });

  it("reads gzip", () => {
    expect(readHistory(file(gzipSync(BARS))).rounds).to.have.length(3);
  });

  const REFUSED: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ["an empty file", "", /is empty/],
    ["a header alone", "ts,close\n", /has 0 rows/],
    ["a file without a header", "1767340800,5\n1767344400,6\n", /no column ts, timestamp, time/],
    ["a file without prices", "ts,volume\n1767340800,5\n", /no column close, price: ts, volume/],
    ["milliseconds", "ts,close\n1767340800000,5\n1767344400000,6\n", /line 2: .* unix seconds/],
    ["a word for a price", "ts,close\n1767340800,5\n1767344400,nan\n", /line 3: "nan" is no price/],
    ["a price of zero", "ts,close\n1767340800,5\n1767344400,0.00\n", /line 3: .* is zero/],
    [
      "rows out of order",
      "ts,close\n1767344400,5\n1767340800,6\n",
      /line 3: 1767340800 is not after/,
    ],
    ["a time twice", "ts,close\n1767340800,5\n1767340800,6\n", /line 3: 1767340800 is not after/],
    ["a broken gzip file", Buffer.from([0x1f, 0x8b, 1, 2, 3]), /like a gzip file and is none/],
  ];
  for (const [what, content, message] of REFUSED) {
    it(`refuses ${what}`, () => {
      expect(() => readHistory(file(content))).to.throw(UsageError, message);
    });
  }

  it("refuses a file that is missing, and a column that is", () => {
    expect(() => readHistory(join(folder, "none.csv"))).to.throw(UsageError, /none.csv: ENOENT/);
    expect(() => readHistory(file(BARS), "price")).to.throw(UsageError, /no column price/);
  });
});

describe("the demo's options", () => {
  it("default to the built-in week, and for a file to every week and all of it", () => {
    const plain = { help: false, oracle: "multi", replay: undefined };
    expect(parseOptions([])).to.deep.equal(plain);
    expect(parseOptions(["--oracle", "single"])).to.deep.equal({ ...plain, oracle: "single" });
    expect(parseOptions(["--data", "x.csv"]).replay).to.deep.equal({
      file: "x.csv",
      column: undefined,
      every: "week",
      from: undefined,
      to: undefined,
      max: undefined,
      json: undefined,
      oracle: "multi",
    });
  });

  it("include the whole of the last day", () => {
    const args = ["--data", "x", "--from", "2018-02-09", "--to", "2018-02-09", "--max", "3"];
    expect(parseOptions(args).replay).to.include({
      from: 1_518_134_400n,
      to: 1_518_220_799n,
      max: 3,
    });
  });

  const REFUSED: readonly (readonly [readonly string[], RegExp])[] = [
    [["--max", "3"], /--max needs --data FILE/],
    [["--oracle", "none"], /--oracle none: one of multi, single/],
    [["--data", "x", "--max", "0"], /--max 0: a whole number from 1 on/],
    [["--data", "x", "--max", "2.5"], /--max 2.5/],
    [["--data", "x", "--every", "month"], /--every month: one of week, day/],
    [["--data", "x", "--column", "open"], /--column open: one of close, price/],
    [["--data", "x", "--from", "2018-02-30"], /--from 2018-02-30: a day as YYYY-MM-DD/],
    [["--data", "x", "--to", "yesterday"], /--to yesterday/],
    [["--data", "x", "--from", "2019-01-01", "--to", "2018-01-01"], /is after --to/],
    [["--data"], /--data/],
    [["--speed", "9"], /--speed/],
    [["prices.csv"], /prices.csv/],
  ];
  for (const [args, message] of REFUSED) {
    it(`refuse ${args.join(" ")}`, () => {
      expect(() => parseOptions(args)).to.throw(UsageError, message);
    });
  }
});
