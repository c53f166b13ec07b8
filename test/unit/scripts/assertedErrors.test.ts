import { expect } from "chai";

import { assertedErrors } from "../../../scripts/lib/asserted-errors.ts";

/** Name → numbers of arguments. */
function found(text: string): Record<string, number[]> {
  return Object.fromEntries([...assertedErrors(text)].map(([name, counts]) => [name, [...counts]]));
}

describe("scripts", () => {
  describe("assertedErrors", () => {
    describe("when an error is asserted by name and arguments", () => {
      for (const [form, text, counts] of [
        ["a chain", `expect(x).to.be.revertedWithCustomError(c, "A").withArgs(1n, y)`, [2]],
        ["a chain without arguments", `expect(x).revertedWithCustomError(c, "A").withArgs()`, [0]],
        ["a helper", `await refused(world, {}, "A", [1n, 2n, 3n]);`, [3]],
        ["a constant", `it(() => { const args = [1n]; { refused("A", args); } });`, [1]],
        ["a row", `const rows = [[{ style: 2n }, "A", [2n, 1n]]];`, [2]],
        ["an object", `const fault = { error: "A", args: ({ maker }) => [maker] };`, [1]],
        ["two forms", `f("A", [1n]); f("A", [1n, 2n]);`, [1, 2]],
      ] as const) {
        it(`finds it in ${form}`, () => {
          expect(found(text)).to.deep.equal({ A: counts });
        });
      }
    });

    describe("when an error is only mentioned", () => {
      for (const [form, text] of [
        ["a chain that names no arguments", `expect(x).to.be.revertedWithCustomError(c, "A");`],
        ["a title", `it("A", async () => {});`],
        [
          "a spread",
          `expect(x).revertedWithCustomError(c, "A").withArgs(...args); f("A", [...a]);`,
        ],
        ["a list that is not there", `f("A", args); f("A", list());`],
        ["a constant of another function", `g(() => { const args = [1n]; }); f("A", args);`],
        ["another assertion", `expect(x).to.emit(c, "A").withArgs(1n);`],
        ["a comment", `// refused("A", [1n])`],
      ] as const) {
        it(`does not take ${form} for an assertion`, () => {
          expect(found(text)).to.deep.equal({});
        });
      }
    });
  });
});
