import { expect } from "chai";
import { network } from "hardhat";

import { Bench, GAS, HOUR, MAX_AGE, Mode, packWord, roundId, selector, usd } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function notOpen() {
  return bench.deploy();
}

async function opened() {
  return bench.deployOpen();
}

describe("ChainlinkSettlement", () => {
  describe("refreshMark", () => {
    describe("when a newer round is out", () => {
      it("moves mark and mark time and leaves the rest of the word", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, aggregator, feed, profile, expiry, markTime } = world;
        await bench.round(aggregator, 2n, usd(2_345), markTime + HOUR);
        await bench.at(markTime + HOUR + 5n);
        await oracle.refreshMark(feed, profile, expiry);
        const expected = packWord({ mark: usd(2_345), markTime: markTime + HOUR });
        expect(await bench.word(world)).to.equal(expected);
      });

      it("emits MarkRefreshed and returns the mark", async () => {
        const { oracle, aggregator, feed, profile, expiry, fixing, markTime } =
          await networkHelpers.loadFixture(opened);
        await bench.round(aggregator, 2n, usd(2_345), markTime + HOUR);
        await bench.at(markTime + HOUR);
        await networkHelpers.mine();
        expect(await oracle.refreshMark.staticCall(feed, profile, expiry)).to.equal(usd(2_345));
        await expect(oracle.refreshMark(feed, profile, expiry))
          .to.emit(oracle, "MarkRefreshed")
          .withArgs(fixing, usd(2_345), markTime + HOUR, roundId(1, 2));
      });

      it("takes a round of a later phase, and the phase along", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, feed, profile, expiry, fixing, markTime } = world;
        await bench.at(markTime + HOUR);
        const next = await ethers.deployContract("MockV3Aggregator", [8, usd(2_100)]);
        await bench.nextPhase(world, await next.getAddress());
        await oracle.refreshMark(feed, profile, expiry);
        const state = await oracle.fixingState(fixing);
        expect([state.mark, state.phase]).to.deep.equal([usd(2_100), 2n]);
      });
    });

    describe("when no newer round is out", () => {
      it("reverts with MarkNotNewer for the mark's own round", async () => {
        const { oracle, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(opened);
        await expect(oracle.refreshMark(feed, profile, expiry))
          .to.be.revertedWithCustomError(oracle, "MarkNotNewer")
          .withArgs(markTime, markTime);
      });

      it("reverts with MarkNotNewer for another round of the same second or an earlier one", async () => {
        const { oracle, aggregator, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(opened);
        for (const updatedAt of [markTime, markTime - 1n]) {
          await bench.round(aggregator, 2n, usd(2_345), updatedAt);
          await expect(oracle.refreshMark(feed, profile, expiry))
            .to.be.revertedWithCustomError(oracle, "MarkNotNewer")
            .withArgs(updatedAt, markTime);
        }
      });
    });

    describe("when the round is not accepted", () => {
      it("reverts with MarkTooOld past 3,900 s", async () => {
        const { oracle, aggregator, feed, profile, expiry, markTime } =
          await networkHelpers.loadFixture(opened);
        await bench.round(aggregator, 2n, usd(2_345), markTime + HOUR);
        await bench.at(markTime + HOUR + MAX_AGE + 1n);
        await expect(oracle.refreshMark(feed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "MarkTooOld")
          .withArgs(MAX_AGE + 1n, MAX_AGE);
      });

      it("reverts with FeedUnreadable when the feed is dead", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const hostile = await bench.turnHostile(world);
        await hostile.teach(selector.decimals, Mode.Data, `0x${"00".repeat(31)}08`);
        await expect(world.oracle.refreshMark(world.feed, world.profile, world.expiry, GAS))
          .to.be.revertedWithCustomError(world.oracle, "FeedUnreadable")
          .withArgs(world.proxyAddress);
      });
    });

    describe("when decimals changed or do not read", () => {
      it("reverts with DecimalsChanged", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const next = await ethers.deployContract("MockV3Aggregator", [18, 2_000n * 10n ** 18n]);
        await bench.nextPhase(world, await next.getAddress());
        await expect(world.oracle.refreshMark(world.feed, world.profile, world.expiry))
          .to.be.revertedWithCustomError(world.oracle, "DecimalsChanged")
          .withArgs(8n, 18n);
      });

      it("reverts with DecimalsUnreadable", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await bench.turnHostile(world);
        await expect(world.oracle.refreshMark(world.feed, world.profile, world.expiry, GAS))
          .to.be.revertedWithCustomError(world.oracle, "DecimalsUnreadable")
          .withArgs(world.proxyAddress);
      });
    });

    describe("when it is not the time", () => {
      it("reverts with FixingNotOpen before opening", async () => {
        const { oracle, feed, profile, expiry, fixing } = await networkHelpers.loadFixture(notOpen);
        await expect(oracle.refreshMark(feed, profile, expiry))
          .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
          .withArgs(fixing);
      });

      it("moves the mark one second before the expiry and reverts with FixingWindowOver at it", async () => {
        const { oracle, aggregator, feed, profile, expiry } =
          await networkHelpers.loadFixture(opened);
        await bench.round(aggregator, 2n, usd(2_345), expiry - 10n);
        await bench.at(expiry - 1n);
        await expect(oracle.refreshMark(feed, profile, expiry)).to.emit(oracle, "MarkRefreshed");
        await bench.round(aggregator, 3n, usd(2_346), expiry - 5n);
        await bench.at(expiry);
        await expect(oracle.refreshMark(feed, profile, expiry, GAS))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(expiry, expiry);
      });
    });
  });
});
