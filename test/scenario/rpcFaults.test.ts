import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { patience } from "../../tasks/lib/patience.ts";
import { TestToken__factory } from "../../types/ethers-contracts/index.ts";
import { startOpenChain } from "../helpers/deployedChain.ts";
import type { OpenChain } from "../helpers/deployedChain.ts";
import { CUT, RpcRefusal, startProxy } from "../helpers/rpcProxy.ts";
import type { Meddler, RpcCall } from "../helpers/rpcProxy.ts";
import { runTask, taskJson } from "../helpers/taskRunner.ts";
import type { TaskOptions } from "../helpers/taskRunner.ts";

/** Transactions of a deployment on a local chain. */
const TRANSACTIONS = 38;
/** Blocks that a chain gives up. */
const DEPTH = 30;

const sends = (calls: readonly RpcCall[]) =>
  calls.some(({ method }) => method === "eth_sendTransaction");
const asks = (calls: readonly RpcCall[], name: string) =>
  calls.some(({ method }) => method === name);

describe("tasks, when the node fails them", function () {
  this.timeout(120_000);

  let chain: OpenChain;
  let deployer: string;

  const usual = { ...patience };

  before(async () => {
    Object.assign(patience, { poll: 50, retries: [10, 20, 40, 80] });
    chain = await startOpenChain();
    deployer = (await chain.connection.ethers.getSigners())[0]?.address ?? "";
  });

  after(async () => {
    Object.assign(patience, usual);
    await chain?.close();
  });

  /** Runs something against a node behind a proxy that meddles. */
  async function through<T>(meddler: Meddler, work: (url: string) => Promise<T>): Promise<T> {
    const proxy = await startProxy(chain.url, meddler);
    try {
      return await work(proxy.url);
    } finally {
      await proxy.close();
    }
  }

  const used = () => chain.connection.ethers.provider.getTransactionCount(deployer);

  describe("deploy", () => {
    let empty: { readonly restore: () => Promise<void> };

    before(async () => {
      empty = await chain.connection.networkHelpers.takeSnapshot();
    });

    afterEach(() => empty.restore());

    const deploy = (rpc: string, options: TaskOptions = {}) =>
      runTask("deploy", {
        ...{ rpc, deployments: chain.deployments, from: "0", noCompile: true, json: true },
        ...options,
      });

    it("goes on over dropped connections, 429, 503 and slow answers, and sends nothing twice", async () => {
      let asked = 0;
      const failures: Record<string, number> = { cut: 0, busy: 0, down: 0, slow: 0 };
      const often = (calls: readonly RpcCall[], rest: number) =>
        !sends(calls) && asked % 300 === rest;
      const failed = (name: string) => (failures[name] = (failures[name] ?? 0) + 1);
      const meddler: Meddler = {
        status: (calls) => {
          asked++;
          if (often(calls, 11)) failed("busy");
          else if (often(calls, 29)) failed("down");
          else return undefined;
          return asked % 300 === 11 ? 429 : 503;
        },
        before: async (calls) => {
          if (often(calls, 47)) {
            failed("slow");
            await sleep(100);
          }
        },
        after: async (calls) => {
          if (!often(calls, 61)) return;
          failed("cut");
          throw CUT;
        },
      };
      const { success, stdout, stderr } = await through(meddler, (url) =>
        deploy(url, { reset: true }),
      );
      expect(success, stderr).to.equal(true);
      expect((JSON.parse(stdout) as { wrong: unknown[] }).wrong).to.deep.equal([]);
      expect(await used()).to.equal(TRANSACTIONS);
      for (const [name, count] of Object.entries(failures))
        expect(count, name).to.be.greaterThan(0);
    });

    it("stops where it cannot know whether a transaction was sent, and finds out when it is run again", async () => {
      let sent = 0;
      const meddler: Meddler = {
        after: async (calls) => {
          if (sends(calls) && ++sent === 12) throw CUT;
        },
      };
      const first = await through(meddler, (url) => deploy(url, { reset: true }));
      expect(first.success).to.equal(false);
      expect(first.stderr).to.contain("The node failed while it was given a transaction");
      expect(first.stderr).to.contain("whether it took it is not known");
      expect(await used()).to.equal(12);

      const second = await deploy(chain.url);
      expect(second.success, second.stderr).to.equal(true);
      expect(second.stderr).to.contain("found its transaction");
      expect(await used()).to.equal(TRANSACTIONS);
    });

    it("says that the node fails where it does not come back", async () => {
      const { success, stderr } = await through(
        { status: (calls) => (asks(calls, "eth_getCode") ? 502 : undefined) },
        (url) => deploy(url, { reset: true }),
      );
      expect(success).to.equal(false);
      expect(stderr).to.match(/^The node fails \(eth_getCode, tried 5 times: .*502/m);
    });

    it("does not report success over 30 blocks that are given up, and does them again", async () => {
      const { networkHelpers } = chain.connection;
      const before = TRANSACTIONS - DEPTH;
      let sent = 0;
      let fork: { readonly restore: () => Promise<void> } | undefined;
      let reorganised = false;
      const meddler: Meddler = {
        before: async (calls) => {
          if (sends(calls) && ++sent === before + 1) fork = await networkHelpers.takeSnapshot();
          const waits = calls.some(({ params }) => params[0] === "safe");
          if (!waits || sent < TRANSACTIONS || reorganised) return;
          reorganised = true;
          await fork?.restore();
        },
        // Nothing is safe yet when the last transaction has just been mined.
        change: ({ method, params }, result) =>
          method === "eth_getBlockByNumber" && params[0] === "safe" && !reorganised
            ? { ...(result as object), number: "0x0" }
            : result,
      };
      const first = await through(meddler, (url) => deploy(url, { reset: true, finality: "safe" }));
      expect(reorganised).to.equal(true);
      expect(first.success).to.equal(false);
      expect(first.stderr).to.contain("is not on the chain");
      expect(first.stderr).to.contain("deploy sends again what is gone");
      expect(await used()).to.equal(before);

      const second = await deploy(chain.url, { finality: "safe" });
      expect(second.success, second.stderr).to.equal(true);
      expect(second.stderr).to.contain(`${DEPTH} transactions are gone and are sent again`);
      const told = JSON.parse(second.stdout) as { sent: number; wrong: unknown[] };
      expect([told.sent, told.wrong]).to.deep.equal([DEPTH, []]);
      expect(await used()).to.equal(TRANSACTIONS);
    });
  });

  it("does not send again what it cannot see, where something else took its place", async () => {
    const { ethers, networkHelpers } = chain.connection;
    const empty = await networkHelpers.takeSnapshot();
    let sent = 0;
    let fork: { readonly restore: () => Promise<void> } | undefined;
    const meddler: Meddler = {
      before: async (calls) => {
        if (sends(calls) && ++sent === DEPTH) fork = await networkHelpers.takeSnapshot();
      },
    };
    const { deployments } = chain;
    const options = { deployments, from: "0", noCompile: true };
    await through(meddler, (rpc) => runTask("deploy", { ...options, rpc, reset: true }));
    await fork?.restore();
    const [signer] = await ethers.getSigners();
    await (await signer?.sendTransaction({ to: deployer }))?.wait();
    const { success, stderr } = await runTask("deploy", { ...options, rpc: chain.url });
    expect(success).to.equal(false);
    expect(stderr).to.match(
      /knows nothing of 0x\w+ \(.+\), and its nonce is used: it is a node of/,
    );
    await empty.restore();
  });

  describe("account:deposit", () => {
    let clean: { readonly restore: () => Promise<void> };

    before(async () => {
      await chain.deploy({ reset: true });
      const { url: rpc, deployments } = chain;
      await taskJson("token:faucet", { rpc, deployments, token: "USDC", from: "1" });
      clean = await chain.connection.networkHelpers.takeSnapshot();
    });

    afterEach(() => clean.restore());

    const deposit = (rpc: string) =>
      runTask("account:deposit", {
        ...{ rpc, deployments: chain.deployments, json: true },
        ...{ token: "USDC", amount: "100", from: "1" },
      });

    /** How much the ledger holds, USDC. */
    async function held(): Promise<bigint> {
      const { contracts } = await chain.file();
      const { provider } = chain.connection.ethers;
      const usdc = TestToken__factory.connect(contracts["usdc"] ?? "", provider);
      return (await usdc.balanceOf(contracts["clearinghouse"] ?? "")) / 10n ** 6n;
    }

    /** Makes tasks wait for so many blocks. */
    async function withConfirmations<T>(confirmations: number, work: () => Promise<T>): Promise<T> {
      const path = join(chain.deployments, "localhost.json");
      const file = await chain.file();
      const finality = { kind: "confirmations", confirmations };
      await writeFile(path, JSON.stringify({ ...file, finality }));
      try {
        return await work();
      } finally {
        await writeFile(path, JSON.stringify(file));
      }
    }

    const mine = async (blocks: number) => {
      for (let block = 0; block < blocks; block++) {
        await chain.connection.provider.request({ method: "evm_mine" });
      }
    };

    it("waits for the deployment's rule", async () => {
      let looks = 0;
      const meddler: Meddler = {
        before: async (calls) => {
          if (!asks(calls, "eth_blockNumber") || (await held()) === 0n) return;
          if (++looks === 2) await mine(DEPTH);
        },
      };
      const { success, stderr } = await withConfirmations(DEPTH + 1, () =>
        through(meddler, deposit),
      );
      expect(success, stderr).to.equal(true);
      expect(looks).to.equal(2);
    });

    it("notices that its transaction is gone with 30 blocks", async () => {
      const { networkHelpers } = chain.connection;
      let fork: { readonly restore: () => Promise<void> } | undefined;
      let reorganised = false;
      const meddler: Meddler = {
        before: async (calls) => {
          if (sends(calls)) fork = await networkHelpers.takeSnapshot();
          if (reorganised || !asks(calls, "eth_blockNumber") || (await held()) === 0n) return;
          reorganised = true;
          await mine(DEPTH - 1);
          await fork?.restore();
          await mine(2 * DEPTH);
        },
      };
      const { success, stderr, stdout } = await withConfirmations(DEPTH + 1, () =>
        through(meddler, deposit),
      );
      expect(success).to.equal(false);
      expect(stderr).to.match(
        /The transaction 0x[\da-f]{64} is not on the chain: it was in block \d+, and the chain was reorganised/,
      );
      expect(JSON.parse(stdout)).to.have.nested.property("error.name", "UsageError");
      expect(await held()).to.equal(0n);
    });

    it("says that it cannot know where the connection drops while it sends", async () => {
      let sent = 0;
      const meddler: Meddler = {
        after: async (calls) => {
          if (sends(calls) && ++sent === 2) throw CUT;
        },
      };
      const { success, stderr } = await through(meddler, deposit);
      expect(success).to.equal(false);
      expect(stderr).to.contain("whether it took it is not known. Look at the account");
      expect(await held()).to.equal(100n);
    });

    it("says that its transaction was sent where the node is gone afterwards", async () => {
      let sent = 0;
      const gone = (calls: readonly RpcCall[]) =>
        sent === 2 && asks(calls, "eth_getTransactionReceipt");
      const meddler: Meddler = {
        before: async (calls) => {
          if (gone(calls)) throw CUT;
        },
        after: async (calls) => {
          if (sends(calls)) sent++;
        },
      };
      const { success, stderr } = await through(meddler, deposit);
      expect(success).to.equal(false);
      expect(stderr).to.match(/The transaction 0x[\da-f]{64} was sent, and then the node failed/);
      expect(await held()).to.equal(100n);
    });

    it("recovers from 429, from 503 and from a refusal for too many requests", async () => {
      const met = { busy: 0, down: 0, limited: 0 };
      const meddler: Meddler = {
        status: (calls) => {
          if (asks(calls, "eth_chainId") && met.busy++ === 0) return 429;
          if (asks(calls, "eth_getCode") && met.down++ === 0) return 503;
          return undefined;
        },
        change: ({ method }, result) => {
          if (method !== "eth_call" || met.limited++ > 0) return result;
          throw new RpcRefusal(-32_005, "too many requests");
        },
      };
      const { success, stderr } = await through(meddler, deposit);
      expect(success, stderr).to.equal(true);
      for (const [name, count] of Object.entries(met)) expect(count, name).to.be.greaterThan(1);
      expect(await held()).to.equal(100n);
    });
  });
});
