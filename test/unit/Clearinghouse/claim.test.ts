import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart, linearPart, sorted } from "../../fixtures/fills.ts";
import { accountOf, bookOf } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { forcePool } from "../../fixtures/storage.ts";
import { DAY, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, listMarket, now } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** Ten puts and ten covered calls, expired at 1,900: the maker keeps 190 of 200, and all of 0.1 of the underlying. */
async function settled() {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, maker, taker, linearBook, inverseBook } = world;
  const parts = sorted(linearPart(world), inversePart(world));
  await fill(world, { order: { parts } });
  await fix(world, usd(1_900), linearBook, inverseBook);
  for (const book of [linearBook, inverseBook]) {
    await ledger.settle(book, [maker.account, taker.account]);
  }
  return { ...world, own: ledger.connect(maker.signer) };
}

/** A market in a token that blocks receivers; the maker's position in it is settled at 190. */
async function blockable() {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, maker, taker, linearTerms, expiry } = world;
  const token = await ethers.deployContract("OddToken");
  const tokenAddress = await token.getAddress();
  const market = await listMarket(world, { ...linearTerms, token: tokenAddress });
  const book = bookOf(market, expiry);
  await ledger.openBook(market, expiry);
  for (const { signer, address, account } of [maker, taker]) {
    await token.mint(address, usdc(1_000));
    await token.connect(signer).approve(world.address, usdc(1_000));
    await ledger.connect(signer).deposit(account, tokenAddress, usdc(1_000));
  }
  await fill(world, { part: { book } });
  await fix(world, usd(1_900), book);
  await ledger.settle(book, [maker.account, taker.account]);
  return { ...world, token, tokenAddress, book, own: ledger.connect(maker.signer) };
}

describe("Clearinghouse", () => {
  describe("claim", () => {
    describe("when positions are settled", () => {
      it("returns what each book pays, in the order of the books", async () => {
        const { own, maker, linearBook, inverseBook } = await settled();
        const books = [inverseBook, linearBook];
        const amounts = await own.claim.staticCall(maker.account, books, false);
        expect([...amounts]).to.deep.equal([ether(0.1), usdc(190)]);
      });

      it("adds to free cash and takes off the pool, no token moves", async () => {
        const world = await settled();
        const { own, address, quote, maker, linearBook } = world;
        const cash = (await cashOf(world, maker.account)).quote;
        await expect(own.claim(maker.account, [linearBook], false)).to.changeTokenBalances(
          ethers,
          quote,
          [maker.address, address],
          [0n, 0n],
        );
        expect((await cashOf(world, maker.account)).quote).to.equal(cash + usdc(190));
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(10));
      });

      it("sends to the owner's wallet and leaves free cash alone", async () => {
        const world = await settled();
        const { own, address, quote, maker, linearBook } = world;
        const cash = await cashOf(world, maker.account);
        await expect(own.claim(maker.account, [linearBook], true)).to.changeTokenBalances(
          ethers,
          quote,
          [maker.address, address],
          [usdc(190), -usdc(190)],
        );
        expect(await cashOf(world, maker.account)).to.deep.equal(cash);
      });

      it("emits Claimed for every header it clears, a payout of 0 included", async () => {
        const { ledger, taker, linearBook, inverseBook } = await settled();
        const own = ledger.connect(taker.signer);
        await expect(own.claim(taker.account, [linearBook, inverseBook], true))
          .to.emit(ledger, "Claimed")
          .withArgs(taker.account, linearBook, usdc(10), true)
          .and.to.emit(ledger, "Claimed")
          .withArgs(taker.account, inverseBook, 0n, true);
      });

      it("clears the header, so that a second claim pays nothing and says nothing", async () => {
        const world = await settled();
        const { own, ledger, maker, linearBook } = world;
        await own.claim(maker.account, [linearBook], false);
        const view = { collateral: 0n, settled: false, legs: [] };
        expect(await positionOf(world, maker.account, linearBook)).to.deep.equal(view);
        const again = await own.claim.staticCall(maker.account, [linearBook], false);
        expect([...again]).to.deep.equal([0n]);
        await expect(own.claim(maker.account, [linearBook], false)).to.not.emit(ledger, "Claimed");
      });

      it("pays a book that is named twice once", async () => {
        const world = await settled();
        const { own, maker, linearBook } = world;
        const books = [linearBook, linearBook, linearBook];
        const amounts = await own.claim.staticCall(maker.account, books, false);
        expect([...amounts]).to.deep.equal([usdc(190), 0n, 0n]);
        const cash = (await cashOf(world, maker.account)).quote;
        await own.claim(maker.account, books, false);
        expect((await cashOf(world, maker.account)).quote).to.equal(cash + usdc(190));
      });

      it("empties the pool down to the dust when everyone has claimed", async () => {
        const world = await settled();
        const { own, ledger, maker, taker, linearBook, inverseBook } = world;
        await own.claim(maker.account, [linearBook, inverseBook], true);
        await ledger.connect(taker.signer).claim(taker.account, [linearBook, inverseBook], true);
        expect((await bookView(world, linearBook)).pool).to.equal(0n);
        expect((await bookView(world, inverseBook)).pool).to.equal(0n);
      });

      it("takes no book at all", async () => {
        const { own, maker } = await settled();
        expect([...(await own.claim.staticCall(maker.account, [], true))]).to.deep.equal([]);
      });
    });

    describe("when an operator claims", () => {
      it("pays the owner's wallet, not the operator's", async () => {
        const world = await settled();
        const { own, ledger, quote, maker, stranger, linearBook } = world;
        const until = (await now(world)) + DAY;
        await own.setAccountOperator(maker.account, stranger.address, Scope.Manage, until);
        await expect(
          ledger.connect(stranger).claim(maker.account, [linearBook], true),
        ).to.changeTokenBalances(ethers, quote, [maker.address, stranger.address], [usdc(190), 0n]);
      });

      it("reverts with NotPermitted for strangers and trade operators, before the books", async () => {
        const world = await settled();
        const { own, ledger, maker, taker, stranger } = world;
        const until = (await now(world)) + DAY;
        await own.setAccountOperator(maker.account, stranger.address, Scope.Trade, until);
        for (const caller of [taker.signer, stranger]) {
          await expect(ledger.connect(caller).claim(maker.account, [1n], true))
            .to.be.revertedWithCustomError(ledger, "NotPermitted")
            .withArgs(maker.account, caller.address, Scope.Manage);
        }
      });
    });

    describe("when a book does not pay", () => {
      it("reverts with BookNotOpen, and pays none of the others", async () => {
        const world = await settled();
        const { own, maker, linear, linearBook, expiry } = world;
        const unknown = bookOf(linear, expiry + WEEK);
        await expect(own.claim(maker.account, [linearBook, unknown], false))
          .to.be.revertedWithCustomError(own, "BookNotOpen")
          .withArgs(unknown);
        expect((await positionOf(world, maker.account, linearBook)).settled).to.equal(true);
      });

      it("counts 0 for a book in which the account holds nothing", async () => {
        const { own, ledger, maker, linearBook } = await settled();
        const account = accountOf(maker.address, 9n);
        const amounts = await own.claim.staticCall(account, [linearBook], false);
        expect([...amounts]).to.deep.equal([0n]);
        await expect(own.claim(account, [linearBook], true)).to.not.emit(ledger, "Claimed");
      });

      it("reverts with NotSettled before settlement, before and after expiry and fixing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook } = world;
        const own = ledger.connect(maker.signer);
        await fill(world);
        const refuses = async () =>
          expect(own.claim(maker.account, [linearBook], false))
            .to.be.revertedWithCustomError(own, "NotSettled")
            .withArgs(maker.account, linearBook);
        await refuses();
        await networkHelpers.time.increaseTo(world.expiry);
        await refuses();
        await fix(world, usd(1_900), linearBook);
        await refuses();
      });

      it("reverts with PoolShort rather than pay out of another book", async () => {
        const world = await settled();
        const { own, maker, linearBook } = world;
        await forcePool(world, linearBook, usdc(190) - 1n);
        for (const toWallet of [true, false]) {
          await expect(own.claim(maker.account, [linearBook], toWallet))
            .to.be.revertedWithCustomError(own, "PoolShort")
            .withArgs(linearBook, usdc(190), usdc(190) - 1n);
        }
        await forcePool(world, linearBook, usdc(190));
        await expect(own.claim(maker.account, [linearBook], true)).to.emit(own, "Claimed");
      });
    });

    describe("when the token refuses the owner", () => {
      it("reverts with the token's error, keeps the payout, and pays free cash instead", async () => {
        const world = await blockable();
        const { own, token, tokenAddress, maker, book, stranger } = world;
        await token.setBlocked(maker.address, true);
        await expect(own.claim(maker.account, [book], true))
          .to.be.revertedWithCustomError(token, "Blocked")
          .withArgs(maker.address);
        expect((await positionOf(world, maker.account, book)).collateral).to.equal(usdc(190));
        const cash = await own.cashOf(maker.account, tokenAddress);
        await own.claim(maker.account, [book], false);
        expect(await own.cashOf(maker.account, tokenAddress)).to.equal(cash + usdc(190));
        await own.withdraw(maker.account, tokenAddress, cash + usdc(190), stranger.address);
        expect(await token.balanceOf(stranger.address)).to.equal(cash + usdc(190));
      });

      it("blocks nobody else", async () => {
        const world = await blockable();
        const { ledger, token, maker, taker, book } = world;
        await token.setBlocked(maker.address, true);
        const own = ledger.connect(taker.signer);
        await expect(own.claim(taker.account, [book], true)).to.emit(ledger, "Claimed");
        expect(await token.balanceOf(taker.address)).to.equal(usdc(10));
      });
    });
  });
});
