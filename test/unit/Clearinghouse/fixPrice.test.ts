import { expect } from "chai";
import { AbiCoder, zeroPadValue } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { bookView } from "../../fixtures/state.ts";
import { DAY, HOUR, MAX_63, MAX_64, WEEK, usd, usdc } from "../../fixtures/units.ts";
import { at, chainlinkTermsOf, deployOpen, fix, listMarket, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** An open book that settles on a real phase proxy. */
async function chained() {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, expiry } = world;
  const { terms, feed } = await chainlinkTermsOf(world);
  const market = await listMarket(world, terms);
  await feed.aggregator.updateAnswer(usd(2_000));
  await ledger.openBook(market, expiry);
  return { ...world, ...feed, book: bookOf(market, expiry) };
}

function hints(...ids: bigint[]): string {
  return AbiCoder.defaultAbiCoder().encode(["uint80[]"], [ids]);
}

describe("Clearinghouse", () => {
  describe("fixPrice", () => {
    describe("when the book has expired and the oracle answers", () => {
      it("returns the price, emits PriceFixed and shows it, by anyone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, stranger, linearBook, expiry } = world;
        await oracle.setPrice(usd(1_950));
        await passTo(world, expiry);
        const own = ledger.connect(stranger);
        expect(await own.fixPrice.staticCall(linearBook, "0x")).to.equal(usd(1_950));
        await expect(own.fixPrice(linearBook, "0x"))
          .to.emit(ledger, "PriceFixed")
          .withArgs(linearBook, usd(1_950));
        expect((await bookView(world, linearBook)).price).to.equal(usd(1_950));
      });

      it("asks with feed, profile, expiry and the proof as given", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook, linearTerms, expiry } = world;
        await oracle.setPrice(1n);
        await passTo(world, expiry);
        const proof = `0x${"ab".repeat(77)}`;
        await expect(ledger.fixPrice(linearBook, proof))
          .to.emit(oracle, "Asked")
          .withArgs(linearTerms.feed, linearTerms.profile, expiry, proof);
      });

      it("keeps pool and fees, and fixes one book alone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, inverseBook } = world;
        const own = ledger.connect(maker.signer);
        await own.allocate(maker.account, linearBook, usdc(7));
        await fix(world, usd(1_950), linearBook);
        const book = { open: true, pool: usdc(7), fees: 0n, price: usd(1_950) };
        expect(await bookView(world, linearBook)).to.deep.equal(book);
        expect((await bookView(world, inverseBook)).price).to.equal(0n);
      });

      it("takes the least and the largest price, and clamps what lies above to 2^63 − 1", async () => {
        for (const [said, fixed] of [
          [1n, 1n],
          [MAX_63, MAX_63],
          [MAX_63 + 1n, MAX_63],
          [MAX_64, MAX_63],
        ] as const) {
          const world = await networkHelpers.loadFixture(opened);
          const { ledger, oracle, linearBook, expiry } = world;
          await oracle.setPrice(said);
          await passTo(world, expiry);
          expect(await ledger.fixPrice.staticCall(linearBook, "0x")).to.equal(fixed);
          await expect(ledger.fixPrice(linearBook, "0x"))
            .to.emit(ledger, "PriceFixed")
            .withArgs(linearBook, fixed);
          expect((await bookView(world, linearBook)).price).to.equal(fixed);
        }
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with BookNotOpen before it looks at the time", async () => {
        const { ledger, linear, linearBook, expiry } = await networkHelpers.loadFixture(opened);
        for (const book of [0n, linear, linearBook | 1n, bookOf(linear, expiry + WEEK)]) {
          await expect(ledger.fixPrice(book, "0x"))
            .to.be.revertedWithCustomError(ledger, "BookNotOpen")
            .withArgs(book);
        }
      });

      it("reverts with AlreadyFixed the second time, whatever the oracle says by then", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook } = world;
        await fix(world, usd(1_950), linearBook);
        await oracle.setPrice(usd(9));
        await expect(ledger.fixPrice(linearBook, "0x"))
          .to.be.revertedWithCustomError(ledger, "AlreadyFixed")
          .withArgs(linearBook, usd(1_950));
        expect((await bookView(world, linearBook)).price).to.equal(usd(1_950));
      });

      it("reverts with NotExpired one second early, before it asks the oracle", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook, expiry } = world;
        await oracle.setRefusing(true);
        await oracle.setPrice(1n);
        await at(world, expiry - 1n);
        await expect(ledger.fixPrice(linearBook, "0x"))
          .to.be.revertedWithCustomError(ledger, "NotExpired")
          .withArgs(linearBook, expiry, expiry - 1n);
        await at(world, expiry - 1n);
        await oracle.setRefusing(false);
        await at(world, expiry);
        await expect(ledger.fixPrice(linearBook, "0x")).to.emit(ledger, "PriceFixed");
      });

      it("reverts with PriceZero, and takes the price once there is one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook, expiry } = world;
        await passTo(world, expiry);
        await expect(ledger.fixPrice(linearBook, "0x"))
          .to.be.revertedWithCustomError(ledger, "PriceZero")
          .withArgs(linearBook);
        await oracle.setPrice(usd(1));
        await expect(ledger.fixPrice(linearBook, "0x")).to.emit(ledger, "PriceFixed");
      });

      it("passes the oracle's own errors through", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook, linearTerms, expiry } = world;
        await oracle.setRefusing(true);
        await passTo(world, expiry);
        await expect(ledger.fixPrice(linearBook, "0x"))
          .to.be.revertedWithCustomError(oracle, "Refused")
          .withArgs(linearTerms.feed);
      });

      it("takes no native coin", async () => {
        const { ledger, address, stranger, linearBook } = await networkHelpers.loadFixture(opened);
        const data = ledger.interface.encodeFunctionData("fixPrice", [linearBook, "0x"]);
        await expect(stranger.sendTransaction({ to: address, value: 1n, data })).to.be.revert(
          ethers,
        );
      });
    });

    describe("when the oracle is the single-feed one", () => {
      it("fixes the last round up to expiry, which the proof names", async () => {
        const world = await chained();
        const { ledger, aggregator, book, expiry } = world;
        await aggregator.updateRoundData(3n, usd(1_900), expiry - HOUR, expiry - HOUR);
        await aggregator.updateRoundData(4n, usd(1_700), expiry + 1n, expiry + 1n);
        await passTo(world, expiry + HOUR);
        const proof = hints((1n << 64n) | 3n);
        await expect(ledger.fixPrice(book, proof))
          .to.emit(ledger, "PriceFixed")
          .withArgs(book, usd(1_900));
      });

      it("reverts with NotExpired for a premature fix, and with the oracle's error for a wrong proof", async () => {
        const world = await chained();
        const { ledger, chainlink, aggregator, book, expiry } = world;
        await aggregator.updateRoundData(3n, usd(1_900), expiry - HOUR, expiry - HOUR);
        await at(world, expiry - 1n);
        await expect(ledger.fixPrice(book, hints((1n << 64n) | 3n)))
          .to.be.revertedWithCustomError(ledger, "NotExpired")
          .withArgs(book, expiry, expiry - 1n);
        await passTo(world, expiry + 1n);
        await expect(ledger.fixPrice(book, hints((1n << 64n) | 2n)))
          .to.be.revertedWithCustomError(chainlink, "NotLastRound")
          .withArgs((1n << 64n) | 2n, (1n << 64n) | 3n);
      });

      it("passes through what a feed that turned does not say", async () => {
        const world = await chained();
        const { ledger, chainlink, proxy, book, expiry } = world;
        const feed = await proxy.getAddress();
        const model = await ethers.deployContract("HostileFeed");
        await networkHelpers.setCode(feed, await ethers.provider.getCode(model));
        const hostile = await ethers.getContractAt("HostileFeed", feed);
        const decimals = proxy.interface.getFunction("decimals").selector;
        await hostile.teach(decimals, 1n, zeroPadValue("0x08", 32));
        await passTo(world, expiry + DAY);
        await expect(ledger.fixPrice(book, hints((1n << 64n) | 2n)))
          .to.be.revertedWithCustomError(chainlink, "PhaseUnreadable")
          .withArgs(feed);
      });

      it("waits a day for a stale round", async () => {
        const world = await chained();
        const { ledger, chainlink, book, expiry } = world;
        const proof = hints((1n << 64n) | 2n);
        await passTo(world, expiry + DAY - 1n);
        await at(world, expiry + DAY - 1n);
        await expect(ledger.fixPrice(book, proof))
          .to.be.revertedWithCustomError(chainlink, "TooEarlyToFix")
          .withArgs(expiry + DAY - 1n, expiry + DAY);
        await at(world, expiry + DAY);
        await expect(ledger.fixPrice(book, proof))
          .to.emit(ledger, "PriceFixed")
          .withArgs(book, usd(2_000));
      });
    });
  });
});
