import { expect } from "chai";
import { Interface } from "ethers";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import { MAX_PRICE, latestOf } from "../../fixtures/sources.ts";
import { Mode, words } from "../ChainlinkSettlement/support.ts";
import { floorDiv, priceOf } from "./reference.ts";
import { MAX_TICK, WINDOW, deployHostile, selector, sums, teachSums } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 100);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

/** Sources over pools that say what a test wants, with the power of ten that a ratio is multiplied with. */
async function deployed() {
  const shapes = [
    { baseDecimals: 18, quoteDecimals: 6, baseFirst: true, priceExp: 0n },
    { baseDecimals: 18, quoteDecimals: 6, baseFirst: false, priceExp: 0n },
    { baseDecimals: 0, quoteDecimals: 36, baseFirst: true, priceExp: 0n },
    { baseDecimals: 36, quoteDecimals: 0, baseFirst: false, priceExp: 18n },
    { baseDecimals: 8, quoteDecimals: 18, baseFirst: false, priceExp: 2n },
  ];
  const worlds = [];
  for (const shape of shapes) {
    const exponent = 8n + shape.priceExp + BigInt(shape.baseDecimals - shape.quoteDecimals);
    const sign = shape.baseFirst ? 1n : -1n;
    worlds.push({ ...(await deployHostile(connection, shape)), exponent, sign });
  }
  return worlds;
}

async function load() {
  const worlds = await networkHelpers.loadFixture(deployed);
  const [first] = worlds;
  if (first === undefined) throw new Error("there is a pool");
  return { worlds, ...first };
}

const errorString = (text: string) =>
  new Interface(["error Error(string)"]).encodeErrorResult("Error", [text]);

describe("UniswapTwap", () => {
  describe("latest, over a hostile pool", () => {
    const replies: [name: string, mode: number, data: string][] = [
      ["reverts", Mode.Revert, "0x"],
      ["burns all gas", Mode.BurnGas, "0x"],
      ["returns a bomb of zeros", Mode.ReturnBomb, "0x"],
      ["reverts with a bomb", Mode.RevertBomb, "0x"],
      ["returns nothing", Mode.Data, "0x"],
      ["returns 64 bytes", Mode.Data, words(64n, 160n)],
      ["returns 159 bytes", Mode.Data, sums(0n, 0n).slice(0, 2 + 318)],
      ["returns one sum", Mode.Data, words(64n, 128n, 1n, 5n, 1n, 0n)],
      ["returns three sums", Mode.Data, words(64n, 192n, 3n, 5n, 6n, 7n)],
      ["returns its arrays elsewhere", Mode.Data, words(96n, 192n, 2n, 2n, 5n, 6n)],
      ["returns a first sum that is no int56", Mode.Data, sums(1n << 55n, 0n)],
      ["returns a second sum that is no int56", Mode.Data, sums(0n, -(1n << 55n) - 1n)],
      ["returns what a refusal looks like", Mode.Data, errorString("OLD")],
    ];
    for (const [name, mode, data] of replies) {
      it(`reverts with PoolUnreadable when it ${name}`, async () => {
        const { pool, poolAddress, source } = await load();
        await pool.teach(selector.observe, mode, data);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "PoolUnreadable")
          .withArgs(poolAddress);
      });
    }

    it("reverts with PoolUnreadable when its code is gone", async () => {
      const { poolAddress, source } = await load();
      await networkHelpers.setCode(poolAddress, "0x");
      await expect(latestOf(source))
        .to.be.revertedWithCustomError(source, "PoolUnreadable")
        .withArgs(poolAddress);
    });

    it("answers within what the hub gives, and has no other price with less", async () => {
      const { pool, source } = await load();
      await teachSums(pool, 0n, -276_324n * WINDOW);
      const { price } = await latestOf(source);
      let needed = 0n;
      for (let gasLimit = 24_000n; gasLimit < 171_000n; gasLimit += 1_003n) {
        try {
          expect((await source.latest.staticCall("0x", { gasLimit })).price).to.equal(price);
          if (needed === 0n) needed = gasLimit;
        } catch (error) {
          expect(needed, `fails with ${gasLimit} gas again`).to.equal(0n);
          expect(String(error)).to.match(/PoolUnreadable|out of gas|without a reason/);
        }
      }
      expect(needed).to.be.greaterThan(24_000n).and.lessThan(90_000n);
    });

    it("reverts with TickOutOfRange beyond the ticks that there are", async () => {
      const { pool, source } = await load();
      for (const [sum, tick] of [
        [(MAX_TICK + 1n) * WINDOW, MAX_TICK + 1n],
        [-MAX_TICK * WINDOW - 1n, -MAX_TICK - 1n],
        [(1n << 55n) - 1n, ((1n << 55n) - 1n) / WINDOW],
      ] as const) {
        await teachSums(pool, 0n, sum);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "TickOutOfRange")
          .withArgs(tick);
      }
    });

    // In the first pool's unit a price is 1.0001^tick · 10^20.
    for (const tick of [-460_540n, -23_836n]) {
      it(`has a price at tick ${tick}`, async () => {
        const { pool, source } = await load();
        await teachSums(pool, 7n, 7n + tick * WINDOW);
        expect((await latestOf(source)).price).to.be.greaterThan(0n);
      });
    }

    for (const tick of [-MAX_TICK, -460_541n, -23_835n, MAX_TICK]) {
      it(`reverts with SourcePriceInvalid at tick ${tick}`, async () => {
        const { pool, source } = await load();
        await teachSums(pool, 7n, 7n + tick * WINDOW);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
          .withArgs(tick);
      });
    }

    it(`is 1.0001^tick in the unit, or no price (${RUNS} runs, seed ${SEED})`, async () => {
      const { worlds } = await load();
      const sum = fc.bigInt({ min: -MAX_TICK * WINDOW, max: MAX_TICK * WINDOW });
      const start = fc.bigInt({ min: -(1n << 53n), max: 1n << 53n });
      const chosen = fc.constantFrom(...worlds);
      const property = fc.asyncProperty(chosen, start, sum, async (world, from, change) => {
        const { pool, source, sign, exponent } = world;
        await teachSums(pool, from, from + change);
        const expected = priceOf(sign * floorDiv(change, WINDOW), exponent);
        // The root price has 32 bits at least, and is rounded up.
        const slack = expected / (1n << 30n) + 1n;
        const price = await latestOf(source).then(
          (reading) => reading.price,
          () => undefined,
        );
        if (price === undefined) {
          expect(expected === 0n || expected + slack > MAX_PRICE, `${expected}`).to.equal(true);
        } else {
          expect(price >= expected && price <= expected + slack, `${price}, ${expected}`).to.equal(
            true,
          );
        }
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  });
});
