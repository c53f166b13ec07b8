import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { fill } from "../../fixtures/fills.ts";
import { bookOf } from "../../fixtures/ids.ts";
import type { TermsInput } from "../../fixtures/ids.ts";
import { Phase, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { MAX_256, WEEK } from "../../fixtures/units.ts";
import { deployOpen, listMarket } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** The last second that 40 bits hold. */
const END = (1n << 40n) - 1n;

async function opened() {
  return withLens(await deployOpen(connection));
}

/** Expiries on a page, and where the next one starts. */
async function page(
  { lens }: LensWorld,
  market: bigint,
  from: bigint,
  count: bigint,
): Promise<[bigint[], bigint]> {
  const { views, next } = await lens.calendar(market, from, count);
  for (const { book, expiry } of views) expect(book).to.equal(bookOf(market, expiry));
  return [views.map(({ expiry }) => expiry), next];
}

/** Another market, on a grid of its own. */
async function onGrid(world: LensWorld, grid: Partial<TermsInput>): Promise<bigint> {
  return listMarket(world, { ...world.linearTerms, ...grid, salt: encodeBytes32String("grid") });
}

describe("Lens", () => {
  describe("calendar", () => {
    it("tells every expiry of the grid, opened or not, as `booksOf` does", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, linear, linearBook, expiry } = world;
      await fill(world);
      const { views, next } = await lens.calendar(linear, expiry - WEEK, 3n);
      const books = [expiry - WEEK, expiry, expiry + WEEK].map((time) => bookOf(linear, time));
      expect(views).to.deep.equal(await lens.booksOf(books));
      expect(views.map(({ phase }) => phase)).to.deep.equal([
        Phase.Unopened,
        Phase.Trading,
        Phase.Unopened,
      ]);
      expect(views[1]?.book).to.equal(linearBook);
      expect(views[1]?.pool).to.be.greaterThan(0n);
      expect(next).to.equal(expiry + 2n * WEEK);
    });

    it("starts at the anchor, where `from` lies before or on it", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, linearTerms } = world;
      const anchor = linearTerms.gridAnchor;
      const expected = [[anchor, anchor + WEEK], anchor + 2n * WEEK];
      for (const from of [0n, 1n, anchor - 1n, anchor]) {
        expect(await page(world, linear, from, 2n)).to.deep.equal(expected);
      }
      const second = [[anchor + WEEK], anchor + 2n * WEEK];
      expect(await page(world, linear, anchor + 1n, 1n)).to.deep.equal(second);
    });

    it("starts on a grid point, or at the next one from between two", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, expiry } = world;
      for (const from of [expiry - WEEK + 1n, expiry - 1n, expiry]) {
        expect(await page(world, linear, from, 1n)).to.deep.equal([[expiry], expiry + WEEK]);
      }
      const later = [[expiry + WEEK], expiry + 2n * WEEK];
      expect(await page(world, linear, expiry + 1n, 1n)).to.deep.equal(later);
    });

    it("pages without gap or overlap", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, expiry } = world;
      const [whole, end] = await page(world, linear, expiry, 12n);
      const pieces: bigint[] = [];
      let from = expiry;
      for (const count of [1n, 5n, 0n, 2n, 4n]) {
        const [times, next] = await page(world, linear, from, count);
        pieces.push(...times);
        from = next;
      }
      expect(pieces).to.deep.equal(whole);
      expect(from).to.equal(end);
    });

    it("answers where it would start when asked for no expiry", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, expiry } = world;
      expect(await page(world, linear, expiry - 5n, 0n)).to.deep.equal([[], expiry]);
    });

    it("reverts with MarketUnknown", async () => {
      const { lens, linear, linearBook } = await networkHelpers.loadFixture(opened);
      for (const market of [0n, linear + (1n << 104n), linearBook, MAX_256]) {
        await expect(lens.calendar(market, 0n, 1n))
          .to.be.revertedWithCustomError(lens, "MarketUnknown")
          .withArgs(market);
      }
    });

    it("tells the calendar of a retired market all the same", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, admin, linear, expiry } = world;
      await ledger.connect(admin).retire(linear);
      expect(await page(world, linear, expiry, 1n)).to.deep.equal([[expiry], expiry + WEEK]);
    });

    describe("where time ends", () => {
      it("tells the last expiries that 40 bits hold, and that no page follows", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linear, linearTerms } = world;
        const last = END - ((END - linearTerms.gridAnchor) % WEEK);
        expect(last + WEEK).to.be.greaterThan(END);
        expect(await page(world, linear, last - WEEK, 1n)).to.deep.equal([[last - WEEK], last]);
        for (const count of [2n, 3n, MAX_256]) {
          const end = [[last - WEEK, last], 0n];
          expect(await page(world, linear, last - WEEK - 1n, count)).to.deep.equal(end);
        }
        for (const from of [last + 1n, END]) {
          expect(await page(world, linear, from, 1n)).to.deep.equal([[], 0n]);
        }
      });

      it("tells the only expiry of a grid as wide as time", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const gridAnchor = world.expiry + 5n;
        const market = await onGrid(world, { gridAnchor, gridPeriod: END });
        await world.ledger.openBook(market, gridAnchor);
        for (const from of [0n, gridAnchor]) {
          expect(await page(world, market, from, 10n)).to.deep.equal([[gridAnchor], 0n]);
        }
        expect(await page(world, market, gridAnchor + 1n, 10n)).to.deep.equal([[], 0n]);
        expect(await page(world, market, END, 10n)).to.deep.equal([[], 0n]);
      });

      it("tells an expiry in the very last second", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const market = await onGrid(world, { gridAnchor: END, gridPeriod: 1n });
        expect(await page(world, market, 0n, 2n)).to.deep.equal([[END], 0n]);
        const second = await onGrid(world, { gridAnchor: 0n, gridPeriod: 1n });
        expect(await page(world, second, END - 1n, 1n)).to.deep.equal([[END - 1n], END]);
        expect(await page(world, second, END, 5n)).to.deep.equal([[END], 0n]);
      });
    });
  });
});
