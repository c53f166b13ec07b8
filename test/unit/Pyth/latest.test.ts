import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, latestOf, setNow } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import {
  EXPONENT,
  FEE,
  OTHER_FEED,
  TIME,
  deployPyth,
  makePyth,
  payloadOf,
  payloadWith,
  updateOf,
} from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const MAX_INT64 = (1n << 63n) - 1n;

async function deployed() {
  const world = await deployPyth(connection);
  await setNow(connection, TIME + 1n);
  return world;
}

describe("Pyth", () => {
  describe("latest", () => {
    describe("when the update is sound", () => {
      it("says its price, the time of its publication and its confidence", async () => {
        const { source, pyth } = await networkHelpers.loadFixture(deployed);
        const changes = { price: usd(2_345.67), conf: usd(1.5), published: TIME - 7n };
        const payload = await payloadWith(pyth, changes);
        expect(await latestOf(source, payload, FEE)).to.deep.equal({
          price: usd(2_345.67),
          time: TIME - 7n,
          confidence: 7n,
          form: MAXIMAL | 1n,
        });
      });

      it("leaves the time to be judged: updates of long ago and ahead", async () => {
        const { source, pyth } = await networkHelpers.loadFixture(deployed);
        for (const published of [1n, TIME + 50_000n, (1n << 40n) - 1n]) {
          const reading = await latestOf(source, await payloadWith(pyth, { published }), FEE);
          expect(reading.time).to.equal(published);
        }
      });

      it("finds its feed among others", async () => {
        const { source, pyth } = await networkHelpers.loadFixture(deployed);
        const updates = [
          await updateOf(pyth, { feed: OTHER_FEED, price: 1n }),
          await updateOf(pyth),
        ];
        expect((await latestOf(source, payloadOf(updates), 2n * FEE)).price).to.equal(usd(2_000));
      });

      // confidence = ⌈conf · 10,000 / price⌉, 65,535 at most
      for (const [conf, confidence] of [
        [0n, 0n],
        [1n, 1n],
        [usd(0.2), 1n],
        [usd(0.2) + 1n, 2n],
        [usd(2_000), 10_000n],
        [usd(13_107), 65_535n],
        [(1n << 64n) - 1n, 65_535n],
      ] as const) {
        it(`states ${confidence} bps for a confidence of ${conf}`, async () => {
          const { source, pyth } = await networkHelpers.loadFixture(deployed);
          const reading = await latestOf(source, await payloadWith(pyth, { conf }), FEE);
          expect(reading.confidence).to.equal(confidence);
        });
      }

      // price = ⌊update's price · 10^(8 + priceExp + exponent)⌋
      const prices: [exponent: bigint, priceExp: bigint, price: bigint, expected: bigint][] = [
        [-8n, 0n, MAX_INT64, MAX_PRICE],
        [-5n, 0n, 200_012_345n, 200_012_345_000n],
        [0n, 0n, 2_000n, usd(2_000)],
        [-18n, 0n, 10n ** 10n, 1n],
        [-18n, 0n, 2n * 10n ** 10n - 1n, 1n],
        [-18n, 18n, MAX_INT64 / 10n ** 8n, (MAX_INT64 / 10n ** 8n) * 10n ** 8n],
        [-10n, 6n, 123n, 1_230_000n],
      ];
      for (const [exponent, priceExp, price, expected] of prices) {
        it(`gives ${expected} for ${price} · 10^${exponent} at exponent ${priceExp}`, async () => {
          const { pyth } = await networkHelpers.loadFixture(deployed);
          const source = await makePyth(connection, await pyth.getAddress(), {
            exponent,
            priceExp,
          });
          const payload = await payloadWith(pyth, { exponent, price });
          expect((await latestOf(source, payload, FEE)).price).to.equal(expected);
        });
      }
    });

    describe("when the price is none", () => {
      for (const price of [0n, -1n, -(1n << 63n)]) {
        it(`reverts with SourcePriceInvalid for ${price}`, async () => {
          const { source, pyth } = await networkHelpers.loadFixture(deployed);
          await expect(latestOf(source, await payloadWith(pyth, { price }), FEE))
            .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
            .withArgs(price);
        });
      }

      for (const [exponent, price] of [
        [-18n, 10n ** 10n - 1n],
        [-7n, MAX_INT64],
        [0n, MAX_INT64],
      ] as const) {
        it(`reverts with SourcePriceInvalid for ${price} · 10^${exponent}`, async () => {
          const { pyth } = await networkHelpers.loadFixture(deployed);
          const source = await makePyth(connection, await pyth.getAddress(), { exponent });
          await expect(latestOf(source, await payloadWith(pyth, { exponent, price }), FEE))
            .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
            .withArgs(price);
        });
      }
    });

    it("reverts with ExponentChanged for an update of another scale", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      for (const exponent of [-9n, -7n, 0n, 8n]) {
        await expect(latestOf(source, await payloadWith(pyth, { exponent }), FEE))
          .to.be.revertedWithCustomError(source, "ExponentChanged")
          .withArgs(EXPONENT, exponent);
      }
    });

    it("refuses an update of another feed, none at all, and one beyond all times", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      for (const [payload, fee] of [
        [await payloadWith(pyth, { feed: OTHER_FEED }), FEE],
        [payloadOf([]), 0n],
        [await payloadWith(pyth, { published: 1n << 40n }), FEE],
      ] as const) {
        await expect(latestOf(source, payload, fee)).to.be.revertedWithCustomError(
          pyth,
          "PriceFeedNotFoundWithinRange",
        );
      }
      await expect(latestOf(source, "0x")).to.be.revertedWithoutReason(ethers);
    });

    it("pays exactly the fee, and reverts with WrongFee for any other", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      const updates = [await updateOf(pyth), await updateOf(pyth)];
      const payload = payloadOf(updates);
      expect(await source.fee(payload)).to.equal(2n * FEE);
      for (const value of [0n, 2n * FEE - 1n, 2n * FEE + 1n]) {
        await expect(latestOf(source, payload, value))
          .to.be.revertedWithCustomError(source, "WrongFee")
          .withArgs(value, 2n * FEE);
      }
      await source.latest(payload, { value: 2n * FEE });
      expect(await ethers.provider.getBalance(pyth)).to.equal(2n * FEE);
      expect(await ethers.provider.getBalance(source)).to.equal(0n);
    });
  });
});
