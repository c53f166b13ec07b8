import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { bookOf, call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../../fixtures/state.ts";
import { HOUR, Level, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { at, deployOpen, now, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";
import {
  CONDOR,
  PUT,
  eventsOf,
  hashedId,
  negated,
  sell,
  stands,
  wrap,
  wrapId,
} from "../../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const TICK = usd(10);
const K = usd(2_000);
const MIN_64 = -(1n << 63n);

async function opened() {
  return deployOpen(connection);
}

/** The taker is long ten puts at 2,000. */
async function held() {
  const world = await networkHelpers.loadFixture(opened);
  await sell(world, PUT);
  return world;
}

/** As `held`; the linear market is halted from an hour before expiry until after it. */
async function halted() {
  const world = await held();
  await passTo(world, world.expiry - HOUR);
  const until = world.expiry + HOUR;
  const { ledger, guard, linear, linearTerms } = world;
  await ledger.connect(guard).setGuard(linear, Level.Halted, until, linearTerms.ceiling);
  return { ...world, until };
}

/** Lots of the taker in the linear book, leg by leg. */
async function lots(world: World, account = world.taker.account): Promise<bigint[]> {
  return (await positionOf(world, account, world.linearBook)).legs.map((leg) => leg.quantity);
}

describe("Clearinghouse", () => {
  describe("wrap", () => {
    describe("when the account holds the legs", () => {
      it("turns them into packages of the owner: collateral, cash and pool stay, no token moves", async () => {
        const world = await held();
        const { ledger, quote, address, taker, linearBook } = world;
        const before = await stateOf(world);
        await expect(wrap(world)).to.changeTokenBalances(
          ethers,
          quote,
          [taker.address, address],
          [0n, 0n],
        );
        const id = putSeries(linearBook, K);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(4n);
        expect(await lots(world)).to.deep.equal([6n]);
        const after = await stateOf(world);
        expect(after.linear).to.deep.equal(before.linear);
        expect(after.maker).to.deep.equal(before.maker);
        expect(after.taker.cash).to.deep.equal(before.taker.cash);
        expect(after.taker.linear.collateral).to.equal(before.taker.linear.collateral);
      });

      it("emits Transfer from nobody to the owner, then Wrapped", async () => {
        const world = await held();
        const { taker, linearBook } = world;
        const id = putSeries(linearBook, K);
        expect(await eventsOf(world, wrap(world))).to.deep.equal([
          ["Transfer", taker.address, ZeroAddress, taker.address, id, 4n],
          ["Wrapped", taker.account, id, linearBook, [...PUT], 4n],
        ]);
      });

      it("returns the series for one leg of +1, and the hash of all other legs", async () => {
        const world = await held();
        const { linearBook } = world;
        await sell(world, CONDOR, { nonce: 2n });
        expect(await wrapId(world)).to.equal(putSeries(linearBook, K));
        const id = hashedId(linearBook, CONDOR);
        expect(await wrapId(world, { legs: CONDOR, amount: 1n })).to.equal(id);
      });

      it("takes every leg of a package times the amount, long and short", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        const legs = [put(usd(1_900), -2n), put(usd(2_000), 3n), put(usd(2_100), 1n)];
        await sell(world, legs);
        await wrap(world, { legs, amount: 7n });
        expect(await lots(world)).to.deep.equal([-6n, 9n, 3n]);
        const id = hashedId(linearBook, legs);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(7n);
      });

      it("leaves legs that are not of the package, and clears those of which nothing is left", async () => {
        const world = await held();
        await sell(world, CONDOR, { nonce: 2n });
        await wrap(world, { legs: CONDOR, amount: 10n });
        const { legs } = await positionOf(world, world.taker.account, world.linearBook);
        expect(legs).to.deep.equal([{ strike: K, right: "put", quantity: 10n }]);
      });

      it("empties an account without collateral: nothing of it is stored", async () => {
        const world = await held();
        await wrap(world, { amount: 10n });
        const position = await positionOf(world, world.taker.account, world.linearBook);
        expect(position).to.deep.equal({ collateral: 0n, settled: false, legs: [] });
      });

      it("adds to packages held before, from any account of the owner", async () => {
        const world = await held();
        const { ledger, taker, linearBook, quoteAddress } = world;
        await ledger.connect(taker.signer).deposit(taker.account + 5n, quoteAddress, usdc(1));
        await sell(world, PUT, { nonce: 2n, account: taker.account + 5n });
        await wrap(world);
        await wrap(world, { account: taker.account + 5n, amount: 3n });
        expect(await ledger.balanceOf(taker.address, putSeries(linearBook, K))).to.equal(7n);
        expect(await lots(world)).to.deep.equal([6n]);
        expect(await lots(world, taker.account + 5n)).to.deep.equal([7n]);
      });

      it("wraps calls of an inverse book, alone and with negative legs", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, inverseBook } = world;
        const spread = [call(usd(2_000), 1n), call(usd(2_500), -1n)];
        await sell(world, [call(usd(2_000), 2n), call(usd(2_500), -1n)], { book: inverseBook });
        await wrap(world, { book: inverseBook, legs: spread });
        await wrap(world, { book: inverseBook, legs: [call(usd(2_000), 1n)] });
        const ids = [hashedId(inverseBook, spread), callSeries(inverseBook, usd(2_000))];
        for (const id of ids) expect(await ledger.balanceOf(taker.address, id)).to.equal(4n);
        const { legs } = await positionOf(world, taker.account, inverseBook);
        expect(legs.map(({ quantity }) => quantity)).to.deep.equal([12n, -6n]);
      });

      it("wraps 32 legs", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = Array.from({ length: 32 }, (_, i) => put(TICK * BigInt(i + 1), BigInt(i + 1)));
        await sell(world, legs);
        await wrap(world, { legs, amount: 10n });
        const id = hashedId(world.linearBook, legs);
        expect(await world.ledger.balanceOf(world.taker.address, id)).to.equal(10n);
        expect(await lots(world)).to.deep.equal([]);
      });

      it("gives up a hedge whose short leg the collateral covers", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        await sell(world, [put(usd(1_900), -1n), put(K, 1n)]);
        await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(70));
        await wrap(world);
        const { collateral } = await positionOf(world, taker.account, linearBook);
        expect(collateral).to.equal(usdc(70));
        expect(await lots(world)).to.deep.equal([-10n, 6n]);
      });
    });

    describe("when an operator wraps", () => {
      it("mints to the owner, and names the operator in Transfer", async () => {
        const world = await held();
        const { ledger, taker, stranger, linearBook, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Manage, expiry);
        const id = putSeries(linearBook, K);
        expect(await eventsOf(world, wrap(world, { from: stranger }))).to.deep.equal([
          ["Transfer", stranger.address, ZeroAddress, taker.address, id, 4n],
          ["Wrapped", taker.account, id, linearBook, [...PUT], 4n],
        ]);
        expect(await ledger.balanceOf(stranger.address, id)).to.equal(0n);
      });
    });

    describe("when the market is restricted", () => {
      it("wraps at level Restricted, in a retired market, and until the last second before expiry", async () => {
        const world = await held();
        const { ledger, guard, admin, linear, linearBook, taker, expiry } = world;
        await ledger
          .connect(guard)
          .setGuard(linear, Level.Restricted, (await now(world)) + 60n, 0n);
        await wrap(world, { amount: 1n });
        await ledger.connect(admin).retire(linear);
        await wrap(world, { amount: 1n });
        await at(world, expiry - 1n);
        await wrap(world, { amount: 1n });
        expect(await ledger.balanceOf(taker.address, putSeries(linearBook, K))).to.equal(3n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for strangers and trade operators, before the amount", async () => {
        const world = await held();
        const { ledger, maker, taker, stranger, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
        for (const from of [maker.signer, stranger]) {
          const args = [taker.account, from.address, Scope.Manage];
          const act = async () => wrap(world, { from, amount: 0n, book: 1n });
          await stands(world, act, "NotPermitted", args);
        }
      });

      it("reverts with NotPermitted for the token operator of the owner", async () => {
        const world = await held();
        const { ledger, taker, stranger } = world;
        await ledger.connect(taker.signer).setOperator(stranger.address, true);
        const args = [taker.account, stranger.address, Scope.Manage];
        await stands(world, async () => wrap(world, { from: stranger }), "NotPermitted", args);
      });

      it("reverts with ZeroAmount before it looks at the book", async () => {
        const world = await held();
        await stands(world, async () => wrap(world, { amount: 0n, book: 1n }), "ZeroAmount", []);
      });

      it("reverts with BookNotOpen for an expiry nobody opened, a series, a market", async () => {
        const world = await held();
        const { linear, linearBook, expiry } = world;
        for (const book of [bookOf(linear, expiry + WEEK), linearBook | K, linear]) {
          const act = async () => wrap(world, { book, legs: [] });
          await stands(world, act, "BookNotOpen", [book]);
        }
      });

      it("reverts with BookExpired from the expiry on, before it looks at the level", async () => {
        const world = await halted();
        const { linearBook, expiry } = world;
        await at(world, expiry);
        await stands(world, async () => wrap(world, { legs: [] }), "BookExpired", [
          linearBook,
          expiry,
          expiry,
        ]);
      });

      it("reverts with MarketHalted before it looks at the legs", async () => {
        const world = await halted();
        const args = [world.linearBook, world.until];
        await stands(world, async () => wrap(world, { legs: [] }), "MarketHalted", args);
      });

      it("wraps again once the halt has passed", async () => {
        const world = await held();
        const { ledger, guard, linear } = world;
        const until = (await now(world)) + HOUR;
        await ledger.connect(guard).setGuard(linear, Level.Halted, until, 0n);
        await stands(world, async () => wrap(world), "MarketHalted", [world.linearBook, until]);
        await at(world, until);
        await expect(wrap(world)).to.emit(ledger, "Wrapped");
      });
    });

    describe("when the legs are not a vector of the book", () => {
      const rows: readonly {
        readonly name: string;
        readonly legs: readonly bigint[];
        readonly error: string;
        readonly args: readonly unknown[];
      }[] = [
        { name: "none", legs: [], error: "LegsBound", args: [0n, 0n, 32n] },
        {
          name: "33, the first of 0 lots",
          legs: Array.from({ length: 33 }, (_, i) => put(TICK * BigInt(i + 1), BigInt(i))),
          error: "LegsBound",
          args: [0n, 33n, 32n],
        },
        {
          name: "out of order, the second of 0 lots",
          legs: [put(K, 1n), put(TICK, 0n)],
          error: "LegsUnsorted",
          args: [0n, 1n],
        },
        {
          name: "one leg twice",
          legs: [put(TICK, 1n), put(K, 1n), put(K, 1n)],
          error: "LegsUnsorted",
          args: [0n, 2n],
        },
        {
          name: "a put after the call of its strike",
          legs: [call(K, 1n), put(K, 1n)],
          error: "LegsUnsorted",
          args: [0n, 1n],
        },
        {
          name: "0 lots off the tick",
          legs: [put(TICK, 1n), put(K + 1n, 0n)],
          error: "LegQuantity",
          args: [0n, 1n, 0n],
        },
        {
          name: "−2^63 lots",
          legs: [put(K, MIN_64)],
          error: "LegQuantity",
          args: [0n, 0n, MIN_64],
        },
        {
          name: "off the tick",
          legs: [put(K + 1n, 2n)],
          error: "StrikeOffTick",
          args: [K + 1n, TICK],
        },
        { name: "strike 0", legs: [put(0n, 2n)], error: "StrikeOffTick", args: [0n, TICK] },
      ];
      for (const { name, legs, error, args } of rows) {
        it(`reverts with ${error}: ${name}`, async () => {
          const world = await held();
          await stands(world, async () => wrap(world, { legs }), error, args);
        });
      }

      it("reverts with PutsNotListed in an inverse book, before the divisor", async () => {
        const world = await held();
        const book = world.inverseBook;
        const legs = [put(K, 2n)];
        await stands(world, async () => wrap(world, { book, legs }), "PutsNotListed", [book]);
      });

      it("reverts with CallsMustNet in a linear book, before the divisor", async () => {
        const world = await held();
        const book = world.linearBook;
        for (const lots of [2n, -2n, 1n]) {
          const legs = [put(K, 2n), call(K, lots)];
          await stands(world, async () => wrap(world, { legs }), "CallsMustNet", [book, lots]);
        }
      });

      it("reverts with PackageNotReduced for a common divisor, before the requirement", async () => {
        const world = await held();
        const rows: readonly (readonly [legs: readonly bigint[], divisor: bigint])[] = [
          [[put(K, 2n)], 2n],
          [[put(K, -3n)], 3n],
          [[put(TICK, 12n), put(K, -18n)], 6n],
          [[put(TICK, 6n), put(usd(20), 10n), put(K, 4n)], 2n],
          [[put(K, (1n << 63n) - 1n)], (1n << 63n) - 1n],
        ];
        for (const [legs, divisor] of rows) {
          await stands(world, async () => wrap(world, { legs }), "PackageNotReduced", [divisor]);
        }
      });

      it("takes quantities without a common divisor, though any two of them have one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = [put(usd(10), 6n), put(usd(20), 10n), put(usd(30), 15n)];
        await sell(world, legs);
        await expect(wrap(world, { legs })).to.emit(world.ledger, "Wrapped");
      });

      it("reverts with PackageNegative for legs that may owe, before it looks at what is held", async () => {
        const world = await held();
        const book = world.linearBook;
        const rows: readonly (readonly [legs: readonly bigint[], requirement: bigint])[] = [
          [[put(K, -1n)], usdc(20)],
          [[put(usd(1_900), 1n), put(K, -1n)], usdc(1)],
          [[put(usd(1_900), -2n), put(K, 1n)], usdc(18)],
          [negated(CONDOR), usdc(1)],
          [[put(usd(1_990), -1n), put(K, 2n), put(usd(2_010), -1n)], usdc(0.1)],
        ];
        for (const [legs, requirement] of rows) {
          const act = async () => wrap(world, { legs });
          await stands(world, act, "PackageNegative", [book, requirement]);
        }
      });

      it("reverts with PackageNegative in an inverse book, at a strike and behind the last one", async () => {
        const world = await held();
        const book = world.inverseBook;
        const rows: readonly (readonly [legs: readonly bigint[], requirement: bigint])[] = [
          [[call(K, -1n)], ether(0.01)],
          [[call(usd(2_000), 1n), call(usd(2_500), -2n)], ether(0.01)],
          [[call(usd(2_000), -1n), call(usd(2_500), 1n)], ether(0.002)],
        ];
        for (const [legs, requirement] of rows) {
          const act = async () => wrap(world, { book, legs });
          await stands(world, act, "PackageNegative", [book, requirement]);
        }
      });

      it("takes legs that are worth nothing at all prices but some: a butterfly", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = [put(usd(1_990), 1n), put(K, -2n), put(usd(2_010), 1n)];
        await sell(world, legs);
        await expect(wrap(world, { legs })).to.emit(world.ledger, "Wrapped");
      });
    });

    describe("when the account does not hold the legs", () => {
      it("reverts with NotHeld for a series it has nothing of, too little of, or the other side of", async () => {
        const world = await held();
        const { maker, linearBook } = world;
        const series = putSeries(linearBook, K);
        const other = putSeries(linearBook, TICK);
        const none = async () => wrap(world, { legs: [put(TICK, 1n)] });
        await stands(world, none, "NotHeld", [other, 0n, 4n]);
        const more = async () => wrap(world, { amount: 11n });
        await stands(world, more, "NotHeld", [series, 10n, 11n]);
        const short = async () => wrap(world, { from: maker.signer, account: maker.account });
        await stands(world, short, "NotHeld", [series, -10n, 4n]);
      });

      it("reverts with NotHeld for a short leg that it is not short, or not short enough of", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook } = world;
        const series = putSeries(linearBook, usd(1_900));
        const legs = [put(usd(1_900), -1n), put(K, 1n)];
        await sell(world, PUT);
        await stands(world, async () => wrap(world, { legs }), "NotHeld", [series, 0n, -4n]);
        await sell(world, [put(usd(1_900), -1n)], { nonce: 2n, units: 3n });
        await stands(world, async () => wrap(world, { legs }), "NotHeld", [series, -3n, -4n]);
        await sell(world, [put(usd(1_900), 1n)], { nonce: 3n, units: 5n });
        await stands(world, async () => wrap(world, { legs }), "NotHeld", [series, 2n, -4n]);
      });

      it("names the first leg that is missing, and amount × lots beyond 64 bits", async () => {
        const world = await held();
        const { linearBook } = world;
        const legs = [put(usd(1_900), 1n), put(K, (1n << 63n) - 1n)];
        const most = (1n << 64n) - 1n;
        const act = async () => wrap(world, { legs, amount: most });
        await stands(world, act, "NotHeld", [putSeries(linearBook, usd(1_900)), 0n, most]);
        const turned = [put(K, (1n << 63n) - 1n), put(usd(2_100), 1n)];
        const series = putSeries(linearBook, K);
        await stands(world, async () => wrap(world, { legs: turned, amount: most }), "NotHeld", [
          series,
          10n,
          most * ((1n << 63n) - 1n),
        ]);
      });

      it("reverts with NotHeld for legs held in another account, another book, or as packages", async () => {
        const world = await held();
        const { taker, linearBook, ledger, linear, expiry } = world;
        const account = taker.account + 1n;
        const missing = async () => wrap(world, { account });
        await stands(world, missing, "NotHeld", [putSeries(linearBook, K), 0n, 4n]);
        await ledger.openBook(linear, expiry + WEEK);
        const book = bookOf(linear, expiry + WEEK);
        const later = async () => wrap(world, { book });
        await stands(world, later, "NotHeld", [putSeries(book, K), 0n, 4n]);
        await wrap(world, { amount: 8n });
        const wrapped = async () => wrap(world);
        await stands(world, wrapped, "NotHeld", [putSeries(linearBook, K), 2n, 4n]);
      });

      it("reverts with NotHeld before it looks at what the rest requires", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await sell(world, [put(usd(1_900), -1n), put(K, 1n)]);
        const args = [putSeries(world.linearBook, K), 10n, 11n];
        await stands(world, async () => wrap(world, { amount: 11n }), "NotHeld", args);
      });
    });

    describe("when the rest would not be covered", () => {
      it("reverts with Undercovered one base unit short, free cash notwithstanding", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        await sell(world, [put(usd(1_900), -1n), put(K, 1n)]);
        const own = ledger.connect(taker.signer);
        await own.allocate(taker.account, linearBook, usdc(70) - 1n);
        expect((await cashOf(world, taker.account)).quote > usdc(70)).to.equal(true);
        await stands(world, async () => wrap(world), "Undercovered", [
          taker.account,
          linearBook,
          usdc(70) - 1n,
          usdc(70),
        ]);
        await own.depositToBook(taker.account, linearBook, 1n);
        await expect(wrap(world)).to.emit(ledger, "Wrapped");
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(10) + usdc(70));
      });
    });
  });
});
