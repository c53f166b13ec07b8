import { expect } from "chai";

import { START, connect } from "../../fixtures/connection.ts";
import { MAXIMAL, gasInside, latestOf, printGas, setNow } from "../../fixtures/sources.ts";
import { floorDiv, priceOf } from "./reference.ts";
import { MADE, WINDOW, deployPool, open, trade } from "./support.ts";
import type { World } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** $2,000 of 6 decimals for 1 ether of 18, seen from the ether as token0. */
const TICK = -200_311n;

async function deployed() {
  return {
    first: await deployPool(connection),
    second: await deployPool(connection, { baseFirst: false }),
    wide: await deployPool(connection, { baseDecimals: 8, quoteDecimals: 18, priceExp: 6n }),
  };
}

/** A price within what the pool's own root price can tell: a billionth. */
function expectNear(price: bigint, expected: bigint) {
  const off = price > expected ? price - expected : expected - price;
  expect(off, `${price} is near ${expected}`).to.be.lessThan(expected / 10n ** 9n + 2n);
}

describe("UniswapTwap", () => {
  describe("latest, over a real pool", () => {
    for (const [name, sign] of [
      ["first", 1n],
      ["second", -1n],
    ] as const) {
      describe(`when the base token is the ${name} of the two`, () => {
        it("says the price that has stood for the window, and the block's time", async () => {
          const world = (await networkHelpers.loadFixture(deployed))[name];
          await open(connection, world, sign * TICK);
          await setNow(connection, MADE + WINDOW);
          const reading = await latestOf(world.source);
          expectNear(reading.price, priceOf(TICK, 20n));
          expect(reading).to.deep.equal({
            price: reading.price,
            time: MADE + WINDOW,
            confidence: 0n,
            form: MAXIMAL | 1n,
          });
          expect(reading.price / 10n ** 8n).to.equal(2_000n);
        });

        it("says the mean tick when the price has moved, rounded toward minus infinity", async () => {
          const world = (await networkHelpers.loadFixture(deployed))[name];
          const { pool, source } = world;
          await open(connection, world, sign * TICK);
          await pool.increaseObservationCardinalityNext(10);
          const before = (await pool.slot0()).tick;
          await trade(connection, world, sign * TICK + 500n, MADE + 3_600n);
          const between = (await pool.slot0()).tick;
          await trade(connection, world, sign * TICK - 1_000n, MADE + 3_600n + 700n);
          const after = (await pool.slot0()).tick;
          expect([between > before, after < before]).to.deep.equal([true, true]);
          const now = MADE + 3_600n + 1_001n;
          await setNow(connection, now);
          const sum = before * (WINDOW - 1_001n) + between * 700n + after * 301n;
          const mean = floorDiv(sum, WINDOW);
          expect(mean * WINDOW, "the test rounds").to.not.equal(sum);
          expectNear((await latestOf(source)).price, priceOf(sign * mean, 20n));
          const seen = await source.observeAt(now - WINDOW, now);
          expect([seen.tick, seen.price]).to.deep.equal([mean, (await latestOf(source)).price]);
        });
      });
    }

    it("takes the tokens' decimals and the exponent into account", async () => {
      const { wide } = await networkHelpers.loadFixture(deployed);
      // 18-decimal quote for 8-decimal base: 10^(8 + 6 + 8 − 18) at a ratio of 1.0001^tick.
      await open(connection, wide, 161_189n);
      await setNow(connection, MADE + WINDOW);
      expectNear((await latestOf(wide.source)).price, priceOf(161_189n, 4n));
    });

    describe("when the pool has not kept the window", () => {
      const expectUncovered = (world: World) =>
        expect(latestOf(world.source))
          .to.be.revertedWithCustomError(world.source, "WindowNotCovered")
          .withArgs(WINDOW);

      it("reverts with WindowNotCovered until a new pool is as old as the window", async () => {
        const { first } = await networkHelpers.loadFixture(deployed);
        await open(connection, first, TICK);
        await setNow(connection, MADE + WINDOW - 1n);
        await expectUncovered(first);
        await setNow(connection, MADE + WINDOW);
        expect((await latestOf(first.source)).price).to.be.greaterThan(0n);
      });

      it("reverts with WindowNotCovered after a trade with one slot, until the window has passed", async () => {
        const { first } = await networkHelpers.loadFixture(deployed);
        await open(connection, first, TICK);
        await trade(connection, first, TICK + 100n, MADE + 5_000n);
        expect((await first.pool.slot0()).observationCardinality).to.equal(1n);
        await setNow(connection, MADE + 5_000n + WINDOW - 1n);
        await expectUncovered(first);
        await setNow(connection, MADE + 5_000n + WINDOW);
        expectNear((await latestOf(first.source)).price, priceOf(TICK + 100n, 20n));
      });

      it("reverts with WindowNotCovered when trades have filled all slots within the window", async () => {
        const { first } = await networkHelpers.loadFixture(deployed);
        await open(connection, first, TICK);
        await first.pool.increaseObservationCardinalityNext(4);
        const start = MADE + 5_000n;
        for (const i of [0n, 1n, 2n]) {
          await trade(connection, first, TICK + 50n + (i % 2n) * 50n, start + i * 60n);
        }
        await setNow(connection, start + 200n);
        expect((await latestOf(first.source)).price).to.be.greaterThan(0n);
        await trade(connection, first, TICK + 100n, start + 240n);
        await setNow(connection, start + 400n);
        await expectUncovered(first);
      });
    });

    it("reverts with PoolUnreadable before the pool is initialised", async () => {
      const { first } = await networkHelpers.loadFixture(deployed);
      await expect(latestOf(first.source))
        .to.be.revertedWithCustomError(first.source, "PoolUnreadable")
        .withArgs(first.poolAddress);
    });

    it("reverts with PayloadNotEmpty for a payload and WrongFee for value", async () => {
      const { source } = (await networkHelpers.loadFixture(deployed)).first;
      await expect(latestOf(source, "0x01"))
        .to.be.revertedWithCustomError(source, "PayloadNotEmpty")
        .withArgs(1n);
      await expect(latestOf(source, "0x", 7n))
        .to.be.revertedWithCustomError(source, "WrongFee")
        .withArgs(7n, 0n);
    });

    it("costs within 40,000 over a few observations and 120,000 over many", async () => {
      const { first } = await networkHelpers.loadFixture(deployed);
      await open(connection, first, TICK);
      await first.pool.increaseObservationCardinalityNext(160);
      await trade(connection, first, TICK + 50n, MADE + 60n);
      await setNow(connection, MADE + 60n + WINDOW);
      const few = await gasInside(first.source.latest("0x"));
      printGas("latest, two observations", few);
      expect(few).to.be.lessThan(40_000n);
      for (let i = 0n; i < 165n; i++) {
        await trade(connection, first, TICK + (i % 2n) * 50n, MADE + 4_000n + i * 12n);
      }
      const many = await gasInside(first.source.latest("0x"));
      printGas("latest, 160 observations", many);
      expect(many).to.be.lessThan(120_000n);
    });
  });

  describe("valueAt", () => {
    it("reverts with NoPastValues", async () => {
      const { source } = (await networkHelpers.loadFixture(deployed)).first;
      for (const value of [0n, 1n]) {
        const call = source.valueAt.staticCall(START, "0x", { value });
        await expect(call).to.be.revertedWithCustomError(source, "NoPastValues").withArgs();
      }
    });
  });

  describe("observeAt", () => {
    it("says the mean of a window of the past", async () => {
      const { first } = await networkHelpers.loadFixture(deployed);
      await open(connection, first, TICK);
      await first.pool.increaseObservationCardinalityNext(10);
      await trade(connection, first, TICK + 600n, MADE + 1_000n);
      const moved = (await first.pool.slot0()).tick;
      await setNow(connection, MADE + 9_000n);
      for (const [from, to, tick] of [
        [MADE + 10n, MADE + 11n, TICK],
        [MADE, MADE + 1_000n, TICK],
        [MADE + 1_000n, MADE + 9_000n, moved],
        [MADE + 900n, MADE + 1_100n, floorDiv(TICK * 100n + moved * 100n, 200n)],
      ] as const) {
        const seen = await first.source.observeAt(from, to);
        expect(seen.tick).to.equal(tick);
        expectNear(seen.price, priceOf(tick, 20n));
      }
    });

    it("reverts with WindowInvalid for an empty window and one that ends after now", async () => {
      const { first } = await networkHelpers.loadFixture(deployed);
      await open(connection, first, TICK);
      await setNow(connection, MADE + 100n);
      for (const [from, to] of [
        [MADE, MADE],
        [MADE + 1n, MADE],
        [MADE, MADE + 101n],
      ] as const) {
        await expect(first.source.observeAt(from, to))
          .to.be.revertedWithCustomError(first.source, "WindowInvalid")
          .withArgs(from, to);
      }
    });

    it("reverts with WindowNotCovered before the pool", async () => {
      const { first } = await networkHelpers.loadFixture(deployed);
      await open(connection, first, TICK);
      await setNow(connection, MADE + 100n);
      await expect(first.source.observeAt(MADE - 1n, MADE))
        .to.be.revertedWithCustomError(first.source, "WindowNotCovered")
        .withArgs(101n);
    });
  });
});
