import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { Interface } from "ethers";

import type { GuardianKey } from "../../../scripts/lib/guardian/keys.ts";
import type { GuardianCall } from "../../../scripts/lib/guardian/userOperation.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  THRESHOLD,
  act,
  makeKeys,
  operation,
  send,
  signedBy,
  signersOf,
  unsigned,
} from "../../fixtures/guardian.ts";
import { deployRetirer } from "./support.ts";
import type { Retirer } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const deployed = () => deployRetirer(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

/** The guardian's call of one of its own functions. */
function own(
  { guardian, address }: Retirer,
  name: "addSigners" | "removeSigners" | "setThreshold",
  argument: readonly string[] | bigint,
): GuardianCall {
  const abi: Interface = guardian.interface;
  return { target: address, data: abi.encodeFunctionData(name, [argument]) };
}

/** The guardian's own operation reverts for this reason. */
async function fails(
  world: Retirer,
  call: GuardianCall,
  error: string,
  args: readonly unknown[],
): Promise<void> {
  const { entryPoint, guardian, address, keys } = world;
  const made = await operation(world, [call], [keys.account, keys.p256]);
  const abi: Interface = guardian.interface;
  const reason = abi.encodeErrorResult(error, args);
  await expect(send(world, made))
    .to.emit(entryPoint, "UserOperationRevertReason")
    .withArgs(await entryPoint.getUserOpHash(made), address, made.nonce, reason);
}

async function retires(world: Retirer, keys: readonly GuardianKey[]) {
  return send(world, await operation(world, [await world.retire()], keys));
}

const refusedFor = (world: Retirer, sent: Promise<unknown>) =>
  expect(sent)
    .to.be.revertedWithCustomError(world.entryPoint, "FailedOp")
    .withArgs(0n, "AA24 signature error");

describe("Guardian: signers", () => {
  describe("constructor", () => {
    it("keeps entry point, signers and threshold", async () => {
      const { guardian, entryPoint, keys } = await fresh();
      expect(await guardian.entryPoint()).to.equal(await entryPoint.getAddress());
      expect(await guardian.threshold()).to.equal(THRESHOLD);
      expect(await guardian.getSignerCount()).to.equal(3n);
      const signers = await guardian.getSigners(0n, 3n);
      expect([...signers].sort()).to.deep.equal(signersOf(keys).sort());
    });

    it("reverts with EntryPointWithoutCode", async () => {
      const { guardian, keys, bundler } = await fresh();
      for (const nobody of [ZeroAddress, bundler.address]) {
        await expect(ethers.deployContract("Guardian", [nobody, signersOf(keys), THRESHOLD]))
          .to.be.revertedWithCustomError(guardian, "EntryPointWithoutCode")
          .withArgs(nobody);
      }
    });

    it("refuses signers twice or too short, and thresholds of none or too many", async () => {
      const { guardian, entryPoint, keys } = await fresh();
      const { account, p256 } = keys;
      const at = await entryPoint.getAddress();
      const short = `0x${"11".repeat(19)}`;
      const made = (signers: string[], threshold: bigint) =>
        expect(ethers.deployContract("Guardian", [at, signers, threshold])).to.be;
      await made([account.signer, account.signer], 1n)
        .revertedWithCustomError(guardian, "MultiSignerERC7913AlreadyExists")
        .withArgs(account.signer);
      await made([short], 1n)
        .revertedWithCustomError(guardian, "MultiSignerERC7913InvalidSigner")
        .withArgs(short);
      await made([account.signer], 0n)
        .revertedWithCustomError(guardian, "MultiSignerERC7913ZeroThreshold")
        .withArgs();
      await made([account.signer, p256.signer], 3n)
        .revertedWithCustomError(guardian, "MultiSignerERC7913UnreachableThreshold")
        .withArgs(2n, 3n);
    });
  });

  describe("changes", () => {
    it("replaces a lost key in one operation of the others", async () => {
      const world = await fresh();
      const { guardian, keys } = world;
      const { passkey: fresher } = await makeKeys(connection, "new");
      await act(
        world,
        own(world, "addSigners", [fresher.signer]),
        own(world, "removeSigners", [keys.passkey.signer]),
      );
      expect(await guardian.isSigner(fresher.signer)).to.equal(true);
      expect(await guardian.isSigner(keys.passkey.signer)).to.equal(false);
      await refusedFor(world, retires(world, [keys.account, keys.passkey]));
      await expect(retires(world, [keys.account, fresher])).to.emit(world.ledger, "MarketRetired");
    });

    it("raises the threshold: two no longer do", async () => {
      const world = await fresh();
      const { guardian, keys } = world;
      const { account, p256, passkey } = keys;
      await expect(act(world, own(world, "setThreshold", 3n)))
        .to.emit(guardian, "ERC7913ThresholdSet")
        .withArgs(3n);
      await refusedFor(world, retires(world, [account, p256]));
      await expect(retires(world, [account, p256, passkey])).to.emit(world.ledger, "MarketRetired");
    });

    it("never falls below the threshold", async () => {
      const world = await fresh();
      const { account, p256 } = world.keys;
      const both = own(world, "removeSigners", [account.signer, p256.signer]);
      await fails(world, both, "MultiSignerERC7913UnreachableThreshold", [1n, 2n]);
      const four = own(world, "setThreshold", 4n);
      await fails(world, four, "MultiSignerERC7913UnreachableThreshold", [3n, 4n]);
      await fails(world, own(world, "setThreshold", 0n), "MultiSignerERC7913ZeroThreshold", []);
    });

    it("refuses to add who signs already and to remove who does not", async () => {
      const world = await fresh();
      const { account } = world.keys;
      const known = own(world, "addSigners", [account.signer]);
      await fails(world, known, "MultiSignerERC7913AlreadyExists", [account.signer]);
      const nobody = `0x${"77".repeat(20)}`;
      const unknown = own(world, "removeSigners", [nobody]);
      await fails(world, unknown, "MultiSignerERC7913NonexistentSigner", [nobody]);
    });

    it("are made by itself alone: not by whoever deployed it, a signer or a bundler", async () => {
      const world = await fresh();
      const { guardian, keys, bundler } = world;
      const [deployer] = await ethers.getSigners();
      for (const signer of [deployer, bundler]) {
        const as = guardian.connect(signer);
        for (const call of [
          as.addSigners([`0x${"77".repeat(20)}`]),
          as.removeSigners([keys.account.signer]),
          as.setThreshold(1n),
        ]) {
          await expect(call)
            .to.be.revertedWithCustomError(guardian, "AccountUnauthorized")
            .withArgs(signer?.address);
        }
      }
    });

    it("take a batch of its own: the entry point may not call them either", async () => {
      const world = await fresh();
      const { entryPoint, guardian, address, keys } = world;
      const { data } = own(world, "setThreshold", 1n);
      const made = await signedBy(world, await unsigned(world, data), [keys.account, keys.p256]);
      const by = await entryPoint.getAddress();
      const reason = guardian.interface.encodeErrorResult("AccountUnauthorized", [by]);
      await expect(send(world, made))
        .to.emit(entryPoint, "UserOperationRevertReason")
        .withArgs(await entryPoint.getUserOpHash(made), address, made.nonce, reason);
      expect(await guardian.threshold()).to.equal(THRESHOLD);
    });
  });

  describe("ether", () => {
    it("comes in from anyone and goes out by its own operation", async () => {
      const world = await fresh();
      const { address, bundler } = world;
      await bundler.sendTransaction({ to: address, value: 5n });
      const to = `0x${"55".repeat(20)}`;
      await act(world, { target: to, value: 5n, data: "0x" });
      expect(await ethers.provider.getBalance(to)).to.equal(5n);
    });
  });
});
