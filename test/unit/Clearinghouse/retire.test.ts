import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, refused } from "../../fixtures/fills.ts";
import { bookOf, putSeries } from "../../fixtures/ids.ts";
import { WEEK, usd } from "../../fixtures/units.ts";
import { deployOpen } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

describe("Clearinghouse", () => {
  describe("retire", () => {
    describe("when the market is listed", () => {
      it("emits MarketRetired and shows it, the rest of the guard word as before", async () => {
        const { ledger, admin, linear } = await networkHelpers.loadFixture(opened);
        const before = await ledger.guardOf(linear);
        await expect(ledger.connect(admin).retire(linear))
          .to.emit(ledger, "MarketRetired")
          .withArgs(linear);
        const after = await ledger.guardOf(linear);
        expect([...after]).to.deep.equal([true, true, ...before.slice(2)]);
      });

      it("opens no new book of it, and goes on with those of others", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, admin, linear, inverse, expiry } = world;
        await ledger.connect(admin).retire(linear);
        await expect(ledger.openBook(linear, expiry + WEEK))
          .to.be.revertedWithCustomError(ledger, "MarketIsRetired")
          .withArgs(linear);
        await expect(ledger.openBook(inverse, expiry + WEEK)).to.emit(ledger, "BookOpened");
      });

      it("takes no new risk in open books, at once", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world);
        await world.ledger.connect(world.admin).retire(world.linear);
        const series = putSeries(world.linearBook, usd(2_000));
        await refused(world, { order: { nonce: 2n } }, "RiskRestricted", [
          world.linearBook,
          series,
        ]);
      });

      it("lets the guard tighten and loosen on, and stays retired", async () => {
        const { ledger, admin, guard, linear } = await networkHelpers.loadFixture(opened);
        await ledger.connect(admin).retire(linear);
        await ledger.connect(guard).setGuard(linear, 0n, 0n, 1n);
        const word = await ledger.guardOf(linear);
        expect([word.listed, word.retired, word.ceiling]).to.deep.equal([true, true, 1n]);
      });
    });

    describe("when it may not be", () => {
      it("reverts with AccessManagedUnauthorized before it looks for the market", async () => {
        const { ledger, stranger } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(stranger).retire(1n))
          .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
          .withArgs(stranger.address);
      });

      it("reverts with MarketUnknown for a key that is not listed, or not the key alone", async () => {
        const { ledger, admin, linear, expiry } = await networkHelpers.loadFixture(opened);
        for (const market of [0n, linear + 1n, linear | (1n << 255n), bookOf(linear, expiry)]) {
          await expect(ledger.connect(admin).retire(market))
            .to.be.revertedWithCustomError(ledger, "MarketUnknown")
            .withArgs(market);
        }
      });

      it("reverts with MarketIsRetired the second time", async () => {
        const { ledger, admin, linear } = await networkHelpers.loadFixture(opened);
        await ledger.connect(admin).retire(linear);
        await expect(ledger.connect(admin).retire(linear))
          .to.be.revertedWithCustomError(ledger, "MarketIsRetired")
          .withArgs(linear);
      });
    });
  });
});
