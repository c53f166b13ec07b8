import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { fill } from "../../fixtures/fills.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { HOUR, Level, usdc } from "../../fixtures/units.ts";
import { PURSE, listMarket } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const { Shortfall } = Trigger;

/** Two accounts with cash, and a book with a pool and fees. */
async function filled() {
  const world = await bench.deployWatched();
  await fill(world);
  const { ledger, linearBook, maker, taker, quoteAddress, quote, address } = world;
  const { pool, fees } = await ledger.bookOf(linearBook);
  const accounts = [maker.account, taker.account].sort((a, b) => (a < b ? -1 : 1));
  const cash = await Promise.all(accounts.map((each) => ledger.cashOf(each, quoteAddress)));
  const balance = await quote.balanceOf(address);
  return { ...world, pool, fees, accounts, cash, balance };
}

describe("CircuitBreaker", () => {
  describe("tripShortfall", () => {
    it("halts for six hours, firmly, when what is owed exceeds the balance by a unit, for anyone", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, accounts, balance, pool, fees, cash } = world;
      expect(pool > 0n && fees > 0n).to.equal(true);
      const owed = pool + fees + cash.reduce((sum, each) => sum + each, 0n);
      expect(owed).to.equal(balance);
      const even = breaker.tripShortfall(linear, [linearBook], accounts);
      await reverts(breaker, even, "NoEvidence", [Shortfall, owed, owed]);
      await bench.drain(world, 1n);
      const time = (await bench.now()) + 10n;
      await bench.at(time);
      await expect(breaker.tripShortfall(linear, [linearBook], accounts))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Shortfall, Level.Halted, time + 6n * HOUR, 1n);
      const found = await bench.watch(world);
      expect([found.level, found.firmUntil, found.newerStart]).to.deep.equal([
        ...[2n, time + 6n * HOUR, 0n],
      ]);
      const { level, until } = await bench.guardWord(world);
      expect([level, until]).to.deep.equal([Level.Halted, time + 6n * HOUR]);
    });

    it("is proven by any part of what is owed", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, accounts, balance, pool, fees } = world;
      await bench.drain(world, balance - pool - fees);
      const exact = breaker.tripShortfall(linear, [linearBook], []);
      await reverts(breaker, exact, "NoEvidence", [Shortfall, pool + fees, pool + fees]);
      await bench.drain(world, fees);
      const time = (await bench.now()) + 10n;
      await bench.at(time);
      await expect(breaker.tripShortfall(linear, [linearBook], []))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Shortfall, 2n, time + 6n * HOUR, fees);
      // The other market has another token, which is all there.
      const inverse = breaker.tripShortfall(world.inverse, [], accounts);
      const base = 2n * PURSE.base;
      await reverts(breaker, inverse, "NoEvidence", [Shortfall, base, base]);
    });

    it("counts books of other markets with the same token", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, ledger, linear, linearTerms, linearBook, expiry, maker, balance } = world;
      const salt = encodeBytes32String("another");
      const other = bookOf(await listMarket(world, { ...linearTerms, salt }), expiry);
      await bench.say(world, (await bench.now()) + 10n, PRICE);
      await ledger.openBook(other & ~((1n << 104n) - 1n), expiry);
      await ledger.connect(maker.signer).depositToBook(maker.account, other, usdc(7));
      await bench.drain(world, balance + usdc(7));
      const books = [linearBook, other].sort((a, b) => (a < b ? -1 : 1));
      const { pool, fees } = world;
      const time = (await bench.now()) + 10n;
      await bench.at(time);
      await expect(breaker.tripShortfall(linear, books, []))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Shortfall, 2n, time + 6n * HOUR, pool + fees + usdc(7));
    });

    it("owes nothing to books and accounts that there are not", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, balance } = world;
      const call = breaker.tripShortfall(linear, [linear, linearBook + 1n], [0n, 1n]);
      await reverts(breaker, call, "NoEvidence", [Shortfall, 0n, balance]);
    });

    it("wants books and accounts strictly ascending, and books of the token", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, inverseBook, accounts } = world;
      const [first = 0n, second = 0n] = accounts;
      const rows = [
        { books: [linearBook, linearBook], accounts: [], at: 1n },
        { books: [linearBook, linearBook - 1n], accounts: [], at: 1n },
        { books: [inverseBook], accounts: [], at: 0n },
        { books: [1n], accounts: [], at: 0n },
        { books: [linearBook], accounts: [first, first], at: 2n },
        { books: [linearBook], accounts: [second, first], at: 2n },
        { books: [], accounts: [first, second, second], at: 2n },
      ];
      for (const { books, accounts, at } of rows) {
        const call = breaker.tripShortfall(linear, books, accounts);
        await reverts(breaker, call, "ListInvalid", [at]);
      }
    });

    it("is not prolonged while it halts", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, balance } = world;
      await bench.drain(world, balance);
      const time = (await bench.now()) + 10n;
      await bench.at(time);
      await breaker.tripShortfall(linear, [linearBook], []);
      const same = breaker.tripShortfall.staticCall(linear, [linearBook], []);
      await reverts(breaker, same, "AlreadyTripped", [Level.Halted, time + 6n * HOUR]);
      // Later it is a restriction, for when the halt is over.
      const now = time + 10n;
      await bench.at(now);
      await expect(breaker.tripShortfall(linear, [linearBook], []))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Shortfall, Level.Restricted, now + 6n * HOUR, world.pool + world.fees);
      const found = await bench.watch(world);
      const ends = [2n, time + 6n * HOUR, now + 6n * HOUR];
      expect([found.level, found.until, found.firmUntil]).to.deep.equal(ends);
    });

    it("halts twice and restricts then, call by call, as long as it lasts", async () => {
      const world = await networkHelpers.loadFixture(filled);
      const { breaker, linear, linearBook, balance } = world;
      await bench.drain(world, balance);
      let time = (await bench.now()) + 10n;
      const levels: bigint[] = [];
      for (let i = 0; i < 4; i++) {
        await bench.at(time);
        await breaker.tripShortfall(linear, [linearBook], []);
        const { level, until } = await bench.guardWord(world);
        expect(until).to.equal(time + 6n * HOUR);
        levels.push(level);
        time += i < 2 ? 6n * HOUR : HOUR;
      }
      expect(levels).to.deep.equal([2n, 2n, 1n, 1n]);
    });
  });
});
