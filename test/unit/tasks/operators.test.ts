import { expect } from "chai";

import { parseScopes, scopesOf } from "../../../tasks/lib/operators.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

describe("tasks/lib/operators", () => {
  for (const [text, scopes] of [
    ["none", 0n],
    ["trade", 1n],
    ["Manage", 2n],
    ["trade, manage", 3n],
    ["manage,trade,trade", 3n],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(parseScopes("--scopes", text)).to.equal(scopes);
    });
  }

  for (const text of ["", "none,trade", "admin", "trade,", "trade manage"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseScopes("--scopes", text)).to.throw(
        UsageError,
        "write trade, manage, trade,manage or none.",
      );
    });
  }

  it("writes what it reads", () => {
    const words = [0n, 1n, 2n, 3n].map((scopes) => scopesOf(scopes).join(","));
    expect(words).to.deep.equal(["", "trade", "manage", "trade,manage"]);
  });
});
