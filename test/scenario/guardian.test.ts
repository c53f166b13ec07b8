import { readFile, writeFile } from "node:fs/promises";

import { expect } from "chai";

import { act, secretsOf, signersOf } from "../fixtures/guardian.ts";
import { Level } from "../fixtures/units.ts";
import { RpcRefusal, startProxy } from "../helpers/rpcProxy.ts";
import { taskJson, taskRefusal } from "../helpers/taskRunner.ts";
import { PASSPHRASE, startGuardianWorld } from "./guardian.support.ts";
import type { GuardianWorld } from "./guardian.support.ts";
import { at } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

/** The market that the breaker guards, and a stranger's account of the node. */
const MARKET = "market=3";
const STRANGER = "15";
const DAY = 86_400;

describe("tasks of the guardian", function () {
  this.timeout(120_000);

  let tasks: GuardianWorld;
  let signers: string[];

  before(async () => {
    tasks = await startGuardianWorld();
    signers = signersOf(tasks.world.governed.guardian.keys).map((signer) => signer.toLowerCase());
  });

  after(() => tasks?.close());

  const level = async () => {
    const { ledger, guarded } = tasks.world.governed;
    return (await ledger.guardOf(guarded)).level;
  };
  const pass = async (seconds: number) => {
    const { provider } = tasks.world.governed.connection.ethers;
    await provider.send("evm_increaseTime", [seconds]);
    await provider.send("evm_mine", []);
  };
  /** Signs by the P-256 key and the passkey, here. */
  const both = async (path: string, hash: unknown) => {
    await tasks.here("guardian:sign", { file: path, hash, p256: tasks.pem });
    const assertion = await tasks.answered("answer.json", hash);
    return tasks.here("guardian:sign", { file: path, hash, assertion });
  };

  describe("halting in a bad hour", () => {
    let proposed: Json;
    let hash: string;

    it("proposes a halt, and shows what it does, costs and is signed as", async () => {
      proposed = await tasks.apart(
        ...["guardian:propose", "--action", "halt", "--args", MARKET],
        ...["--out", tasks.file("halt.json")],
      );
      hash = String(proposed["operationHash"]);
      expect(at(proposed, "calls", 0, "text")).to.match(/^impose\(.*level: 2, duration: 21600/);
      expect(proposed["simulation"]).to.deep.include({ onFork: true, succeeds: true });
      expect(at(proposed, "payment", "lacking")).to.equal("0");
      expect(proposed).to.deep.include({ nonceKey: "0", sequence: "0", threshold: 2 });
      expect(hash).to.match(/^0x[\da-f]{64}$/);
    });

    it("signs with an account in one process and a P-256 key in another", async () => {
      const [one, two] = [tasks.file("halt-1.json"), tasks.file("halt-2.json")];
      const common = ["--file", tasks.file("halt.json"), "--hash", hash, "--json"];
      const [account, p256] = await Promise.all([
        tasks.keyed(secretsOf().account, "guardian:sign", ...common, "--out", one),
        tasks.apart("guardian:sign", ...common.slice(0, -1), "--p256", tasks.pem, "--out", two),
      ]);
      expect(account.code, account.stderr).to.equal(0);
      expect(JSON.parse(account.stdout)).to.deep.include({ signer: signers[0] });
      expect(p256["signatures"]).to.deep.equal([signers[1]]);
    });

    it("refuses what nobody should sign or send", async () => {
      const file = tasks.file("halt.json");
      const one = tasks.file("halt-1.json");
      const two = tasks.file("halt-2.json");
      expect(await tasks.refused("guardian:sign", { file, p256: tasks.pem })).to.contain(
        "--hash is missing",
      );
      const wrong = `0x${"11".repeat(32)}`;
      expect(
        await tasks.refused("guardian:sign", { file, hash: wrong, p256: tasks.pem }),
      ).to.contain("do not sign before you know why");
      expect(await tasks.refused("guardian:sign", { file, hash, p256: tasks.otherPem })).to.contain(
        "is no signer of the guardian",
      );
      expect(await tasks.refused("guardian:sign", { file, hash, from: STRANGER })).to.contain(
        "is no signer of the guardian",
      );
      expect(await tasks.refused("guardian:sign", { file: two, hash, p256: tasks.pem })).to.contain(
        "has signed it already",
      );
      expect(await tasks.refused("guardian:send", { file: one })).to.contain(
        "1 of 2 signatures are lacking",
      );
      const locked = { file: two, hash, p256: tasks.lockedPem };
      expect(await tasks.refused("guardian:sign", locked)).to.contain("GUARDIAN_PASSPHRASE");
      process.env["GUARDIAN_PASSPHRASE"] = PASSPHRASE;
      expect(await tasks.refused("guardian:sign", locked)).to.contain("has signed it already");
      delete process.env["GUARDIAN_PASSPHRASE"];
      const other = await tasks.answered("other.json", wrong);
      expect(await tasks.refused("guardian:sign", { file, hash, assertion: other })).to.contain(
        "it answers the challenge ERER",
      );
      const stolen = JSON.parse(await readFile(two, "utf8")) as { signatures: Json[] };
      stolen.signatures[0] = { ...stolen.signatures[0], signer: signers[2] };
      await writeFile(tasks.file("stolen.json"), JSON.stringify(stolen));
      expect(
        await tasks.refused("guardian:send", { file: `${one},${tasks.file("stolen.json")}` }),
      ).to.contain("that is of something else");
      expect(await level()).to.equal(Level.Normal);
    });

    it("is sent by a stranger, who is paid back, and halts the market", async () => {
      const files = `${tasks.file("halt-1.json")},${tasks.file("halt-2.json")}`;
      const { provider } = tasks.world.governed.connection.ethers;
      const stranger = (await tasks.world.governed.connection.ethers.getSigners())[15];
      const before = await provider.getBalance(stranger?.address ?? "");
      const sent = await tasks.apart("guardian:send", "--file", files, "--from", STRANGER);
      expect(sent["succeeded"]).to.equal(true);
      expect(at(sent, "calls", 0, "made")).to.equal(true);
      expect((sent["events"] as string[]).join()).to.contain("breaker: Tripped(");
      expect(await level()).to.equal(Level.Halted);
      const lost = before - (await provider.getBalance(stranger?.address ?? ""));
      const cost = BigInt(String(at(sent, "paid", "cost")));
      // What the guardian pays is about what the transaction costs.
      expect(lost < 0n ? -lost : lost).to.be.lessThan(cost / 10n);
    });

    it("cannot be sent again, and says what became of it", async () => {
      const files = `${tasks.file("halt-1.json")},${tasks.file("halt-2.json")}`;
      expect(await tasks.refused("guardian:send", { file: files })).to.contain(
        "It was sent already, in 0x",
      );
      const status = await tasks.here("guardian:status", { file: files });
      expect(at(status, "operations", 0, "state")).to.equal("done");
      expect(at(status, "nonces", 0, "next")).to.equal("1");
      expect(status["signers"]).to.have.members(signers);
    });
  });

  describe("kept beforehand", () => {
    let hash: string;

    it("is written under a nonce key of its own, though it would be refused now", async () => {
      const options = { action: "halt", args: `${MARKET},duration=2h` };
      expect(await tasks.refused("guardian:propose", options)).to.contain("nothing is written");
      const kept = { ...options, nonceKey: "7", out: tasks.file("kept.json") };
      const proposed = await tasks.here("guardian:propose", kept);
      hash = String(proposed["operationHash"]);
      expect(at(proposed, "simulation", "refusal")).to.match(/^(GuardianBudget|AlreadyTripped): /);
      expect(proposed["payment"]).to.deep.include({ needed: "0", lacking: "0" });
      expect(await tasks.refused("guardian:propose", kept)).to.contain("is there already");
    });

    it("is signed by a P-256 key and a passkey's assertion", async () => {
      const signed = await both(tasks.file("kept.json"), hash);
      expect(signed["signatures"]).to.deep.equal([signers[1], signers[2]]);
    });

    it("is not sent while its call would be refused, and is not used up by that", async () => {
      const refusal = await tasks.refused("guardian:send", { file: tasks.file("kept.json") });
      expect(refusal).to.match(/^(GuardianBudget|AlreadyTripped): /);
      expect(refusal).to.contain("Nothing is sent");
    });

    it("goes through days later, whatever was sent under other keys meanwhile", async () => {
      await pass(8 * DAY);
      const { ledger, guarded } = tasks.world.governed;
      const { until } = await ledger.guardOf(guarded);
      const sent = await tasks.here("guardian:send", {
        file: tasks.file("kept.json"),
        from: STRANGER,
      });
      expect(sent).to.deep.include({ succeeded: true });
      expect(at(sent, "paid", "cost")).to.equal("0");
      const after = await ledger.guardOf(guarded);
      expect(after.level).to.equal(Level.Halted);
      expect(after.until - until).to.be.greaterThan(7 * DAY);
    });
  });

  describe("what others did meanwhile", () => {
    it("says why, and fails, where the chain changed after the operation was tried", async () => {
      await pass(8 * DAY);
      const file = tasks.file("late.json");
      const halt = { action: "halt", args: `${MARKET},duration=2h`, nonceKey: "9", out: file };
      await both(file, (await tasks.here("guardian:propose", halt))["operationHash"]);
      const { guardian, breaker, targets, guarded } = tasks.world.governed;
      const values: [bigint, bigint, bigint] = [guarded, Level.Restricted, 60n];
      const data = breaker.interface.encodeFunctionData("impose", values);
      let late = false;
      const proxy = await startProxy(tasks.world.url, {
        before: async (calls) => {
          if (late || calls.every(({ method }) => method !== "eth_sendTransaction")) return;
          late = true;
          await act(guardian, { target: targets.breaker, data });
        },
      });
      try {
        const sending = { file, rpc: proxy.url, from: STRANGER };
        const refusal = await tasks.refused("guardian:send", sending);
        expect(refusal).to.contain("was sent and used up, and none of its calls was made");
        expect(refusal).to.contain("GuardianBudget: ");
        const status = await tasks.here("guardian:status", { file, nonceKey: "9" });
        expect(at(status, "operations", 0, "state")).to.equal(
          "used up, none of its calls was made",
        );
        expect(await level()).to.equal(Level.Restricted);
      } finally {
        await proxy.close();
      }
    });

    it("cancels what the Safe has scheduled", async () => {
      const bold = { action: "set-policy", args: `${MARKET},ceiling=9000`, schedule: true };
      const { through, here } = tasks.world;
      await through("bold.json", bold);
      const queue = await here("timelock:queue", {});
      const operation = String(at(queue, "operations", 0, "operation")).slice(0, 10);
      const out = tasks.file("cancel.json");
      const proposed = await tasks.here("guardian:propose", {
        ...{ action: "cancel", args: `operation=${operation}`, out },
      });
      expect(at(proposed, "calls", 0, "calls", 0, "text")).to.match(/^setPolicy\(/);
      await both(out, proposed["operationHash"]);
      const sent = await tasks.here("guardian:send", { file: out });
      expect((sent["events"] as string[]).join()).to.contain("OperationCanceled(");
      expect((await here("timelock:queue", {}))["operations"]).to.deep.equal([]);
    });
  });

  describe("proposing", () => {
    it("restricts, lifts and rolls back, and makes several calls as one", async () => {
      const proposed = await tasks.here("guardian:propose", {
        ...{ action: "restrict; lift; roll-back", nonceKey: "21" },
        args: `${MARKET},duration=90m; ${MARKET}; ${MARKET}`,
      });
      const texts = [0, 1, 2].map((i) => String(at(proposed, "calls", i, "text")));
      expect(texts[0]).to.match(/^impose\(.*level: 1, duration: 5400\)$/);
      expect(texts[1]).to.match(/^lift\(/);
      expect(texts[2]).to.match(/^rollBack\(/);
    });

    it("tells at least whether it goes through where the chain cannot be copied", async () => {
      const proxy = await startProxy(tasks.world.url, {
        change: ({ method }, result) => {
          if (method !== "eth_getStorageAt") return result;
          throw new RpcRefusal(-32_601, "the method is not available");
        },
      });
      try {
        const own = { rpc: proxy.url, action: "set-threshold" };
        const out = tasks.file("call.json");
        const shown = await tasks.here("guardian:propose", { ...own, args: "threshold=1", out });
        expect(shown["simulation"]).to.deep.include({ onFork: false, succeeds: true });
        const wrong = { ...own, args: "threshold=4" };
        expect(await tasks.refused("guardian:propose", wrong)).to.contain(
          "MultiSignerERC7913UnreachableThreshold: ",
        );
      } finally {
        await proxy.close();
      }
    });
  });

  describe("its own keys", () => {
    it("replaces a key in one operation, and shows who signs then", async () => {
      const out = tasks.file("keys.json");
      const [account = ""] = signers;
      const someone = tasks.world.governed.admin.address;
      // Kept beforehand, with three signatures of which one is too many.
      const kept = tasks.file("ping.json");
      const ping = await tasks.here("guardian:propose", {
        ...{ to: someone, data: "0x", nonceKey: "11", out: kept },
      });
      await both(kept, ping["operationHash"]);
      const written = JSON.parse(await readFile(kept, "utf8")) as { signatures: unknown[] };
      const { keys } = tasks.world.governed.guardian;
      written.signatures.push(keys.account.sign(String(ping["operationHash"])));
      await writeFile(kept, JSON.stringify(written));

      const proposed = await tasks.here("guardian:propose", {
        action: "add-signer; remove-signer",
        args: `signer=${someone}; signer=${account.slice(0, 12)}`,
        out,
      });
      expect(at(proposed, "simulation", "changes", 0, "after")).to.contain(someone.toLowerCase());
      await both(out, proposed["operationHash"]);
      await tasks.here("guardian:send", { file: out });
      const { signers: now } = await tasks.here("guardian:status", {});
      expect(now).to.have.members([someone.toLowerCase(), signers[1], signers[2]]);
      // Whoever is no signer any more does not keep it from being sent.
      expect((await tasks.here("guardian:send", { file: kept }))["succeeded"]).to.equal(true);
    });

    it("takes a key without an address, whose verifier a task deploys", async () => {
      const at = { rpc: tasks.world.url, from: STRANGER, kind: "p256" };
      const dry = await taskJson("guardian:verifier", { ...at, dryRun: true });
      expect(dry).to.deep.include({ contract: "ERC7913P256Verifier", dryRun: true });
      const { signer } = await taskJson("guardian:verifier", { ...at, key: tasks.otherPem });
      const out = tasks.file("other-key.json");
      const proposed = await tasks.here("guardian:propose", {
        ...{
          action: "add-signer; set-threshold",
          args: `signer=${String(signer)}; threshold=3`,
          out,
        },
      });
      await both(out, proposed["operationHash"]);
      await tasks.here("guardian:send", { file: out });

      const back = tasks.file("back.json");
      const { operationHash: hash } = await tasks.here("guardian:propose", {
        ...{
          action: "set-threshold; remove-signer",
          args: `threshold=2; signer=${String(signer)}`,
        },
        out: back,
      });
      await tasks.here("guardian:sign", { file: back, hash, p256: tasks.otherPem });
      await both(back, hash);
      expect((await tasks.here("guardian:send", { file: back }))["succeeded"]).to.equal(true);
      const wrong = await taskRefusal("guardian:verifier", { ...at, kind: "rsa" });
      expect(wrong).to.equal('--kind: "rsa" is not p256 or passkey.\n');
    });

    it("refuses what it could not do", async () => {
      const wrong = (action: string, args: string) =>
        tasks.refused("guardian:propose", { action, args });
      expect(await wrong("set-threshold", "threshold=4")).to.contain("Fewer signers would be left");
      expect(await wrong("add-signer", `signer=${signers[1]}`)).to.contain("is a signer already");
      expect(await wrong("remove-signer", "signer=0x00000000")).to.contain(
        "not one of the signers",
      );
      expect(await wrong("retire", MARKET)).to.contain("is no action: name what to do: halt,");
    });
  });

  describe("paying", () => {
    it("asks nothing of a deposit that would not do, unless it is told to", async () => {
      const empty = await tasks.world.governed.connection.ethers.deployContract("Guardian", [
        await tasks.world.governed.guardian.entryPoint.getAddress(),
        [signers[1]],
        1n,
      ]);
      const guardian = await empty.getAddress();
      const own = { action: "set-threshold", args: "threshold=1", guardian };
      const unpaid = await tasks.here("guardian:propose", own);
      expect(at(unpaid, "operation", "maxFeePerGas")).to.equal("0");
      const paid = await tasks.here("guardian:propose", { ...own, maxFee: "2.5" });
      expect(at(paid, "operation", "maxFeePerGas")).to.equal("2500000000");
    });

    it("says what the deposit lacks, and how it is paid in", async () => {
      const out = tasks.file("dear.json");
      const raw = { to: tasks.world.governed.admin.address, data: "0x", maxFee: "100000", out };
      const proposed = await tasks.here("guardian:propose", raw);
      expect(BigInt(String(at(proposed, "payment", "lacking")))).to.be.greaterThan(0n);
      await both(out, proposed["operationHash"]);
      const file = { file: out };
      const refusal = await tasks.refused("guardian:send", file);
      const [, amount] = /guardian:deposit --amount ([\d.]+), by anyone/.exec(refusal) ?? [];
      await tasks.here("guardian:deposit", { amount, from: STRANGER });
      expect(await tasks.here("guardian:send", { ...file, dryRun: true })).to.deep.include({
        dryRun: true,
      });
      expect((await tasks.here("guardian:send", file))["succeeded"]).to.equal(true);
    });

    it("refuses calls that would run out of gas", async () => {
      const raw = { action: "set-threshold", args: "threshold=1", callGas: "8000" };
      expect(await tasks.refused("guardian:propose", raw)).to.contain("more --call-gas");
    });
  });
});
