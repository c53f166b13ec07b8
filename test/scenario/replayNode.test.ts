import { expect } from "chai";

import { makePast } from "../helpers/replayHistory.ts";
import type { Past } from "../helpers/replayHistory.ts";
import { startReplayNode } from "../helpers/replayNode.ts";
import type { ReplayNode } from "../helpers/replayNode.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";
import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";

/** What no history without a fault of the ledger has. */
const NEVER = ["AuthorityUpdated", "EIP712DomainChanged", "SettleSkipped"];
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

  it("finds no difference in a history with every kind of event", async () => {
    const { address, oracleAddress } = past;
    const args = ["--rpc", node.url, "--ledger", address, "--oracle", oracleAddress, "--json"];
    const replayed = await runReplay(...args);
    const json = jsonIn(replayed);
    expect(json.fault).to.equal(undefined);
    expect(json.comparison?.differences.map(({ text }) => text)).to.deep.equal([]);
    const declared: string[] = [];
    IClearinghouse__factory.createInterface().forEachEvent(({ name }) => declared.push(name));
    const wanted = [...declared.filter((name) => !NEVER.includes(name)), ...OF_ORACLE];
    expect(Object.keys(json.kinds)).to.have.members(wanted);
    expect(replayed.code).to.equal(0);
  });
});
