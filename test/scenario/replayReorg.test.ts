import { expect } from "chai";

import { usdc } from "../fixtures/units.ts";
import { makePast } from "../helpers/replayHistory.ts";
import type { Past } from "../helpers/replayHistory.ts";
import { startReplayNode } from "../helpers/replayNode.ts";
import type { ReplayNode } from "../helpers/replayNode.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";
import { startProxy } from "../helpers/rpcProxy.ts";

/** Blocks that are given up. */
const DEPTH = 30;
/** More than the last page has. */
const DEEP = 70;

describe("npm run replay, when the chain is reorganised", function () {
  this.timeout(120_000);

  let node: ReplayNode;
  let past: Past;
  let snapshot: { readonly restore: () => Promise<void> };

  before(async () => {
    node = await startReplayNode();
    past = await makePast(node.connection);
    snapshot = await node.connection.networkHelpers.takeSnapshot();
  });

  after(() => node?.close());

  /** As many blocks, each with a deposit. */
  async function deposit(blocks: number, amount: bigint): Promise<void> {
    const { ledger, maker, quoteAddress } = past;
    for (let block = 0; block < blocks; block++) {
      await ledger.connect(maker.signer).deposit(maker.account, quoteAddress, amount);
    }
  }

  /** Replays, and reorganises the chain when a method is asked for the n-th time. */
  async function forkedAt(method: string, nth: number, depth: number, blocks: number) {
    await snapshot.restore();
    snapshot = await node.connection.networkHelpers.takeSnapshot();
    await deposit(depth, usdc(1));
    let asked = 0;
    const proxy = await startProxy(node.url, {
      before: async (calls) => {
        if (!calls.some((call) => call.method === method)) return;
        if (++asked !== nth) return;
        await snapshot.restore();
        snapshot = await node.connection.networkHelpers.takeSnapshot();
        await deposit(blocks, usdc(2));
      },
    });
    const { address, oracleAddress } = past;
    const args = ["--ledger", address, "--oracle", oracleAddress, "--json"];
    const forked = await runReplay("--rpc", proxy.url, ...args);
    await proxy.close();
    const direct = await runReplay("--rpc", node.url, ...args);
    return { forked, direct };
  }

  for (const { when, method, nth, depth = DEPTH, blocks } of [
    { when: "after reading, to a longer chain", method: "eth_getStorageAt", nth: 1, blocks: 35 },
    { when: "after reading, to a shorter chain", method: "eth_getStorageAt", nth: 1, blocks: 5 },
    { when: "in the last balance read", method: "eth_call", nth: 2, blocks: DEPTH },
    { when: "between two pages", method: "eth_getLogs", nth: 2, blocks: 35 },
    { when: "deep down", method: "eth_getStorageAt", nth: 1, depth: DEEP, blocks: 3 },
  ]) {
    it(`follows the new branch when it happens ${when}`, async () => {
      const { forked, direct } = await forkedAt(method, nth, depth, blocks);
      const [left, right] = [jsonIn(forked), jsonIn(direct)];
      expect(left.reorganisations).to.equal(1);
      const told = /the chain was reorganised: reading again from block (\d+) on/.exec(
        forked.stderr,
      );
      expect(Number(told?.[1]) > left.from, "only from the fork on").to.equal(depth === DEPTH);
      expect(left.comparison?.differences).to.deep.equal([]);
      expect(forked.code).to.equal(0);
      expect(left.block).to.deep.equal(right.block);
      expect(left.kinds).to.deep.equal(right.kinds);
      expect(left.comparison?.root).to.equal(right.comparison?.root);
      expect(right.reorganisations).to.equal(0);
    });
  }
});
