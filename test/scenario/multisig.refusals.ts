import { copyFile, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { ABIS, callOf } from "../../tasks/lib/multisig/calls.ts";
import { proposalOf } from "../../tasks/lib/multisig/proposal.ts";
import { batchOf, dataOf, sign } from "../unit/tasks/multisig/proposals.ts";
import { SIGNERS, THRESHOLD } from "./multisig.support.ts";
import type { MultisigWorld } from "./multisig.support.ts";
import { at } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

const DAY = 86_400;

/** What the tasks of the Safe refuse on a chain. */
export function refusals(of: () => MultisigWorld): void {
  describe("refuses", () => {
    let world: MultisigWorld;
    let out: string;
    let proposed: Json;
    const hash = () => String(proposed["safeTxHash"]);
    const bare = () => ({ chainId: 31_337n, safe: world.governed.safe.address, version: "1.5.0" });

    before(async () => {
      world = of();
      out = world.file("refused.json");
      proposed = await world.here("multisig:propose", { action: "retire", args: "market=1", out });
    });

    it("a signature without its hash, with another, by a stranger, and twice", async () => {
      const sign1 = { file: out, from: SIGNERS[0] };
      expect(await world.refused("multisig:sign", sign1)).to.contain("--hash is missing");
      const other = `0x${"12".repeat(32)}`;
      expect(await world.refused("multisig:sign", { ...sign1, hash: other })).to.contain(
        `--hash: the file holds the transaction ${hash()}`,
      );
      expect(
        await world.refused("multisig:sign", { file: out, from: "1", hash: hash() }),
      ).to.contain(
        `is no signer of the Safe ${world.governed.safe.address}: choose --from among ${world.owners.join(", ")}`,
      );
      const half = world.file("half.json");
      await world.here("multisig:sign", { ...sign1, hash: hash(), out: half });
      expect(
        await world.refused("multisig:sign", { ...sign1, file: half, hash: hash() }),
      ).to.contain("has signed it already");
      expect(await world.refused("multisig:execute", { file: half })).to.contain(
        "1 of 2 signatures are lacking",
      );
      const folder = world.file("passed");
      await mkdir(folder);
      const both = [out, half].map((path) => join(folder, basename(path))).sort();
      await Promise.all([out, half].map((path) => copyFile(path, join(folder, basename(path)))));
      const { proposals } = await world.here("multisig:list", { file: folder });
      expect(proposals).to.have.length(1);
      expect(at(proposals, 0)).to.deep.include({
        files: both,
        agreed: [world.owners[0]],
        state: "lacks 1 of 2 signatures",
      });
    });

    it("a file of another chain, another Safe, or with a stranger's signature", async () => {
      const call = callOf(world.governed.targets.breaker, ABIS.breaker, "lift", [1]);
      const elsewhere = proposalOf({ ...bare(), chainId: 1n }, dataOf(call));
      const at1 = await world.planted("chain.json", elsewhere);
      const dry = { from: SIGNERS[0], dryRun: true };
      expect(await world.refused("multisig:sign", { ...dry, file: at1 })).to.contain(
        "is for chain 1, this is 31337",
      );
      expect(
        await world.refused("multisig:sign", { ...dry, file: out, safe: world.otherSafe }),
      ).to.contain(`is of the Safe ${world.governed.safe.address}, not of ${world.otherSafe}`);
      const plain = proposalOf(bare(), dataOf(call));
      const stranger = Wallet.createRandom();
      const signatures = new Map([[stranger.address, sign(stranger, plain)]]);
      const strange = await world.planted("stranger.json", { ...plain, signatures });
      expect(await world.refused("multisig:sign", { ...dry, file: strange })).to.contain(
        `carries a signature of ${stranger.address}, who is no signer`,
      );
    });

    it("to lend the Safe's identity to anything but Safe's own contract for batches", async () => {
      const call = callOf(world.governed.targets.breaker, ABIS.breaker, "lift", [1]);
      const data = { ...batchOf([call, call]), to: world.governed.targets.breaker };
      const forged = await world.planted("forged.json", proposalOf(bare(), data));
      const dry = { from: SIGNERS[0], dryRun: true, file: forged };
      expect(await world.refused("multisig:sign", dry)).to.contain(
        `${world.governed.targets.breaker} is not Safe's contract for batches`,
      );
      expect(
        await world.refused("multisig:propose", {
          ...{
            action: "retire; retire",
            args: "market=1; market=2",
            multiSend: world.governed.targets.breaker,
          },
        }),
      ).to.contain("is not Safe's contract for batches");
    });

    it("another turn, and what the access manager does not let through", async () => {
      const later = world.file("later.json");
      const nonce = String(Number(proposed["nonce"]) + 1);
      const { safeTxHash } = await world.here("multisig:propose", {
        ...{ action: "retire", args: "market=2", nonce, out: later },
      });
      for (const from of SIGNERS.slice(0, THRESHOLD)) {
        await world.here("multisig:sign", { file: later, hash: safeTxHash, from });
      }
      expect(await world.refused("multisig:execute", { file: later })).to.contain(
        `Its turn is nonce ${nonce}, and the Safe's next one is ${String(proposed["nonce"])}`,
      );
      const retire = { action: "retire", args: "market=1" };
      expect(await world.refused("multisig:propose", { ...retire, schedule: true })).to.contain(
        "at once: leave it out",
      );
      expect(
        await world.refused("multisig:propose", { ...retire, safe: world.otherSafe }),
      ).to.contain(
        `The Safe ${world.otherSafe} may not call retire of ${world.governed.address}: that takes role 2`,
      );
      const cap = { action: "set-cap", args: "market=3,ceiling=7000" };
      expect(await world.refused("multisig:propose", cap)).to.contain(
        `only ${2 * DAY} s after it has said so: propose it with --schedule first`,
      );
      const treasury = ABIS.ledger.encodeFunctionData("setTreasury", [world.governed.safe.address]);
      const raw = { to: world.governed.address, data: treasury };
      expect(await world.refused("multisig:propose", raw)).to.match(
        /would be refused, so nothing is written.*AccessManagerNotScheduled/s,
      );
      const signer = { action: "add-signer", args: `signer=${world.otherSafe}`, schedule: true };
      expect(await world.refused("multisig:propose", signer)).to.contain(
        "--schedule: add-signer does not go through the access manager",
      );
    });
  });
}
