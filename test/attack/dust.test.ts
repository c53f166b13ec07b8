import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { fill } from "../fixtures/fills.ts";
import { accountOf, put } from "../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../fixtures/state.ts";
import { MAX_256, ether, usd, usdc } from "../fixtures/units.ts";
import { PURSE, at, deployOpen, fix } from "../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

describe("Attack", () => {
  describe("dust and donations", () => {
    it("does not keep a victim from trading, freeing, settling or claiming", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, stranger, maker, taker, linearBook, quoteAddress } = world;
      const dust = ledger.connect(stranger);
      const own = ledger.connect(maker.signer);
      await dust.depositToBook(maker.account, linearBook, 1n);
      await dust.deposit(maker.account, quoteAddress, 1n);
      await fill(world);
      await dust.depositToBook(maker.account, linearBook, 1n);
      // The first unit lowered the draw, the second lies above the requirement.
      await own.free(maker.account, linearBook, 1n);
      await fix(world, usd(1_900), linearBook);
      await ledger.settle(linearBook, [maker.account, taker.account]);
      await own.claim(maker.account, [linearBook], false);
      const expected = PURSE.quote + 3n + usdc(5) - usdc(10);
      expect((await cashOf(world, maker.account)).quote).to.equal(expected);
    });

    it("does not bring back a position that was claimed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, stranger, maker, taker, linearBook, expiry } = world;
      await fill(world);
      await fix(world, usd(1_900), linearBook);
      await ledger.settle(linearBook, [maker.account, taker.account]);
      await ledger.connect(maker.signer).claim(maker.account, [linearBook], false);
      await at(world, expiry + 100n);
      await expect(ledger.connect(stranger).depositToBook(maker.account, linearBook, 1n))
        .to.be.revertedWithCustomError(ledger, "BookExpired")
        .withArgs(linearBook, expiry, expiry + 100n);
      expect(await ledger.settle.staticCall(linearBook, [maker.account])).to.equal(0n);
    });

    it("leaves the giver nothing: what is paid in belongs to the account's owner", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, stranger, maker, linearBook, quoteAddress } = world;
      const giver = ledger.connect(stranger);
      await giver.depositToBook(maker.account, linearBook, usdc(1));
      await expect(giver.free(maker.account, linearBook, usdc(1)))
        .to.be.revertedWithCustomError(ledger, "NotPermitted")
        .withArgs(maker.account, stranger.address, 2n);
      await expect(giver.withdraw(maker.account, quoteAddress, 1n, stranger.address))
        .to.be.revertedWithCustomError(ledger, "NotOwner")
        .withArgs(maker.account, stranger.address);
    });

    it("counts no token that was sent to the ledger outside of a deposit", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, quote, address, stranger, taker, linearBook } = world;
      await fill(world);
      const before = await stateOf(world);
      await quote.connect(stranger).transfer(address, usdc(1_000));
      expect(await stateOf(world)).to.deep.equal(before);
      // Nor does it let the next deposit be credited for more, or for nothing.
      const own = ledger.connect(taker.signer);
      await own.depositToBook(taker.account, linearBook, 1n);
      const { pool } = await bookView(world, linearBook);
      expect(pool).to.equal(before.linear.pool + 1n);
    });

    it("does not let a hostile token touch what is held in others", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, address, quote, stranger } = world;
      const token = await ethers.deployContract("OddToken");
      const tokenAddress = await token.getAddress();
      const account = accountOf(stranger.address);
      const own = ledger.connect(stranger);
      await token.mint(stranger.address, MAX_256 >> 1n);
      await token.connect(stranger).approve(address, MAX_256);
      const before = await stateOf(world);
      const held = await quote.balanceOf(address);
      await own.deposit(account, tokenAddress, MAX_256 >> 1n);
      await token.burn(address, MAX_256 >> 1n);
      await expect(own.withdraw(account, tokenAddress, 1n, stranger.address))
        .to.be.revertedWithCustomError(token, "Short")
        .withArgs(address, 1n);
      await expect(own.withdraw(account, world.quoteAddress, 1n, stranger.address))
        .to.be.revertedWithCustomError(ledger, "CashShort")
        .withArgs(account, world.quoteAddress, 1n, 0n);
      expect(await stateOf(world)).to.deep.equal(before);
      expect(await quote.balanceOf(address)).to.equal(held);
    });

    it("leaves an account without legs alone at settlement, but for what it holds", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, stranger, taker, inverseBook } = world;
      await ledger.connect(stranger).depositToBook(taker.account, inverseBook, 5n);
      await fix(world, usd(1), inverseBook);
      await ledger.settle(inverseBook, [taker.account]);
      await ledger.connect(taker.signer).claim(taker.account, [inverseBook], false);
      expect((await cashOf(world, taker.account)).base).to.equal(PURSE.base + 5n);
      expect(PURSE.base).to.equal(ether(1_000));
    });

    it("does not fill another's legs: a position changes by its owner's orders and fills alone", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, stranger, quoteAddress, linearBook } = world;
      const account = accountOf(stranger.address);
      await ledger.connect(stranger).deposit(account, quoteAddress, usdc(1_000));
      const patch = { part: { legs: [put(usd(10), -1n)] }, from: stranger, account: maker.account };
      await expect(fill(world, patch))
        .to.be.revertedWithCustomError(ledger, "NotPermitted")
        .withArgs(maker.account, stranger.address, 1n);
      expect((await positionOf(world, maker.account, linearBook)).legs).to.deep.equal([]);
    });
  });
});
