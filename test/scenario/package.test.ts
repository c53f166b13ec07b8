import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";

import { bin, root } from "../../scripts/lib/proc.ts";
import { type LocalChain, startLocalChain } from "../helpers/localChain.ts";
import { installPacked, type Project } from "../helpers/packed.ts";
import { nodesHere, output } from "../helpers/processes.ts";
import { compileFile } from "../helpers/solidity.ts";

const NODES = nodesHere();
/** Those that the package promises to run on. */
const PROMISED = [20, 24];

/** Units of every run of the example. */
const TAKEN = 4;

describe("packages/contracts, packed and installed elsewhere", function () {
  this.timeout(180_000);

  let project: Project;
  let chain: LocalChain;
  let runs = 0;

  before(async () => {
    await Promise.all([
      installPacked().then((installed) => (project = installed)),
      startLocalChain().then((started) => (chain = started)),
    ]);
    console.log(`    a tarball of ${project.size} bytes, ${project.files.length} files`);
    const found = NODES.map(({ version }) => version).join(" and ");
    const missing = PROMISED.filter(
      (major) => !NODES.some(({ version }) => parseInt(version, 10) === major),
    );
    const note = missing.length === 0 ? "" : `; not on this machine: Node ${missing.join(", ")}`;
    console.log(`    run on Node ${found}${note}`);
  });

  after(async () => {
    await chain?.close();
    await project?.remove();
  });

  it("ships code, ABIs, Solidity and examples, and no sources or tests", () => {
    const folders = new Set(project.files.map((path) => path.split("/")[0] ?? ""));
    expect([...folders].sort()).to.deep.equal([
      "LICENSE",
      "README.md",
      "abi",
      "dist",
      "examples",
      "interfaces",
      "package.json",
      "typed-data.json",
      "types",
      "vectors.json",
    ]);
  });

  for (const { path, version } of NODES) {
    for (const file of ["first-trade.mjs", "first-trade.cjs"]) {
      it(`runs examples/${file} on Node ${version}`, async () => {
        const { url, ledger, book, maker, taker } = chain;
        const env = {
          RPC_URL: url,
          LEDGER: ledger,
          BOOK: book.toString(),
          MAKER_KEY: maker.privateKey,
          TAKER_KEY: taker.privateKey,
        };
        const printed = await output(path, [file], { cwd: project.path, env });
        const held = ++runs * TAKEN;
        expect(printed.trim().split("\n")).to.deep.equal([
          "position: 2 legs, collateral 0",
          `${-held} × put 1900`,
          `${held} × put 2000`,
          "UnitsBound: asked for 7, left 6",
          "UnitsBound: The order has fewer units left. Fill at most what remains. (units 7, remaining 6)",
        ]);
      });
    }

    it(`runs examples/read-markets.mjs on Node ${version}`, async () => {
      const env = { RPC_URL: chain.url, LENS: chain.lens };
      const printed = await output(path, ["read-markets.mjs"], { cwd: project.path, env });
      const [market, first, second] = printed.trim().split("\n");
      expect(market).to.match(/^market \d+: linear, normal$/);
      expect(first).to.match(/^ {2}20[^ ]+ trading, pool \d+, book \d+$/);
      expect(first).to.contain(`book ${chain.book}`);
      expect(second).to.match(/^ {2}20[^ ]+ unopened, pool 0, book \d+$/);
    });

    it(`finds every path of its exports on Node ${version}`, async () => {
      const program = `
        const read = (path) => require("@certus/contracts/" + path);
        console.log(read("abi/IClearinghouse.json").length > 100, read("vectors.json").orders.length);
        console.log(read("typed-data.json").primaryType, read("package.json").name);
        console.log(require.resolve("@certus/contracts/interfaces/IClearinghouse.sol") !== "");
        console.log(require.resolve("@certus/contracts/types/Order.sol") !== "");
        try { read("dist/cjs/index.js") } catch ({ code }) { console.log(code) }`;
      const printed = await output(path, ["-e", program], { cwd: project.path });
      expect(printed.trim().split("\n")).to.deep.equal([
        "true 5",
        "Order @certus/contracts",
        "true",
        "true",
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
      ]);
    });
  }

  it("has types for both module systems", async () => {
    const program = `
      import { addressesOf, buildOrder, clearinghouseAbi, decodeError } from "@certus/contracts";
      import type { IClearinghouse, Order } from "@certus/contracts";
      export const order: Order = buildOrder({} as Parameters<typeof buildOrder>[0]);
      export const paid = (ledger: IClearinghouse): Promise<bigint[]> =>
        ledger.fill.staticCall(1n, order, "0x", "0x", 1n, []);
      export const kind: (typeof clearinghouseAbi)[number]["type"] = "function";
      // @ts-expect-error: the ABI is typed as it is written
      export const none: (typeof clearinghouseAbi)[number]["type"] = "constructor";
      // @ts-expect-error: a name is a string
      export const name: number = decodeError("0x").name;
      // @ts-expect-error: an address is a string
      export const ledger: number = addressesOf(1).contracts.clearinghouse;`;
    await writeFile(join(project.path, "consumer.mts"), program);
    await writeFile(join(project.path, "consumer.cts"), program);
    const compiler = createRequire(bin.hardhat).resolve("typescript/lib/tsc.js");
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022"];
    const files = ["--skipLibCheck", "--ignoreConfig", "consumer.mts", "consumer.cts"];
    await output(process.execPath, [compiler, ...options, ...files], { cwd: project.path });
  });

  it("ships Solidity that compiles where OpenZeppelin's contracts are installed", () => {
    const own = join(project.path, "node_modules/@certus/contracts");
    const openZeppelin = join(root, "node_modules/@openzeppelin");
    const program = `
      // SPDX-License-Identifier: MIT
      pragma solidity ^0.8.28;
      import {IChainlinkSettlement} from "@certus/contracts/interfaces/IChainlinkSettlement.sol";
      import {IClearinghouse} from "@certus/contracts/interfaces/IClearinghouse.sol";
      import {Order} from "@certus/contracts/types/Order.sol";
      import {PackageHolder} from "@certus/contracts/examples/PackageHolder.sol";
      abstract contract Mine is PackageHolder {
        function hashOf(Order calldata order) external view returns (bytes32) { return LEDGER.orderHash(order); }
      }`;
    const folders = { "@certus/contracts": own, "@openzeppelin": openZeppelin };
    expect(compileFile(program, folders)).to.deep.equal([]);
  });
});
