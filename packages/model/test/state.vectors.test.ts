import { expect } from "chai";
import { readFileSync } from "node:fs";
import { stateVectors } from "./helpers/vectors.ts";

describe("stateRoot: vectors", () => {
  it("are what the scripted history leads to: leaves, roots and proofs", () => {
    const file = new URL("./vectors/state.json", import.meta.url);
    const vectors: unknown = JSON.parse(readFileSync(file, "utf8"));
    expect(stateVectors()).to.deep.equal(vectors);
  });
});
