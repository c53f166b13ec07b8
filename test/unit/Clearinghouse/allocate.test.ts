import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { DAY, MAX_112, MAX_256, Scope, WEEK, usdc } from "../../fixtures/units.ts";
import { PURSE, at, deployOpen, listMarket, now } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** A market whose token has no end, so that a pool can be filled. */
async function endless() {
  const world = await networkHelpers.loadFixture(opened);
  const token = await ethers.deployContract("OddToken");
  const tokenAddress = await token.getAddress();
  await token.mint(world.maker.address, MAX_256);
  await token.connect(world.maker.signer).approve(world.address, MAX_256);
  const market = await listMarket(world, { ...world.linearTerms, token: tokenAddress });
  await world.ledger.openBook(market, world.expiry);
  await world.ledger
    .connect(world.maker.signer)
    .deposit(world.maker.account, tokenAddress, MAX_256);
  return { ...world, tokenAddress, book: bookOf(market, world.expiry) };
}

describe("Clearinghouse", () => {
  describe("allocate", () => {
    describe("when cash is there", () => {
      it("moves it from free cash into the position and its pool, no token moves", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, quote, linearBook, maker } = world;
        const own = ledger.connect(maker.signer);
        await expect(own.allocate(maker.account, linearBook, usdc(5))).to.changeTokenBalances(
          ethers,
          quote,
          [maker.address, address],
          [0n, 0n],
        );
        expect((await cashOf(world, maker.account)).quote).to.equal(PURSE.quote - usdc(5));
        const position = await positionOf(world, maker.account, linearBook);
        expect(position).to.deep.equal({ collateral: usdc(5), settled: false, legs: [] });
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(5));
      });

      it("emits Allocated with a positive delta", async () => {
        const { ledger, inverseBook, maker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(maker.signer).allocate(maker.account, inverseBook, 7n))
          .to.emit(ledger, "Allocated")
          .withArgs(maker.account, inverseBook, 7n);
      });

      it("takes the token of the book, and all of it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, inverseBook, maker } = world;
        await ledger.connect(maker.signer).allocate(maker.account, inverseBook, PURSE.base);
        expect(await cashOf(world, maker.account)).to.deep.equal({ quote: PURSE.quote, base: 0n });
      });

      it("lets a manage operator do it, until the last second before expiry", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, linearBook, maker, stranger, expiry } = world;
        await ledger
          .connect(maker.signer)
          .setAccountOperator(maker.account, stranger.address, Scope.Manage, expiry + DAY);
        await at(world, expiry - 1n);
        await expect(ledger.connect(stranger).allocate(maker.account, linearBook, 1n))
          .to.emit(ledger, "Allocated")
          .withArgs(maker.account, linearBook, 1n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for strangers and trade operators, before the amount", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, stranger } = world;
        await ledger
          .connect(maker.signer)
          .setAccountOperator(
            maker.account,
            stranger.address,
            Scope.Trade,
            (await now(world)) + DAY,
          );
        for (const caller of [taker.signer, stranger]) {
          await expect(ledger.connect(caller).allocate(maker.account, 1n, 0n))
            .to.be.revertedWithCustomError(ledger, "NotPermitted")
            .withArgs(maker.account, caller.address, Scope.Manage);
        }
      });

      it("reverts with ZeroAmount before it looks at the book", async () => {
        const { ledger, maker } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(maker.signer).allocate(maker.account, 1n, 0n))
          .to.be.revertedWithCustomError(ledger, "ZeroAmount")
          .withArgs();
      });

      it("reverts with BookNotOpen before it looks at the time", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linear, expiry } = world;
        await at(world, expiry);
        for (const book of [0n, linear, bookOf(linear, expiry - WEEK)]) {
          await expect(ledger.connect(maker.signer).allocate(maker.account, book, 1n))
            .to.be.revertedWithCustomError(ledger, "BookNotOpen")
            .withArgs(book);
        }
      });

      it("reverts with BookExpired from the expiry on, before the cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, expiry } = world;
        await at(world, expiry);
        await expect(ledger.connect(maker.signer).allocate(maker.account, linearBook, MAX_256))
          .to.be.revertedWithCustomError(ledger, "BookExpired")
          .withArgs(linearBook, expiry, expiry);
      });

      it("reverts with CashShort one unit above, before the pool's bound", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress, linearBook } = world;
        for (const amount of [PURSE.quote + 1n, MAX_112 + 1n]) {
          await expect(ledger.connect(maker.signer).allocate(maker.account, linearBook, amount))
            .to.be.revertedWithCustomError(ledger, "CashShort")
            .withArgs(maker.account, quoteAddress, amount, PURSE.quote);
        }
      });

      it("fills the pool to 2^112 − 1 and reverts with PoolBound one above", async () => {
        const { ledger, maker, book } = await endless();
        const own = ledger.connect(maker.signer);
        await expect(own.allocate(maker.account, book, MAX_112 + 1n))
          .to.be.revertedWithCustomError(ledger, "PoolBound")
          .withArgs(book, MAX_112 + 1n, MAX_112);
        await own.allocate(maker.account, book, MAX_112);
        await expect(own.allocate(maker.account, book, 1n))
          .to.be.revertedWithCustomError(ledger, "PoolBound")
          .withArgs(book, MAX_112 + 1n, MAX_112);
      });
    });
  });
});
