import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill } from "../../fixtures/fills.ts";
import { accountOf } from "../../fixtures/ids.ts";
import { bookView, positionOf } from "../../fixtures/state.ts";
import { MAX_112, MAX_256, WEEK, ether, usdc } from "../../fixtures/units.ts";
import { at, deployOpen, listMarket } from "../../fixtures/world.ts";
import { bookOf } from "../../fixtures/ids.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** A market whose token has odd habits, with an open book and tokens without end. */
async function odd() {
  const world = await networkHelpers.loadFixture(opened);
  const token = await ethers.deployContract("OddToken");
  const tokenAddress = await token.getAddress();
  await token.mint(world.taker.address, MAX_256);
  await token.connect(world.taker.signer).approve(world.address, MAX_256);
  const market = await listMarket(world, { ...world.linearTerms, token: tokenAddress });
  await world.ledger.openBook(market, world.expiry);
  const book = bookOf(market, world.expiry);
  return { ...world, token, tokenAddress, book, own: world.ledger.connect(world.taker.signer) };
}

describe("Clearinghouse", () => {
  describe("depositToBook", () => {
    describe("when the book is open and has not expired", () => {
      it("moves tokens into the position and its pool, not into free cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, quote, quoteAddress, linearBook, taker } = world;
        const own = ledger.connect(taker.signer);
        const cash = await ledger.cashOf(taker.account, quoteAddress);
        await expect(own.depositToBook(taker.account, linearBook, usdc(5))).to.changeTokenBalances(
          ethers,
          quote,
          [taker.address, address],
          [-usdc(5), usdc(5)],
        );
        const position = await positionOf(world, taker.account, linearBook);
        expect(position).to.deep.equal({ collateral: usdc(5), settled: false, legs: [] });
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(5));
        expect(await ledger.cashOf(taker.account, quoteAddress)).to.equal(cash);
      });

      it("emits Deposited with the book, its token and the payer", async () => {
        const { ledger, baseAddress, inverseBook, maker, stranger } =
          await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(stranger).depositToBook(maker.account, inverseBook, ether(1)))
          .to.emit(ledger, "Deposited")
          .withArgs(maker.account, baseAddress, inverseBook, stranger.address, ether(1));
      });

      it("adds to a position with legs and leaves them", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world);
        const before = await positionOf(world, world.maker.account, world.linearBook);
        await world.ledger
          .connect(world.stranger)
          .depositToBook(world.maker.account, world.linearBook, 3n);
        const after = await positionOf(world, world.maker.account, world.linearBook);
        expect(after).to.deep.equal({ ...before, collateral: before.collateral + 3n });
      });

      it("goes on until the last second before expiry, above the ceiling and retired", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, admin, guard, linear, linearBook, taker, expiry } = world;
        await ledger.connect(guard).setGuard(linear, 0n, 0n, 1n);
        await ledger.connect(admin).retire(linear);
        await at(world, expiry - 1n);
        await expect(
          ledger.connect(taker.signer).depositToBook(taker.account, linearBook, usdc(9)),
        ).to.emit(ledger, "Deposited");
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with ZeroAmount before it looks at the account", async () => {
        const { ledger, taker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(taker.signer).depositToBook(0n, 1n, 0n))
          .to.be.revertedWithCustomError(ledger, "ZeroAmount")
          .withArgs();
      });

      it("reverts with OwnerZero before it looks at the book", async () => {
        const { ledger, taker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(taker.signer).depositToBook(5n, 1n, 1n))
          .to.be.revertedWithCustomError(ledger, "OwnerZero")
          .withArgs(5n);
      });

      it("reverts with BookNotOpen for an expiry nobody opened, a series, a market", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linear, linearBook, expiry } = world;
        await at(world, expiry);
        for (const book of [linear, linearBook | 1n, bookOf(linear, expiry + WEEK), 0n]) {
          await expect(ledger.connect(taker.signer).depositToBook(taker.account, book, 1n))
            .to.be.revertedWithCustomError(ledger, "BookNotOpen")
            .withArgs(book);
        }
      });

      it("reverts with BookExpired from the expiry on, before the pool's bound", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook, expiry } = world;
        await at(world, expiry);
        await expect(ledger.connect(taker.signer).depositToBook(taker.account, linearBook, MAX_256))
          .to.be.revertedWithCustomError(ledger, "BookExpired")
          .withArgs(linearBook, expiry, expiry);
      });

      it("fills a pool to 2^112 − 1 and reverts with PoolBound one above, before it takes tokens", async () => {
        const { token, book, taker, maker, own } = await odd();
        await own.depositToBook(taker.account, book, MAX_112 - 1n);
        await own.depositToBook(maker.account, book, 1n);
        await token.setPaused(true);
        await expect(own.depositToBook(taker.account, book, 1n))
          .to.be.revertedWithCustomError(own, "PoolBound")
          .withArgs(book, MAX_112 + 1n, MAX_112);
      });

      it("names the largest word when the pool's new value has none", async () => {
        const { book, taker, own } = await odd();
        await own.depositToBook(taker.account, book, 2n);
        for (const [amount, value] of [
          [MAX_256, MAX_256],
          [MAX_256 - 2n, MAX_256],
          [MAX_256 - 3n, MAX_256 - 1n],
          [MAX_112, MAX_112 + 2n],
        ]) {
          await expect(own.depositToBook(taker.account, book, amount ?? 0n))
            .to.be.revertedWithCustomError(own, "PoolBound")
            .withArgs(book, value, MAX_112);
        }
      });
    });

    describe("when the token does not go along", () => {
      it("reverts with TransferMismatch and credits nothing", async () => {
        const world = await odd();
        const { token, tokenAddress, book, taker, own } = world;
        await token.setGift(-1n);
        await expect(own.depositToBook(taker.account, book, 50n))
          .to.be.revertedWithCustomError(own, "TransferMismatch")
          .withArgs(tokenAddress, 49n, 50n);
        expect((await bookView(world, book)).pool).to.equal(0n);
      });

      it("passes the token's own errors through", async () => {
        const { token, book, taker, own } = await odd();
        await token.setPaused(true);
        await expect(own.depositToBook(taker.account, book, 50n))
          .to.be.revertedWithCustomError(token, "Paused")
          .withArgs();
      });

      it("pulls from the caller only, whoever has approved the ledger", async () => {
        const { ledger, quote, address, admin, maker, linearBook } =
          await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(admin).depositToBook(accountOf(admin.address), linearBook, 1n))
          .to.be.revertedWithCustomError(quote, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, 1n);
        expect(await quote.allowance(maker.address, address)).to.equal(MAX_256);
      });
    });
  });
});
