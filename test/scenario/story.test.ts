import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { story } from "../../scripts/demo/story.ts";

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

  it("says for both books that the pool is the payouts and the dust", () => {
    const pools = lines.filter((line) => /pool .* = payouts .* \+ dust .*ok/.test(line));
    expect(pools.map((line) => line.split(" ")[0])).to.deep.equal(["linear", "inverse"]);
  });

  it("trades five strategies and settles by a proved round", () => {
    expect(lines.filter((line) => line.includes("  traded  "))).to.have.length(5);
    expect(lines.filter((line) => line.includes("  fixed  "))).to.have.length(1);
    expect(lines.filter((line) => line.includes("  settled  "))).to.have.length(2);
  });

  it("draws the condor with its axes, breakevens and settlement", () => {
    const svg = readFileSync(join(out, "condor.svg"), "utf8");
    expect(svg).to.match(/^<svg [^]*<\/svg>\n$/);
    expect(svg.match(/breakeven /g)).to.have.length(2);
    expect(svg).to.include("settlement price, USD per ETH").and.include("profit, USDC");
    expect(svg).to.include("settled at ");
  });
});
