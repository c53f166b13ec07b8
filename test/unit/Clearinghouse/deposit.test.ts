import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { accountOf } from "../../fixtures/ids.ts";
import { DAY, MAX_256, usdc } from "../../fixtures/units.ts";
import { PURSE, deployOpen, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const EMPTY = "0x00000000000000000000000000000000000000E0";

async function opened() {
  return deployOpen(connection);
}

/** A token with odd habits, in the taker's wallet and approved. */
async function odd() {
  const world = await networkHelpers.loadFixture(opened);
  const token = await ethers.deployContract("OddToken");
  const address = await token.getAddress();
  await token.mint(world.taker.address, 1_000n);
  await token.connect(world.taker.signer).approve(world.address, MAX_256);
  return { ...world, token, tokenAddress: address, own: world.ledger.connect(world.taker.signer) };
}

/** Habits of a token with which a transfer is exact, and what it answers. */
const Answer = { True: 0n, Nothing: 1n, False: 2n, FalseUnmoved: 3n } as const;

describe("Clearinghouse", () => {
  describe("deposit", () => {
    describe("when the token moves exactly the amount", () => {
      it("moves it from the caller to the ledger and adds it to the account's free cash", async () => {
        const { ledger, address, quote, quoteAddress, taker } =
          await networkHelpers.loadFixture(opened);
        const own = ledger.connect(taker.signer);
        await expect(own.deposit(taker.account, quoteAddress, usdc(5))).to.changeTokenBalances(
          ethers,
          quote,
          [taker.address, address],
          [-usdc(5), usdc(5)],
        );
        expect(await ledger.cashOf(taker.account, quoteAddress)).to.equal(PURSE.quote + usdc(5));
      });

      it("emits Deposited with book 0 and the payer", async () => {
        const { ledger, quoteAddress, taker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(taker.signer).deposit(taker.account, quoteAddress, 1n))
          .to.emit(ledger, "Deposited")
          .withArgs(taker.account, quoteAddress, 0n, taker.address, 1n);
      });

      it("credits whatever account the caller names, and that account alone", async () => {
        const { ledger, quoteAddress, baseAddress, maker, stranger } =
          await networkHelpers.loadFixture(opened);
        const account = accountOf(maker.address, (1n << 96n) - 1n);
        await expect(ledger.connect(stranger).deposit(account, quoteAddress, 7n))
          .to.emit(ledger, "Deposited")
          .withArgs(account, quoteAddress, 0n, stranger.address, 7n);
        expect(await ledger.cashOf(account, quoteAddress)).to.equal(7n);
        expect(await ledger.cashOf(account, baseAddress)).to.equal(0n);
        expect(await ledger.cashOf(maker.account, quoteAddress)).to.equal(PURSE.quote);
        expect(await ledger.cashOf(accountOf(stranger.address), quoteAddress)).to.equal(0n);
      });

      it("takes tokens of no market, at any time", async () => {
        const world = await odd();
        const { token, tokenAddress, taker, own } = world;
        await passTo(world, world.expiry + DAY);
        await expect(own.deposit(taker.account, tokenAddress, 1_000n)).to.emit(own, "Deposited");
        expect(await token.balanceOf(world.address)).to.equal(1_000n);
      });

      it("takes a token that returns nothing", async () => {
        const { token, tokenAddress, taker, own } = await odd();
        await token.setAnswer(Answer.Nothing);
        await expect(own.deposit(taker.account, tokenAddress, 9n)).to.emit(own, "Deposited");
        expect(await own.cashOf(taker.account, tokenAddress)).to.equal(9n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with ZeroAmount before it looks at the account", async () => {
        const { ledger, taker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(taker.signer).deposit(0n, EMPTY, 0n))
          .to.be.revertedWithCustomError(ledger, "ZeroAmount")
          .withArgs();
      });

      it("reverts with OwnerZero before it looks at the token", async () => {
        const { ledger, taker } = await networkHelpers.loadFixture(opened);
        for (const account of [0n, (1n << 96n) - 1n]) {
          await expect(ledger.connect(taker.signer).deposit(account, EMPTY, 1n))
            .to.be.revertedWithCustomError(ledger, "OwnerZero")
            .withArgs(account);
        }
      });

      it("reverts with NoCode where there is no token", async () => {
        const { ledger, taker, stranger } = await networkHelpers.loadFixture(opened);
        for (const token of [EMPTY, stranger.address]) {
          await expect(ledger.connect(taker.signer).deposit(taker.account, token, 1n))
            .to.be.revertedWithCustomError(ledger, "NoCode")
            .withArgs(token);
        }
      });
    });

    describe("when the token does not go along", () => {
      it("passes the token's own errors through", async () => {
        const { token, tokenAddress, taker, own } = await odd();
        await expect(own.deposit(taker.account, tokenAddress, 1_001n))
          .to.be.revertedWithCustomError(token, "Short")
          .withArgs(taker.address, 1_001n);
        await token.setPaused(true);
        await expect(own.deposit(taker.account, tokenAddress, 1n))
          .to.be.revertedWithCustomError(token, "Paused")
          .withArgs();
      });

      it("asks the token about amounts that no account could hold", async () => {
        const { ledger, quote, quoteAddress, taker } = await networkHelpers.loadFixture(opened);
        const wallet = await quote.balanceOf(taker.address);
        for (const amount of [MAX_256, MAX_256 - PURSE.quote, MAX_256 - PURSE.quote + 1n]) {
          await expect(ledger.connect(taker.signer).deposit(taker.account, quoteAddress, amount))
            .to.be.revertedWithCustomError(quote, "ERC20InsufficientBalance")
            .withArgs(taker.address, wallet, amount);
        }
      });

      it("reverts with TransferMismatch for a token that takes a fee, or gives more", async () => {
        const { token, tokenAddress, taker, own } = await odd();
        for (const gift of [-1n, 1n, -100n]) {
          await token.setGift(gift);
          await expect(own.deposit(taker.account, tokenAddress, 100n))
            .to.be.revertedWithCustomError(own, "TransferMismatch")
            .withArgs(tokenAddress, 100n + gift, 100n);
        }
        expect(await own.cashOf(taker.account, tokenAddress)).to.equal(0n);
        expect(await token.balanceOf(taker.address)).to.equal(1_000n);
      });

      it("reverts with TransferMismatch, received 0, for a token whose balance shrinks", async () => {
        const { token, tokenAddress, taker, own } = await odd();
        await own.deposit(taker.account, tokenAddress, 100n);
        await token.setGift(-150n);
        await expect(own.deposit(taker.account, tokenAddress, 100n))
          .to.be.revertedWithCustomError(own, "TransferMismatch")
          .withArgs(tokenAddress, 0n, 100n);
      });

      it("reverts for a token that answers false, whether it moved or not", async () => {
        const { token, tokenAddress, taker, own } = await odd();
        for (const answer of [Answer.False, Answer.FalseUnmoved]) {
          await token.setAnswer(answer);
          await expect(own.deposit(taker.account, tokenAddress, 1n))
            .to.be.revertedWithCustomError(own, "SafeERC20FailedOperation")
            .withArgs(tokenAddress);
        }
      });

      it("reverts when nothing is approved", async () => {
        const { ledger, quote, quoteAddress, address, admin } =
          await networkHelpers.loadFixture(opened);
        await quote.mint(admin.address, 5n);
        await expect(ledger.connect(admin).deposit(accountOf(admin.address), quoteAddress, 5n))
          .to.be.revertedWithCustomError(quote, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, 5n);
      });
    });

    it("takes no native coin, by call or by plain transfer", async () => {
      const { ledger, address, stranger } = await networkHelpers.loadFixture(opened);
      for (const data of ["0x", "0x12345678", ledger.interface.encodeFunctionData("treasury")]) {
        await expect(stranger.sendTransaction({ to: address, value: 1n, data })).to.be.revert(
          ethers,
        );
      }
      expect(await ethers.provider.getBalance(address)).to.equal(0n);
    });
  });
});
