import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, refused } from "../../fixtures/fills.ts";
import { accountOf } from "../../fixtures/ids.ts";
import { Nonce, Scope } from "../../fixtures/units.ts";
import { at, deployOpen, now } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const NONE = `0x${"0".repeat(64)}`;

async function opened() {
  return deployOpen(connection);
}

describe("Clearinghouse", () => {
  describe("cancel", () => {
    describe("when the nonces are unused or partial", () => {
      it("emits OrdersCancelled with the nonces as given", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        const nonces = [5n, 1n, 5n, (1n << 256n) - 1n];
        await expect(ledger.connect(maker.signer).cancel(maker.account, nonces))
          .to.emit(ledger, "OrdersCancelled")
          .withArgs(maker.account, nonces);
      });

      it("cancels them, those of one word and of others, and no more", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        const cancelled = [0n, 2n, 127n, 128n, (1n << 256n) - 1n];
        await ledger.connect(maker.signer).cancel(maker.account, cancelled);
        for (const nonce of cancelled) {
          const view = [...(await ledger.nonceOf(maker.account, nonce))];
          expect(view, `nonce ${nonce}`).to.deep.equal([Nonce.Cancelled, 0n, NONE]);
        }
        for (const nonce of [1n, 3n, 126n, 129n, 255n]) {
          expect((await ledger.nonceOf(maker.account, nonce)).state).to.equal(Nonce.Unused);
        }
      });

      it("clears the slot of a partial order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await fill(world, { units: 3n });
        await ledger.connect(maker.signer).cancel(maker.account, [1n]);
        const view = [...(await ledger.nonceOf(maker.account, 1n))];
        expect(view).to.deep.equal([Nonce.Cancelled, 0n, NONE]);
      });

      it("takes the same nonce again, and no nonce at all", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        const own = ledger.connect(maker.signer);
        for (const nonces of [[1n], [1n], []]) {
          await expect(own.cancel(maker.account, nonces))
            .to.emit(ledger, "OrdersCancelled")
            .withArgs(maker.account, nonces);
        }
      });
    });

    describe("when a nonce is filled", () => {
      it("leaves it filled and cancels the others", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await fill(world);
        await ledger.connect(maker.signer).cancel(maker.account, [1n, 2n]);
        expect((await ledger.nonceOf(maker.account, 1n)).state).to.equal(Nonce.Filled);
        await refused(world, {}, "OrderFilledUp", [maker.account, 1n]);
        await refused(world, { order: { nonce: 2n } }, "OrderCancelled", [maker.account, 2n]);
      });
    });

    describe("when the account is another", () => {
      it("keeps nonces of accounts apart", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        await ledger.connect(maker.signer).cancel(accountOf(maker.address, 1n), [1n]);
        expect((await ledger.nonceOf(maker.account, 1n)).state).to.equal(Nonce.Unused);
      });

      it("reverts with NotPermitted for strangers, the taker and manage operators", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, stranger, expiry } = world;
        await ledger
          .connect(maker.signer)
          .setAccountOperator(maker.account, stranger.address, Scope.Manage, expiry);
        for (const caller of [taker.signer, stranger]) {
          await expect(ledger.connect(caller).cancel(maker.account, [1n]))
            .to.be.revertedWithCustomError(ledger, "NotPermitted")
            .withArgs(maker.account, caller.address, Scope.Trade);
        }
      });

      it("lets a trade operator do it, up to the last second of the grant", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger } = world;
        const until = (await now(world)) + 100n;
        await ledger
          .connect(maker.signer)
          .setAccountOperator(maker.account, stranger.address, Scope.Trade, until);
        await at(world, until - 1n);
        await expect(ledger.connect(stranger).cancel(maker.account, [1n])).to.emit(
          ledger,
          "OrdersCancelled",
        );
        await at(world, until);
        await expect(ledger.connect(stranger).cancel(maker.account, [2n]))
          .to.be.revertedWithCustomError(ledger, "NotPermitted")
          .withArgs(maker.account, stranger.address, Scope.Trade);
      });
    });
  });

  describe("raiseEpoch", () => {
    it("adds one to the account's epoch, returns it, and emits EpochRaised", async () => {
      const { ledger, maker } = await networkHelpers.loadFixture(opened);
      const own = ledger.connect(maker.signer);
      for (const epoch of [1n, 2n, 3n]) {
        expect(await own.raiseEpoch.staticCall(maker.account)).to.equal(epoch);
        await expect(own.raiseEpoch(maker.account))
          .to.emit(ledger, "EpochRaised")
          .withArgs(maker.account, epoch);
        expect(await ledger.epochOf(maker.account)).to.equal(epoch);
      }
      expect(await ledger.epochOf(accountOf(maker.address, 1n))).to.equal(0n);
    });

    it("lets a trade operator do it", async () => {
      const { ledger, maker, stranger, expiry } = await networkHelpers.loadFixture(opened);
      await ledger
        .connect(maker.signer)
        .setAccountOperator(maker.account, stranger.address, Scope.Trade, expiry);
      await expect(ledger.connect(stranger).raiseEpoch(maker.account))
        .to.emit(ledger, "EpochRaised")
        .withArgs(maker.account, 1n);
    });

    it("reverts with NotPermitted for strangers, the taker and manage operators", async () => {
      const { ledger, maker, taker, stranger, expiry } = await networkHelpers.loadFixture(opened);
      await ledger
        .connect(maker.signer)
        .setAccountOperator(maker.account, stranger.address, Scope.Manage, expiry);
      for (const caller of [taker.signer, stranger]) {
        await expect(ledger.connect(caller).raiseEpoch(maker.account))
          .to.be.revertedWithCustomError(ledger, "NotPermitted")
          .withArgs(maker.account, caller.address, Scope.Trade);
      }
    });
  });
});
