import { expect } from "chai";
import { MaxInt256, MinInt256, ZeroAddress } from "ethers";

import { START, connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, latestOf, setNow } from "../../fixtures/sources.ts";
import {
  ANSWER_BOUND,
  Mode,
  roundId,
  roundWords,
  selector,
  usd,
  words,
} from "../ChainlinkSettlement/support.ts";
import { deployHostile, deployPush, teachLatest } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** When tests read. */
const NOW = START + 1_000n;

async function deployed() {
  return deployPush(connection);
}

/** A real phase proxy over a mock aggregator. */
async function sound() {
  const world = await networkHelpers.loadFixture(deployed);
  await setNow(connection, NOW);
  return world;
}

/** A feed whose words a test sets one by one. */
async function hostile() {
  await networkHelpers.loadFixture(deployed);
  const world = await deployHostile(connection);
  await setNow(connection, NOW);
  return world;
}

describe("ChainlinkPush", () => {
  describe("latest", () => {
    describe("when the feed is sound", () => {
      it("says price, time and phase of the latest round", async () => {
        const { source, aggregator } = await sound();
        await aggregator.updateRoundData(2n, usd(2_100.5), NOW - 9n, NOW - 9n);
        expect(await latestOf(source)).to.deep.equal({
          price: usd(2_100.5),
          time: NOW - 9n,
          confidence: 0n,
          form: MAXIMAL | 1n,
        });
      });

      it("goes with the proxy into a phase of one round, and over a phase that was skipped", async () => {
        const { source, proxy } = await sound();
        for (const aggregator of [ZeroAddress, await mock(2_200)]) {
          await proxy.proposeAggregator(aggregator);
          await proxy.confirmAggregator(aggregator);
        }
        const { price, form } = await latestOf(source);
        expect([price, form]).to.deep.equal([usd(2_200), MAXIMAL | 3n]);
      });

      it("says what an old round was: its age is for the reader to judge", async () => {
        const { source, feed } = await hostile();
        await teachLatest(feed, usd(2_000), 1n);
        expect((await latestOf(source)).time).to.equal(1n);
      });

      it("takes the highest phase and the block's own second", async () => {
        const { source, feed } = await hostile();
        await teachLatest(feed, usd(2_000), NOW, roundId(65_535, 1));
        const { time, form } = await latestOf(source);
        expect([time, form]).to.deep.equal([NOW, MAXIMAL | 65_535n]);
      });
    });

    describe("when it is called otherwise than it is to be", () => {
      it("reverts with WrongFee for value", async () => {
        const { source } = await sound();
        await expect(source.latest.staticCall("0x", { value: 1n }))
          .to.be.revertedWithCustomError(source, "WrongFee")
          .withArgs(1n, 0n);
      });

      it("reverts with PayloadNotEmpty for a payload", async () => {
        const { source } = await sound();
        await expect(latestOf(source, "0x0000"))
          .to.be.revertedWithCustomError(source, "PayloadNotEmpty")
          .withArgs(2n);
      });
    });

    describe("when the feed changes its decimals", () => {
      it("reverts with DecimalsChanged, and reads again when they are back", async () => {
        const { source, proxy } = await sound();
        const [eighteen, eight] = [await mock(2_100, 18), await mock(2_200)];
        await proxy.proposeAggregator(eighteen);
        await proxy.confirmAggregator(eighteen);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "DecimalsChanged")
          .withArgs(8n, 18n);
        await proxy.proposeAggregator(eight);
        await proxy.confirmAggregator(eight);
        expect((await latestOf(source)).price).to.equal(usd(2_200));
      });

      it("reverts with DecimalsUnreadable when they do not read", async () => {
        const { source, feed, feedAddress } = await hostile();
        await teachLatest(feed, usd(2_000), NOW);
        await feed.teach(selector.decimals, Mode.Revert, "0x");
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "DecimalsUnreadable")
          .withArgs(feedAddress);
      });
    });

    describe("when the answer is no price", () => {
      for (const answer of [0n, -1n, MinInt256]) {
        it(`reverts with AnswerNotPositive for ${answer}`, async () => {
          const { source, aggregator } = await sound();
          await aggregator.updateAnswer(answer);
          await expect(latestOf(source))
            .to.be.revertedWithCustomError(source, "AnswerNotPositive")
            .withArgs(answer);
        });
      }

      for (const answer of [ANSWER_BOUND, MaxInt256]) {
        it(`reverts with AnswerTooLarge for ${answer}`, async () => {
          const { source, aggregator } = await sound();
          await aggregator.updateAnswer(answer);
          await expect(latestOf(source))
            .to.be.revertedWithCustomError(source, "AnswerTooLarge")
            .withArgs(answer, ANSWER_BOUND);
        });
      }
    });

    describe("when the round's time is none", () => {
      for (const ahead of [1n, 1n << 255n]) {
        it(`reverts with RoundFromFuture ${ahead} s ahead`, async () => {
          const { source, feed } = await hostile();
          await setNow(connection, NOW + 60n);
          await teachLatest(feed, usd(2_000), NOW + ahead + 99n);
          await setNow(connection, NOW + 99n);
          await expect(latestOf(source))
            .to.be.revertedWithCustomError(source, "RoundFromFuture")
            .withArgs(NOW + ahead + 99n, NOW + 99n);
        });
      }

      it("reverts with RoundNotUpdated at 0", async () => {
        const { source, feed } = await hostile();
        await teachLatest(feed, usd(2_000), 0n);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "RoundNotUpdated")
          .withArgs(roundId(3, 7));
      });
    });

    describe("when the round is not a round of its own", () => {
      it("reverts with RoundWithoutPhase", async () => {
        const { source, feed } = await hostile();
        await teachLatest(feed, usd(2_000), NOW, 7n);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "RoundWithoutPhase")
          .withArgs(7n);
      });

      it("reverts with AnsweredInEarlierRound while a round is being collected: its answer is the one before", async () => {
        const { source, proxy } = await sound();
        const flux = await ethers.deployContract("ScriptedAggregator", [8, false]);
        await proxy.proposeAggregator(flux);
        await proxy.confirmAggregator(flux);
        await flux.script(1n, [
          { answer: usd(2_000), updatedAt: NOW - 600n, answeredInRound: 1n },
          { answer: usd(2_000), updatedAt: NOW - 600n, answeredInRound: 1n },
        ]);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "AnsweredInEarlierRound")
          .withArgs(roundId(2, 1), roundId(2, 2));
        await flux.publish(2n, usd(2_300), NOW);
        expect((await latestOf(source)).price).to.equal(usd(2_300));
      });

      it("reverts with RoundNotUpdated before the first answer of a round", async () => {
        const { source, proxy } = await sound();
        const flux = await ethers.deployContract("ScriptedAggregator", [8, false]);
        await proxy.proposeAggregator(flux);
        await proxy.confirmAggregator(flux);
        await flux.script(1n, [{ answer: usd(2_000), updatedAt: 0n, answeredInRound: 1n }]);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "RoundNotUpdated")
          .withArgs(roundId(2, 1));
      });
    });

    describe("when latestRoundData() is hostile", () => {
      const good = roundWords(roundId(3, 7), usd(2_000), 1n);
      const replies: [name: string, mode: number, data: string][] = [
        ["reverts", Mode.Revert, "0x"],
        ["burns all gas", Mode.BurnGas, "0x"],
        ["reverts with a bomb", Mode.RevertBomb, "0x"],
        ["returns nothing", Mode.Data, "0x"],
        ["returns 64 bytes", Mode.Data, good.slice(0, 2 + 128)],
        ["returns 159 bytes", Mode.Data, good.slice(0, -2)],
        ["returns a dirty round id", Mode.Data, words(1n << 80n, usd(2_000), 1n, 1n, 1n << 70n)],
        ["returns a dirty answeredInRound", Mode.Data, words(1n << 64n, 1n, 1n, 1n, 1n << 80n)],
      ];
      for (const [name, mode, data] of replies) {
        it(`reverts with FeedUnreadable when it ${name}`, async () => {
          const { source, feed, feedAddress } = await hostile();
          await feed.teach(selector.latestRoundData, mode, data);
          await expect(latestOf(source))
            .to.be.revertedWithCustomError(source, "FeedUnreadable")
            .withArgs(feedAddress);
        });
      }

      it("reverts with DecimalsUnreadable when its code is gone", async () => {
        const { source, feed, feedAddress } = await hostile();
        await teachLatest(feed, usd(2_000), NOW);
        expect((await latestOf(source)).price).to.equal(usd(2_000));
        await networkHelpers.setCode(feedAddress, "0x");
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "DecimalsUnreadable")
          .withArgs(feedAddress);
      });

      it("reads a return bomb's five words and pays for no more", async () => {
        const { source, feed } = await hostile();
        await feed.teach(selector.latestRoundData, Mode.ReturnBomb, "0x");
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "RoundWithoutPhase")
          .withArgs(0n);
      });

      it("answers the round or reverts, however little gas there is, and needs no more than a bounded call has", async () => {
        const { source, feed } = await hostile();
        await teachLatest(feed, usd(2_000), NOW);
        let needed = 0n;
        for (let gasLimit = 23_000n; needed === 0n; gasLimit += 1_003n) {
          try {
            const { price } = await source.latest.staticCall("0x", { gasLimit });
            expect(price).to.equal(usd(2_000));
            needed = gasLimit;
          } catch (error) {
            expect(String(error), `${gasLimit} gas`).to.match(/Unreadable|out of gas|ran out/);
          }
        }
        expect(needed).to.be.lessThan(147_500n);
      });
    });

    describe("when the answer is scaled to the price unit", () => {
      // price = answer × 10^(8 + priceExp − decimals), floored
      const cases: [decimals: bigint, priceExp: bigint, answer: bigint, price: bigint][] = [
        [8n, 0n, usd(2_000), usd(2_000)],
        [18n, 0n, 2_000n * 10n ** 18n, usd(2_000)],
        [18n, 0n, 19_999_999_999n, 1n],
        [18n, 3n, 12_345_678_901n, 1_234n],
        [8n, 6n, 1_234n, 1_234_000_000n],
        [0n, 0n, 5n, 500_000_000n],
        [36n, 0n, 10n ** 28n, 1n],
        [36n, 18n, 10n ** 28n, 10n ** 18n],
        [8n, 0n, MAX_PRICE, MAX_PRICE],
        [36n, 0n, ANSWER_BOUND - 1n, 7n],
      ];
      for (const [decimals, priceExp, answer, price] of cases) {
        it(`gives ${price} for ${answer} with ${decimals} decimals at exponent ${priceExp}`, async () => {
          const { source, feed } = await deployHostile(connection, priceExp, decimals);
          await teachLatest(feed, answer, START);
          expect((await latestOf(source)).price).to.equal(price);
        });
      }

      const refused: [decimals: bigint, priceExp: bigint, answer: bigint][] = [
        [18n, 0n, 9_999_999_999n],
        [36n, 0n, 10n ** 28n - 1n],
        [8n, 0n, MAX_PRICE + 1n],
        [8n, 0n, ANSWER_BOUND - 1n],
        [0n, 18n, ANSWER_BOUND - 1n],
      ];
      for (const [decimals, priceExp, answer] of refused) {
        it(`reverts with SourcePriceInvalid for ${answer} with ${decimals} decimals at exponent ${priceExp}`, async () => {
          const { source, feed } = await deployHostile(connection, priceExp, decimals);
          await teachLatest(feed, answer, START);
          await expect(latestOf(source))
            .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
            .withArgs(answer);
        });
      }
    });

    it("changes nothing", async () => {
      const { source, feed } = await hostile();
      await teachLatest(feed, usd(2_000), NOW);
      const receipt = await (await source.latest("0x")).wait();
      expect(receipt?.logs).to.deep.equal([]);
    });
  });
});

async function mock(dollars: number, decimals = 8): Promise<string> {
  const arguments_ = [decimals, usd(dollars)] as const;
  const aggregator = await ethers.deployContract("MockV3Aggregator", [...arguments_]);
  return aggregator.getAddress();
}
