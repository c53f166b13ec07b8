import { expect } from "chai";

import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { makePast } from "../helpers/replayHistory.ts";
import type { Past } from "../helpers/replayHistory.ts";
import { startReplayNode } from "../helpers/replayNode.ts";
import type { ReplayNode } from "../helpers/replayNode.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";
import type { ReplayJson, Replayed } from "../helpers/replayProcess.ts";
import { RpcRefusal, startProxy } from "../helpers/rpcProxy.ts";
import type { Meddler } from "../helpers/rpcProxy.ts";

interface Log {
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly logIndex: string;
}

const ledgerCalls = IClearinghouse__factory.createInterface();

/** Changes the first log of a name that `change` is given; answers what is to stand in its place. */
function meddling(name: string, change: (log: Log) => readonly Log[]): Meddler {
  const topic = ledgerCalls.getEvent(name as "Deposited").topicHash;
  let done = false;
  return {
    change: ({ method }, result) => {
      if (method !== "eth_getLogs") return result;
      const logs = result as readonly Log[];
      const index = logs.findIndex(({ topics }) => topics[0] === topic);
      const log = logs[index];
      if (done || log === undefined) return result;
      done = true;
      return [...logs.slice(0, index), ...change(log), ...logs.slice(index + 1)];
    },
  };
}

/** The log with another last word. */
function withLastWord(log: Log, change: (word: bigint) => bigint): Log {
  const word = change(BigInt(`0x${log.data.slice(-64)}`));
  return { ...log, data: log.data.slice(0, -64) + word.toString(16).padStart(64, "0") };
}

describe("npm run replay, when a node lies", function () {
  this.timeout(120_000);

  let node: ReplayNode;
  let past: Past;

  before(async () => {
    node = await startReplayNode();
    past = await makePast(node.connection);
  });

  after(() => node?.close());

  async function through(meddler: Meddler): Promise<{ replayed: Replayed; json: ReplayJson }> {
    const proxy = await startProxy(node.url, meddler);
    try {
      const args = ["--rpc", proxy.url, "--ledger", past.address, "--json"];
      const replayed = await runReplay(...args, "--oracle", past.oracleAddress);
      return { replayed, json: jsonIn(replayed) };
    } finally {
      await proxy.close();
    }
  }

  function cashOf(account: bigint): string {
    const token = BigInt(past.quoteAddress).toString(16);
    return `free cash of account 0x${account.toString(16)} in token 0x${token}`;
  }

  it("names the free cash that an altered deposit would lead to", async () => {
    const { replayed, json } = await through(
      meddling("Deposited", (log) => [withLastWord(log, (amount) => amount + 5n)]),
    );
    expect(replayed.code).to.equal(1);
    const what = json.comparison?.differences.map((difference) => difference.what);
    expect(what).to.deep.equal([
      cashOf(past.maker.account),
      `the ledger's balance of token 0x${BigInt(past.quoteAddress).toString(16)}`,
    ]);
  });

  it("names what a withheld withdrawal would have left", async () => {
    const { replayed, json } = await through(meddling("Withdrawn", () => []));
    expect(replayed.code).to.equal(1);
    const what = json.comparison?.differences.map((difference) => difference.what);
    expect(what).to.include(cashOf(past.maker.account));
  });

  it("names the places of two listings that are told in each other's", async () => {
    const topic = ledgerCalls.getEvent("MarketListed").topicHash;
    let done = false;
    const { replayed, json } = await through({
      change: ({ method }, result) => {
        if (method !== "eth_getLogs") return result;
        const logs = result as readonly Log[];
        const [one, other] = logs.filter(({ topics }) => topics[0] === topic);
        if (done || one === undefined || other === undefined) return result;
        done = true;
        const told = (log: Log, { topics, data }: Log): Log => ({ ...log, topics, data });
        return logs.map((log) =>
          log === one ? told(one, other) : log === other ? told(other, one) : log,
        );
      },
    });
    expect(replayed.code).to.equal(1);
    const what = json.comparison?.differences.map((difference) => difference.what);
    expect(what).to.deep.equal(["market at index 0", "market at index 1"]);
  });

  it("names the event that cannot follow on a withheld one", async () => {
    const { replayed, json } = await through(meddling("BookOpened", () => []));
    expect(replayed.code).to.equal(1);
    expect(json.comparison).to.equal(undefined);
    expect(json.fault).to.match(/^Deposited|^Allocated|^OrderFilled/);
    expect(json.fault).to.match(/block \d+, transaction 0x[0-9a-f]{64}, log \d+.*is not open$/);
  });

  it("names an event that comes twice", async () => {
    const { replayed, json } = await through(meddling("OrderFilled", (log) => [log, log]));
    expect(replayed.code).to.equal(1);
    expect(json.fault).to.match(/^OrderFilled \(block \d+, .*\) comes twice$/);
  });

  it("names what an event does when it is told once more as another", async () => {
    const { replayed, json } = await through(
      meddling("Allocated", (log) => {
        const logIndex = `0x${(Number(log.logIndex) + 1).toString(16)}`;
        return [log, { ...log, logIndex }];
      }),
    );
    expect(replayed.code).to.equal(1);
    const what = json.comparison?.differences.map((difference) => difference.what);
    expect(what).to.include(cashOf(past.maker.account));
  });

  it("names an event that makes no sense", async () => {
    const { replayed, json } = await through(
      meddling("OrderFilled", (log) => [{ ...log, data: `0x${"f".repeat(640)}` }]),
    );
    expect(replayed.code).to.equal(1);
    expect(json.fault).to.match(/^block \d+, .*log \d+: the ledger's log has no sense/);
  });

  it("names an event of nobody's", async () => {
    const { replayed, json } = await through(
      meddling("OrderFilled", (log) => [{ ...log, topics: [`0x${"12".repeat(32)}`] }]),
    );
    expect(replayed.code).to.equal(1);
    expect(json.fault).to.match(/the ledger declares no event 0x1212/);
  });

  it("names a time that is not its block's", async () => {
    const { replayed, json } = await through(
      meddling("GuardSet", (log) => [withLastWord(log, (time) => time + 1n)]),
    );
    expect(replayed.code).to.equal(1);
    expect(json.fault).to.match(/^GuardSet .*event of \d+ in a block of \d+$/);
  });

  it("calls a node that gives other blocks' logs of no use", async () => {
    const proxy = await startProxy(
      node.url,
      meddling("OrderFilled", (log) => [{ ...log, blockNumber: "0xffff" }]),
    );
    const replayed = await runReplay("--rpc", proxy.url, "--ledger", past.address);
    await proxy.close();
    expect(replayed.code).to.equal(3);
    expect(replayed.stderr).to.match(/eth_getLogs of blocks \d+ to \d+ gives a log .* in 65535/);
  });

  it("bears a node of few blocks and small batches that knows no blocks by hash", async () => {
    const pages: number[] = [];
    const { replayed, json } = await through({
      status: (calls) => (calls.length > 20 ? 413 : undefined),
      change: ({ method, params }, result) => {
        const [filter, , tag] = params as [
          { fromBlock: string; toBlock: string },
          unknown,
          unknown,
        ];
        if (method === "eth_getStorageAt" && typeof tag === "object") {
          throw new RpcRefusal(-32602, "invalid argument 2: hex string expected");
        }
        if (method !== "eth_getLogs") return result;
        const blocks = Number(filter.toBlock) - Number(filter.fromBlock) + 1;
        if (blocks > 10) throw new RpcRefusal(-32005, "query returned more than 10000 results");
        pages.push(blocks);
        return result;
      },
    });
    expect(json.comparison?.differences).to.deep.equal([]);
    expect(replayed.code).to.equal(0);
    expect(pages.length).to.be.greaterThan(8);
  });

  it("tries again when the node is busy", async () => {
    let requests = 0;
    const { replayed } = await through({
      status: () => (++requests > 3 && requests < 7 ? 503 : undefined),
    });
    expect(replayed.code).to.equal(0);
  });
});
