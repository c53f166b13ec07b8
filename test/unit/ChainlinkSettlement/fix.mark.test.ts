import { expect } from "chai";
import { network } from "hardhat";

import {
  Bench,
  DEAD_FEED_DELAY,
  GAS_NEEDED,
  MARK_DELAY,
  Mode,
  Step,
  packWord,
  roundId,
  roundWords,
  selector,
  usd,
  words,
} from "./support.ts";
import type { SingleFeed } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const bench = new Bench(connection);

async function opened() {
  return bench.deployOpen();
}

/** The feed's proxy no longer answers anything. */
async function dead() {
  const world = await bench.deployOpen();
  return { ...world, hostile: await bench.turnHostile(world) };
}

const settled = (world: SingleFeed, step: bigint) => [world.fixing, world.mark, 0n, step] as const;

describe("ChainlinkSettlement", () => {
  describe("fix with an empty proof", () => {
    describe("when the feed is dead", () => {
      it("reverts with TooEarlyToFix until T + 72 h − 1", async () => {
        const world = await networkHelpers.loadFixture(dead);
        const from = world.expiry + DEAD_FEED_DELAY;
        for (const time of [world.expiry + 1n, from - 1n]) {
          await expect(bench.fixAt(world, time, "0x"))
            .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
            .withArgs(time, from);
        }
      });

      it("settles at the mark from T + 72 h on", async () => {
        const world = await networkHelpers.loadFixture(dead);
        await expect(bench.fixAt(world, world.expiry + DEAD_FEED_DELAY, "0x"))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(...settled(world, Step.MarkFeedDead));
        const { mark, markTime } = world;
        const expected = packWord({ price: mark, mark, markTime, step: Step.MarkFeedDead });
        expect(await bench.word(world)).to.equal(expected);
      });

      it("reverts with TooEarlyToFix at T, as for a round", async () => {
        const world = await networkHelpers.loadFixture(dead);
        await expect(bench.fixAt(world, world.expiry, "0x"))
          .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
          .withArgs(world.expiry, world.expiry + 1n);
      });
    });

    describe("when the feed fails in any way", () => {
      const alive = roundWords(roundId(1, 7), usd(2_000), 1n);
      const replies: [name: string, mode: number, data: string][] = [
        ["reverts", Mode.Revert, "0x"],
        ["burns all gas", Mode.BurnGas, "0x"],
        ["reverts with a bomb", Mode.RevertBomb, "0x"],
        ["returns 64 bytes", Mode.Data, alive.slice(0, 2 + 128)],
        ["returns 159 bytes", Mode.Data, alive.slice(0, -2)],
        ["returns a dirty round id", Mode.Data, words(1n << 80n, 1n, 1n, 1n, 1n)],
        ["returns a dirty answeredInRound", Mode.Data, words(1n, 1n, 1n, 1n, 1n << 255n)],
      ];
      for (const [name, mode, data] of replies) {
        it(`is dead when it ${name}`, async () => {
          const world = await networkHelpers.loadFixture(dead);
          await world.hostile.teach(selector.latestRoundData, mode, data);
          await expect(bench.fixAt(world, world.expiry + DEAD_FEED_DELAY, "0x"))
            .to.emit(world.oracle, "PriceSettled")
            .withArgs(...settled(world, Step.MarkFeedDead));
        });
      }

      it("is dead when its code is gone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await networkHelpers.setCode(world.proxyAddress, "0x");
        await expect(bench.fixAt(world, world.expiry + DEAD_FEED_DELAY, "0x"))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(...settled(world, Step.MarkFeedDead));
      });
    });

    describe("when the feed answers", () => {
      const answers: [name: string, data: string][] = [
        ["an ordinary round", roundWords(roundId(1, 7), usd(2_000), 1n)],
        ["zeros", words(0n, 0n, 0n, 0n, 0n)],
        ["a negative answer", roundWords(roundId(1, 7), -1n, 1n)],
        ["a time in the far future", roundWords(roundId(1, 7), usd(2_000), 1n << 255n)],
        ["the largest clean words", words((1n << 80n) - 1n, -1n, -1n, -1n, (1n << 80n) - 1n)],
      ];
      for (const [name, data] of answers) {
        it(`reverts with FeedStillAnswers: ${name}`, async () => {
          const world = await networkHelpers.loadFixture(dead);
          await world.hostile.teach(selector.latestRoundData, Mode.Data, data);
          await expect(bench.fixAt(world, world.expiry + DEAD_FEED_DELAY, "0x"))
            .to.be.revertedWithCustomError(world.oracle, "FeedStillAnswers")
            .withArgs(world.proxyAddress);
        });
      }

      it("reverts with FeedStillAnswers until T + 30 d − 1 and settles at the mark from T + 30 d", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await expect(bench.fixAt(world, world.expiry + MARK_DELAY - 1n, "0x"))
          .to.be.revertedWithCustomError(world.oracle, "FeedStillAnswers")
          .withArgs(world.proxyAddress);
        await expect(bench.fixAt(world, world.expiry + MARK_DELAY, "0x"))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(...settled(world, Step.MarkOverdue));
      });
    });

    describe("when a round can still be proven", () => {
      it("a wrong hint is an error at any time, never the mark", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await bench.round(world.aggregator, 2n, usd(2_100), world.expiry - 600n);
        await bench.round(world.aggregator, 3n, usd(2_200), world.expiry + 30n);
        for (const delay of [DEAD_FEED_DELAY, MARK_DELAY]) {
          await expect(bench.fixAt(world, world.expiry + delay, [roundId(1, 1)]))
            .to.be.revertedWithCustomError(world.oracle, "NotLastRound")
            .withArgs(roundId(1, 1), roundId(1, 2));
        }
        await bench.fixAt(world, world.expiry + 2n * MARK_DELAY, [roundId(1, 2)]);
        const state = await world.oracle.fixingState(world.fixing);
        expect([state.settlementPrice, state.step]).to.deep.equal([usd(2_100), Step.Round]);
      });
    });

    describe("when the caller starves the read of gas", () => {
      /** Gas of the whole call, so that about `left` is there at the bounded read. */
      async function callWithGas(world: SingleFeed, time: bigint, gasLimit: bigint) {
        await bench.at(time);
        const { oracle, feed, profile, expiry } = world;
        return oracle.fix(feed, profile, expiry, "0x", { gasLimit });
      }

      it("reverts with GasStarved on a healthy feed: it cannot look dead", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = world.expiry + DEAD_FEED_DELAY;
        let starved = 0;
        for (let gasLimit = 60_000n, i = 0n; gasLimit < 260_000n; gasLimit += 4_999n, i++) {
          try {
            await callWithGas(world, time + i, gasLimit);
            expect.fail(`settled with ${gasLimit} gas`);
          } catch (error) {
            const text = String(error);
            expect(text).to.match(/GasStarved|FeedStillAnswers/);
            if (text.includes("GasStarved")) starved++;
          }
        }
        expect(starved).to.be.greaterThan(20);
        expect(await bench.word(world)).to.equal(packWord(world));
      });

      it("names what was left and what is needed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const sent = callWithGas(world, world.expiry + DEAD_FEED_DELAY, 190_000n);
        await expect(sent)
          .to.be.revertedWithCustomError(world.oracle, "GasStarved")
          .withArgs((left: bigint) => left > 150_000n && left <= GAS_NEEDED, GAS_NEEDED);
      });

      it("settles a dead feed only with the full gas for its read", async () => {
        const world = await networkHelpers.loadFixture(dead);
        await world.hostile.teach(selector.latestRoundData, Mode.BurnGas, "0x");
        const time = world.expiry + DEAD_FEED_DELAY;
        await expect(callWithGas(world, time, 190_000n))
          .to.be.revertedWithCustomError(world.oracle, "GasStarved")
          .withArgs((left: bigint) => left <= GAS_NEEDED, GAS_NEEDED);
        await expect(callWithGas(world, time + 1n, 210_000n))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(...settled(world, Step.MarkFeedDead));
      });
    });
  });
});
