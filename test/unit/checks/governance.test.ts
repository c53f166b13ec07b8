import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { ADMIN, ROLES } from "../../../deploy/roles.ts";
import type { Role } from "../../../deploy/roles.ts";
import { root } from "../../../scripts/lib/proc.ts";
import { spanText } from "../../../tasks/lib/marketReport.ts";

const PAGE = "docs/governance.md";
const MOST_LINES = 150;

const page = readFileSync(join(root, PAGE), "utf8");

/** Cells of the rows of the table between the marks, without its head. */
function rows(): string[][] {
  const [, table = ""] = /<!-- begin: roles[^>]*-->([^]*?)<!-- end: roles -->/.exec(page) ?? [];
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function row({ id, name, holder, delay, guardian, grantDelay, functions }: Role): string[] {
  const called = functions.map((pair) => pair.join("."));
  return [
    name,
    String(id),
    holder,
    delay === 0 ? "no" : spanText(BigInt(delay)),
    guardian ?? "nobody",
    grantDelay === 0 ? "at once" : spanText(BigInt(grantDelay)),
    [called.join(", "), ...(id === ADMIN ? ["and the access manager's own"] : [])].join(", "),
  ];
}

describe(PAGE, () => {
  it("has the roles of deploy/roles.ts", () => {
    expect(rows()).to.deep.equal(ROLES.map(row));
  });

  it(`is at most ${MOST_LINES} lines long`, () => {
    expect(page.trimEnd().split("\n").length).to.be.at.most(MOST_LINES);
  });
});
