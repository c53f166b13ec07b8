import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { accountOf } from "../../fixtures/ids.ts";
import { DAY, MAX_256, Scope, usdc } from "../../fixtures/units.ts";
import { PURSE, deployOpen, now, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

describe("Clearinghouse", () => {
  describe("withdraw", () => {
    describe("when the owner asks for what is there", () => {
      it("sends it to any address and takes it off free cash", async () => {
        const { ledger, address, quote, quoteAddress, maker, stranger } =
          await networkHelpers.loadFixture(opened);
        const own = ledger.connect(maker.signer);
        await expect(
          own.withdraw(maker.account, quoteAddress, usdc(5), stranger.address),
        ).to.changeTokenBalances(ethers, quote, [address, stranger.address], [-usdc(5), usdc(5)]);
        expect(await ledger.cashOf(maker.account, quoteAddress)).to.equal(PURSE.quote - usdc(5));
      });

      it("emits Withdrawn", async () => {
        const { ledger, quoteAddress, maker, stranger } = await networkHelpers.loadFixture(opened);
        const own = ledger.connect(maker.signer);
        await expect(own.withdraw(maker.account, quoteAddress, 1n, stranger.address))
          .to.emit(ledger, "Withdrawn")
          .withArgs(maker.account, quoteAddress, stranger.address, 1n);
      });

      it("gives the last unit, at any time", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, quoteAddress, maker } = world;
        await passTo(world, world.expiry + DAY);
        const own = ledger.connect(maker.signer);
        await own.withdraw(maker.account, quoteAddress, PURSE.quote, maker.address);
        expect(await ledger.cashOf(maker.account, quoteAddress)).to.equal(0n);
      });

      it("keeps sub-accounts apart", async () => {
        const { ledger, quoteAddress, maker } = await networkHelpers.loadFixture(opened);
        const second = accountOf(maker.address, 2n);
        await expect(ledger.connect(maker.signer).withdraw(second, quoteAddress, 1n, maker.address))
          .to.be.revertedWithCustomError(ledger, "CashShort")
          .withArgs(second, quoteAddress, 1n, 0n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotOwner for anyone else, before the amount", async () => {
        const { ledger, admin, quoteAddress, maker, taker } =
          await networkHelpers.loadFixture(opened);
        for (const caller of [admin, taker.signer]) {
          await expect(
            ledger.connect(caller).withdraw(maker.account, quoteAddress, 0n, ZeroAddress),
          )
            .to.be.revertedWithCustomError(ledger, "NotOwner")
            .withArgs(maker.account, caller.address);
        }
      });

      it("reverts with NotOwner for an operator with every scope", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, quoteAddress, maker, stranger } = world;
        const until = (await now(world)) + DAY;
        await ledger
          .connect(maker.signer)
          .setAccountOperator(maker.account, stranger.address, Scope.Both, until);
        await expect(
          ledger.connect(stranger).withdraw(maker.account, quoteAddress, 1n, maker.address),
        )
          .to.be.revertedWithCustomError(ledger, "NotOwner")
          .withArgs(maker.account, stranger.address);
      });

      it("reverts with ZeroAmount before it looks at the receiver", async () => {
        const { ledger, quoteAddress, maker } = await networkHelpers.loadFixture(opened);
        await expect(
          ledger.connect(maker.signer).withdraw(maker.account, quoteAddress, 0n, ZeroAddress),
        )
          .to.be.revertedWithCustomError(ledger, "ZeroAmount")
          .withArgs();
      });

      it("reverts with ReceiverInvalid for the zero address and the ledger, before the cash", async () => {
        const { ledger, address, quoteAddress, maker } = await networkHelpers.loadFixture(opened);
        for (const to of [ZeroAddress, address]) {
          await expect(
            ledger.connect(maker.signer).withdraw(maker.account, quoteAddress, MAX_256, to),
          )
            .to.be.revertedWithCustomError(ledger, "ReceiverInvalid")
            .withArgs(to);
        }
      });

      it("reverts with CashShort one unit above", async () => {
        const { ledger, quoteAddress, maker } = await networkHelpers.loadFixture(opened);
        const asked = PURSE.quote + 1n;
        await expect(
          ledger.connect(maker.signer).withdraw(maker.account, quoteAddress, asked, maker.address),
        )
          .to.be.revertedWithCustomError(ledger, "CashShort")
          .withArgs(maker.account, quoteAddress, asked, PURSE.quote);
      });
    });

    describe("when the token does not go along", () => {
      it("passes its errors through, keeps the cash, and lets the owner name another receiver", async () => {
        const { ledger, address, maker, stranger } = await networkHelpers.loadFixture(opened);
        const token = await ethers.deployContract("OddToken");
        const tokenAddress = await token.getAddress();
        await token.mint(maker.address, 10n);
        await token.connect(maker.signer).approve(address, 10n);
        const own = ledger.connect(maker.signer);
        await own.deposit(maker.account, tokenAddress, 10n);
        await token.setBlocked(maker.address, true);
        await expect(own.withdraw(maker.account, tokenAddress, 10n, maker.address))
          .to.be.revertedWithCustomError(token, "Blocked")
          .withArgs(maker.address);
        expect(await ledger.cashOf(maker.account, tokenAddress)).to.equal(10n);
        await own.withdraw(maker.account, tokenAddress, 10n, stranger.address);
        expect(await token.balanceOf(stranger.address)).to.equal(10n);
      });
    });
  });
});
