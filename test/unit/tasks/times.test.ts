import { expect } from "chai";

import { isDay, iso, parseSpan, parseTime, shownTime } from "../../../tasks/lib/times.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const NOW = 1_800_000_000n;
const CHRISTMAS = 1_798_156_800n;

describe("tasks/lib/times", () => {
  for (const [text, seconds] of [
    ["1798185600", 1_798_185_600n],
    ["2026-12-25", CHRISTMAS],
    ["2026-12-25T08:00Z", CHRISTMAS + 28_800n],
    ["2026-12-25 08:00", CHRISTMAS + 28_800n],
    ["2026-12-25T08:00:01", CHRISTMAS + 28_801n],
    ["2026-12-25T08:00+02:00", CHRISTMAS + 21_600n],
    ["+90s", NOW + 90n],
    ["+2h", NOW + 7_200n],
    ["+1w", NOW + 604_800n],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseTime("--deadline", text, NOW)).to.equal(seconds);
    });
  }

  for (const text of [
    "",
    "tomorrow",
    "2026-02-30",
    "2026-13-01",
    "25.12.2026",
    "12345",
    "+2",
    "+2y",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseTime("--deadline", text, NOW)).to.throw(
        UsageError,
        "is no time: write 2026",
      );
    });
  }

  it("refuses what no word of the ledger holds", () => {
    expect(() => parseTime("--deadline", "+99999999d", NOW)).to.throw(
      UsageError,
      "--deadline: +99999999d is later than any time of the ledger.",
    );
  });

  it("reads lengths of time", () => {
    const spans = ["0", "3600", "90s", "30 min", "1h", "7d", "2w"];
    const seconds = [0n, 3_600n, 90n, 1_800n, 3_600n, 604_800n, 1_209_600n];
    expect(spans.map((text) => parseSpan("horizon", text))).to.deep.equal(seconds);
    for (const text of ["", "-1", "1.5h", "+2h", "week"]) {
      expect(() => parseSpan("horizon", text)).to.throw(UsageError, "is no length of time");
    }
  });

  it("writes UTC", () => {
    expect(iso(CHRISTMAS)).to.equal("2026-12-25T00:00:00Z");
    expect(iso(8_640_000_000_000n)).to.equal("+275760-09-13T00:00:00Z");
    expect(iso(8_640_000_000_001n)).to.equal("8640000000001");
    expect(shownTime(CHRISTMAS)).to.equal("2026-12-25 00:00");
    expect(shownTime(CHRISTMAS + 1n)).to.equal("2026-12-25 00:00:01");
  });

  it("tells days from times", () => {
    expect(isDay("2026-12-25")).to.equal(true);
    expect(isDay("2026-12-25T08:00Z")).to.equal(false);
  });
});
