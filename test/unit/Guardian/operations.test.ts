import { expect } from "chai";
import { keccak256 } from "ethers";

import { accountKey } from "../../../scripts/lib/guardian/keys.ts";
import type { GuardianKey } from "../../../scripts/lib/guardian/keys.ts";
import {
  operationDomain,
  operationHash,
  signedOperation,
} from "../../../scripts/lib/guardian/userOperation.ts";
import { connect } from "../../fixtures/connection.ts";
import type { Keys } from "../../fixtures/guardian.ts";
import { deployEntryPoint, operation, send, signedBy, unsigned } from "../../fixtures/guardian.ts";
import { ROLE, deployRetirer } from "./support.ts";
import type { Retirer } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const deployed = () => deployRetirer(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

const BAD_SIGNATURE = [0n, "AA24 signature error"] as const;

/** Two keys of the three, in both orders. */
const PAIRS: readonly (readonly [keyof Keys, keyof Keys])[] = [
  ["account", "p256"],
  ["account", "passkey"],
  ["p256", "passkey"],
  ["p256", "account"],
  ["passkey", "account"],
  ["passkey", "p256"],
];

const retire = async (world: Retirer, pick: (keys: Keys) => readonly GuardianKey[]) =>
  operation(world, [await world.retire()], pick(world.keys));

async function isRetired({ ledger, market }: Retirer): Promise<boolean> {
  return (await ledger.guardOf(market)).retired;
}

/** The operation is refused for its signatures, and nothing happens. */
async function refused(world: Retirer, made: ReturnType<typeof retire>): Promise<void> {
  await expect(send(world, await made))
    .to.be.revertedWithCustomError(world.entryPoint, "FailedOp")
    .withArgs(...BAD_SIGNATURE);
  expect(await isRetired(world)).to.equal(false);
}

describe("Guardian: operations", () => {
  describe("signatures", () => {
    for (const [first, second] of PAIRS) {
      it(`acts through the access manager, signed by ${first} and ${second}`, async () => {
        const world = await fresh();
        const { ledger, market } = world;
        const made = await retire(world, (keys) => [keys[first], keys[second]]);
        await expect(send(world, made)).to.emit(ledger, "MarketRetired").withArgs(market);
        expect(await isRetired(world)).to.equal(true);
      });
    }

    it("acts with all three", async () => {
      const world = await fresh();
      const made = await retire(world, (keys) => Object.values(keys) as GuardianKey[]);
      await expect(send(world, made)).to.emit(world.ledger, "MarketRetired");
    });

    it("acts by nobody's signature if its role was taken", async () => {
      const world = await fresh();
      await world.manager.revokeRole(ROLE, world.address);
      const made = await retire(world, ({ account, p256 }) => [account, p256]);
      const { ledger, entryPoint, address } = world;
      const reason = ledger.interface.encodeErrorResult("AccessManagedUnauthorized", [address]);
      const hash = await entryPoint.getUserOpHash(made);
      await expect(send(world, made))
        .to.emit(entryPoint, "UserOperationRevertReason")
        .withArgs(hash, address, 0n, reason);
      expect(await isRetired(world)).to.equal(false);
    });

    for (const kind of ["account", "p256", "passkey"] as const) {
      it(`refuses one signature, of ${kind}`, async () => {
        const world = await fresh();
        await refused(
          world,
          retire(world, (keys) => [keys[kind]]),
        );
      });

      it(`refuses ${kind} twice, also around another`, async () => {
        const world = await fresh();
        const { [kind]: key, account, p256 } = world.keys;
        const other = kind === "account" ? p256 : account;
        await refused(
          world,
          retire(world, () => [key, key]),
        );
        for (const keys of [
          [key, other, key],
          [other, key, key],
          [key, key, other],
        ]) {
          await refused(
            world,
            retire(world, () => keys),
          );
        }
      });
    }

    it("refuses a signature of none, and none at all", async () => {
      const world = await fresh();
      await refused(
        world,
        retire(world, () => []),
      );
      const bare = await unsigned(world, (await retire(world, () => [])).callData);
      await refused(world, Promise.resolve(bare));
    });

    it("refuses a key that is no signer, beside one that is", async () => {
      const world = await fresh();
      const stranger = accountKey(keccak256("0x01"));
      await refused(
        world,
        retire(world, ({ account }) => [account, stranger]),
      );
    });

    it("refuses a signature under the name of another key", async () => {
      const world = await fresh();
      const forged = ({ account, p256, passkey }: Keys): GuardianKey[] => [
        account,
        {
          signer: passkey.signer,
          sign: (hash) => ({ ...p256.sign(hash), signer: passkey.signer }),
        },
      ];
      await refused(world, retire(world, forged));
      const wallet: GuardianKey = {
        signer: world.keys.p256.signer,
        sign: (hash) => ({ ...world.keys.account.sign(hash), signer: world.keys.p256.signer }),
      };
      await refused(
        world,
        retire(world, ({ account }) => [account, wallet]),
      );
    });

    it("takes signers in any order: the order of their hashes is only the cheapest", async () => {
      const world = await fresh();
      const { account, p256, passkey } = world.keys;
      const sorted = [account, p256, passkey].sort((a, b) =>
        keccak256(a.signer) < keccak256(b.signer) ? -1 : 1,
      );
      const gas = async (keys: readonly GuardianKey[]) => {
        const snapshot = await networkHelpers.takeSnapshot();
        const sent = await send(world, await retire(world, () => keys));
        const receipt = await sent.wait();
        await snapshot.restore();
        return receipt?.gasUsed ?? 0n;
      };
      expect(await gas(sorted)).to.be.lessThan(await gas([...sorted].reverse()));
    });
  });

  describe("what is signed", () => {
    it("is the hash of the entry point, as typed data", async () => {
      const world = await fresh();
      const made = await retire(world, ({ account }) => [account]);
      const { chainId } = await ethers.provider.getNetwork();
      const domain = operationDomain(chainId, await world.entryPoint.getAddress());
      expect(operationHash(made, domain)).to.equal(await world.entryPoint.getUserOpHash(made));
    });

    it("holds once: a replay is refused", async () => {
      const world = await fresh();
      const made = await retire(world, ({ account, p256 }) => [account, p256]);
      await send(world, made);
      await expect(send(world, made))
        .to.be.revertedWithCustomError(world.entryPoint, "FailedOp")
        .withArgs(0n, "AA25 invalid account nonce");
    });

    it("holds on its chain and its entry point alone", async () => {
      const world = await fresh();
      const { account, p256 } = world.keys;
      const other = await deployEntryPoint(connection);
      const call = await world.retire();
      const elsewhere = await other.getAddress();
      await refused(world, operation(world, [call], [account, p256], { chainId: 1n }));
      await refused(world, operation(world, [call], [account, p256], { entryPoint: elsewhere }));
    });

    it("does nothing through another entry point", async () => {
      const world = await fresh();
      const { account, passkey } = world.keys;
      const other = (await deployEntryPoint(connection)).connect(world.bundler);
      const elsewhere = await other.getAddress();
      await other.depositTo(world.address, { value: 10n ** 18n });
      const patch = { entryPoint: elsewhere, nonce: 0n };
      const made = await operation(world, [await world.retire()], [account, passkey], patch);
      const reason = world.guardian.interface.encodeErrorResult("AccountUnauthorized", [elsewhere]);
      await expect(other.handleOps([made], world.bundler.address))
        .to.be.revertedWithCustomError(other, "FailedOpWithRevert")
        .withArgs(0n, "AA23 reverted", reason);
      expect(await isRetired(world)).to.equal(false);
    });

    it("holds for its operation alone: no other call, nonce or gas", async () => {
      const world = await fresh();
      const { account, p256 } = world.keys;
      const made = await retire(world, () => [account, p256]);
      const other = await operation(world, [], [account, p256]);
      for (const changed of [
        { ...made, signature: other.signature },
        { ...made, nonce: 1n << 64n },
        { ...made, preVerificationGas: made.preVerificationGas + 1n },
        { ...made, accountGasLimits: `0x${"00".repeat(12)}00200000${"00".repeat(12)}00200000` },
      ]) {
        await refused(world, Promise.resolve(changed));
      }
      await expect(send(world, made)).to.emit(world.ledger, "MarketRetired");
    });

    it("is one operation: signatures of two operations do not add up", async () => {
      const world = await fresh();
      const { account, p256 } = world.keys;
      const { chainId } = await ethers.provider.getNetwork();
      const domain = operationDomain(chainId, await world.entryPoint.getAddress());
      const made = await unsigned(world, (await retire(world, () => [])).callData);
      const other = await unsigned(world, (await operation(world, [], [])).callData);
      const signatures = [
        account.sign(operationHash(made, domain)),
        p256.sign(operationHash(other, domain)),
      ];
      await refused(world, Promise.resolve(signedOperation(made, signatures)));
      await refused(world, Promise.resolve(signedOperation(other, signatures)));
    });
  });

  describe("execute", () => {
    it("makes all calls of a batch, or none", async () => {
      const world = await fresh();
      const { account, p256 } = world.keys;
      const twice = [await world.retire(), await world.retire()];
      const made = await operation(world, twice, [account, p256]);
      await expect(send(world, made)).to.emit(world.entryPoint, "UserOperationRevertReason");
      expect(await isRetired(world)).to.equal(false);
    });

    it("reverts with AccountUnauthorized for anyone but the entry point and itself", async () => {
      const world = await fresh();
      const { guardian, bundler } = world;
      const { callData } = await retire(world, () => []);
      const { args } = guardian.interface.parseTransaction({ data: callData }) ?? { args: [] };
      const [mode, data] = args as unknown as [string, string];
      await expect(guardian.connect(bundler).execute(mode, data))
        .to.be.revertedWithCustomError(guardian, "AccountUnauthorized")
        .withArgs(bundler.address);
    });

    it("knows one mode: a batch that succeeds as a whole", async () => {
      const world = await fresh();
      const { guardian, entryPoint, keys } = world;
      const { callData } = await retire(world, () => []);
      const { args } = guardian.interface.parseTransaction({ data: callData }) ?? { args: [] };
      const [mode, data] = args as unknown as [string, string];
      expect(await guardian.supportsExecutionMode(mode)).to.equal(true);
      for (const other of ["00", "0101", "ff"]) {
        const padded = `0x${other.padEnd(64, "0")}`;
        expect(await guardian.supportsExecutionMode(padded)).to.equal(false);
        const call = guardian.interface.encodeFunctionData("execute", [padded, data]);
        const made = await signedBy(world, await unsigned(world, call), [keys.account, keys.p256]);
        const reason = guardian.interface.encodeErrorResult("UnsupportedExecutionMode");
        await expect(send(world, made))
          .to.emit(entryPoint, "UserOperationRevertReason")
          .withArgs(await entryPoint.getUserOpHash(made), world.address, made.nonce, reason);
      }
    });
  });
});
