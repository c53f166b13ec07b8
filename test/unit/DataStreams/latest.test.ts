import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, latestOf, setNow } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import { FEED, TIME, deployStreams, makeStreams, payloadOf, wei } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function deployed() {
  const world = await deployStreams(connection);
  await setNow(connection, TIME + 1n);
  return world;
}

describe("DataStreams", () => {
  describe("latest", () => {
    describe("when the report is sound", () => {
      it("says its price, the time of its observations and half its spread", async () => {
        const { source } = await networkHelpers.loadFixture(deployed);
        const payload = payloadOf({ price: wei(2_000.123456), bid: wei(1_996), ask: wei(2_004) });
        expect(await latestOf(source, payload)).to.deep.equal({
          price: usd(2_000.123456),
          time: TIME,
          confidence: 20n,
          form: MAXIMAL | 1n,
        });
      });

      it("says the same as a transaction, to anybody", async () => {
        const { source, verifier } = await networkHelpers.loadFixture(deployed);
        await expect(source.latest(payloadOf()))
          .to.emit(verifier, "ReportVerified")
          .withArgs(FEED, await source.getAddress());
      });

      it("leaves the time to be judged: reports of long ago and ahead", async () => {
        const { source } = await networkHelpers.loadFixture(deployed);
        for (const observedAt of [1n, TIME + 50_000n, (1n << 32n) - 1n]) {
          const { time } = await latestOf(source, payloadOf({ validFrom: 0n, observedAt }));
          expect(time).to.equal(observedAt);
        }
      });

      // confidence = ⌈(ask − bid) · 5,000 / price⌉, 65,535 at most
      const spreads: [bid: bigint, ask: bigint, confidence: bigint][] = [
        [wei(2_000), wei(2_000), 0n],
        [wei(2_000), wei(2_000) + 1n, 1n],
        [wei(1_999.8), wei(2_000.2), 1n],
        [wei(1_999.8), wei(2_000.2) + 1n, 2n],
        [0n, wei(4_000), 10_000n],
        [-wei(10_000), wei(2_000), 30_000n],
        [-(1n << 191n), (1n << 191n) - 1n, 65_535n],
      ];
      for (const [bid, ask, confidence] of spreads) {
        it(`states ${confidence} bps for ${bid}..${ask}`, async () => {
          const { source } = await networkHelpers.loadFixture(deployed);
          const reading = await latestOf(source, payloadOf({ bid, ask }));
          expect(reading.confidence).to.equal(confidence);
        });
      }

      // price = ⌊report's price · 10^(8 + priceExp − 18)⌋
      const prices: [priceExp: bigint, price: bigint, expected: bigint][] = [
        [0n, 10n ** 10n, 1n],
        [0n, 2n * 10n ** 10n - 1n, 1n],
        [0n, (MAX_PRICE + 1n) * 10n ** 10n - 1n, MAX_PRICE],
        [6n, 123_456_789n * 10n ** 4n, 123_456_789n],
        [10n, 7n, 7n],
        [18n, 7n, 700_000_000n],
      ];
      for (const [priceExp, price, expected] of prices) {
        it(`gives ${expected} for ${price} at exponent ${priceExp}`, async () => {
          const { proxy } = await networkHelpers.loadFixture(deployed);
          const made = await makeStreams(connection, await proxy.getAddress(), FEED, { priceExp });
          const reading = await latestOf(made, payloadOf({ price, bid: price, ask: price }));
          expect(reading.price).to.equal(expected);
        });
      }
    });

    describe("when the price is none", () => {
      for (const price of [
        0n,
        -1n,
        -(1n << 191n),
        10n ** 10n - 1n,
        (MAX_PRICE + 1n) * 10n ** 10n,
        (1n << 160n) - 1n,
        1n << 160n,
        (1n << 191n) - 1n,
      ]) {
        it(`reverts with SourcePriceInvalid for ${price}`, async () => {
          const { source } = await networkHelpers.loadFixture(deployed);
          await expect(latestOf(source, payloadOf({ price, bid: price, ask: price })))
            .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
            .withArgs(price);
        });
      }
    });

    describe("when bid, price and ask are out of order", () => {
      for (const [bid, ask] of [
        [wei(2_000) + 1n, wei(2_001)],
        [wei(1_999), wei(2_000) - 1n],
        [wei(2_001), wei(1_999)],
      ] as const) {
        it(`reverts with SpreadInvalid for ${bid}..${ask}`, async () => {
          const { source } = await networkHelpers.loadFixture(deployed);
          await expect(latestOf(source, payloadOf({ bid, ask })))
            .to.be.revertedWithCustomError(source, "SpreadInvalid")
            .withArgs(bid, wei(2_000), ask);
        });
      }
    });
  });
});
