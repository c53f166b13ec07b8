import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../fixtures/connection.ts";
import { fill } from "../fixtures/fills.ts";
import { accountOf, put, putSeries } from "../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../fixtures/state.ts";
import { MAX_256, ether, usd, usdc } from "../fixtures/units.ts";
import { PURSE, at, deployOpen, fix } from "../fixtures/world.ts";
import { PUT, payoutOf, redeem, sell, stands, unwrap, wrap } from "../fixtures/wraps.ts";

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

    describe("with packages", () => {
      /** The taker has wrapped six of its ten puts. */
      async function wrapped() {
        const world = await networkHelpers.loadFixture(opened);
        await sell(world, PUT);
        await wrap(world, { amount: 6n });
        return { ...world, id: putSeries(world.linearBook, usd(2_000)) };
      }

      it("does not keep a victim from unwrapping, settling, claiming or redeeming: packages sent are its own", async () => {
        const world = await wrapped();
        const { ledger, maker, taker, stranger, linearBook, quoteAddress, id } = world;
        const own = ledger.connect(taker.signer);
        await own.transfer(stranger.address, id, 2n);
        const dust = ledger.connect(stranger);
        for (let i = 0; i < 2; i++) await dust.transfer(taker.address, id, 1n);
        await dust.depositToBook(taker.account, linearBook, 1n);
        await dust.deposit(taker.account, quoteAddress, 1n);
        await unwrap(world, { amount: 3n });
        await dust.depositToBook(taker.account, linearBook, 1n);
        await own.free(taker.account, linearBook, 1n);
        await fix(world, usd(1_900), linearBook);
        await ledger.settle(linearBook, [taker.account, maker.account]);
        const amounts = await own.claim.staticCall(taker.account, [linearBook], true);
        expect([...amounts]).to.deep.equal([usdc(7) + 1n]);
        await own.claim(taker.account, [linearBook], true);
        expect(await payoutOf(world, { amount: 3n })).to.equal(usdc(3));
        await redeem(world, { amount: 3n });
      });

      it("does not fill a victim's account with legs: packages sent stay packages until it unwraps", async () => {
        const world = await wrapped();
        const { ledger, taker, maker, id, linearBook } = world;
        const before = await positionOf(world, maker.account, linearBook);
        await ledger.connect(taker.signer).transfer(maker.address, id, 6n);
        expect(await positionOf(world, maker.account, linearBook)).to.deep.equal(before);
        const act = async () => unwrap(world, { account: maker.account });
        const args = [maker.account, taker.address, 2n];
        await stands(world, act, "NotPermitted", args);
      });

      it("cannot be minted to nobody, and an account of nobody cannot be paid", async () => {
        const world = await wrapped();
        const { ledger, stranger, id } = world;
        const dust = ledger.connect(stranger);
        const nobody = async () => dust.transfer(ZeroAddress, id, 0n);
        await stands(world, nobody, "ERC6909InvalidReceiver", [ZeroAddress]);
        const paid = async () => dust.deposit(5n, world.quoteAddress, 1n);
        await stands(world, paid, "OwnerZero", [5n]);
      });
    });

    describe("by naming things twice", () => {
      it("settles an account once, however often and in however many calls it is named", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook } = world;
        await fill(world);
        await fix(world, usd(1_900), linearBook);
        const { account } = taker;
        const accounts = [account, account, maker.account, account, account + 9n, maker.account];
        expect(await ledger.settle.staticCall(linearBook, accounts)).to.equal(2n);
        await expect(ledger.settle(linearBook, accounts))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, [account, maker.account], [usdc(10), usdc(190)]);
        expect(await ledger.settle.staticCall(linearBook, accounts)).to.equal(0n);
        expect((await positionOf(world, account, linearBook)).collateral).to.equal(usdc(10));
      });

      it("settles no account twice in one batch, and claims no book twice in one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook, inverseBook } = world;
        await fill(world);
        await fix(world, usd(1_900), linearBook, inverseBook);
        const abi = ledger.interface;
        const settle = abi.encodeFunctionData("settle", [linearBook, [taker.account]]);
        const books = [linearBook, inverseBook, linearBook, linearBook];
        const claim = abi.encodeFunctionData("claim", [taker.account, books, false]);
        const { quote } = await cashOf(world, taker.account);
        await ledger.connect(taker.signer).batch([settle, settle, claim, settle, claim]);
        expect((await cashOf(world, taker.account)).quote).to.equal(quote + usdc(10));
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(190));
        await ledger.settle(linearBook, [maker.account]);
        expect((await positionOf(world, maker.account, linearBook)).collateral).to.equal(usdc(190));
      });
    });
  });
});
