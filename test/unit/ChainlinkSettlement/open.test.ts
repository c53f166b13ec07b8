import { expect } from "chai";
import { MaxInt256, MinInt256 } from "ethers";
import { network } from "hardhat";

import {
  ANSWER_BOUND,
  Bench,
  DAY,
  GAS,
  MAX_AGE,
  MAX_LEAD,
  MAX_PRICE,
  Mode,
  Step,
  feedOf,
  fixingOf,
  packWord,
  profileOf,
  roundId,
  roundWords,
  selector,
  usd,
  words,
} from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function deployed() {
  return bench.deploy();
}

/** A feed whose words a test sets one by one, with 8 decimals. */
async function hostileDeployed() {
  const world = await bench.deploy();
  const hostile = await ethers.deployContract("HostileFeed");
  await hostile.teach(selector.decimals, Mode.Data, words(8n));
  const hostileAddress = await hostile.getAddress();
  return { ...world, hostile, hostileAddress, hostileFeed: feedOf(hostileAddress) };
}

describe("ChainlinkSettlement", () => {
  describe("open", () => {
    describe("when nobody opened the fixing", () => {
      it("keeps mark, mark time, decimals and phase in one word", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, feed, profile, expiry, mark, markTime } = world;
        await oracle.open(feed, profile, expiry);
        expect(await bench.word(world)).to.equal(packWord({ mark, markTime }));
      });

      it("emits FixingOpened with all that a replica needs", async () => {
        const { oracle, feed, profile, expiry, fixing, mark, markTime } =
          await networkHelpers.loadFixture(deployed);
        await expect(oracle.open(feed, profile, expiry))
          .to.emit(oracle, "FixingOpened")
          .withArgs(fixing, feed, profile, expiry, mark, markTime, 8n, 1n, roundId(1, 1));
      });

      it("returns the identifier and the mark, and shows them in the views", async () => {
        const { oracle, feed, profile, expiry, fixing, mark, markTime } =
          await networkHelpers.loadFixture(deployed);
        expect([...(await oracle.price(feed, profile, expiry))]).to.deep.equal([0n, 0n, 0n]);
        const returned = await oracle.open.staticCall(feed, profile, expiry);
        expect([...returned]).to.deep.equal([fixing, mark]);
        await oracle.open(feed, profile, expiry);
        expect([...(await oracle.price(feed, profile, expiry))]).to.deep.equal([
          0n,
          mark,
          markTime,
        ]);
        expect([...(await oracle.fixingState(fixing))]).to.deep.equal([
          0n,
          mark,
          markTime,
          8n,
          1n,
          Step.None,
        ]);
        expect(await oracle.fixingId(feed, profile, expiry)).to.equal(fixing);
      });

      it("keeps the phase in force", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const next = await ethers.deployContract("MockV3Aggregator", [8, usd(2_100)]);
        await bench.nextPhase(world, await next.getAddress());
        await world.oracle.open(world.feed, world.profile, world.expiry);
        const state = await world.oracle.fixingState(world.fixing);
        expect([state.phase, state.mark]).to.deep.equal([2n, usd(2_100)]);
      });

      it("keeps fixings of other feeds, profiles and expiries apart", async () => {
        const { oracle, feed, profile, expiry } = await networkHelpers.loadFixture(deployed);
        await oracle.open(feed, profile, expiry);
        expect((await oracle.price(feed, profileOf(1n), expiry)).mark).to.equal(0n);
        expect((await oracle.price(feed, profile, expiry + 1n)).mark).to.equal(0n);
        expect(fixingOf(feed, profile, expiry)).to.not.equal(fixingOf(feed, profileOf(1n), expiry));
      });
    });

    describe("when the fixing is open", () => {
      it("joins it on the mark's own round: nothing is written or emitted", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, feed, profile, expiry, fixing, mark } = world;
        await oracle.open(feed, profile, expiry);
        const word = await bench.word(world);
        const returned = await oracle.open.staticCall(feed, profile, expiry);
        expect([...returned]).to.deep.equal([fixing, mark]);
        const joined = await oracle.open(feed, profile, expiry);
        expect((await joined.wait())?.logs).to.deep.equal([]);
        expect(await bench.word(world)).to.equal(word);
      });

      it("keeps the mark when the latest round is of its second or earlier", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, aggregator, feed, profile, expiry, markTime } = world;
        await oracle.open(feed, profile, expiry);
        const word = await bench.word(world);
        for (const updatedAt of [markTime, markTime - 1n]) {
          await bench.round(aggregator, 2n, usd(2_345), updatedAt);
          await expect(oracle.open(feed, profile, expiry)).to.not.emit(oracle, "MarkRefreshed");
          expect(await bench.word(world)).to.equal(word);
        }
      });

      it("moves the mark to a newer round: every book gets the mark of its own opening", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, aggregator, feed, profile, expiry, fixing, markTime } = world;
        await oracle.open(feed, profile, expiry);
        await bench.round(aggregator, 2n, usd(2_500), markTime + DAY);
        await bench.at(markTime + DAY);
        await networkHelpers.mine();
        const returned = await oracle.open.staticCall(feed, profile, expiry);
        expect([...returned]).to.deep.equal([fixing, usd(2_500)]);
        const joining = oracle.open(feed, profile, expiry);
        await expect(joining)
          .to.emit(oracle, "MarkRefreshed")
          .withArgs(fixing, usd(2_500), markTime + DAY, roundId(1, 2));
        await expect(joining).to.not.emit(oracle, "FixingOpened");
        const expected = packWord({ mark: usd(2_500), markTime: markTime + DAY });
        expect(await bench.word(world)).to.equal(expected);
      });

      it("takes the phase of a newer round along", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, feed, profile, expiry } = world;
        await oracle.open(feed, profile, expiry);
        await bench.at(world.markTime + DAY);
        const next = await ethers.deployContract("MockV3Aggregator", [8, usd(2_100)]);
        await bench.nextPhase(world, await next.getAddress());
        await oracle.open(feed, profile, expiry);
        const markTime = await next.latestTimestamp();
        const expected = packWord({ mark: usd(2_100), markTime, phase: 2n });
        expect(await bench.word(world)).to.equal(expected);
      });

      it("never lowers the phase, though the mark moves on", async () => {
        const world = await networkHelpers.loadFixture(hostileDeployed);
        const { oracle, profile, expiry, markTime, hostile, hostileFeed } = world;
        await bench.at(markTime + 10n);
        await networkHelpers.mine();
        const answer = (id: bigint, dollars: number, time: bigint) =>
          hostile.teach(selector.latestRoundData, Mode.Data, roundWords(id, usd(dollars), time));
        await answer(roundId(3, 7), 2_000, markTime);
        await oracle.open(hostileFeed, profile, expiry);
        await answer(roundId(2, 9), 2_010, markTime + 1n);
        await oracle.open(hostileFeed, profile, expiry);
        const state = await oracle.fixingState(fixingOf(hostileFeed, profile, expiry));
        expect([state.mark, state.markTime, state.phase]).to.deep.equal([
          usd(2_010),
          markTime + 1n,
          3n,
        ]);
      });

      it("reverts with MarkTooOld on a silent feed: no book opens on a fixing prepared before", async () => {
        const { oracle, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(deployed);
        await oracle.open(feed, profile, expiry);
        await bench.at(markTime + 6n * DAY);
        await expect(oracle.open(feed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "MarkTooOld")
          .withArgs(6n * DAY, MAX_AGE);
      });

      it("reverts with DecimalsChanged when the feed changed its scale", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, feed, profile, expiry } = world;
        await oracle.open(feed, profile, expiry);
        const rescaled = await ethers.deployContract("MockV3Aggregator", [18, usd(2_000)]);
        await bench.nextPhase(world, await rescaled.getAddress());
        await expect(oracle.open(feed, profile, expiry))
          .to.be.revertedWithCustomError(oracle, "DecimalsChanged")
          .withArgs(8n, 18n);
      });
    });

    describe("when the expiry is near", () => {
      it("opens one second before it", async () => {
        const { oracle, feed, profile, markTime } = await networkHelpers.loadFixture(deployed);
        await bench.at(markTime + 99n);
        await expect(oracle.open(feed, profile, markTime + 100n)).to.emit(oracle, "FixingOpened");
      });

      it("reverts with FixingWindowOver at it and after it, open or not", async () => {
        const { oracle, feed, profile, markTime } = await networkHelpers.loadFixture(deployed);
        const expiry = markTime + 100n;
        await bench.at(expiry);
        await expect(oracle.open(feed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(expiry, expiry);
        await oracle.open(feed, profile, expiry + 50n);
        await bench.at(expiry + 51n);
        await expect(oracle.open(feed, profile, expiry + 50n, GAS))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(expiry + 51n, expiry + 50n);
      });
    });

    describe("when the expiry is far", () => {
      it("opens 100 days before it", async () => {
        const { oracle, feed, profile, markTime } = await networkHelpers.loadFixture(deployed);
        await bench.at(markTime + 100n);
        const expiry = markTime + 100n + MAX_LEAD;
        await expect(oracle.open(feed, profile, expiry)).to.emit(oracle, "FixingOpened");
      });

      it("reverts with ExpiryTooFar beyond, before it looks at the profile", async () => {
        const { oracle, feed, markTime } = await networkHelpers.loadFixture(deployed);
        const bound = markTime + 100n + MAX_LEAD;
        for (const [i, expiry] of [bound + 1n, (1n << 40n) - 1n].entries()) {
          await bench.at(markTime + 100n + BigInt(i));
          await expect(oracle.open(feed, profileOf(19n), expiry, GAS))
            .to.be.revertedWithCustomError(oracle, "ExpiryTooFar")
            .withArgs(expiry, bound + BigInt(i));
        }
      });
    });

    describe("when feed or profile is not known", () => {
      it("reverts as describe does", async () => {
        const { oracle, feed, expiry } = await networkHelpers.loadFixture(deployed);
        await expect(oracle.open(feed, profileOf(19n), expiry))
          .to.be.revertedWithCustomError(oracle, "PriceExpTooLarge")
          .withArgs(19n, 18n);
        const [account] = await ethers.getSigners();
        const address = account?.address ?? "";
        await expect(oracle.open(feedOf(address), profileOf(), expiry))
          .to.be.revertedWithCustomError(oracle, "FeedWithoutCode")
          .withArgs(address);
      });
    });

    describe("when the latest round ages", () => {
      it("accepts it at 3,900 s", async () => {
        const { oracle, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(deployed);
        await bench.at(markTime + MAX_AGE);
        await expect(oracle.open(feed, profile, expiry)).to.emit(oracle, "FixingOpened");
      });

      it("reverts with MarkTooOld at 3,901 s", async () => {
        const { oracle, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(deployed);
        await bench.at(markTime + MAX_AGE + 1n);
        await expect(oracle.open(feed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "MarkTooOld")
          .withArgs(MAX_AGE + 1n, MAX_AGE);
      });
    });

    describe("when the round is dated", () => {
      it("accepts the block's own second", async () => {
        const { oracle, aggregator, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(deployed);
        await bench.round(aggregator, 2n, usd(2_010), markTime + 1_000n);
        await bench.at(markTime + 1_000n);
        await expect(oracle.open(feed, profile, expiry)).to.emit(oracle, "FixingOpened");
      });

      for (const ahead of [1n, DAY, (1n << 256n) - 1n]) {
        it(`reverts with RoundFromFuture ${ahead === 1n ? "one second" : "far"} ahead (${ahead})`, async () => {
          const { oracle, aggregator, feed, profile, expiry, markTime } =
            await networkHelpers.loadFixture(deployed);
          const time = markTime + 1_000n;
          const updatedAt = ahead > DAY ? ahead : time + ahead;
          await bench.round(aggregator, 2n, usd(2_010), updatedAt);
          await bench.at(time);
          await expect(oracle.open(feed, profile, expiry, GAS))
            .to.be.revertedWithCustomError(oracle, "RoundFromFuture")
            .withArgs(updatedAt, time);
        });
      }

      it("reverts with RoundNotUpdated at 0", async () => {
        const { oracle, aggregator, feed, profile, expiry } =
          await networkHelpers.loadFixture(deployed);
        await bench.round(aggregator, 2n, usd(2_010), 0n);
        await expect(oracle.open(feed, profile, expiry))
          .to.be.revertedWithCustomError(oracle, "RoundNotUpdated")
          .withArgs(roundId(1, 2));
      });
    });

    describe("when the answer is no price", () => {
      for (const answer of [0n, -1n, MinInt256]) {
        it(`reverts with AnswerNotPositive for ${answer}`, async () => {
          const { oracle, aggregator, feed, profile, expiry } =
            await networkHelpers.loadFixture(deployed);
          await aggregator.updateAnswer(answer);
          await expect(oracle.open(feed, profile, expiry))
            .to.be.revertedWithCustomError(oracle, "AnswerNotPositive")
            .withArgs(answer);
        });
      }

      for (const answer of [ANSWER_BOUND, MaxInt256]) {
        it(`reverts with AnswerTooLarge for ${answer}`, async () => {
          const { oracle, aggregator, feed, profile, expiry } =
            await networkHelpers.loadFixture(deployed);
          await aggregator.updateAnswer(answer);
          await expect(oracle.open(feed, profile, expiry))
            .to.be.revertedWithCustomError(oracle, "AnswerTooLarge")
            .withArgs(answer, ANSWER_BOUND);
        });
      }
    });

    describe("when the round id is odd", () => {
      it("reverts with RoundWithoutPhase for an aggregator in place of its proxy", async () => {
        const { oracle, aggregator, profile, expiry } = await networkHelpers.loadFixture(deployed);
        await expect(oracle.open(feedOf(await aggregator.getAddress()), profile, expiry))
          .to.be.revertedWithCustomError(oracle, "RoundWithoutPhase")
          .withArgs(1n);
      });

      it("reverts with AnsweredInEarlierRound for an answer carried over", async () => {
        const { oracle, profile, expiry, markTime, hostile, hostileFeed } =
          await networkHelpers.loadFixture(hostileDeployed);
        const reply = words(roundId(1, 7), usd(2_000), markTime, markTime, roundId(1, 6));
        await hostile.teach(selector.latestRoundData, Mode.Data, reply);
        await expect(oracle.open(hostileFeed, profile, expiry))
          .to.be.revertedWithCustomError(oracle, "AnsweredInEarlierRound")
          .withArgs(roundId(1, 6), roundId(1, 7));
      });
    });

    describe("when latestRoundData() is hostile", () => {
      const good = roundWords(roundId(1, 7), usd(2_000), 1n);
      const replies: [name: string, mode: number, data: string][] = [
        ["reverts", Mode.Revert, "0x"],
        ["burns all gas", Mode.BurnGas, "0x"],
        ["reverts with a bomb", Mode.RevertBomb, "0x"],
        ["returns nothing", Mode.Data, "0x"],
        ["returns 64 bytes", Mode.Data, good.slice(0, 2 + 128)],
        ["returns 159 bytes", Mode.Data, good.slice(0, -2)],
        ["returns a dirty round id", Mode.Data, words(1n << 80n, usd(2_000), 1n, 1n, 1n << 70n)],
        [
          "returns a dirty answeredInRound",
          Mode.Data,
          words(1n << 64n, usd(2_000), 1n, 1n, 1n << 80n),
        ],
      ];
      for (const [name, mode, data] of replies) {
        it(`reverts with FeedUnreadable when it ${name}`, async () => {
          const { oracle, profile, expiry, hostile, hostileAddress, hostileFeed } =
            await networkHelpers.loadFixture(hostileDeployed);
          await hostile.teach(selector.latestRoundData, mode, data);
          await expect(oracle.open(hostileFeed, profile, expiry, GAS))
            .to.be.revertedWithCustomError(oracle, "FeedUnreadable")
            .withArgs(hostileAddress);
        });
      }

      it("reads a return bomb's five words and pays for no more", async () => {
        const { oracle, profile, expiry, hostile, hostileFeed } =
          await networkHelpers.loadFixture(hostileDeployed);
        await hostile.teach(selector.latestRoundData, Mode.ReturnBomb, "0x");
        await expect(oracle.open(hostileFeed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "RoundWithoutPhase")
          .withArgs(0n);
      });

      it("accepts more than five words", async () => {
        const { oracle, profile, expiry, markTime, hostile, hostileFeed } =
          await networkHelpers.loadFixture(hostileDeployed);
        const reply = roundWords(roundId(3, 7), usd(2_000), markTime) + "ff".repeat(40);
        await hostile.teach(selector.latestRoundData, Mode.Data, reply);
        await expect(oracle.open(hostileFeed, profile, expiry)).to.emit(oracle, "FixingOpened");
      });
    });

    describe("when the answer is scaled to the price unit", () => {
      // price = answer × 10^(8 + priceExp − decimals), floored, then 1 ≤ price ≤ 2^63 − 1
      const cases: [decimals: bigint, priceExp: bigint, answer: bigint, price: bigint][] = [
        [8n, 0n, usd(2_000), usd(2_000)],
        [18n, 0n, 2_000n * 10n ** 18n, usd(2_000)],
        [18n, 0n, 19_999_999_999n, 1n],
        [18n, 0n, 1n, 1n],
        [18n, 3n, 12_345_678_901n, 1_234n],
        [8n, 6n, 1_234n, 1_234_000_000n],
        [0n, 0n, 5n, 500_000_000n],
        [36n, 0n, 10n ** 28n, 1n],
        [36n, 0n, 2n * 10n ** 28n - 1n, 1n],
        [36n, 0n, 2n * 10n ** 28n, 2n],
        [36n, 18n, 10n ** 28n, 10n ** 18n],
        [8n, 0n, MAX_PRICE, MAX_PRICE],
        [8n, 0n, MAX_PRICE + 1n, MAX_PRICE],
        [8n, 0n, ANSWER_BOUND - 1n, MAX_PRICE],
        [0n, 18n, ANSWER_BOUND - 1n, MAX_PRICE],
        [36n, 0n, ANSWER_BOUND - 1n, 7n],
      ];
      for (const [decimals, priceExp, answer, price] of cases) {
        it(`gives ${price} for ${answer} with ${decimals} decimals at exponent ${priceExp}`, async () => {
          const { oracle, expiry, markTime, hostile, hostileFeed } =
            await networkHelpers.loadFixture(hostileDeployed);
          await hostile.teach(selector.decimals, Mode.Data, words(decimals));
          const reply = roundWords(roundId(1, 7), answer, markTime);
          await hostile.teach(selector.latestRoundData, Mode.Data, reply);
          const { mark } = await oracle.open.staticCall(hostileFeed, profileOf(priceExp), expiry);
          expect(mark).to.equal(price);
        });
      }
    });
  });
});
