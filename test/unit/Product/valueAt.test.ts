import { expect } from "chai";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, setNow, valueOf } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import { NOW, ONE, both, deployProduct, valuing } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

async function deployed() {
  const world = await deployProduct(connection);
  await setNow(connection, NOW);
  return world;
}

describe("Product", () => {
  describe("valueAt", () => {
    it("multiplies what both legs say of the time, with the weaker form", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const payload = both(
        valuing(NOW - 60n, 99_000_000n, MAXIMAL | 4n),
        valuing(NOW - 60n, usd(2_000), 77n),
      );
      const value = await valueOf(source, NOW - 60n, payload);
      expect(value).to.deep.equal({ price: usd(1_980), form: 77n });
    });

    it("asks both legs for that time, however long ago", async () => {
      const { source, a } = await networkHelpers.loadFixture(deployed);
      const time = NOW - 80_000n;
      const [right, wrong] = [valuing(time, ONE, 1n), valuing(time - 1n, ONE, 1n)];
      expect((await valueOf(source, time, both(right, right))).price).to.equal(ONE);
      for (const payload of [both(right, wrong), both(wrong, right)]) {
        await expect(valueOf(source, time, payload))
          .to.be.revertedWithCustomError(a, "ProofForOtherTime")
          .withArgs(time - 1n, time);
      }
    });

    it("splits the value by feeA and reverts with FeeBeyondValue", async () => {
      const { source, a, b } = await networkHelpers.loadFixture(deployed);
      await a.setFee(5n);
      await b.setFee(9n);
      const leg = valuing(NOW, ONE, 1n);
      expect((await valueOf(source, NOW, both(leg, leg, 5n), 14n)).price).to.equal(ONE);
      await expect(valueOf(source, NOW, both(leg, leg, 5n), 13n))
        .to.be.revertedWithCustomError(b, "WrongFee")
        .withArgs(8n, 9n);
      await expect(valueOf(source, NOW, both(leg, leg, 5n), 4n))
        .to.be.revertedWithCustomError(source, "FeeBeyondValue")
        .withArgs(5n, 4n);
    });

    it("reverts with SourcePriceInvalid for a product that is no price", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const [tiny, large] = [valuing(NOW, 1n, 1n), valuing(NOW, MAX_PRICE, 1n)];
      await expect(valueOf(source, NOW, both(tiny, tiny)))
        .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
        .withArgs(0n);
      await expect(valueOf(source, NOW, both(large, large)))
        .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
        .withArgs(MAX_PRICE ** 2n / ONE);
    });

    it(`is a · b / 10^8, floored, or nothing (${RUNS} runs, seed ${SEED})`, async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const price = fc.oneof(
        fc.bigInt({ min: 1n, max: MAX_PRICE }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
      );
      const form = fc.bigInt({ min: 1n, max: (1n << 22n) - 1n });
      const property = fc.asyncProperty(price, price, form, form, async (a, b, formA, formB) => {
        const payload = both(valuing(NOW, a, formA), valuing(NOW, b, formB));
        const product = (a * b) / ONE;
        const possible = product >= 1n && product <= MAX_PRICE;
        const value = await valueOf(source, NOW, payload).catch(() => undefined);
        const weaker = formA < formB ? formA : formB;
        expect(value).to.deep.equal(possible ? { price: product, form: weaker } : undefined);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  });
});
