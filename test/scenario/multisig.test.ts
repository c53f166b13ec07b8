import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";
import {
  IBounties__factory,
  ICircuitBreaker__factory,
} from "../../types/ethers-contracts/index.ts";
import { RpcRefusal, startProxy } from "../helpers/rpcProxy.ts";
import { desk } from "./multisig.desk.ts";
import { refusals } from "./multisig.refusals.ts";
import { accountAt, SIGNERS, startMultisigWorld, THRESHOLD } from "./multisig.support.ts";
import type { MultisigWorld } from "./multisig.support.ts";
import { at, hardhat } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

const DAY = 86_400;

describe("tasks of the Safe", function () {
  this.timeout(120_000);

  let world: MultisigWorld;

  before(async () => {
    world = await startMultisigWorld();
  });

  after(() => world?.close());

  const pass = async (seconds: number) => {
    await world.governed.connection.ethers.provider.send("evm_increaseTime", [seconds]);
    await world.governed.connection.ethers.provider.send("evm_mine", []);
  };

  describe("as docs/multisig.md has it", () => {
    let commands: string[][];
    let queue: Json;

    before(async () => {
      const page = await readFile(join(root, "docs/multisig.md"), "utf8");
      const lines = page.split("\n").filter((line) => line.startsWith("npx hardhat "));
      commands = lines.map((line) =>
        [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ""),
      );
    });

    /** A command of the page, with what it leaves open filled in. */
    const words = (index: number, filled: Readonly<Record<string, string>>) => {
      const [, , task = "", ...rest] = commands[index] ?? [];
      const args = rest.map((word, i) => {
        const open = Object.entries(filled);
        // The market that the breaker guards is the third here.
        const said = word.replaceAll("market=1", "market=3");
        const text = open.reduce((it, [name, value]) => it.replace(name, value), said);
        // The page's first two signers are others here.
        const shown = rest[i - 1] === "--from" ? (SIGNERS[Number(text) - 1] ?? "") : text;
        return shown.replaceAll(/[\w-]+\.json/g, (name) => world.file(name));
      });
      return { task, args };
    };
    /** Runs it in a process of its own. */
    const apart = (index: number, filled: Readonly<Record<string, string>> = {}) => {
      const { task, args } = words(index, filled);
      return world.json(task, ...args, ...world.flags);
    };
    /** Runs it in this process, which takes seconds less. */
    const command = (index: number, filled: Readonly<Record<string, string>> = {}) => {
      const { task, args } = words(index, filled);
      const options = args.flatMap((word, i): [string, unknown][] => {
        if (!word.startsWith("--")) return [];
        const name = word
          .slice(2)
          .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
        const value = args[i + 1];
        return [[name, value === undefined || value.startsWith("--") ? true : value]];
      });
      return world.here(task, Object.fromEntries(options));
    };

    it("proposes what has to be scheduled, and shows what it does now and later", async () => {
      const proposed = await apart(0);
      expect(proposed["calls"]).to.have.length(2);
      expect(at(proposed, "calls", 0, "calls", 0, "text")).to.match(/^setPolicy\(.*ceiling: 8000/);
      expect([0, 1].map((i) => at(proposed, "simulation", "later", i, "succeeds"))).to.deep.equal([
        true,
        true,
      ]);
      expect(at(proposed, "simulation", "later", 1, "changes", 0)).to.deep.include({
        before: "0",
        after: "50000",
      });
    });

    it("shows a signer the same, and signs what he has compared", async () => {
      const shown = await command(1);
      expect([shown["dryRun"], shown["signatures"]]).to.deep.equal([true, []]);
      expect(at(shown, "simulation", "succeeds")).to.equal(true);
      const filled = { "0xSAFETXHASH": String(shown["safeTxHash"]) };
      const signed = await Promise.all([apart(2, filled), apart(3, filled)]);
      expect(signed.map(({ signatures }) => signatures)).to.deep.equal([
        [world.owners[0]],
        [world.owners[1]],
      ]);
    });

    it("executes what is signed apart, and shows what waits", async () => {
      const executed = await apart(4);
      expect(executed["signatures"]).to.deep.equal(world.owners.slice(0, 2));
      expect(at(executed, "events", 0)).to.match(/^manager: OperationScheduled\(/);
      queue = await command(5);
      expect(queue["operations"]).to.have.length(2);
      const operation = at(queue, "operations", 0) as Json;
      expect(operation).to.deep.include({ caller: world.governed.safe.address, ready: false });
      const [since, from, until] = ["since", "from", "until"].map((it) =>
        Number(at(operation, it, "unix")),
      );
      expect([Number(from) - Number(since), Number(until) - Number(from)]).to.deep.equal([
        2 * DAY,
        7 * DAY,
      ]);
      expect(at(operation, "effect", "changes")).to.deep.include({
        what: `watchOf(${world.governed.guarded
          .toString(16)
          .padStart(64, "0")
          .replace(/^(.{8}).*/, "0x$1…")}).policy.ceiling`,
        before: "10000",
        after: "8000",
      });
    });

    it("executes it once it has waited", async () => {
      await pass(2 * DAY);
      const [first, second] = [0, 1].map((i) => String(at(queue, "operations", i, "operation")));
      const filled = { "0xFIRST": first ?? "", "0xSECOND": second ?? "" };
      const { safeTxHash } = await command(6, filled);
      await command(7, { "0xSAFETXHASH": String(safeTxHash) });
      await command(8, { "0xSAFETXHASH": String(safeTxHash) });
      await apart(9);
      const breaker = ICircuitBreaker__factory.connect(
        world.governed.targets.breaker,
        world.governed.connection.ethers.provider,
      );
      const bounties = IBounties__factory.connect(
        world.governed.targets.bounties,
        world.governed.connection.ethers.provider,
      );
      expect((await breaker.watchOf(world.governed.guarded)).policy.ceiling).to.equal(8_000n);
      expect(await bounties.bountyOf(world.governed.guarded)).to.equal(50_000n);
      expect((await world.here("timelock:queue", {}))["operations"]).to.deep.equal([]);
    });
  });

  refusals(() => world);

  describe("and beyond it", () => {
    it("takes a turn by keys of the configuration, too", async () => {
      const out = world.file("turn.json");
      const { nonce } = await world.here("multisig:list", {});
      await world.here("multisig:propose", { action: "retire", args: "market=1", out });
      const rejection = world.file("rejection.json");
      const { safeTxHash: hash } = await world.here("multisig:cancel", {
        file: out,
        out: rejection,
      });
      await world.here("multisig:sign", { file: rejection, hash, from: SIGNERS[0] });
      const keyed = async (task: string, ...args: string[]) => {
        process.env["DEPLOYER_KEY"] = accountAt(9).privateKey;
        const network = ["--network", "sepolia", "--rpc", world.url, "--lens", world.lens];
        const running = hardhat([task, ...network, ...world.flags, "--json", ...args]);
        delete process.env["DEPLOYER_KEY"];
        const { code, stdout, stderr } = await running;
        expect(code, stderr).to.equal(0);
        return JSON.parse(stdout) as Json;
      };
      await keyed("multisig:sign", "--file", rejection, "--hash", String(hash));
      const executed = await keyed("multisig:execute", "--file", rejection);
      expect(executed["signatures"]).to.deep.equal(world.owners.slice(0, 2));
      expect((await world.here("multisig:list", {}))["nonce"]).to.equal(Number(nonce) + 1);
      expect(
        await world.refused("multisig:sign", { file: out, from: SIGNERS[0], dryRun: true }),
      ).to.contain(`The Safe has used nonce ${String(nonce)} already`);
    });

    it("shows what a scheduled call will be refused for, and cancels it", async () => {
      const bold = { action: "set-policy", args: "market=3,floor=3500", schedule: true };
      const executed = await world.through("bold.json", bold);
      expect(at(executed, "events", 0)).to.contain("OperationScheduled");
      expect(await world.refused("multisig:propose", bold)).to.contain("waits already");
      expect(await world.refused("multisig:propose", { ...bold, schedule: false })).to.contain(
        "is scheduled and waits until",
      );
      const queue = await world.here("timelock:queue", {});
      expect(at(queue, "operations", 0, "effect", "succeeds")).to.equal(false);
      expect(at(queue, "operations", 0, "effect", "refusal")).to.match(/^PolicyStep: /);
      const operation = String(at(queue, "operations", 0, "operation"));
      expect(await world.refused("multisig:cancel", { operation: "0x1234" })).to.contain(
        `is no operation that waits in the access manager ${world.manager}: there are ${operation.slice(0, 10)}`,
      );
      const out = world.file("cancel.json");
      const cancelled = await world.here("multisig:cancel", {
        operation: operation.slice(0, 10),
        out,
      });
      expect(at(cancelled, "calls", 0, "text")).to.match(/^cancel\(/);
      const { safeTxHash: hash } = cancelled;
      for (const from of SIGNERS.slice(0, THRESHOLD))
        await world.here("multisig:sign", { file: out, hash, from });
      await world.here("multisig:execute", { file: out });
      expect((await world.here("timelock:queue", {}))["operations"]).to.deep.equal([]);
    });

    it("imports what it exports for Safe's Transaction Builder", async () => {
      const exported = world.file("builder.json");
      const action = "retire; grant-role";
      const args = `market=1; role=RETIRER,account=${world.otherSafe}`;
      const one = await world.here("multisig:propose", {
        ...{ action: "retire; retire", args: "market=1; market=2", nonce: "99" },
        exportBuilder: exported,
      });
      const two = await world.here("multisig:propose", { importBuilder: exported, nonce: "99" });
      expect(two).to.deep.equal(one);
      expect(await world.refused("multisig:propose", { action, args })).to.contain(
        "604800 s after",
      );
      expect(
        await world.refused("multisig:propose", { importBuilder: exported, action }),
      ).to.contain("--import-builder holds all calls");
    });

    it("says so where the chain cannot be copied, and tells whether it goes through", async () => {
      const proxy = await startProxy(world.url, {
        change: ({ method }, result) => {
          if (method !== "eth_getStorageAt") return result;
          throw new RpcRefusal(-32_601, "the method is not available");
        },
      });
      try {
        const retire = { action: "retire", args: "market=1", out: world.file("call.json") };
        const shown = await world.here("multisig:propose", { rpc: proxy.url, ...retire });
        expect(shown["simulation"]).to.deep.include({ onFork: false, succeeds: true, changes: [] });
        const raw = { rpc: proxy.url, to: world.governed.address, data: "0x12345678" };
        expect(await world.refused("multisig:propose", raw)).to.contain("nothing is written");
      } finally {
        await proxy.close();
      }
    });
  });

  desk(() => world);

  describe("at last", () => {
    it("changes the Safe's signers, and shows it", async () => {
      const [fourth, fifth] = [11, 12].map((index) => accountAt(index).address);
      const executed = await world.through("signers.json", {
        action: "swap-signer; add-signer",
        args: `old=${world.owners[2]},new=${fourth}; signer=${fifth},threshold=3`,
      });
      expect(executed["threshold"]).to.equal(THRESHOLD);
      const now = await world.here("multisig:list", {});
      expect(now["threshold"]).to.equal(3);
      expect(now["owners"]).to.have.members([...world.owners.slice(0, 2), fourth, fifth]);
      const back = await world.here("multisig:propose", {
        ...{ action: "remove-signer", out: world.file("back.json") },
        args: `signer=${fifth},threshold=${THRESHOLD}`,
      });
      expect(at(back, "simulation", "changes")).to.deep.include({
        what: "getThreshold()",
        before: "3",
        after: "2",
      });
    });
  });
});
