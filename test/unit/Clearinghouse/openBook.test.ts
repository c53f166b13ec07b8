import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { DAY, HOUR, WEEK, usd } from "../../fixtures/units.ts";
import { EXPIRY, at, chainlinkTermsOf, deployListed, listMarket } from "../../fixtures/world.ts";
import type { Listed } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function listed() {
  return deployListed(connection);
}

function fixingOf({ linearTerms: { feed, profile } }: Listed, expiry: bigint): string {
  const types = ["bytes32", "bytes32", "uint40"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [feed, profile, expiry]));
}

describe("Clearinghouse", () => {
  describe("openBook", () => {
    describe("when the expiry is on the grid and within the horizon", () => {
      it("returns the book: market and expiry in one word", async () => {
        const { ledger, linear } = await networkHelpers.loadFixture(listed);
        expect(await ledger.openBook.staticCall(linear, EXPIRY)).to.equal(linear | (EXPIRY << 64n));
      });

      it("emits BookOpened with fixing and mark, by anyone", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const { ledger, linear, stranger } = world;
        await expect(ledger.connect(stranger).openBook(linear, EXPIRY))
          .to.emit(ledger, "BookOpened")
          .withArgs(bookOf(linear, EXPIRY), linear, EXPIRY, fixingOf(world, EXPIRY), usd(2_000));
      });

      it("asks the market's oracle for its feed, profile and expiry", async () => {
        const { ledger, oracle, linear, linearTerms } = await networkHelpers.loadFixture(listed);
        await expect(ledger.openBook(linear, EXPIRY))
          .to.emit(oracle, "Opened")
          .withArgs(linearTerms.feed, linearTerms.profile, EXPIRY);
      });

      it("shows an empty open book, and no other", async () => {
        const { ledger, linear } = await networkHelpers.loadFixture(listed);
        await ledger.openBook(linear, EXPIRY);
        const [open, next] = [bookOf(linear, EXPIRY), bookOf(linear, EXPIRY + WEEK)];
        expect([...(await ledger.bookOf(open))]).to.deep.equal([true, 0n, 0n, 0n]);
        expect([...(await ledger.bookOf(next))]).to.deep.equal([false, 0n, 0n, 0n]);
      });

      it("opens books of several expiries and markets side by side", async () => {
        const { ledger, linear, inverse } = await networkHelpers.loadFixture(listed);
        for (const market of [linear, inverse]) {
          for (const expiry of [EXPIRY, EXPIRY + WEEK, EXPIRY + 3n * WEEK]) {
            await expect(ledger.openBook(market, expiry)).to.emit(ledger, "BookOpened");
          }
        }
      });

      it("opens two hours ahead and a whole horizon ahead, to the second", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const { ledger, linear, linearTerms } = world;
        const far = EXPIRY + 4n * WEEK;
        await at(world, far - linearTerms.horizon);
        await expect(ledger.openBook(linear, far)).to.emit(ledger, "BookOpened");
        await at(world, EXPIRY - 2n * HOUR);
        await expect(ledger.openBook(linear, EXPIRY)).to.emit(ledger, "BookOpened");
      });
    });

    describe("when the market does not take new books", () => {
      it("reverts with MarketUnknown before anything else", async () => {
        const { ledger, linear } = await networkHelpers.loadFixture(listed);
        for (const market of [0n, linear + 1n, bookOf(linear, EXPIRY)]) {
          await expect(ledger.openBook(market, EXPIRY + 1n))
            .to.be.revertedWithCustomError(ledger, "MarketUnknown")
            .withArgs(market);
        }
      });

      it("reverts with MarketIsRetired before it looks at the expiry", async () => {
        const { ledger, admin, linear } = await networkHelpers.loadFixture(listed);
        await ledger.connect(admin).retire(linear);
        await expect(ledger.openBook(linear, EXPIRY + 1n))
          .to.be.revertedWithCustomError(ledger, "MarketIsRetired")
          .withArgs(linear);
      });
    });

    describe("when the expiry does not fit", () => {
      it("reverts with OffGrid beside the grid, before it looks at the time", async () => {
        const { ledger, linear } = await networkHelpers.loadFixture(listed);
        for (const expiry of [EXPIRY + 1n, EXPIRY - 1n, EXPIRY + DAY, 115_201n, (1n << 40n) - 1n]) {
          await expect(ledger.openBook(linear, expiry))
            .to.be.revertedWithCustomError(ledger, "OffGrid")
            .withArgs(expiry, 115_200n, WEEK);
        }
      });

      it("reverts with OffGrid before the anchor", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const terms = { ...world.linearTerms, gridAnchor: EXPIRY + WEEK };
        const market = await listMarket(world, terms);
        for (const expiry of [EXPIRY, 0n]) {
          await expect(world.ledger.openBook(market, expiry))
            .to.be.revertedWithCustomError(world.ledger, "OffGrid")
            .withArgs(expiry, EXPIRY + WEEK, WEEK);
        }
        await expect(world.ledger.openBook(market, EXPIRY + WEEK)).to.emit(
          world.ledger,
          "BookOpened",
        );
      });

      it("reverts with TooSoon less than two hours ahead, and in the past", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const { ledger, linear } = world;
        const time = EXPIRY - 2n * HOUR + 1n;
        for (const expiry of [EXPIRY, EXPIRY - WEEK, 115_200n]) {
          await at(world, time);
          await expect(ledger.openBook(linear, expiry))
            .to.be.revertedWithCustomError(ledger, "TooSoon")
            .withArgs(expiry, time + 2n * HOUR);
        }
      });

      it("reverts with BeyondHorizon one second too early", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const { ledger, linear, linearTerms } = world;
        const far = EXPIRY + 4n * WEEK;
        const time = far - linearTerms.horizon - 1n;
        await at(world, time);
        await expect(ledger.openBook(linear, far))
          .to.be.revertedWithCustomError(ledger, "BeyondHorizon")
          .withArgs(far, far - 1n);
      });
    });

    describe("when the book is open", () => {
      it("reverts with BookAlreadyOpen and asks no oracle", async () => {
        const { ledger, oracle, linear } = await networkHelpers.loadFixture(listed);
        await ledger.openBook(linear, EXPIRY);
        await oracle.setRefusing(true);
        await expect(ledger.openBook(linear, EXPIRY))
          .to.be.revertedWithCustomError(ledger, "BookAlreadyOpen")
          .withArgs(bookOf(linear, EXPIRY));
      });
    });

    describe("when the oracle does not open its fixing", () => {
      it("passes its error through and leaves the book closed", async () => {
        const { ledger, oracle, linear, linearTerms } = await networkHelpers.loadFixture(listed);
        await oracle.setRefusing(true);
        await expect(ledger.openBook(linear, EXPIRY))
          .to.be.revertedWithCustomError(oracle, "Refused")
          .withArgs(linearTerms.feed);
        expect((await ledger.bookOf(bookOf(linear, EXPIRY))).open).to.equal(false);
      });

      it("passes a stale feed's error through, and opens on a fresh one", async () => {
        const world = await networkHelpers.loadFixture(listed);
        const { ledger, chainlink } = world;
        const { terms, feed } = await chainlinkTermsOf(world);
        const { aggregator } = feed;
        const market = await listMarket(world, terms);
        const time = (await aggregator.latestTimestamp()) + 2n * DAY;
        await at(world, time);
        await expect(ledger.openBook(market, EXPIRY))
          .to.be.revertedWithCustomError(chainlink, "MarkTooOld")
          .withArgs(2n * DAY, 3_900n);
        await aggregator.updateAnswer(usd(2_100));
        await expect(ledger.openBook(market, EXPIRY)).to.emit(ledger, "BookOpened");
      });
    });
  });
});
