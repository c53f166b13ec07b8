import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart, linearPart, refused, sorted } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { positionOf } from "../../fixtures/state.ts";
import { HOUR, Level, usd, usdc } from "../../fixtures/units.ts";
import { at, deployOpen, now, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** The taker is long ten puts at 2,000 of the maker; another account of the maker's owner is flat and has cash. */
async function traded() {
  const world = await networkHelpers.loadFixture(opened);
  await fill(world, { order: { nonce: 100n } });
  const flat = world.maker.account + 1n;
  await world.ledger.connect(world.maker.signer).deposit(flat, world.quoteAddress, usdc(10_000));
  return { ...world, flat };
}

/** The three ways in which a book is restricted. */
const WAYS: readonly [name: string, restrict: (world: World) => Promise<unknown>][] = [
  [
    "by the guard",
    async (world) => {
      const until = (await now(world)) + HOUR;
      const { ledger, guard, linear, linearTerms } = world;
      const own = ledger.connect(guard);
      return own.setGuard(linear, Level.Restricted, until, linearTerms.ceiling);
    },
  ],
  ["after the last trade", async (world) => passTo(world, world.expiry - 1_800n)],
  ["by retirement", async ({ ledger, admin, linear }) => ledger.connect(admin).retire(linear)],
];

/** The maker's side of an order in the put at 2,000, at no premium. */
function trade(quantity: bigint, patch: FillPatch = {}): FillPatch {
  return { ...patch, part: { legs: [put(usd(2_000), quantity)], premium: 0n, ...patch.part } };
}

const CLOSE = trade(1n, { order: { nonce: 2n } });

describe("Clearinghouse", () => {
  describe("fill, restricted", () => {
    for (const [name, restrict] of WAYS) {
      describe(`when the book is restricted ${name}`, () => {
        it("reverts with RiskRestricted where maker and taker both open", async () => {
          const world = await traded();
          await restrict(world);
          const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
          await refused(world, trade(-1n), "RiskRestricted", args);
          const other = [world.linearBook, putSeries(world.linearBook, usd(1_500))];
          const part = { legs: [put(usd(1_500), -1n)] };
          await refused(world, { part }, "RiskRestricted", other);
        });

        it("lets both sides close, down to nothing", async () => {
          const world = await traded();
          await restrict(world);
          await expect(fill(world, CLOSE)).to.emit(world.ledger, "OrderFilled");
          for (const { account } of [world.maker, world.taker]) {
            const { legs } = await positionOf(world, account, world.linearBook);
            expect(legs).to.deep.equal([]);
          }
        });

        it("lets a long hand its position on: novation", async () => {
          const world = await traded();
          await restrict(world);
          const order = { account: world.flat, nonce: 2n };
          await expect(fill(world, trade(1n, { order }))).to.emit(world.ledger, "OrderFilled");
          const [leg] = (await positionOf(world, world.flat, world.linearBook)).legs;
          expect(leg?.quantity).to.equal(10n);
        });

        it("lets a short hand its position on, with collateral of the new one", async () => {
          const world = await traded();
          await restrict(world);
          const { maker, flat, ledger, linearBook } = world;
          const patch = trade(1n, { order: { nonce: 2n }, account: flat, from: maker.signer });
          await expect(fill(world, patch)).to.emit(ledger, "OrderFilled");
          const [leg] = (await positionOf(world, flat, linearBook)).legs;
          expect(leg?.quantity).to.equal(-10n);
        });

        it("reverts with RiskRestricted where closing goes through zero by one lot", async () => {
          const world = await traded();
          await restrict(world);
          const order = { account: world.flat, nonce: 2n, units: 11n };
          const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
          await refused(world, trade(1n, { order }), "RiskRestricted", args);
        });

        it("reverts with RiskRestricted for rolling into another series, naming that one", async () => {
          const world = await traded();
          await restrict(world);
          const legs = [put(usd(1_900), -1n), put(usd(2_000), 1n)];
          const args = [world.linearBook, putSeries(world.linearBook, usd(1_900))];
          const order = { nonce: 2n };
          await refused(world, { order, part: { legs, premium: 0n } }, "RiskRestricted", args);
        });
      });
    }

    describe("when legs of one fill rise and fall", () => {
      it("looks at each leg alone: a closed leg pays for no opened one of the same size", async () => {
        const world = await traded();
        await world.ledger.connect(world.admin).retire(world.linear);
        const legs = [put(usd(2_000), 1n), put(usd(2_100), -1n)];
        const args = [world.linearBook, putSeries(world.linearBook, usd(2_100))];
        const order = { nonce: 2n };
        await refused(world, { order, part: { legs, premium: 0n } }, "RiskRestricted", args);
      });

      it("names the first leg that rises, in the order of the legs", async () => {
        const world = await traded();
        await world.ledger.connect(world.admin).retire(world.linear);
        const legs = [call(usd(1_500), 1n), put(usd(1_600), 1n), call(usd(1_600), -1n)];
        const args = [world.linearBook, callSeries(world.linearBook, usd(1_500))];
        await refused(world, { part: { legs, premium: 0n } }, "RiskRestricted", args);
      });

      it("restricts the book in question alone", async () => {
        const world = await traded();
        await world.ledger.connect(world.admin).retire(world.linear);
        const parts = [inversePart(world)];
        const patch = { order: { nonce: 2n, parts } };
        await expect(fill(world, patch)).to.emit(world.ledger, "OrderFilled");
        const both = sorted(inversePart(world), linearPart(world));
        const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
        await refused(world, { order: { nonce: 3n, parts: both } }, "RiskRestricted", args);
      });

      it("comes after the maker's own failures and the taker's legs, before the price", async () => {
        const world = await traded();
        await world.ledger.connect(world.admin).retire(world.linear);
        const draw = [world.maker.account, world.linearBook, usdc(195), 0n];
        await refused(world, { part: { maxDraw: 0n } }, "DrawTooSmall", draw);
        const limits = [{ maxPay: -1n, maxDraw: 0n }];
        const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
        await refused(world, { limits }, "RiskRestricted", args);
      });
    });

    describe("when the last trade is near", () => {
      it("opens in the last second before, and not at expiry − lastTrade", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const last = world.expiry - world.linearTerms.lastTrade;
        await passTo(world, last - 1n);
        await at(world, last - 1n);
        await expect(fill(world, { units: 1n })).to.emit(world.ledger, "OrderFilled");
        await at(world, last);
        const args = [world.linearBook, putSeries(world.linearBook, usd(2_000))];
        await refused(world, { units: 1n }, "RiskRestricted", args);
      });

      it("closes in the last second of the book's life", async () => {
        const world = await traded();
        await passTo(world, world.expiry - 1n);
        await at(world, world.expiry - 1n);
        await expect(fill(world, CLOSE)).to.emit(world.ledger, "OrderFilled");
      });
    });

    describe("when the market is halted", () => {
      it("reverts with MarketHalted even where both sides close", async () => {
        const world = await traded();
        const { ledger, guard, linear, linearTerms, linearBook } = world;
        const until = (await now(world)) + HOUR;
        await ledger.connect(guard).setGuard(linear, Level.Halted, until, linearTerms.ceiling);
        await refused(world, CLOSE, "MarketHalted", [linearBook, until]);
      });
    });
  });
});
