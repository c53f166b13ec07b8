import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { fill, orderOf, refused, sign } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { accountOf } from "../../fixtures/ids.ts";
import { DAY, Scope } from "../../fixtures/units.ts";
import { at, deployOpen, now, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const MAX_40 = (1n << 40n) - 1n;

async function opened() {
  return deployOpen(connection);
}

/** The maker grants the stranger these scopes on its account. */
async function grant(world: World, scopes: bigint, until: bigint) {
  const { ledger, maker, stranger } = world;
  return ledger
    .connect(maker.signer)
    .setAccountOperator(maker.account, stranger.address, scopes, until);
}

/** An order of the maker's account that the stranger signed at this time. */
async function signedByStranger(world: World, signedAt: bigint, nonce = 1n): Promise<FillPatch> {
  const order = { signedAt, nonce };
  const signature = await sign(world, orderOf(world, order), world.stranger);
  return { order, signer: world.stranger.address, signature };
}

describe("Clearinghouse", () => {
  describe("setAccountOperator", () => {
    describe("when the owner grants", () => {
      it("emits AccountOperatorSet and shows scopes, end and since", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger } = world;
        const time = (await now(world)) + 10n;
        for (const scopes of Object.values(Scope)) {
          await at(world, time);
          await expect(grant(world, scopes, time + DAY))
            .to.emit(ledger, "AccountOperatorSet")
            .withArgs(maker.account, stranger.address, scopes, time + DAY, time);
          const view = [...(await ledger.operatorOf(maker.account, stranger.address))];
          expect(view).to.deep.equal([scopes, time + DAY, time]);
        }
      });

      it("grants for one sub-account and one operator", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, stranger } = world;
        await grant(world, Scope.Both, MAX_40);
        const others = [
          [accountOf(maker.address, 1n), stranger.address],
          [maker.account, taker.address],
          [accountOf(stranger.address), maker.address],
        ] as const;
        for (const [account, operator] of others) {
          const view = [...(await ledger.operatorOf(account, operator))];
          expect(view).to.deep.equal([0n, 0n, 0n]);
        }
      });

      it("replaces an earlier grant, scope and since included", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger } = world;
        await grant(world, Scope.Both, MAX_40);
        const time = (await now(world)) + 10n;
        await at(world, time);
        await grant(world, Scope.Trade, time + 1n);
        const view = [...(await ledger.operatorOf(maker.account, stranger.address))];
        expect(view).to.deep.equal([Scope.Trade, time + 1n, time]);
      });
    });

    describe("when the owner revokes", () => {
      it("emits AccountOperatorSet with zeros, at once, whatever the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger } = world;
        for (const until of [0n, MAX_40]) {
          await grant(world, Scope.Both, MAX_40);
          await expect(grant(world, 0n, until))
            .to.emit(ledger, "AccountOperatorSet")
            .withArgs(maker.account, stranger.address, 0n, 0n, 0n);
          const view = [...(await ledger.operatorOf(maker.account, stranger.address))];
          expect(view).to.deep.equal([0n, 0n, 0n]);
        }
        await expect(ledger.connect(stranger).cancel(maker.account, [1n]))
          .to.be.revertedWithCustomError(ledger, "NotPermitted")
          .withArgs(maker.account, stranger.address, Scope.Trade);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotOwner for anyone else, operators with every scope too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, stranger } = world;
        await grant(world, Scope.Both, MAX_40);
        for (const caller of [taker.signer, stranger]) {
          await expect(
            ledger.connect(caller).setAccountOperator(maker.account, ZeroAddress, 9n, 0n),
          )
            .to.be.revertedWithCustomError(ledger, "NotOwner")
            .withArgs(maker.account, caller.address);
        }
      });

      it("reverts with OperatorInvalid for the zero address, before the scopes", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        const own = ledger.connect(maker.signer);
        for (const scopes of [9n, 0n]) {
          await expect(own.setAccountOperator(maker.account, ZeroAddress, scopes, 0n))
            .to.be.revertedWithCustomError(ledger, "OperatorInvalid")
            .withArgs(ZeroAddress);
        }
      });

      it("reverts with ScopesUnknown above 3, before the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const scopes of [4n, 7n, 255n]) {
          await expect(grant(world, scopes, 0n))
            .to.be.revertedWithCustomError(world.ledger, "ScopesUnknown")
            .withArgs(scopes, 3n);
        }
      });

      it("reverts with OperatorEnded for an end that is not later than now", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 10n;
        for (const until of [0n, time - 1n, time]) {
          await at(world, time);
          await expect(grant(world, Scope.Trade, until))
            .to.be.revertedWithCustomError(world.ledger, "OperatorEnded")
            .withArgs(until, time);
        }
        await at(world, time);
        await expect(grant(world, Scope.Trade, time + 1n)).to.emit(
          world.ledger,
          "AccountOperatorSet",
        );
      });
    });

    describe("what an operator's signature is worth", () => {
      it("counts from the second of the grant on, until now", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const since = (await now(world)) + 100n;
        const args = [world.maker.account, world.stranger.address];
        await at(world, since);
        await grant(world, Scope.Trade, MAX_40);
        await passTo(world, since + 50n);
        await at(world, since + 50n);
        await refused(world, await signedByStranger(world, since - 1n), "BadSignature", args);
        await at(world, since + 51n);
        await refused(world, await signedByStranger(world, since + 52n), "BadSignature", args);
        await at(world, since + 60n);
        for (const [nonce, signedAt] of [since, since + 60n].entries()) {
          const patch = await signedByStranger(world, signedAt, BigInt(nonce));
          await at(world, since + 60n);
          await expect(fill(world, patch)).to.emit(world.ledger, "OrderFilled");
        }
      });

      it("ends with the grant, to the second", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const since = await now(world);
        const until = since + 1_000n;
        await grant(world, Scope.Trade, until);
        const first = await signedByStranger(world, since + 1n, 1n);
        const second = await signedByStranger(world, since + 1n, 2n);
        await at(world, until - 1n);
        await expect(fill(world, first)).to.emit(world.ledger, "OrderFilled");
        await at(world, until);
        const args = [world.maker.account, world.stranger.address];
        await refused(world, second, "BadSignature", args);
      });

      it("needs the scope trade", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const since = await now(world);
        await grant(world, Scope.Manage, MAX_40);
        const args = [world.maker.account, world.stranger.address];
        const patch = await signedByStranger(world, since + 5n);
        await passTo(world, since + 10n);
        await refused(world, patch, "BadSignature", args);
        const alike = await signedByStranger(world, since + 20n);
        await at(world, since + 20n);
        await grant(world, Scope.Both, MAX_40);
        await expect(fill(world, alike)).to.emit(world.ledger, "OrderFilled");
      });

      it("is not revived by a new grant: orders signed before it stay dead", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const since = await now(world);
        await grant(world, Scope.Trade, MAX_40);
        const old = await signedByStranger(world, since + 1n);
        await at(world, since + 10n);
        await grant(world, 0n, 0n);
        const args = [world.maker.account, world.stranger.address];
        await refused(world, old, "BadSignature", args);
        await at(world, since + 20n);
        await grant(world, Scope.Trade, MAX_40);
        await refused(world, old, "BadSignature", args);
      });

      it("is dead by a new epoch, whatever time an operator granted again writes on it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        const since = await now(world);
        await grant(world, Scope.Trade, MAX_40);
        await grant(world, 0n, 0n);
        await ledger.connect(maker.signer).raiseEpoch(maker.account);
        await at(world, since + 20n);
        await grant(world, Scope.Trade, MAX_40);
        const patch = await signedByStranger(world, since + 20n);
        await refused(world, patch, "EpochStale", [0n, 1n]);
      });

      it("is void for another account of the same owner", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await grant(world, Scope.Both, MAX_40);
        const account = accountOf(world.maker.address, 1n);
        const order = { account, signedAt: await now(world) };
        const signature = await sign(world, orderOf(world, order), world.stranger);
        const patch = { order, signer: world.stranger.address, signature };
        const args = [account, world.stranger.address];
        await refused(world, patch, "BadSignature", args);
      });
    });

    describe("what the owner's signature is worth", () => {
      it("counts whatever its time says", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const [nonce, signedAt] of [0n, MAX_40].entries()) {
          const order = { nonce: BigInt(nonce), signedAt };
          await expect(fill(world, { order })).to.emit(world.ledger, "OrderFilled");
        }
      });
    });
  });
});
