import { expect } from "chai";

import type { Row } from "../../../bench/lib/rows.ts";
import {
  BEGIN,
  deadLinks,
  END,
  MAX_LINES,
  tooLong,
  unknownCommands,
  unnamedFiles,
  withFigures,
} from "../../../scripts/checks/lib/pages.ts";

const page = (text: string) => ({ path: "docs/page.md", text });

const row = (op: string, gas: number, peers: Row["peers"]): Row => ({
  op,
  gas,
  target: null,
  floor: null,
  ratio: null,
  warm: "",
  peers,
});

describe("checks of the documentation", () => {
  describe("withFigures", () => {
    const rows = [
      row("settle", 2_000, { Dear: 9_000, Cheap: 3_000, "bare read": 1_000 }),
      row("free", 10, { "bare ledger": 5 }),
    ];

    it("writes operations with their cheapest peer between the marks, and nothing else", () => {
      const text = withFigures(page(`a\n${BEGIN}\nold\n${END}\nb`), rows);
      expect(text).to.match(/^a\n/).and.match(/\nb$/);
      expect(text).to.contain("| settle | 2,000 | Cheap | 3,000 | 1.50 |");
      expect(text).not.to.contain("old").and.not.to.contain("bare").and.not.to.contain("free");
    });

    it("gives back a page that is fresh", () => {
      const fresh = withFigures(page(`${BEGIN}\n${END}`), rows);
      expect(withFigures(page(fresh), rows)).to.equal(fresh);
    });

    it("throws without marks, and without a row that has a peer", () => {
      expect(() => withFigures(page(`${END} ${BEGIN}`), rows)).to.throw("no place for figures");
      expect(() => withFigures(page(`${BEGIN}${END}`), [])).to.throw("no operation has a peer");
    });
  });

  describe("unknownCommands", () => {
    it("names each script that package.json lacks, once", () => {
      const text = "`npm run demo -- --data x`, `npm test`, npm run docs:none; npm run docs:none";
      expect(unknownCommands(page(text), ["demo", "test"])).to.deep.equal([
        "docs/page.md: package.json has no script docs:none",
      ]);
      expect(unknownCommands(page("npm test"), [])).to.have.length(1);
    });
  });

  describe("deadLinks", () => {
    it("looks beside the page, without the anchor, and leaves the web alone", () => {
      const text = "[a](here.md#part) [b](../gone.md) [c](https://example.org/x.md) [d](#part)";
      expect(deadLinks(page(text), (path) => path === "docs/here.md")).to.deep.equal([
        "docs/page.md: there is no gone.md",
      ]);
    });

    it("takes nothing in a block of code for a link", () => {
      const text = "```solidity\nkey = new uint256[](1);\n```\n[b](gone.md)";
      expect(deadLinks(page(text), () => false)).to.deep.equal([
        "docs/page.md: there is no docs/gone.md",
      ]);
    });
  });

  describe("unnamedFiles", () => {
    it("names files that the page does not", () => {
      const files = ["contracts/Told.sol", "contracts/Old.sol"];
      expect(unnamedFiles(page("`Told.sol`"), files)).to.deep.equal([
        "docs/page.md: nothing is said of contracts/Old.sol",
      ]);
    });
  });

  describe("tooLong", () => {
    it("takes the last line allowed and refuses one more", () => {
      expect(tooLong(page("x\n".repeat(MAX_LINES)))).to.deep.equal([]);
      expect(tooLong(page("x\n".repeat(MAX_LINES + 1)))).to.have.length(1);
    });
  });
});
