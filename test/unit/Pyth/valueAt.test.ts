import { expect } from "chai";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, gasInside, printGas, setNow, valueOf } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import {
  EXPONENT,
  FEE,
  OTHER_FEED,
  TIME,
  deployPyth,
  payloadOf,
  payloadWith,
  updateOf,
} from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const NOT_FOUND = "PriceFeedNotFoundWithinRange";

async function deployed() {
  const world = await deployPyth(connection);
  await setNow(connection, TIME + 7_200n);
  return world;
}

describe("Pyth", () => {
  describe("valueAt", () => {
    it("gives the price of the first update from the instant on, maximal of rank 1", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      const payload = await payloadWith(pyth, { price: usd(2_345.67), conf: 1n << 60n });
      const value = await valueOf(source, TIME, payload, FEE);
      expect(value).to.deep.equal({ price: usd(2_345.67), form: MAXIMAL | 1n });
    });

    it("takes one of the instant itself up to one of 5 s later", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      for (const late of [0n, 1n, 5n]) {
        const payload = await payloadWith(pyth, { published: TIME + late });
        expect((await valueOf(source, TIME, payload, FEE)).price).to.equal(usd(2_000));
      }
    });

    it("refuses one before the instant and one of 6 s later", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      for (const late of [-1n, 6n, 3_600n]) {
        const payload = await payloadWith(pyth, { published: TIME + late, before: TIME - 9n });
        await expect(valueOf(source, TIME, payload, FEE)).to.be.revertedWithCustomError(
          pyth,
          NOT_FOUND,
        );
      }
    });

    it("refuses one that another precedes within the time, or in the same second", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      for (const [published, before] of [
        [TIME + 1n, TIME],
        [TIME, TIME],
        [TIME + 5n, TIME + 4n],
      ] as const) {
        const payload = await payloadWith(pyth, { published, before });
        await expect(valueOf(source, TIME, payload, FEE)).to.be.revertedWithCustomError(
          pyth,
          NOT_FOUND,
        );
      }
    });

    it("finds the first of several, in any order", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      const updates = [
        await updateOf(pyth, { published: TIME - 3n, before: TIME - 4n, price: usd(1_997) }),
        await updateOf(pyth, { published: TIME + 1n, before: TIME - 3n, price: usd(2_001) }),
        await updateOf(pyth, { published: TIME + 2n, before: TIME + 1n, price: usd(2_002) }),
      ];
      for (const order of [updates, [...updates].reverse()]) {
        const value = await valueOf(source, TIME, payloadOf(order), 3n * FEE);
        expect(value.price).to.equal(usd(2_001));
      }
    });

    it("refuses another feed's update", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      const payload = await payloadWith(pyth, { feed: OTHER_FEED });
      await expect(valueOf(source, TIME, payload, FEE)).to.be.revertedWithCustomError(
        pyth,
        NOT_FOUND,
      );
    });

    it("reverts with ExponentChanged, SourcePriceInvalid and WrongFee as latest does", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      await expect(valueOf(source, TIME, await payloadWith(pyth, { exponent: -9n }), FEE))
        .to.be.revertedWithCustomError(source, "ExponentChanged")
        .withArgs(EXPONENT, -9n);
      await expect(valueOf(source, TIME, await payloadWith(pyth, { price: -5n }), FEE))
        .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
        .withArgs(-5n);
      await expect(valueOf(source, TIME, await payloadWith(pyth), FEE + 1n))
        .to.be.revertedWithCustomError(source, "WrongFee")
        .withArgs(FEE + 1n, FEE);
    });

    it(`has at most one value of an instant (${RUNS} runs, seed ${SEED})`, async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      // A feed's updates one after the other, some in one second; each knows the one before.
      const gaps = fc.array(fc.bigInt({ min: 0n, max: 9n }), { minLength: 1, maxLength: 8 });
      const property = fc.asyncProperty(gaps, async (times) => {
        let [published, before] = [TIME - 12n, TIME - 20n];
        const updates = times.map((gap, i) => {
          before = i === 0 ? before : published;
          published += gap;
          return { published, before, price: usd(2_000 + i) };
        });
        const values = [];
        for (const update of updates) {
          const payload = await payloadWith(pyth, update);
          const value = await valueOf(source, TIME, payload, FEE).catch(() => undefined);
          if (value !== undefined) values.push(value.price);
        }
        const first = updates.find((update) => update.published >= TIME);
        const near = first !== undefined && first.published <= TIME + 5n;
        expect(values).to.deep.equal(near ? [first.price] : []);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it("costs the source little beside what Pyth's contract takes", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      const payload = await payloadWith(pyth);
      await source.latest(payload, { value: FEE });
      const latest = await gasInside(source.latest(payload, { value: FEE }));
      const valueAt = await gasInside(source.valueAt(TIME, payload, { value: FEE }));
      printGas("latest, over the mock", latest);
      printGas("valueAt, over the mock", valueAt);
      expect(latest).to.be.lessThan(60_000n);
      expect(valueAt).to.be.lessThan(60_000n);
    });
  });
});
