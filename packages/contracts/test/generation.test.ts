import { expect } from "chai";

import { parseDeployment } from "../../../scripts/bindings/addresses.ts";
import { commonTwin, withExample } from "../../../scripts/bindings/example.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const CONTRACTS = {
  clearinghouse: ADDRESS,
  annex: ADDRESS,
  listing: ADDRESS,
  chainlinkSettlement: ADDRESS,
  accessManager: ADDRESS,
  lens: ADDRESS,
};
const DEPLOYMENT = { chainId: 11_155_111, name: "sepolia", block: 7, contracts: CONTRACTS };

describe("scripts/bindings", () => {
  describe("parseDeployment", () => {
    const parse = (value: unknown) => parseDeployment("deployments/x.json", JSON.stringify(value));

    it("takes what a deployment must name, and nothing else", () => {
      expect(parse({ ...DEPLOYMENT, note: "left out" })).to.deep.equal(DEPLOYMENT);
    });

    for (const [why, value, message] of [
      ["no chain", { ...DEPLOYMENT, chainId: "1" }, "chainId is no whole number"],
      ["no block", { ...DEPLOYMENT, block: -1 }, "block is no whole number"],
      ["no name", { ...DEPLOYMENT, name: "" }, "name is missing"],
      [
        "no contracts",
        { ...DEPLOYMENT, contracts: undefined },
        "contracts.clearinghouse is missing",
      ],
      [
        "a contract without an address",
        { ...DEPLOYMENT, contracts: { ...CONTRACTS, annex: 7 } },
        "contracts.annex is missing",
      ],
      [
        "a contract whose address is none",
        { ...DEPLOYMENT, contracts: { ...CONTRACTS, lens: "0x12" } },
        "contracts.lens is no address",
      ],
    ] as const) {
      it(`refuses ${why}`, () => {
        expect(() => parse(value)).to.throw(Error, `deployments/x.json: ${message}`);
      });
    }
  });

  describe("the example", () => {
    it("has a twin that differs in its imports", () => {
      const module = 'import { a } from "x";\nimport {\n  b,\n} from "@y/z";\n\nrun(a, b);\n';
      expect(commonTwin(module)).to.equal(
        'const { a } = require("x");\nconst {\n  b,\n} = require("@y/z");\n\nrun(a, b);\n',
      );
    });

    it("may import by name only", () => {
      expect(() => commonTwin('import a from "x";\n')).to.throw(Error, "import of another form");
    });

    it("stands in a page that has a place for it", () => {
      expect(() => withExample("# A page\n", "run();")).to.throw(Error, "no place for the example");
    });
  });
});
