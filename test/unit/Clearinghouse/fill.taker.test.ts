import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { ENDLESS, openEndless } from "../../fixtures/endless.ts";
import { NO_LIMIT, fill, refused } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { put, putSeries } from "../../fixtures/ids.ts";
import { bookView } from "../../fixtures/state.ts";
import { HOUR, Level, MAX_112, MAX_63, MAX_80, usd, usdc } from "../../fixtures/units.ts";
import { FEE, PURSE, deployOpen, now } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const PAY = usdc(5) + 10n * FEE.linear;

async function opened() {
  return deployOpen(connection);
}

/** A book in which words reach their bounds. */
async function endless() {
  return openEndless(await networkHelpers.loadFixture(opened));
}

/** As `endless`, with a fee of 2^20 a lot. */
async function dear() {
  const world = await networkHelpers.loadFixture(opened);
  return openEndless(world, { feePerLot: 1n << 20n, strikeTick: 1n << 30n });
}

/** The taker holds 32 legs, the maker none; the market is Restricted. */
async function full() {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, maker, taker, linear, linearTerms, guard, linearBook } = world;
  const strikes = Array.from({ length: 32 }, (_, i) => usd(10 * (i + 1)));
  const legs = strikes.map((strike) => put(strike, -1n));
  await fill(world, { order: { nonce: 100n, units: 1n }, part: { legs } });
  // The maker hands its side on to another sub-account, and is flat again.
  await ledger.connect(maker.signer).deposit(maker.account + 1n, world.quoteAddress, usdc(1_000));
  const account = maker.account + 1n;
  const order = { nonce: 101n, units: 1n };
  const back = strikes.map((strike) => put(strike, 1n));
  await fill(world, { order, part: { legs: back }, from: maker.signer, account });
  const until = (await now(world)) + HOUR;
  await ledger.connect(guard).setGuard(linear, Level.Restricted, until, linearTerms.ceiling);
  expect((await ledger.positionOf(maker.account, linearBook)).legs).to.have.length(0);
  expect((await ledger.positionOf(taker.account, linearBook)).legs).to.have.length(32);
  return world;
}

async function setCeiling(world: World, ceiling: bigint): Promise<void> {
  await world.ledger.connect(world.guard).setGuard(world.linear, Level.Normal, 0n, ceiling);
}

describe("Clearinghouse", () => {
  describe("fill, the taker's side", () => {
    describe("when the taker's legs leave their bounds", () => {
      it("reverts with QuantityBound for the taker's sum", async () => {
        const world = await endless();
        const { ledger, maker, taker, book, tokenAddress } = world;
        const other = maker.account + 1n;
        await ledger.connect(maker.signer).deposit(other, tokenAddress, 1n);
        const part = { book, premium: 0n, legs: [put(1n, -MAX_63)] };
        await fill(world, { order: { units: 1n }, part });
        const order = { account: other, units: 1n };
        const more: FillPatch = { order, part: { ...part, legs: [put(1n, -1n)] } };
        const args = [taker.account, putSeries(book, 1n), MAX_63 + 1n];
        await refused(world, more, "QuantityBound", args);
      });

      it("reverts with TooManyLegs for the 33rd, before Restricted", async () => {
        const world = await full();
        const args = [world.taker.account, world.linearBook, 33n, 32n];
        await refused(world, { order: { units: 1n } }, "TooManyLegs", args);
      });
    });

    describe("when the price is worse than the limit", () => {
      it("pays up to the limit, fee included, and reverts with PayAboveLimit one base unit above", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const limits = [{ ...NO_LIMIT, maxPay: PAY - 1n }];
        await refused(world, { limits }, "PayAboveLimit", [0n, PAY, PAY - 1n]);
        await expect(fill(world, { limits: [{ ...NO_LIMIT, maxPay: PAY }] })).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });

      it("takes a negative limit as the least the taker receives", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const part = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const receives = usdc(5) - 10n * FEE.linear;
        const limits = [{ ...NO_LIMIT, maxPay: -receives - 1n }];
        await refused(world, { part, limits }, "PayAboveLimit", [0n, -receives, -receives - 1n]);
        await expect(fill(world, { part, limits: [{ ...NO_LIMIT, maxPay: -receives }] })).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });

      it("comes after Restricted and before the draw", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const limits = [{ maxPay: 0n, maxDraw: 0n }];
        await refused(world, { limits }, "PayAboveLimit", [0n, PAY, 0n]);
        await world.ledger.connect(world.admin).retire(world.linear);
        const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
        await refused(world, { limits }, "RiskRestricted", args);
      });
    });

    describe("when the taker's collateral outgrows the word", () => {
      it("reverts with CollateralBound, before the pool's bound", async () => {
        const world = await endless();
        const { ledger, taker, book } = world;
        await ledger.connect(taker.signer).allocate(taker.account, book, MAX_112);
        const part = { book, premium: -1n, legs: [put(1n, 1n)] };
        const order = { units: 2n };
        const args = [taker.account, book, MAX_112 + 2n, MAX_112];
        await refused(world, { order, part }, "CollateralBound", args);
      });
    });

    describe("when the taker's shortfall is more than it allows", () => {
      it("draws the limit exactly, not multiplied by units, and reverts with DrawTooSmall one below", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        const limits = [{ ...NO_LIMIT, maxDraw: PAY - 1n }];
        await refused(world, { limits }, "DrawTooSmall", [
          taker.account,
          linearBook,
          PAY,
          PAY - 1n,
        ]);
        await expect(fill(world, { limits: [{ ...NO_LIMIT, maxDraw: PAY }] })).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });

      it("reverts with Undercovered one base unit short of cash, after the draw's limit", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const own = ledger.connect(taker.signer);
        const rest = PURSE.quote - PAY + 1n;
        await own.withdraw(taker.account, quoteAddress, rest, taker.address);
        const none = [{ ...NO_LIMIT, maxDraw: 0n }];
        const draw = [taker.account, linearBook, PAY, 0n];
        await refused(world, { limits: none }, "DrawTooSmall", draw);
        await refused(world, {}, "Undercovered", [taker.account, linearBook, 0n, 0n]);
      });

      it("reverts with Undercovered where the taker writes and has too little, before the ceiling", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook, quoteAddress } = world;
        await setCeiling(world, 0n);
        const own = ledger.connect(taker.signer);
        await own.withdraw(taker.account, quoteAddress, PURSE.quote - usdc(100), taker.address);
        const part = { legs: [put(usd(2_000), 1n)], premium: 0n };
        const collateral = usdc(100) - 10n * FEE.linear;
        const args = [taker.account, linearBook, collateral, usdc(200)];
        await refused(world, { part }, "Undercovered", args);
      });
    });

    describe("when the book's words are full", () => {
      /** Ten units of 2^58 lots at 2^30: a fee of 10 × 2^78 for a premium of nothing. */
      const part = (world: { book: bigint }, quantity: bigint) => ({
        book: world.book,
        premium: 0n,
        legs: [put(1n << 30n, quantity)],
      });

      it("reverts with FeesBound above 2^80 − 1, before the pool's bound", async () => {
        const world = await dear();
        const { ledger, maker, book } = world;
        const other = maker.account + 1n;
        await ledger.connect(maker.signer).depositToBook(other, book, MAX_112);
        const order = { units: 1n };
        const args = [book, 1n << 80n, MAX_80];
        await refused(world, { order, part: part(world, -(1n << 60n)) }, "FeesBound", args);
      });

      it("fills fees up to the bound, and on once they are pushed", async () => {
        const world = await dear();
        const { ledger, book } = world;
        const lots = (1n << 60n) - 1n;
        await fill(world, { order: { units: 1n }, part: part(world, -lots) });
        const fees = lots << 20n;
        expect((await bookView(world, book)).fees).to.equal(fees);
        const order = { nonce: 2n, units: 1n };
        const args = [book, fees + (1n << 20n), MAX_80];
        await refused(world, { order, part: part(world, -1n) }, "FeesBound", args);
        await ledger.pushFees(book);
        await fill(world, { order, part: part(world, -1n) });
      });

      it("reverts with PoolBound where draws fill the pool, before the ceiling", async () => {
        const world = await endless();
        const { ledger, maker, guard, market, book } = world;
        await ledger.connect(guard).setGuard(market, Level.Normal, 0n, 0n);
        const other = maker.account + 1n;
        await ledger.connect(maker.signer).depositToBook(other, book, MAX_112 - 9n);
        const sell = { book, premium: 0n, legs: [put(1n, -1n)] };
        await refused(world, { part: sell }, "PoolBound", [book, MAX_112 + 1n, MAX_112]);
        expect(ENDLESS).to.be.greaterThan(MAX_112);
      });
    });

    describe("when the pool meets its ceiling", () => {
      it("fills up to the ceiling, and reverts with CeilingReached one base unit above", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await setCeiling(world, usdc(200) - 1n);
        const args = [world.linearBook, usdc(200), usdc(200) - 1n];
        await refused(world, {}, "CeilingReached", args);
        await setCeiling(world, usdc(200));
        await expect(fill(world)).to.emit(world.ledger, "OrderFilled");
      });

      it("counts collateral of others in the pool", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, stranger, linearBook } = world;
        await setCeiling(world, usdc(200));
        await ledger.connect(stranger).depositToBook(world.maker.account + 5n, linearBook, 1n);
        const args = [linearBook, usdc(200) + 1n, usdc(200)];
        await refused(world, {}, "CeilingReached", args);
      });

      it("lets closing fills through above it, and the exits too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await fill(world);
        await setCeiling(world, 0n);
        const part = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const order = { nonce: 2n, units: 4n };
        await expect(fill(world, { order, part })).to.emit(ledger, "OrderFilled");
        // The collateral stays until its owner frees it: 80 of 200, less the premium paid back.
        const own = ledger.connect(maker.signer);
        await expect(own.free(maker.account, world.linearBook, usdc(78))).to.emit(own, "Allocated");
      });

      it("holds for a fill in which any leg rises, though others fall", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world);
        await setCeiling(world, 1n);
        const legs = [put(usd(1_000), -1n), put(usd(2_000), 1n)];
        const patch = { order: { nonce: 2n, units: 1n }, part: { legs, premium: 0n } };
        const { pool } = await bookView(world, world.linearBook);
        const args = [world.linearBook, pool, 1n];
        await refused(world, patch, "CeilingReached", args);
      });
    });
  });
});
