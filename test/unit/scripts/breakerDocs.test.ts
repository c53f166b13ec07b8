import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ALARMS, TRIGGERS, WAITING } from "@certus/model";
import { expect } from "chai";

import { MARKS, duration, withTriggers } from "../../../scripts/lib/breaker-docs.ts";
import { root } from "../../../scripts/lib/proc.ts";

const { begin, end } = MARKS;

describe("docs:breakers", () => {
  it("finds docs/breakers.md as the table has it", async () => {
    const page = readFileSync(join(root, "docs/breakers.md"), "utf8");
    expect(await withTriggers(page)).to.equal(page);
  });

  it("writes every trigger, what waits and every alarm between the marks, and nothing else", async () => {
    const text = await withTriggers(`before\n\n${begin}\nobsolete\n${end}\n\nafter\n`);
    expect(text)
      .to.match(/^before\n/)
      .and.match(/\nafter\n$/);
    expect(text).not.to.contain("obsolete");
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    expect(rows).to.have.lengthOf(TRIGGERS.length + 2);
    for (const { name, evidence, threshold } of TRIGGERS) {
      const row = rows.find((line) => line.includes(`| ${name} `));
      expect(row).to.contain(evidence).and.to.contain(threshold);
    }
    for (const each of [...ALARMS, ...WAITING.map(({ name }) => name)]) {
      expect(text).to.contain(each);
    }
  });

  it("throws without marks", async () => {
    for (const page of ["", begin, `${end} ${begin}`]) {
      const failed = await withTriggers(page).catch((error: unknown) => error);
      expect(String(failed)).to.contain("no place for the table");
    }
  });

  it("tells durations in their largest unit", () => {
    const told = [0n, 1n, 59n, 60n, 90n, 600n, 3_600n, 5_400n, 21_600n].map(duration);
    const expected = ["0 s", "1 s", "59 s", "1 min", "90 s", "10 min", "1 h", "90 min", "6 h"];
    expect(told).to.deep.equal(expected);
  });
});
