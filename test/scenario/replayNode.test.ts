import { expect } from "chai";

import { UsageError } from "../../scripts/demo/usage.ts";
import { parseOptions } from "../../scripts/replay/options.ts";
import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { forceCash, forceCollateral } from "../fixtures/storage.ts";
import { makePast } from "../helpers/replayHistory.ts";
import type { Past } from "../helpers/replayHistory.ts";
import { startReplayNode } from "../helpers/replayNode.ts";
import type { ReplayNode } from "../helpers/replayNode.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";
import type { Replayed } from "../helpers/replayProcess.ts";

/** Events that are no part of the state, and one that only a fault of the ledger would lead to. */
const LEFT_OUT = ["AuthorityUpdated", "EIP712DomainChanged", "SettleSkipped"];
const OF_ORACLE = ["FixingOpened", "MarkRefreshed", "PriceSettled"];

describe("npm run replay", function () {
  this.timeout(120_000);

  let node: ReplayNode;
  let past: Past;

  before(async () => {
    node = await startReplayNode();
    past = await makePast(node.connection);
  });

  after(() => node?.close());

  function replay(...options: readonly string[]): Promise<Replayed> {
    return runReplay("--rpc", node.url, "--ledger", past.address, ...options);
  }

  it("finds no difference in a history with every kind of event", async () => {
    const replayed = await replay("--oracle", past.oracleAddress, "--json");
    const json = jsonIn(replayed);
    expect(json.fault).to.equal(undefined);
    expect(json.comparison?.differences.map(({ text }) => text)).to.deep.equal([]);
    const declared: string[] = [];
    IClearinghouse__factory.createInterface().forEachEvent(({ name }) => declared.push(name));
    const wanted = [...declared.filter((name) => !LEFT_OUT.includes(name)), ...OF_ORACLE];
    expect(Object.keys(json.kinds)).to.have.members(wanted);
    expect(replayed.code).to.equal(0);
  });

  it("prints root, sums and counts for people", async () => {
    const { stdout, code } = await replay("--confirmations", "20");
    expect(stdout).to.match(/^ledger 0x[0-9a-f]{40} on chain 31337, block \d+ 0x[0-9a-f]{64}$/m);
    expect(stdout).to.match(/^4 markets, 3 books, \d+ accounts/m);
    expect(stdout).to.match(/^state root 0x[0-9a-f]{64}$/m);
    expect(stdout).to.match(/^\d+ words compared, 0 differences$/m);
    expect(code).to.equal(0);
  });

  it("compares at an earlier block, from the block of the deployment", async () => {
    const { block, from } = jsonIn(await replay("--json"));
    const middle = Math.floor((block.number + from) / 2);
    const json = jsonIn(await replay("--json", "--from", `${from}`, "--to", `${middle}`));
    expect(json.equal).to.equal(true);
    expect(json.block.number).to.equal(middle);
  });

  describe("when a word of the ledger is not what the events say", () => {
    let snapshot: { readonly restore: () => Promise<void> };

    before(async () => {
      snapshot = await node.connection.networkHelpers.takeSnapshot();
    });

    after(() => snapshot.restore());

    it("says which, in the words of the protocol, and takes gifts for gifts", async () => {
      const { maker, second, linearBook, quote, address } = past;
      await forceCash(past, maker.account, 77n);
      await quote.mint(address, 3n);
      const { code, stdout } = await replay();
      const account = `0x${maker.account.toString(16)}`;
      const token = `0x${BigInt(past.quoteAddress).toString(16)}`;
      expect(stdout).to.match(
        new RegExp(
          `^DIFFERENT: free cash of account ${account} in token ${token} ` +
            "expected 0x[0-9a-f]+ found 0x4d$",
          "m",
        ),
      );
      expect(stdout).to.match(/balance \d+, 3 of it sent there without a deposit$/m);
      expect(stdout).to.match(/ words compared, 1 differences$/m);
      expect(code).to.equal(1);

      await forceCollateral(past, second.account, linearBook, 5n);
      const again = await replay();
      const position = `0x${second.account.toString(16)} in book 0x${linearBook.toString(16)}`;
      expect(again.stdout).to.match(
        new RegExp(
          `position of account ${position}: header expected 0x[0-9a-f]+ found 0x[0-9a-f]+ ` +
            "\\(collateral expected \\d+ found 5\\)",
        ),
      );
      expect(again.code).to.equal(1);
    });
  });

  describe("when asked wrongly", () => {
    const nobody = `0x${"12".repeat(20)}`;
    const url = "http://localhost:8545";
    const both = ["--rpc", url, "--ledger", nobody];
    const refused: readonly (readonly [what: string, args: readonly string[], told: RegExp])[] = [
      ["no node", ["--ledger", nobody], /--rpc URL is missing/],
      ["no ledger", ["--rpc", url], /--ledger ADDRESS is missing/],
      ["what is no URL", ["--rpc", "ftp://x", "--ledger", nobody], /URL of http or https/],
      ["what is no address", ["--rpc", url, "--ledger", "0x12"], /an address is wanted/],
      ["an oracle without an address", [...both, "--oracle", "x"], /--oracle x: an address/],
      ["an option of nobody's", ["--what"], /Unknown option '--what'/],
      ["a block that is no number", [...both, "--to", "1e3"], /--to 1e3: a whole number/],
      [
        "an end before the start",
        [...both, "--from", "5", "--to", "4"],
        /--from 5 is after --to 4/,
      ],
      ["two ends", [...both, "--to", "4", "--confirmations", "1"], /exclude each other/],
    ];

    for (const [what, args, told] of refused) {
      it(`refuses ${what}`, () => {
        expect(() => parseOptions(args)).to.throw(UsageError, told);
      });
    }

    const spawned: readonly (readonly [what: string, args: () => string[], told: RegExp])[] = [
      ["without a node", () => [], /--rpc URL is missing\nTry npm run replay -- --help/],
      ["with no contract", () => ["--rpc", node.url, "--ledger", nobody], /no contract at 0x1212/],
      [
        "with a block that is not there yet",
        () => ["--rpc", node.url, "--ledger", past.address, "--to", "99999"],
        /--to 99999: the chain ends with block \d+/,
      ],
      [
        "from a block after the deployment",
        () => ["--rpc", node.url, "--ledger", past.address, "--from", "50"],
        /--from 50: 0x[0-9a-f]{40} was deployed before that block/,
      ],
    ];

    for (const [what, args, told] of spawned) {
      it(`ends with 2 ${what}`, async () => {
        const { code, stderr, stdout } = await runReplay(...args());
        expect(stderr).to.match(told);
        expect(stdout).to.equal("");
        expect(code).to.equal(2);
      });
    }

    it("shows its options and ends with 0", async () => {
      const { code, stdout } = await runReplay("--help");
      expect(stdout).to.match(/--ledger ADDRESS/);
      expect(code).to.equal(0);
    });

    it("ends with 3 where no node answers", async () => {
      const args = ["--rpc", "http://127.0.0.1:9", "--ledger", past.address];
      const { code, stderr } = await runReplay(...args);
      expect(stderr).to.match(/^replay: http:\/\/127\.0\.0\.1:9: /);
      expect(code).to.equal(3);
    });
  });
});
