import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { story } from "../../scripts/demo/story.ts";

describe("the demo's week on a single feed", () => {
  const out = mkdtempSync(join(tmpdir(), "certus-demo-"));
  after(() => rmSync(out, { recursive: true }));

  it("passes all of its own checks and settles by one proved round", async () => {
    const lines: string[] = [];
    expect(await story(out, (line) => void lines.push(line), "single")).to.equal(0);
    const fixed = lines.filter((line) => line.includes("  fixed  "));
    expect(fixed).to.have.length(1);
    expect(fixed[0]).to.include("linear and inverse: 2,745.18 by the last round up to the expiry");
  });
});

describe("the demo's week", () => {
  const out = mkdtempSync(join(tmpdir(), "certus-demo-"));
  const lines: string[] = [];
  let failed: number;

  before(async () => {
    failed = await story(out, (line) => void lines.push(line));
  });

  after(() => rmSync(out, { recursive: true }));

  it("passes all of its own checks", () => {
    expect(failed).to.equal(0);
    expect(lines.filter((line) => line.includes("FAILED"))).to.deep.equal([]);
  });

  it("says for both books that the pool is what was paid and the dust", () => {
    const pools = lines.filter((line) => /pool .* = payouts .* \+ dust .*ok/.test(line));
    expect(pools.map((line) => line.split(" ")[0])).to.deep.equal(["linear", "inverse"]);
    expect(pools.map((line) => line.includes(" + redemptions "))).to.deep.equal([true, false]);
  });

  it("trades five strategies and settles at once by three classes, in one sample and in thirty", () => {
    const told = (kind: string) => lines.filter((line) => line.includes(`  ${kind}  `));
    expect(told("traded")).to.have.length(5);
    expect(told("marked")).to.have.length(2);
    expect(told("fixed").map((line) => line.split("  ").at(-1)?.trim())).to.deep.equal([
      "linear: 2,745.18 by three classes, F0",
      "inverse: 2,742.34 by the mean of 30 samples of three classes, F0",
    ]);
    expect(told("settled")).to.have.length(2);
  });

  it("fills the condor from two makers in one call", () => {
    const condor = lines.find((line) => line.includes("  traded   iron condor, 10 ETH"));
    expect(condor).to.match(
      /in one fillMany: second desk pays [\d.]+ USDC for 4 ETH, desk pays [\d.]+ USDC for 6 ETH/,
    );
    const gas = lines.find((line) => line.includes("transactions")) ?? "";
    expect(gas).to.match(/fillMany: iron condor +│ +1 │/);
  });

  it("hands a wrapped condor to a stranger, who redeems it", () => {
    const told = (kind: string) => lines.filter((line) => line.includes(`  ${kind}`));
    expect(told("wrapped  second desk: 200 packages")).to.have.length(1);
    expect(told("sent     second desk to stranger: 200 packages")).to.have.length(1);
    expect(told("redeemed stranger: 200 packages for ")).to.have.length(1);
    expect(lines.find((line) => line.startsWith("id "))).to.match(/^id +0x[89a-f][0-9a-f]{63}$/);
    expect(lines).to.include("the stranger was paid without an account  ok");
    expect(lines).to.include("no package is left  ok");
  });

  it("gives the stranger what as much of the condor gave the account that kept it", () => {
    const table = lines.find((line) => line.includes("worst case")) ?? "";
    const payoutOf = (name: string) =>
      table
        .split("\n")
        .find((row) => row.startsWith(`│ ${name} `))
        ?.split("│")
        .at(-3);
    expect(payoutOf("stranger")).to.match(/[1-9]/).and.equal(payoutOf("second desk"));
  });

  it("draws the condor with its axes, breakevens and settlement", () => {
    const svg = readFileSync(join(out, "condor.svg"), "utf8");
    expect(svg).to.match(/^<svg [^]*<\/svg>\n$/);
    expect(svg.match(/breakeven /g)).to.have.length(2);
    expect(svg).to.include("settlement price, USD per ETH").and.include("profit, USDC");
    expect(svg).to.include("settled at ");
  });
});
