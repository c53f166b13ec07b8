import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { accountOf, bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, positionOf } from "../../fixtures/state.ts";
import { forceCollateral, positionWords } from "../../fixtures/storage.ts";
import { MAX_112, MAX_63, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** The maker is short ten puts at 2,000 of the taker; the book has expired at this price. */
async function expired(price: bigint) {
  const world = await networkHelpers.loadFixture(opened);
  await fill(world);
  await fix(world, price, world.linearBook);
  return world;
}

/** Collateral of both after settlement. */
async function payouts(world: World, book: bigint): Promise<bigint[]> {
  const { maker, taker } = world;
  await world.ledger.settle(book, [maker.account, taker.account]);
  const [a, b] = [
    await positionOf(world, maker.account, book),
    await positionOf(world, taker.account, book),
  ];
  for (const { settled, legs } of [a, b]) expect([settled, legs]).to.deep.equal([true, []]);
  return [a.collateral, b.collateral];
}

describe("Clearinghouse", () => {
  describe("settle", () => {
    describe("when the price is fixed", () => {
      it("emits Settled with accounts and payouts, and returns how many, by anyone", async () => {
        const world = await expired(usd(1_900));
        const { ledger, stranger, maker, taker, linearBook } = world;
        const own = ledger.connect(stranger);
        const accounts = [taker.account, maker.account];
        expect(await own.settle.staticCall(linearBook, accounts)).to.equal(2n);
        // Ten lots of a hundredth, 100 in the money.
        await expect(own.settle(linearBook, accounts))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, accounts, [usdc(10), usdc(190)]);
      });

      it("turns each position into its payout, legs cleared, the pool as before", async () => {
        const world = await expired(usd(1_900));
        const { pool } = await bookView(world, world.linearBook);
        expect(await payouts(world, world.linearBook)).to.deep.equal([usdc(190), usdc(10)]);
        expect((await bookView(world, world.linearBook)).pool).to.equal(pool);
      });

      for (const [price, maker, taker] of [
        [1n, 0n, usdc(200) - 1n],
        [usd(1_000), usdc(100), usdc(100)],
        [usd(2_000) - 1n, usdc(200) - 1n, 0n],
        [usd(2_000), usdc(200), 0n],
        [usd(2_000) + 1n, usdc(200), 0n],
        [MAX_63, usdc(200), 0n],
      ] as const) {
        it(`pays a put of the strike 2,000 at ${price}: ${maker} and ${taker}, floored`, async () => {
          const world = await expired(price);
          // 1e-8 × ten lots is 0.001 base units: dust stays in the pool.
          const [short, long] = await payouts(world, world.linearBook);
          expect([short, long]).to.deep.equal([maker, taker]);
        });
      }

      it("pays covered calls a share of the underlying", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world, { order: { parts: [inversePart(world, { premium: 0n })] } });
        await fix(world, usd(3_000), world.inverseBook);
        // (3,000 − 2,500) / 3,000 of 0.1, floored on both sides.
        const gain = ether(0.1) / 6n;
        const [short, long] = await payouts(world, world.inverseBook);
        expect([short, long]).to.deep.equal([ether(0.1) - gain - 1n, gain]);
      });

      it("pays a condor its wings and a box its width at any price", async () => {
        for (const price of [1n, usd(1_850), usd(2_000), usd(2_250), MAX_63]) {
          const world = await networkHelpers.loadFixture(opened);
          const box = [
            put(usd(2_000), 1n),
            call(usd(2_000), -1n),
            put(usd(2_500), -1n),
            call(usd(2_500), 1n),
          ];
          await fill(world, { order: { units: 1n }, part: { legs: box, premium: 0n } });
          await fix(world, price, world.linearBook);
          expect(await payouts(world, world.linearBook)).to.deep.equal([0n, usdc(5)]);
        }
      });

      it("settles a position without legs to its collateral", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(3));
        await fix(world, usd(1_900), linearBook);
        await expect(ledger.settle(linearBook, [maker.account]))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, [maker.account], [usdc(3)]);
      });

      it("settles to 0 and is settled, though nothing is left to claim", async () => {
        const world = await expired(usd(2_500));
        const { ledger, taker, linearBook } = world;
        await expect(ledger.settle(linearBook, [taker.account]))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, [taker.account], [0n]);
        const view = { collateral: 0n, settled: true, legs: [] };
        expect(await positionOf(world, taker.account, linearBook)).to.deep.equal(view);
      });

      it("clears every slot of 32 legs", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook } = world;
        const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
        await fill(world, { order: { units: 1n }, part: { legs } });
        expect(await positionWords(world, maker.account, linearBook)).to.not.include(0n);
        await fix(world, usd(1_900), linearBook);
        await ledger.settle(linearBook, [maker.account]);
        const [header, ...slots] = await positionWords(world, maker.account, linearBook);
        expect(header).to.not.equal(0n);
        expect(slots).to.deep.equal(Array.from({ length: 16 }, () => 0n));
      });
    });

    describe("when accounts repeat, are empty or foreign", () => {
      it("is idempotent: settled accounts are passed over, the payout stays", async () => {
        const world = await expired(usd(1_900));
        const { ledger, maker, linearBook } = world;
        await ledger.settle(linearBook, [maker.account]);
        const before = await positionOf(world, maker.account, linearBook);
        expect(await ledger.settle.staticCall(linearBook, [maker.account])).to.equal(0n);
        await expect(ledger.settle(linearBook, [maker.account])).to.not.emit(ledger, "Settled");
        expect(await positionOf(world, maker.account, linearBook)).to.deep.equal(before);
      });

      it("counts a duplicate once", async () => {
        const world = await expired(usd(1_900));
        const { ledger, maker, taker, linearBook } = world;
        const accounts = [maker.account, maker.account, taker.account, maker.account];
        expect(await ledger.settle.staticCall(linearBook, accounts)).to.equal(2n);
        await expect(ledger.settle(linearBook, accounts))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, [maker.account, taker.account], [usdc(190), usdc(10)]);
      });

      it("passes over accounts that hold nothing in the book, and writes nothing for them", async () => {
        const world = await expired(usd(1_900));
        const { ledger, stranger, maker, linearBook, inverseBook } = world;
        const accounts = [0n, accountOf(stranger.address), maker.account + 1n, (1n << 256n) - 1n];
        await expect(ledger.settle(linearBook, accounts)).to.not.emit(ledger, "Settled");
        await expect(ledger.settle(linearBook, [])).to.not.emit(ledger, "Settled");
        for (const account of accounts) {
          expect((await positionOf(world, account, linearBook)).settled).to.equal(false);
        }
        await expect(ledger.settle(linearBook, [...accounts, maker.account]))
          .to.emit(ledger, "Settled")
          .withArgs(linearBook, [maker.account], [usdc(190)]);
        expect((await positionOf(world, maker.account, inverseBook)).settled).to.equal(false);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with BookNotOpen", async () => {
        const { ledger, linear, maker, expiry } = await networkHelpers.loadFixture(opened);
        for (const book of [0n, linear, bookOf(linear, expiry + WEEK)]) {
          await expect(ledger.settle(book, [maker.account]))
            .to.be.revertedWithCustomError(ledger, "BookNotOpen")
            .withArgs(book);
        }
      });

      it("reverts with NotFixed before and after expiry, for no accounts too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, inverseBook } = world;
        for (const accounts of [[maker.account], []]) {
          await expect(ledger.settle(linearBook, accounts))
            .to.be.revertedWithCustomError(ledger, "NotFixed")
            .withArgs(linearBook);
        }
        await fix(world, usd(1_900), inverseBook);
        await expect(ledger.settle(linearBook, [maker.account]))
          .to.be.revertedWithCustomError(ledger, "NotFixed")
          .withArgs(linearBook);
      });
    });

    describe("when a position cannot be settled", () => {
      it("keeps and reports it, never clamps it, and settles the others", async () => {
        const world = await expired(usd(1_900));
        const { ledger, maker, taker, linearBook } = world;
        await forceCollateral(world, maker.account, linearBook, usdc(10) - 1n);
        const before = await positionOf(world, maker.account, linearBook);
        const accounts = [maker.account, taker.account];
        expect(await ledger.settle.staticCall(linearBook, accounts)).to.equal(1n);
        await expect(ledger.settle(linearBook, accounts))
          .to.emit(ledger, "SettleSkipped")
          .withArgs(linearBook, maker.account, -1n)
          .and.to.emit(ledger, "Settled")
          .withArgs(linearBook, [taker.account], [usdc(10)]);
        expect(await positionOf(world, maker.account, linearBook)).to.deep.equal(before);
        expect(before.settled).to.equal(false);
      });

      it("keeps one whose payout outgrows the word, alone and without Settled", async () => {
        const world = await expired(usd(1_900));
        const { ledger, taker, linearBook } = world;
        await forceCollateral(world, taker.account, linearBook, MAX_112);
        const settling = ledger.settle(linearBook, [taker.account]);
        await expect(settling)
          .to.emit(ledger, "SettleSkipped")
          .withArgs(linearBook, taker.account, MAX_112 + usdc(10));
        await expect(settling).to.not.emit(ledger, "Settled");
      });

      it("settles it at the bounds: 0 and 2^112 − 1", async () => {
        const world = await expired(usd(1_900));
        const { maker, taker, linearBook } = world;
        await forceCollateral(world, maker.account, linearBook, usdc(10));
        await forceCollateral(world, taker.account, linearBook, MAX_112 - usdc(10));
        expect(await payouts(world, linearBook)).to.deep.equal([0n, MAX_112]);
      });
    });
  });
});
