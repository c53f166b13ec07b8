import { connect } from "../../fixtures/connection.ts";
import { NO_LIMIT, inversePart, linearPart, refused, sorted } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { HOUR, Level, MAX_63, Scope, WEEK, usd } from "../../fixtures/units.ts";
import { at, deployOpen, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const TICK = usd(10);
const MIN_64 = -(1n << 63n);

async function opened() {
  return deployOpen(connection);
}

/** The linear market halted from an hour before expiry until after it. */
async function halted() {
  const world = await networkHelpers.loadFixture(opened);
  await passTo(world, world.expiry - HOUR);
  const until = world.expiry + HOUR;
  const { ledger, guard, linear, linearTerms } = world;
  await ledger.connect(guard).setGuard(linear, Level.Halted, until, linearTerms.ceiling);
  return { ...world, until };
}

/** The same leg vector in the linear book. */
function legsOf(...legs: bigint[]): FillPatch {
  return { part: { legs } };
}

function thirtyThree(first = put(TICK, 0n)): bigint[] {
  return [first, ...Array.from({ length: 32 }, (_, i) => put(TICK * BigInt(i + 1), -1n))];
}

/** Five parts, none of which is well formed. */
function five(world: World) {
  return Array.from({ length: 5 }, () => linearPart(world, { book: 1n, legs: [] }));
}

describe("Clearinghouse", () => {
  describe("fill, shape of the call", () => {
    describe("when the caller may not trade for the account", () => {
      it("reverts with NotPermitted before it looks at anything", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, taker, stranger } = world;
        const patch = { order: { parts: five(world) }, units: 0n, limits: [] };
        await refused(world, { ...patch, from: stranger }, "NotPermitted", [
          taker.account,
          stranger.address,
          Scope.Trade,
        ]);
        await refused(world, { account: maker.account }, "NotPermitted", [
          maker.account,
          taker.address,
          Scope.Trade,
        ]);
      });

      it("reverts with NotPermitted for a manage operator", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Manage, expiry);
        const args = [taker.account, stranger.address, Scope.Trade];
        await refused(world, { from: stranger }, "NotPermitted", args);
      });
    });

    describe("when parts, limits or units do not fit", () => {
      it("reverts with PartsBound for none and for five, before the limits", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, { order: { parts: [] }, limits: [NO_LIMIT] }, "PartsBound", [0n, 4n]);
        const patch = { order: { parts: five(world) }, limits: [], units: 0n };
        await refused(world, patch, "PartsBound", [5n, 4n]);
      });

      it("reverts with LimitsLength for fewer or more limits than parts, before the units", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, { limits: [], units: 0n }, "LimitsLength", [0n, 1n]);
        const limits = [NO_LIMIT, NO_LIMIT];
        await refused(world, { limits, units: 0n }, "LimitsLength", [2n, 1n]);
      });

      it("reverts with UnitsZero before it looks at the parts", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, { units: 0n, part: { book: 1n } }, "UnitsZero", []);
      });
    });

    describe("when parts are out of order", () => {
      it("reverts with PartsUnsorted for parts in descending order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const [low, high] = sorted(linearPart(world), inversePart(world));
        if (low === undefined || high === undefined) throw new Error("two parts");
        const order = { parts: [high, low] };
        await refused(world, { order }, "PartsUnsorted", [1n, low.book]);
      });

      it("reverts with PartsUnsorted for two parts of one book: they would alias one position", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = { parts: [linearPart(world), linearPart(world)] };
        await refused(world, { order }, "PartsUnsorted", [1n, world.linearBook]);
      });

      it("reverts with PartsUnsorted before BookNotOpen of the same part, after a fault of an earlier one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const first = linearPart(world);
        const unknown = linearPart(world, { book: first.book - (WEEK << 64n) });
        const order = { parts: [first, unknown] };
        await refused(world, { order }, "PartsUnsorted", [1n, unknown.book]);
        const bad = { parts: [linearPart(world, { legs: [] }), unknown] };
        await refused(world, { order: bad }, "LegsBound", [0n, 0n, 32n]);
      });
    });

    describe("when the book does not trade", () => {
      it("reverts with BookNotOpen for an expiry nobody opened, a series, a market", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linear, linearBook, expiry } = world;
        await passTo(world, expiry);
        for (const book of [bookOf(linear, expiry + WEEK), linearBook | 1n, linear]) {
          await refused(world, { part: { book, legs: [] } }, "BookNotOpen", [book]);
        }
      });

      it("reverts with BookNotOpen for the word 0: nothing stands before the first part", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, { part: { book: 0n } }, "BookNotOpen", [0n]);
      });

      it("reverts with BookExpired from the expiry on, before the halt", async () => {
        const world = await halted();
        const { linearBook, expiry } = world;
        await passTo(world, expiry - 1n);
        await at(world, expiry);
        await refused(world, legsOf(), "BookExpired", [linearBook, expiry, expiry]);
      });

      it("reverts with MarketHalted before it looks at the legs", async () => {
        const world = await halted();
        await refused(world, legsOf(), "MarketHalted", [world.linearBook, world.until]);
      });

      it("trades on in other markets meanwhile", async () => {
        const world = await halted();
        const parts = [inversePart(world, { legs: [] })];
        await refused(world, { order: { parts } }, "LegsBound", [0n, 0n, 32n]);
      });
    });

    describe("when the number of legs does not fit", () => {
      it("reverts with LegsBound for none and for 33, before it looks at one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, legsOf(), "LegsBound", [0n, 0n, 32n]);
        await refused(world, legsOf(...thirtyThree()), "LegsBound", [0n, 33n, 32n]);
      });
    });

    describe("when legs are out of order", () => {
      it("reverts with LegsUnsorted for equal and descending keys, and calls before puts", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const low = put(usd(1_900), -1n);
        const high = put(usd(2_000), -1n);
        for (const legs of [
          [high, low],
          [low, low],
          [call(usd(2_000), -1n), high],
        ]) {
          await refused(world, legsOf(...legs), "LegsUnsorted", [0n, 1n]);
        }
        await refused(world, legsOf(low, high, put(usd(2_000), 1n)), "LegsUnsorted", [0n, 2n]);
      });

      it("reverts with LegsUnsorted before quantity and strike of the same leg", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = [put(usd(2_000), -1n), put(usd(1_900) + 1n, 0n)];
        await refused(world, legsOf(...legs), "LegsUnsorted", [0n, 1n]);
      });

      it("names the part", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const double = { legs: [call(usd(2_000), 1n), call(usd(2_000), -1n)] };
        const parts = sorted(linearPart(world), inversePart(world));
        const bad = parts.map((part, i) => (i === 1 ? { ...part, ...double } : part));
        await refused(world, { order: { parts: bad } }, "LegsUnsorted", [1n, 1n]);
      });
    });

    describe("when a leg is no leg of the book", () => {
      it("reverts with LegQuantity for 0 and −2^63, before the strike", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const quantity of [0n, MIN_64]) {
          await refused(world, legsOf(put(1n, quantity)), "LegQuantity", [0n, 0n, quantity]);
        }
        const legs = [put(usd(1_900), -1n), put(usd(2_000), 0n)];
        await refused(world, legsOf(...legs), "LegQuantity", [0n, 1n, 0n]);
      });

      it("reverts with StrikeOffTick for 0 and beside the tick", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const strike of [0n, 1n, TICK - 1n, TICK + 1n, MAX_63]) {
          await refused(world, legsOf(put(strike, -1n)), "StrikeOffTick", [strike, TICK]);
        }
      });

      it("reverts with StrikeOffTick before PutsNotListed, with PutsNotListed before a later leg", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const off = [inversePart(world, { legs: [put(1n, -1n)] })];
        await refused(world, { order: { parts: off } }, "StrikeOffTick", [1n, TICK]);
        const legs = [call(usd(1_900), -1n), put(usd(2_000), -1n), call(1n, 0n)];
        const parts = [inversePart(world, { legs })];
        await refused(world, { order: { parts } }, "PutsNotListed", [world.inverseBook]);
      });
    });

    describe("when the calls of a linear part do not net", () => {
      it("reverts with CallsMustNet, after every leg has been looked at", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook } = world;
        const alone = [call(usd(2_000), -3n)];
        await refused(world, legsOf(...alone), "CallsMustNet", [linearBook, -3n]);
        const spread = [call(usd(2_000), -3n), put(usd(2_100), 9n), call(usd(2_100), 4n)];
        await refused(world, legsOf(...spread), "CallsMustNet", [linearBook, 1n]);
        const off = [call(usd(2_000), -3n), call(usd(2_100) + 1n, 4n)];
        await refused(world, legsOf(...off), "StrikeOffTick", [usd(2_100) + 1n, TICK]);
      });

      it("adds up the largest quantities without wrapping", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = Array.from({ length: 32 }, (_, i) => call(TICK * BigInt(i + 1), MAX_63));
        await refused(world, legsOf(...legs), "CallsMustNet", [world.linearBook, 32n * MAX_63]);
      });

      it("comes before anything about the order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const patch: FillPatch = {
          order: { account: world.taker.account, deadline: 0n, epoch: 9n },
          part: { legs: [call(usd(2_000), 1n)] },
          signature: "0x",
        };
        await refused(world, patch, "CallsMustNet", [world.linearBook, 1n]);
      });
    });
  });
});
