import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { bookOf, marketIdOf, marketOf, putSeries } from "../../fixtures/ids.ts";
import { Phase, plainly, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { HOUR, Level, MAX_256, MAX_63, WEEK, usd, usdc } from "../../fixtures/units.ts";
import { at, deploy, deployOpen, fix, listMarket, now, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return withLens(await deployOpen(connection));
}

/** The linear market gets this level for an hour. */
async function setLevel(world: LensWorld, level: bigint): Promise<bigint> {
  const until = (await now(world)) + HOUR;
  const { ceiling } = world.linearTerms;
  await world.ledger.connect(world.guard).setGuard(world.linear, level, until, ceiling);
  return until;
}

async function phaseOf({ lens }: LensWorld, book: bigint): Promise<bigint | undefined> {
  return (await lens.booksOf([book]))[0]?.phase;
}

async function marketSeen({ lens, linear }: LensWorld) {
  const [seen] = await lens.marketsOf([linear]);
  return [seen?.listed, seen?.retired, seen?.level, seen?.until, seen?.ceiling];
}

/** The markets of a page and how many there are, its records being those that `marketsOf` tells. */
async function page({ lens }: LensWorld, from: bigint, count: bigint) {
  const { views, total } = await lens.markets(from, count);
  const keys = views.map(({ market }) => market);
  expect(views).to.deep.equal(await lens.marketsOf(keys));
  return { keys, total };
}

describe("Lens", () => {
  describe("markets", () => {
    async function five() {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, inverse, linearTerms } = world;
      const keys = [linear, inverse];
      for (const lastTrade of [3n, 1n, 2n]) {
        keys.push(await listMarket(world, { ...linearTerms, lastTrade }));
      }
      return { world, keys };
    }

    it("tells of none before any is listed", async () => {
      const world = await withLens(await deploy(connection));
      for (const [from, count] of [
        [0n, 0n],
        [0n, 10n],
        [MAX_256, MAX_256],
      ] as const) {
        expect([...(await world.lens.markets(from, count))]).to.deep.equal([[], 0n]);
      }
    });

    it("tells page by page, in the order of listing, the last one shorter", async () => {
      const { world, keys } = await five();
      expect(await page(world, 0n, 2n)).to.deep.equal({ keys: keys.slice(0, 2), total: 5n });
      expect(await page(world, 2n, 2n)).to.deep.equal({ keys: keys.slice(2, 4), total: 5n });
      expect(await page(world, 4n, 2n)).to.deep.equal({ keys: keys.slice(4), total: 5n });
      expect(await page(world, 0n, 5n)).to.deep.equal({ keys, total: 5n });
    });

    it("tells the total alone beyond the end, and when asked for none", async () => {
      const { world } = await five();
      for (const [from, count] of [
        [5n, 1n],
        [6n, MAX_256],
        [MAX_256, 1n],
        [MAX_256, MAX_256],
        [0n, 0n],
        [4n, 0n],
      ] as const) {
        expect(await page(world, from, count)).to.deep.equal({ keys: [], total: 5n });
      }
    });

    it("tells all there are when asked for more, whatever number that is", async () => {
      const { world, keys } = await five();
      for (const count of [6n, MAX_63, MAX_256]) {
        expect(await page(world, 0n, count)).to.deep.equal({ keys, total: 5n });
        expect(await page(world, 3n, count)).to.deep.equal({ keys: keys.slice(3), total: 5n });
      }
    });

    it("keeps a retired market in its place and says that it is", async () => {
      const { world, keys } = await five();
      await world.ledger.connect(world.admin).retire(world.inverse);
      expect(await page(world, 0n, 5n)).to.deep.equal({ keys, total: 5n });
      expect((await world.lens.markets(1n, 1n)).views[0]?.retired).to.equal(true);
    });

    it("answers a hundred markets in one call", async () => {
      const world = await networkHelpers.loadFixture(opened);
      for (let i = 2n; i < 100n; i++) {
        await listMarket(world, { ...world.linearTerms, feePerLot: i });
      }
      expect((await page(world, 0n, 100n)).keys).to.have.length(100);
    });
  });

  describe("marketsOf", () => {
    it("tells the terms that were listed, in the order asked, twice if asked twice", async () => {
      const { lens, linear, inverse, linearTerms, inverseTerms } =
        await networkHelpers.loadFixture(opened);
      const seen = plainly("marketsOf", await lens.marketsOf([inverse, linear, inverse]));
      const view = (market: bigint, terms: typeof linearTerms) => ({
        market,
        listed: true,
        retired: false,
        level: Level.Normal,
        until: 0n,
        ceiling: terms.ceiling,
        terms,
      });
      const inverseView = view(inverse, inverseTerms);
      expect(seen).to.deep.equal([inverseView, view(linear, linearTerms), inverseView]);
    });

    it("tells of a market that nobody listed that it is not, and nothing else", async () => {
      const { lens, linearTerms } = await networkHelpers.loadFixture(opened);
      const unknown = marketOf(marketIdOf({ ...linearTerms, feePerLot: 1n }));
      for (const market of [unknown, 0n, MAX_256]) {
        const [seen] = await lens.marketsOf([market]);
        expect([seen?.market, seen?.listed, seen?.ceiling]).to.deep.equal([market, false, 0n]);
        expect([seen?.terms.num, seen?.terms.gridPeriod]).to.deep.equal([0n, 0n]);
      }
    });

    it("tells level and ceiling while they hold, and Normal from their end on", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, guard, linear, linearTerms } = world;
      const until = (await now(world)) + HOUR;
      await ledger.connect(guard).setGuard(linear, Level.Restricted, until, usdc(7));
      const restricted = [true, false, Level.Restricted, until, usdc(7)];
      expect(await marketSeen(world)).to.deep.equal(restricted);
      await passTo(world, until - 1n);
      expect(await marketSeen(world)).to.deep.equal(restricted);
      await passTo(world, until);
      expect(await marketSeen(world)).to.deep.equal([true, false, Level.Normal, 0n, usdc(7)]);
      const halted = await setLevel(world, Level.Halted);
      const { ceiling } = linearTerms;
      expect(await marketSeen(world)).to.deep.equal([true, false, Level.Halted, halted, ceiling]);
    });

    it("tells that a market is retired", async () => {
      const world = await networkHelpers.loadFixture(opened);
      await world.ledger.connect(world.admin).retire(world.linear);
      const { ceiling } = world.linearTerms;
      expect(await marketSeen(world)).to.deep.equal([true, true, Level.Normal, 0n, ceiling]);
    });

    it("answers nothing when asked about nothing", async () => {
      const { lens } = await networkHelpers.loadFixture(opened);
      expect(await lens.marketsOf([])).to.deep.equal([]);
    });
  });

  describe("booksOf", () => {
    it("tells pool, fees and price as the ledger has them", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, ledger, linearBook, inverseBook, expiry } = world;
      await fill(world);
      await fill(world, { order: { nonce: 2n, parts: [inversePart(world)] } });
      await fix(world, usd(1_900), linearBook);
      const seen = plainly("booksOf", await lens.booksOf([linearBook, inverseBook]));
      const expected = [];
      for (const [book, phase] of [
        [linearBook, Phase.Fixed],
        [inverseBook, Phase.Expired],
      ] as const) {
        const { pool, fees, settlementPrice } = await ledger.bookOf(book);
        expected.push({ book, expiry, phase, pool, fees, settlementPrice });
      }
      expect(seen).to.deep.equal(expected);
      expect(expected.map(({ settlementPrice }) => settlementPrice)).to.deep.equal([
        usd(1_900),
        0n,
      ]);
      expect(expected.every(({ pool, fees }) => pool > 0n && fees > 0n)).to.equal(true);
    });

    describe("phase", () => {
      it("is Unopened for an expiry nobody opened, off the grid, a series, a market, any word", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linear, linearBook, expiry } = world;
        const words = [
          bookOf(linear, expiry + WEEK),
          bookOf(linear, expiry + 1n),
          putSeries(linearBook, usd(2_000)),
          linear,
          0n,
          MAX_256,
        ];
        for (const word of words) expect(await phaseOf(world, word)).to.equal(Phase.Unopened);
      });

      it("is Unopened for an expiry nobody opened in time", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linear, expiry } = world;
        await passTo(world, expiry + 2n * WEEK);
        expect(await phaseOf(world, bookOf(linear, expiry + WEEK))).to.equal(Phase.Unopened);
      });

      it("is Trading up to the last second before the last trade, then Closing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook, linearTerms, expiry } = world;
        const last = expiry - linearTerms.lastTrade;
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Trading);
        await passTo(world, last - 1n);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Trading);
        await passTo(world, last);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
        await passTo(world, expiry - 1n);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
      });

      it("is Closing while the guard restricts the market, and in no other market", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook, inverseBook } = world;
        const until = await setLevel(world, Level.Restricted);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
        expect(await phaseOf(world, inverseBook)).to.equal(Phase.Trading);
        await passTo(world, until - 1n);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
        await passTo(world, until);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Trading);
      });

      it("is Closing for good in a retired market", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.ledger.connect(world.admin).retire(world.linear);
        expect(await phaseOf(world, world.linearBook)).to.equal(Phase.Closing);
        await passTo(world, world.expiry - 1n);
        expect(await phaseOf(world, world.linearBook)).to.equal(Phase.Closing);
      });

      it("is Halted while the guard halts the market, retired and after the last trade too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, admin, linear, linearBook, expiry } = world;
        const until = await setLevel(world, Level.Halted);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Halted);
        await ledger.connect(admin).retire(linear);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Halted);
        await passTo(world, until);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
        await passTo(world, expiry - 60n);
        await setLevel(world, Level.Halted);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Halted);
      });

      it("is Expired from the expiry on, halted or not, and Fixed with the price", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linearBook, inverseBook, expiry } = world;
        await passTo(world, expiry - 60n);
        await setLevel(world, Level.Halted);
        await passTo(world, expiry);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Expired);
        expect(await phaseOf(world, inverseBook)).to.equal(Phase.Expired);
        await oracle.setPrice(MAX_63);
        await ledger.fixPrice(linearBook, "0x");
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Fixed);
        expect((await world.lens.booksOf([linearBook]))[0]?.settlementPrice).to.equal(MAX_63);
        expect(await phaseOf(world, inverseBook)).to.equal(Phase.Expired);
      });

      it("allows what the ledger then does: an opening fill in Trading alone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook, linearTerms, expiry, ledger } = world;
        const last = expiry - linearTerms.lastTrade;
        await passTo(world, last - 1n);
        await at(world, last - 1n);
        await expect(fill(world, { units: 1n })).to.emit(ledger, "OrderFilled");
        await passTo(world, last);
        expect(await phaseOf(world, linearBook)).to.equal(Phase.Closing);
        await at(world, last);
        await expect(fill(world, { units: 1n })).to.be.revertedWithCustomError(
          ledger,
          "RiskRestricted",
        );
      });
    });

    it("answers a hundred books in one call", async () => {
      const { lens, linearBook } = await networkHelpers.loadFixture(opened);
      const books = Array.from({ length: 100 }, () => linearBook);
      expect(await lens.booksOf(books)).to.have.length(100);
    });
  });
});
