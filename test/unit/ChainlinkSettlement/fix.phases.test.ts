import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import type { MockV3Aggregator } from "../../../types/ethers-contracts/index.ts";
import {
  Bench,
  DAY,
  END_DELAY,
  MAX_AGE,
  Mode,
  STALE_DELAY,
  Step,
  roundId,
  selector,
  usd,
  words,
} from "./support.ts";
import type { SingleFeed } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function opened() {
  return bench.deployOpen();
}

/** Adds a phase whose rounds, from 1 on, have these times; the answer is 1,000 × phase + round dollars. */
async function addPhase(
  world: SingleFeed,
  phase: number,
  times: bigint[],
): Promise<MockV3Aggregator> {
  const aggregator = await bench.mockAggregator();
  for (const [i, time] of times.entries()) {
    await bench.round(aggregator, BigInt(i + 1), usd(1_000 * phase + i + 1), time);
  }
  await bench.nextPhase(world, await aggregator.getAddress());
  return aggregator;
}

/** Rounds 2, 3, … of phase 1 at these times. */
async function extend(world: SingleFeed, times: bigint[]) {
  for (const [i, time] of times.entries()) {
    await bench.round(world.aggregator, BigInt(i + 2), usd(1_002 + i), time);
  }
}

async function expectSettled(
  world: SingleFeed,
  hints: bigint[],
  price: number,
  step = Step.Round,
  time = world.expiry + STALE_DELAY,
) {
  const round = hints.at(-1) === 0n ? hints.find((hint) => hint !== 0n) : hints.at(-1);
  const id = step === Step.Round ? round : hints.find((hint) => expected(hint) === price);
  await expect(bench.fixAt(world, time, hints))
    .to.emit(world.oracle, "PriceSettled")
    .withArgs(world.fixing, usd(price), id, step);
}

const expected = (hint: bigint) => Number(1_000n * (hint >> 64n) + BigInt.asUintN(64, hint));

describe("ChainlinkSettlement", () => {
  describe("fix across phases", () => {
    describe("when the phase changes around T", () => {
      it("takes the new phase's round up to T, with one hint", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry - 50n, expiry + 50n]);
        await expectSettled(world, [roundId(2, 1)], 2_001);
      });

      it("takes the old phase's last round when the new one starts at T + 1", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry + 1n]);
        await expectSettled(world, [0n, roundId(1, 2)], 1_002);
      });

      it("takes the new phase's round at exactly T", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry]);
        await expect(bench.fixAt(world, expiry + 1n, [0n, roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "NotLastRound")
          .withArgs(0n, roundId(2, 1));
        await expectSettled(world, [roundId(2, 1)], 2_001);
      });

      it("takes the old phase's last round up to T though it went on after T", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n, expiry + 5n, expiry + 25n]);
        await addPhase(world, 2, [expiry + 30n]);
        await expectSettled(world, [0n, roundId(1, 2)], 1_002);
      });

      it("refuses a hint of an old phase in the current one's place", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry + 1n]);
        await expect(bench.fixAt(world, expiry + 1n, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "HintOutOfPhase")
          .withArgs(roundId(1, 2), 2n);
        await expect(bench.fixAt(world, expiry + 2n, [0n]))
          .to.be.revertedWithCustomError(world.oracle, "HintsIncomplete")
          .withArgs(1n, 2n);
      });

      it("refuses a hint for a lower phase that is not asked", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry - 50n]);
        const time = expiry + END_DELAY;
        await expect(bench.fixAt(world, time, [roundId(2, 1), roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "HintsLeftOver")
          .withArgs(2n, 1n);
      });
    });

    describe("when the new phase has older rounds", () => {
      it("prefers it while its candidate is 3,900 s old, though the old phase's is newer", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry - MAX_AGE, expiry + 500n]);
        await expectSettled(world, [roundId(2, 1)], 2_001);
      });

      it("takes the old phase's fresh one when it is 3,901 s old", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await addPhase(world, 2, [expiry - MAX_AGE - 1n, expiry + 500n]);
        await expect(bench.fixAt(world, expiry + 1n, [roundId(2, 1)]))
          .to.be.revertedWithCustomError(world.oracle, "HintsIncomplete")
          .withArgs(1n, 2n);
        await expectSettled(world, [roundId(2, 1), roundId(1, 2)], 1_002);
      });
    });

    describe("when a phase is short or skipped", () => {
      it("takes the only round of a one-round phase", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 5_000n]);
        await addPhase(world, 2, [expiry - 60n]);
        await addPhase(world, 3, [expiry + 10n]);
        await expectSettled(world, [0n, roundId(2, 1)], 2_001);
      });

      it("steps past a phase without an aggregator, between others and at the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        await bench.nextPhase(world, ZeroAddress);
        await addPhase(world, 3, [expiry + 10n]);
        await expectSettled(world, [0n, 0n, roundId(1, 2)], 1_002);
      });

      it("steps past a phase without rounds", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        const empty = await bench.scriptedAggregator(true);
        await bench.nextPhase(world, await empty.getAddress());
        await addPhase(world, 3, [expiry + 10n]);
        await expectSettled(world, [0n, 0n, roundId(1, 2)], 1_002);
      });

      it("steps past a current phase without rounds, from T + 300 on: it may still get one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n, expiry + 10n]);
        const empty = await bench.scriptedAggregator(false);
        await bench.nextPhase(world, await empty.getAddress());
        const [time, from] = [expiry + END_DELAY - 1n, expiry + END_DELAY];
        await expect(bench.fixAt(world, time, [0n, roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
          .withArgs(time, from);
        await expectSettled(world, [0n, roundId(1, 2)], 1_002, Step.Round, from);
      });

      it("steps over 64 incomplete rounds at the start of a phase and not over 65", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 100n]);
        const late = await bench.scriptedAggregator(true);
        await bench.nextPhase(world, await late.getAddress());
        await late.publish(66n, usd(9), expiry + 10n);
        await expect(bench.fixAt(world, expiry + 1n, [0n, roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "TooManyIncomplete")
          .withArgs(0n, 64n);
        await late.publish(65n, usd(9), expiry + 10n);
        await expectSettled(world, [0n, roundId(1, 2)], 1_002);
      });
    });

    describe("when no phase has a fresh round", () => {
      /** Candidates: phase 1 at T − 9,000, phase 2 at T − `second`, phase 3 at T − `third`. */
      async function stale(second: bigint, third: bigint) {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        await extend(world, [expiry - 9_000n]);
        await addPhase(world, 2, [expiry - second]);
        await addPhase(world, 3, [expiry - third, expiry + 9_000n]);
        return world;
      }
      const all = [roundId(3, 1), roundId(2, 1), roundId(1, 2)];

      it("takes the newest candidate, wherever it is", async () => {
        for (const [second, third, price] of [
          [10_000n, 9_500n, 1_002],
          [8_000n, 9_500n, 2_001],
          [8_000n, 7_000n, 3_001],
          [MAX_AGE + 1n, MAX_AGE + 2n, 2_001],
        ] as const) {
          await expectSettled(await stale(second, third), all, price, Step.StaleRound);
        }
      });

      it("takes the higher phase of equal times", async () => {
        await expectSettled(await stale(8_000n, 8_000n), all, 3_001, Step.StaleRound);
        await expectSettled(await stale(9_000n, 9_500n), all, 2_001, Step.StaleRound);
        await expectSettled(await stale(9_000n, 9_000n), all, 3_001, Step.StaleRound);
      });

      it("reverts with HintsIncomplete while a phase is missing", async () => {
        const world = await stale(8_000n, 7_000n);
        for (const [i, hints] of [all.slice(0, 1), all.slice(0, 2)].entries()) {
          await expect(bench.fixAt(world, world.expiry + STALE_DELAY + BigInt(i), hints))
            .to.be.revertedWithCustomError(world.oracle, "HintsIncomplete")
            .withArgs(BigInt(i + 1), 3n);
        }
      });

      it("reverts with HintsLeftOver for a phase before the opening", async () => {
        const world = await stale(8_000n, 7_000n);
        await expect(bench.fixAt(world, world.expiry + STALE_DELAY, [...all, 0n]))
          .to.be.revertedWithCustomError(world.oracle, "HintsLeftOver")
          .withArgs(4n, 3n);
      });

      it("reverts with TooEarlyToFix before T + 24 h", async () => {
        const world = await stale(8_000n, 7_000n);
        const from = world.expiry + STALE_DELAY;
        await expect(bench.fixAt(world, from - 1n, all))
          .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
          .withArgs(from - 1n, from);
      });

      it("does not look at phases before the opening", async () => {
        const world = await networkHelpers.loadFixture(bench2);
        const { expiry } = world;
        await bench.round(world.aggregator, 2n, usd(1_002), expiry - 100n);
        const early = bench.fixAt(world, expiry + END_DELAY, [roundId(2, 1)]);
        await expect(early)
          .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
          .withArgs(expiry + END_DELAY, expiry + STALE_DELAY);
        await expectSettled(world, [roundId(2, 1)], 2_001, Step.StaleRound);
      });

      it("reverts with NoRoundBeforeExpiry when the feed forgot its history", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await bench.round(world.aggregator, 1n, 0n, 0n);
        await expect(bench.fixAt(world, world.expiry + DAY, [0n]))
          .to.be.revertedWithCustomError(world.oracle, "NoRoundBeforeExpiry")
          .withArgs(world.expiry);
      });
    });

    describe("when the fixing was joined in a later phase", () => {
      it("takes one hint for a stale round of that phase, not one for each since the first opening", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, feed, profile, expiry } = world;
        const guarded = await bench.scriptedAggregator(true);
        await guarded.setReader(world.proxyAddress);
        await bench.nextPhase(world, await guarded.getAddress());
        const joined = expiry - 2n * DAY;
        await guarded.publish(1n, usd(2_001), joined);
        await bench.at(joined);
        await oracle.open(feed, profile, expiry);
        await guarded.publish(2n, usd(2_002), expiry - MAX_AGE - 1n);
        await expectSettled(world, [roundId(2, 2)], 2_002, Step.StaleRound);
      });
    });

    describe("when an aggregator admits its proxy alone", () => {
      it("still shows the end of the current phase, through the proxy", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        const guarded = await bench.scriptedAggregator(true);
        await guarded.setReader(world.proxyAddress);
        await guarded.publish(1n, usd(2_001), expiry - 100n);
        await bench.nextPhase(world, await guarded.getAddress());
        await expectSettled(world, [roundId(2, 1)], 2_001);
      });

      it("reverts with LatestRoundUnreadable at the end of a replaced phase", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        const guarded = await bench.scriptedAggregator(true);
        await guarded.setReader(world.proxyAddress);
        await guarded.publish(1n, usd(2_001), expiry - 100n);
        await bench.nextPhase(world, await guarded.getAddress());
        await addPhase(world, 3, [expiry + 10n]);
        await expect(bench.fixAt(world, expiry + 1n, [0n, roundId(2, 1)]))
          .to.be.revertedWithCustomError(world.oracle, "LatestRoundUnreadable")
          .withArgs(2n);
      });

      it("needs no latest round of a replaced phase that went on after T", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { expiry } = world;
        const guarded = await bench.scriptedAggregator(true);
        await guarded.setReader(world.proxyAddress);
        await guarded.publish(1n, usd(2_001), expiry - 100n);
        await guarded.publish(2n, usd(2_002), expiry + 5n);
        await bench.nextPhase(world, await guarded.getAddress());
        await addPhase(world, 3, [expiry + 10n]);
        await expectSettled(world, [0n, roundId(2, 1)], 2_001);
      });
    });

    describe("when the proxy is hostile about a replaced phase", () => {
      it("reverts with AggregatorUnreadable or LatestRoundUnreadable", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const hostile = await bench.turnHostile(world);
        const teach = (call: string, ...reply: bigint[]) =>
          hostile.teach(call, Mode.Data, words(...reply));
        await teach(selector.decimals, 8n);
        await teach(selector.phaseId, 2n);
        await teach(selector.latestRound, roundId(2, 0));
        let time = world.expiry + DAY;
        for (const reply of ["0x", words(1n << 160n)]) {
          await hostile.teach(selector.phaseAggregators, Mode.Data, reply);
          await expect(bench.fixAt(world, time++, [0n, 0n]))
            .to.be.revertedWithCustomError(world.oracle, "AggregatorUnreadable")
            .withArgs(1n);
        }
        const aggregator = await ethers.deployContract("HostileFeed");
        await teach(selector.phaseAggregators, BigInt(await aggregator.getAddress()));
        for (const [mode, reply] of [
          [Mode.Revert, "0x"],
          [Mode.BurnGas, "0x"],
          [Mode.Data, words(1n << 64n)],
        ] as const) {
          await aggregator.teach(selector.latestRound, mode, reply);
          await expect(bench.fixAt(world, time++, [0n, 0n]))
            .to.be.revertedWithCustomError(world.oracle, "LatestRoundUnreadable")
            .withArgs(1n);
        }
      });
    });
  });
});

/** Opened in phase 2, whose only round is the mark. */
async function bench2() {
  const world = await bench.deploy();
  await addPhase(world, 2, [world.markTime]);
  await world.oracle.open(world.feed, world.profile, world.expiry);
  return world;
}
