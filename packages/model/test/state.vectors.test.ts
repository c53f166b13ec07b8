import { expect } from "chai";
import { readFileSync } from "node:fs";
import { KINDS } from "@certus/model";
import { stateVectors } from "./helpers/vectors.ts";

describe("stateRoot: vectors", () => {
  it("are what the scripted history leads to: leaves, roots and proofs", () => {
    const file = new URL("./vectors/state.json", import.meta.url);
    const vectors: unknown = JSON.parse(readFileSync(file, "utf8"));
    expect(stateVectors()).to.deep.equal(vectors);
  });

  it("number their kinds as the documentation does", () => {
    const page = readFileSync(new URL("../../../docs/state.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| +(\d+) \| `(\w+)`/gm)];
    const documented = rows.map(([, number, name = ""]) => [name, BigInt(number ?? 0)] as const);
    expect(Object.fromEntries(documented)).to.deep.equal(KINDS);
  });
});
