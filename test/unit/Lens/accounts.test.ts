import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart, linearPart, sorted } from "../../fixtures/fills.ts";
import { accountOf, bookOf, call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { Phase, plainly, requires, scaleOf, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { cashOf, positionOf } from "../../fixtures/state.ts";
import { MAX_256, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** The maker is short a strangle across both books, with 7 more than it needs in the linear one. */
async function opened() {
  const world = await withLens(await deployOpen(connection));
  const { ledger, maker, linearBook } = world;
  const legs = [put(usd(1_900), 2n), put(usd(2_000), -1n), call(usd(2_100), -1n)];
  legs.push(call(usd(2_300), 1n));
  const parts = sorted(linearPart(world, { legs }), inversePart(world));
  await fill(world, { order: { parts } });
  await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(7));
  return world;
}

/** A position as the lens should tell it, from the ledger's views and the model. */
async function expected(world: LensWorld, account: bigint, book: bigint, payout = 0n) {
  const { lens, ledger } = world;
  const { collateral, settled, legs } = await positionOf(world, account, book);
  const requirement = requires(await scaleOf(world, book), legs);
  const { token } = await ledger.termsOf((book >> 104n) << 104n);
  const [seen] = plainly("booksOf", await lens.booksOf([book])) as unknown[];
  return {
    book: seen,
    token,
    collateral,
    settled,
    requirement,
    withdrawable: await lens.maxWithdraw(account, book),
    payout,
    legs: legs.map(({ strike, right, quantity }) => ({
      series: right === "call" ? callSeries(book, strike) : putSeries(book, strike),
      strike,
      isCall: right === "call",
      quantity,
    })),
  };
}

async function seen(
  { lens }: LensWorld,
  account: bigint,
  tokens: string[],
  books: bigint[],
): Promise<unknown> {
  return plainly("accountOf", await lens.accountOf(account, tokens, books));
}

describe("Lens", () => {
  describe("accountOf", () => {
    it("tells owner, epoch, cash and positions, in the order asked", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, taker, quoteAddress, baseAddress, linearBook, inverseBook } = world;
      await ledger.connect(maker.signer).raiseEpoch(maker.account);
      for (const [{ account, address }, epoch] of [
        [maker, 1n],
        [taker, 0n],
      ] as const) {
        const cash = await cashOf(world, account);
        const tokens = [baseAddress, quoteAddress, baseAddress];
        expect(await seen(world, account, tokens, [inverseBook, linearBook])).to.deep.equal({
          account,
          owner: address,
          epoch,
          cash: [
            { token: baseAddress, amount: cash.base },
            { token: quoteAddress, amount: cash.quote },
            { token: baseAddress, amount: cash.base },
          ],
          positions: [
            await expected(world, account, inverseBook),
            await expected(world, account, linearBook),
          ],
        });
      }
    });

    it("tells what the legs require and what is above it", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, maker, linearBook, inverseBook } = world;
      const { positions } = await lens.accountOf(maker.account, [], [linearBook, inverseBook]);
      const [linear, inverse] = positions;
      // Ten units: at 2,300 they lose 200 x 0.01 each; at 1,900 they lose 1, below they gain.
      expect([linear?.requirement, linear?.withdrawable]).to.deep.equal([usdc(20), usdc(7)]);
      expect([linear?.collateral, linear?.settled]).to.deep.equal([usdc(27), false]);
      expect([inverse?.requirement, inverse?.withdrawable]).to.deep.equal([ether(0.1), 0n]);
      const quantities = linear?.legs.map(({ quantity }) => quantity);
      expect(quantities).to.deep.equal([20n, -10n, -10n, 10n]);
    });

    it("tells an account that never came, in any book and any token, as empty", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { stranger, linear, linearBook, linearTerms, expiry } = world;
      const account = accountOf(stranger.address, 9n);
      const unopened = bookOf(linear, expiry + WEEK);
      const positions = [];
      for (const book of [linearBook, unopened, 0n]) {
        positions.push({
          book: {
            book,
            expiry: book === 0n ? 0n : BigInt.asUintN(40, book >> 64n),
            phase: book === linearBook ? Phase.Trading : Phase.Unopened,
            pool: book === linearBook ? (await world.ledger.bookOf(book)).pool : 0n,
            fees: book === linearBook ? (await world.ledger.bookOf(book)).fees : 0n,
            settlementPrice: 0n,
          },
          token: book === 0n ? ZeroAddress : linearTerms.token,
          collateral: 0n,
          settled: false,
          requirement: 0n,
          withdrawable: 0n,
          payout: 0n,
          legs: [],
        });
      }
      const books = [linearBook, unopened, 0n];
      expect(await seen(world, account, [ZeroAddress, stranger.address], books)).to.deep.equal({
        account,
        owner: stranger.address,
        epoch: 0n,
        cash: [
          { token: ZeroAddress, amount: 0n },
          { token: stranger.address, amount: 0n },
        ],
        positions,
      });
    });

    it("reads the owner out of any word", async () => {
      const { lens } = await networkHelpers.loadFixture(opened);
      expect((await lens.accountOf(0n, [], [])).owner).to.equal(ZeroAddress);
      const last = await lens.accountOf(MAX_256, [], []);
      expect([last.account, BigInt(last.owner)]).to.deep.equal([MAX_256, (1n << 160n) - 1n]);
    });

    it("tells the payout once the price is fixed, the same before and after settling", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, ledger, maker, taker, linearBook } = world;
      const payouts = async () => {
        const found = [];
        for (const { account } of [maker, taker]) {
          const { positions } = await lens.accountOf(account, [], [linearBook]);
          found.push(positions[0]?.payout);
        }
        return found;
      };
      await passTo(world, world.expiry);
      expect(await payouts()).to.deep.equal([0n, 0n]);
      await fix(world, usd(2_250), linearBook);
      // Ten call spreads, 150 in the money: 15 from the maker to the taker, whose puts kept 180.
      const owed = [usdc(12), usdc(195)];
      expect(await payouts()).to.deep.equal(owed);
      for (const [i, { account }] of [maker, taker].entries()) {
        const view = await expected(world, account, linearBook, owed[i]);
        const { positions } = (await seen(world, account, [], [linearBook])) as {
          positions: unknown[];
        };
        expect(positions).to.deep.equal([view]);
      }
      await ledger.settle(linearBook, [maker.account, taker.account]);
      expect(await payouts()).to.deep.equal(owed);
      for (const [i, { account }] of [maker, taker].entries()) {
        const { positions } = await lens.accountOf(account, [], [linearBook]);
        const [view] = positions;
        expect([view?.collateral, view?.settled, view?.requirement, view?.withdrawable]).to.eql([
          owed[i],
          true,
          0n,
          0n,
        ]);
        expect(view?.legs).to.deep.equal([]);
      }
    });
  });

  describe("legsOf", () => {
    /** The maker holds 32 legs. */
    async function many() {
      const world = await networkHelpers.loadFixture(opened);
      const legs = Array.from({ length: 28 }, (_, i) => put(usd(10 * (i + 1)), BigInt(i - 40)));
      await fill(world, { order: { nonce: 2n, units: 1n }, part: { legs, premium: 0n } });
      return world;
    }

    it("pages through legs in the ledger's order, without gap or overlap", async () => {
      const world = await many();
      const { lens, maker, linearBook } = world;
      const whole = await expected(world, maker.account, linearBook);
      const pieces: unknown[] = [];
      for (const count of [1n, 10n, 0n, 16n, 100n]) {
        const from = BigInt(pieces.length);
        const { legs, total } = await lens.legsOf(maker.account, linearBook, from, count);
        expect(total).to.equal(32n);
        expect(legs).to.have.length(Number(count === 100n ? 5n : count));
        for (const { series, strike, isCall, quantity } of legs) {
          pieces.push({ series, strike, isCall, quantity });
        }
      }
      expect(pieces).to.deep.equal(whole.legs);
    });

    it("tells the last leg, and from behind it on no leg but how many there are", async () => {
      const world = await many();
      const { lens, maker, linearBook } = world;
      const last = await lens.legsOf(maker.account, linearBook, 31n, MAX_256);
      expect(last.legs.map(({ strike }) => strike)).to.deep.equal([usd(2_300)]);
      for (const from of [32n, 33n, MAX_256]) {
        const { legs, total } = await lens.legsOf(maker.account, linearBook, from, MAX_256);
        expect([legs.length, total]).to.deep.equal([0, 32n]);
      }
    });

    it("tells no legs of an account, or in a book, that has none", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, ledger, maker, stranger, linear, linearBook, expiry } = world;
      const nowhere = bookOf(linear, expiry + WEEK);
      for (const [account, book] of [
        [accountOf(stranger.address), linearBook],
        [maker.account, nowhere],
        [maker.account, 0n],
      ] as const) {
        const { legs, total } = await lens.legsOf(account, book, 0n, 5n);
        expect([legs.length, total]).to.deep.equal([0, 0n]);
      }
      await fix(world, usd(2_000), linearBook);
      await ledger.settle(linearBook, [maker.account]);
      expect((await lens.legsOf(maker.account, linearBook, 0n, 5n)).total).to.equal(0n);
    });

    it("spells out puts and calls of either sign, with the series that the ledger wraps", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, taker, linearBook } = world;
      const { legs } = await lens.legsOf(taker.account, linearBook, 0n, 4n);
      expect(
        legs.map(({ series, strike, isCall, quantity }) => [series, strike, isCall, quantity]),
      ).to.deep.equal([
        [putSeries(linearBook, usd(1_900)), usd(1_900), false, -20n],
        [putSeries(linearBook, usd(2_000)), usd(2_000), false, 10n],
        [callSeries(linearBook, usd(2_100)), usd(2_100), true, 10n],
        [callSeries(linearBook, usd(2_300)), usd(2_300), true, -10n],
      ]);
    });
  });
});
