import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { encodeHints, findHintsAt } from "../../../scripts/lib/roundHints.ts";
import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, setNow, valueOf } from "../../fixtures/sources.ts";
import {
  ANSWER_BOUND,
  END_DELAY,
  MAX_AGE,
  Mode,
  roundId,
  roundWords,
  selector,
  usd,
  words,
} from "../ChainlinkSettlement/support.ts";
import { TIME, deployHostile, deployPush, rounds, settle, teach } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  return deployPush(connection);
}

type World = Awaited<ReturnType<typeof deployed>>;

/** Rounds of phase 1 ten minutes before TIME and thirty seconds after it. */
async function published() {
  const world = await networkHelpers.loadFixture(deployed);
  await rounds(world.aggregator, [-600n, 30n]);
  await settle(connection);
  return world;
}

/** Adds a phase whose rounds have these times after TIME; dollars 1,000 × phase + round. */
async function addPhase({ proxy }: World, phase: number, offsets: bigint[]) {
  const aggregator = await ethers.deployContract("MockV3Aggregator", [8, 0n]);
  for (const [i, offset] of offsets.entries()) {
    const time = TIME + offset;
    await aggregator.updateRoundData(i + 1, usd(1_000 * phase + i + 1), time, time);
  }
  await confirm({ proxy }, await aggregator.getAddress());
  return aggregator;
}

async function confirm({ proxy }: Pick<World, "proxy">, aggregator: string): Promise<void> {
  await proxy.proposeAggregator(aggregator);
  await proxy.confirmAggregator(aggregator);
}

/** The value that these hints give. */
async function proven({ source }: Pick<World, "source">, hints: bigint[]) {
  return valueOf(source, TIME, encodeHints(hints));
}

/** The value that the hints give which the search finds; the search finds these. */
async function found(world: World, hints: bigint[]) {
  const result = await findHintsAt(ethers.provider, await world.proxy.getAddress(), TIME);
  expect(result?.hints).to.deep.equal(hints);
  return proven(world, hints);
}

describe("ChainlinkPush", () => {
  describe("valueAt", () => {
    describe("when the phase has a fresh round up to the time", () => {
      it("gives its answer, maximal with the phase as rank", async () => {
        const world = await published();
        const value = await found(world, [roundId(1, 2)]);
        expect(value).to.deep.equal({ price: usd(2_002), form: MAXIMAL | 1n });
      });

      it("takes one published in that second", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [-1n, 0n, 1n]);
        await settle(connection);
        expect((await found(world, [roundId(1, 3)])).price).to.equal(usd(2_003));
      });

      it("takes the last of those published in that second", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [0n, 0n, 0n]);
        await settle(connection);
        expect((await found(world, [roundId(1, 4)])).price).to.equal(usd(2_004));
        await expect(proven(world, [roundId(1, 3)]))
          .to.be.revertedWithCustomError(world.source, "NotLastRound")
          .withArgs(roundId(1, 3), roundId(1, 4));
      });

      it("takes one of 3,900 s and reverts with MarkTooOld at 3,901 s", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [-MAX_AGE]);
        await settle(connection);
        expect((await found(world, [roundId(1, 2)])).price).to.equal(usd(2_002));
        await rounds(world.aggregator, [-MAX_AGE - 1n]);
        await expect(proven(world, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.source, "MarkTooOld")
          .withArgs(MAX_AGE + 1n, MAX_AGE);
      });

      it("gives values of many times, each with its own hint", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [-900n, -600n, -300n, 0n, 300n]);
        await settle(connection);
        for (const [back, round] of [
          [0n, 5],
          [299n, 4],
          [301n, 3],
          [900n, 2],
        ] as const) {
          const time = TIME - back;
          const hints = encodeHints([roundId(1, round)]);
          expect((await valueOf(world.source, time, hints)).price).to.equal(usd(2_000 + round));
        }
      });
    });

    describe("when the phase changed around the time", () => {
      it("takes the new phase's round, of a higher rank", async () => {
        const world = await published();
        await addPhase(world, 2, [-700n, 50n]);
        const value = await found(world, [roundId(2, 1)]);
        expect(value).to.deep.equal({ price: usd(2_001), form: MAXIMAL | 2n });
      });

      it("takes the old phase's last round when the new one starts one second later", async () => {
        const world = await published();
        await addPhase(world, 2, [1n]);
        const value = await found(world, [0n, roundId(1, 2)]);
        expect(value).to.deep.equal({ price: usd(2_002), form: MAXIMAL | 1n });
      });

      it("passes a phase whose last round is old, to a fresh one below", async () => {
        const world = await published();
        await addPhase(world, 2, [-MAX_AGE - 1n, 60n]);
        expect((await found(world, [roundId(2, 1), roundId(1, 2)])).price).to.equal(usd(2_002));
      });

      it("passes a phase of one round after the time and one that was skipped", async () => {
        const world = await published();
        await confirm(world, ZeroAddress);
        await addPhase(world, 3, [60n]);
        await addPhase(world, 4, []);
        expect((await found(world, [0n, 0n, 0n, roundId(1, 2)])).price).to.equal(usd(2_002));
      });

      it("takes a phase of one round", async () => {
        const world = await published();
        await addPhase(world, 2, [-5n]);
        expect((await found(world, [roundId(2, 1)])).form).to.equal(MAXIMAL | 2n);
      });

      it("reverts with HintsIncomplete when a phase is left", async () => {
        const world = await published();
        await addPhase(world, 2, [1n]);
        await addPhase(world, 3, [1n]);
        await expect(proven(world, [0n, 0n]))
          .to.be.revertedWithCustomError(world.source, "HintsIncomplete")
          .withArgs(2n, 3n);
      });

      it("reverts with HintsLeftOver behind the fresh round, and behind the first phase", async () => {
        const world = await published();
        await expect(proven(world, [roundId(1, 2), 0n]))
          .to.be.revertedWithCustomError(world.source, "HintsLeftOver")
          .withArgs(2n, 1n);
        await rounds(world.aggregator, [-MAX_AGE - 1n, 1n]);
        await expect(proven(world, [roundId(1, 2), 0n, 0n]))
          .to.be.revertedWithCustomError(world.source, "HintsLeftOver")
          .withArgs(3n, 1n);
      });

      it("reverts with MarkTooOld when no phase has one, by the age of the newest", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [-MAX_AGE - 9n]);
        await addPhase(world, 2, [-MAX_AGE - 5n, 1n]);
        await addPhase(world, 3, [1n]);
        await settle(connection);
        await expect(proven(world, [0n, roundId(2, 1), roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.source, "MarkTooOld")
          .withArgs(MAX_AGE + 5n, MAX_AGE);
        const address = await world.proxy.getAddress();
        expect(await findHintsAt(ethers.provider, address, TIME)).to.equal(undefined);
      });

      it("reverts with NoRoundBeforeExpiry near the beginning of time: no round is not a fresh one", async () => {
        const { source } = await published();
        for (const time of [0n, 1n, MAX_AGE]) {
          await expect(valueOf(source, time, encodeHints([0n])))
            .to.be.revertedWithCustomError(source, "NoRoundBeforeExpiry")
            .withArgs(time);
        }
      });

      it("gives a value of a lower rank when the phase goes back, and none in phase 0", async () => {
        await networkHelpers.loadFixture(deployed);
        const { feed, source } = await deployHostile(connection);
        const round = (id: bigint, answer: bigint, offset: bigint) =>
          teach(feed, getRound(id), roundWords(id, answer, TIME + offset));
        for (const phase of [2, 3]) {
          await round(roundId(phase, 1), usd(2_000 + phase), -60n);
          await round(roundId(phase, 2), usd(1), 60n);
        }
        await settle(connection);
        const three = await proven({ source }, [roundId(3, 1)]);
        expect(three).to.deep.equal({ price: usd(2_003), form: MAXIMAL | 3n });
        await teach(feed, selector.phaseId, words(2n));
        const two = await proven({ source }, [roundId(2, 1)]);
        expect(two).to.deep.equal({ price: usd(2_002), form: MAXIMAL | 2n });
        await teach(feed, selector.phaseId, words(0n));
        await expect(proven({ source }, [0n]))
          .to.be.revertedWithCustomError(source, "PhaseWentBack")
          .withArgs(0n, 1n);
      });
    });

    describe("when the hint is wrong", () => {
      it("reverts with HintOutOfPhase", async () => {
        const world = await published();
        for (const hint of [roundId(2, 2), roundId(1, 0), 2n, roundId(65_537, 2)]) {
          await expect(valueOf(world.source, TIME, words(32n, 1n, hint)))
            .to.be.revertedWithCustomError(world.source, "HintOutOfPhase")
            .withArgs(hint, 1n);
        }
      });

      it("reverts with RoundIncomplete for a round that is not there", async () => {
        const world = await published();
        await expect(proven(world, [roundId(1, 9)]))
          .to.be.revertedWithCustomError(world.source, "RoundIncomplete")
          .withArgs(roundId(1, 9));
      });

      it("reverts with RoundAfterExpiry for a later round", async () => {
        const world = await published();
        await expect(proven(world, [roundId(1, 3)]))
          .to.be.revertedWithCustomError(world.source, "RoundAfterExpiry")
          .withArgs(TIME + 30n, TIME);
      });

      it("reverts with NotLastRound for an earlier round, and for none", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await rounds(world.aggregator, [-600n, -300n, 30n]);
        await settle(connection);
        await expect(proven(world, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.source, "NotLastRound")
          .withArgs(roundId(1, 2), roundId(1, 3));
        await expect(proven(world, [0n]))
          .to.be.revertedWithCustomError(world.source, "NotLastRound")
          .withArgs(0n, roundId(1, 1));
      });

      it("reverts with ProofMalformed for anything but abi.encode(uint80[]) of a hint or more", async () => {
        const { source } = await published();
        const good = words(32n, 1n, roundId(1, 2));
        for (const [proof, length] of [
          ["0x", 0n],
          [words(32n, 0n), 64n],
          [good.slice(0, -2), 95n],
          [`${good}00`, 97n],
          [words(64n, 1n, roundId(1, 2)), 96n],
          [words(32n, 2n, roundId(1, 2)), 96n],
          [words(32n, 1n, roundId(1, 2), 0n), 128n],
        ] as const) {
          await expect(valueOf(source, TIME, proof))
            .to.be.revertedWithCustomError(source, "ProofMalformed")
            .withArgs(length);
        }
      });
    });

    describe("when it is asked early", () => {
      it("reverts with TooEarlyToFix at the time itself and before", async () => {
        const { source, aggregator } = await networkHelpers.loadFixture(deployed);
        await rounds(aggregator, [-600n, 30n]);
        const hints = encodeHints([roundId(1, 2)]);
        await setNow(connection, TIME);
        await expect(valueOf(source, TIME, hints))
          .to.be.revertedWithCustomError(source, "TooEarlyToFix")
          .withArgs(TIME, TIME + 1n);
        await setNow(connection, TIME + 1n);
        expect((await valueOf(source, TIME, hints)).price).to.equal(usd(2_002));
        const last = (1n << 40n) - 1n;
        await expect(valueOf(source, last, hints))
          .to.be.revertedWithCustomError(source, "TooEarlyToFix")
          .withArgs(TIME + 1n, last + 1n);
      });

      it("waits 300 s for a round that may still be on its way", async () => {
        const { source, aggregator } = await networkHelpers.loadFixture(deployed);
        await rounds(aggregator, [-600n]);
        const hints = encodeHints([roundId(1, 2)]);
        await setNow(connection, TIME + END_DELAY - 1n);
        await expect(valueOf(source, TIME, hints))
          .to.be.revertedWithCustomError(source, "TooEarlyToFix")
          .withArgs(TIME + END_DELAY - 1n, TIME + END_DELAY);
        await setNow(connection, TIME + END_DELAY);
        expect((await valueOf(source, TIME, hints)).price).to.equal(usd(2_002));
      });
    });

    it("reverts with WrongFee for value", async () => {
      const { source } = await published();
      const hints = encodeHints([roundId(1, 2)]);
      await expect(source.valueAt.staticCall(TIME, hints, { value: 5n }))
        .to.be.revertedWithCustomError(source, "WrongFee")
        .withArgs(5n, 0n);
    });

    it("reverts with DecimalsChanged when the feed changed its scale, also for times before", async () => {
      const world = await published();
      const rescaled = await ethers.deployContract("MockV3Aggregator", [18, usd(2_000)]);
      await confirm(world, await rescaled.getAddress());
      await expect(proven(world, [0n, roundId(1, 2)]))
        .to.be.revertedWithCustomError(world.source, "DecimalsChanged")
        .withArgs(8n, 18n);
    });

    describe("when rounds are incomplete", () => {
      const missing = { answer: 0n, updatedAt: 0n, answeredInRound: 0n };

      /** Phase 2 is an aggregator whose rounds a test writes; a round that was not written answers zeros. */
      async function scripted() {
        const world = await networkHelpers.loadFixture(deployed);
        const aggregator = await ethers.deployContract("ScriptedAggregator", [8, false]);
        await confirm(world, await aggregator.getAddress());
        await settle(connection);
        return { ...world, scripted: aggregator };
      }

      for (const [name, round] of [
        ["is missing", missing],
        ["has no time", { answer: usd(2), updatedAt: 0n, answeredInRound: 2n }],
        ["carries over an answer", { answer: usd(2), updatedAt: TIME, answeredInRound: 1n }],
        ["answers zero", { answer: 0n, updatedAt: TIME, answeredInRound: 2n }],
        ["answers below zero", { answer: -1n, updatedAt: TIME, answeredInRound: 2n }],
        ["answers 2^96", { answer: ANSWER_BOUND, updatedAt: TIME, answeredInRound: 2n }],
      ] as const) {
        it(`takes the last complete round before one that ${name}`, async () => {
          const world = await scripted();
          const [good, later] = [
            { answer: usd(2_001), updatedAt: TIME - 60n, answeredInRound: 1n },
            { answer: usd(2_003), updatedAt: TIME + 60n, answeredInRound: 3n },
          ];
          await world.scripted.script(1n, [good, round, later]);
          expect((await found(world, [roundId(2, 1)])).price).to.equal(usd(2_001));
          await expect(proven(world, [roundId(2, 2)]))
            .to.be.revertedWithCustomError(world.source, "RoundIncomplete")
            .withArgs(roundId(2, 2));
        });
      }

      it("takes a round behind incomplete ones rather than the older one", async () => {
        const world = await scripted();
        const [good, later] = [
          { answer: usd(2_001), updatedAt: TIME - 60n, answeredInRound: 1n },
          { answer: usd(2_004), updatedAt: TIME - 1n, answeredInRound: 4n },
        ];
        await world.scripted.script(1n, [good, missing, missing, later]);
        expect((await found(world, [roundId(2, 4)])).price).to.equal(usd(2_004));
        await expect(proven(world, [roundId(2, 1)]))
          .to.be.revertedWithCustomError(world.source, "NotLastRound")
          .withArgs(roundId(2, 1), roundId(2, 4));
      });

      it("reverts with TooManyIncomplete behind 64 that are not the end", async () => {
        const world = await scripted();
        const good = { answer: usd(2_001), updatedAt: TIME - 60n, answeredInRound: 1n };
        const gap = Array.from({ length: 66 }, () => missing);
        await world.scripted.script(1n, [good, ...gap]);
        await expect(proven(world, [roundId(2, 1)]))
          .to.be.revertedWithCustomError(world.source, "TooManyIncomplete")
          .withArgs(roundId(2, 1), 64n);
      });
    });

    describe("when the feed is hostile", () => {
      /** Rounds 2 and 4 of phase 3 are good, round 3 is as a test wants it. */
      async function hostile() {
        await networkHelpers.loadFixture(deployed);
        const world = await deployHostile(connection);
        const { feed } = world;
        await teach(feed, selector.latestRound, words(roundId(3, 4)));
        for (const [id, offset] of [
          [roundId(3, 2), -600n],
          [roundId(3, 4), 30n],
        ] as const) {
          await teach(feed, getRound(id), roundWords(id, usd(2_000), TIME + offset));
        }
        await settle(connection);
        return world;
      }

      for (const [name, mode, data] of [
        ["burns all gas", Mode.BurnGas, "0x"],
        ["is a return bomb", Mode.ReturnBomb, "0x"],
        ["is a revert bomb", Mode.RevertBomb, "0x"],
        ["is 64 bytes", Mode.Data, words(roundId(3, 3), usd(1))],
        ["is of another round", Mode.Data, roundWords(roundId(3, 4), usd(1), 1n)],
        ["has a dirty answeredInRound", Mode.Data, words(roundId(3, 3), usd(1), 1n, 1n, 1n << 80n)],
      ] as const) {
        it(`steps over a round that ${name}`, async () => {
          const world = await hostile();
          await world.feed.teach(getRound(roundId(3, 3)), mode, data);
          expect((await proven(world, [roundId(3, 2)])).price).to.equal(usd(2_000));
        });
      }

      it("reverts with PhaseUnreadable, AggregatorUnreadable and LatestRoundUnreadable when these fail", async () => {
        const { feed, feedAddress, source } = await hostile();
        await feed.teach(selector.latestRound, Mode.BurnGas, "0x");
        await expect(proven({ source }, [roundId(3, 2)]))
          .to.be.revertedWithCustomError(source, "LatestRoundUnreadable")
          .withArgs(3n);
        await teach(feed, selector.phaseId, words(4n));
        await teach(feed, selector.latestRound, words(roundId(4, 0)));
        await expect(proven({ source }, [0n, roundId(3, 2)]))
          .to.be.revertedWithCustomError(source, "AggregatorUnreadable")
          .withArgs(3n);
        await teach(feed, selector.phaseId, words(1n << 16n));
        await expect(proven({ source }, [roundId(3, 2)]))
          .to.be.revertedWithCustomError(source, "PhaseUnreadable")
          .withArgs(feedAddress);
      });

      it("reverts with SourcePriceInvalid for an answer beyond all prices", async () => {
        const { feed, source } = await hostile();
        const id = roundId(3, 2);
        await teach(feed, getRound(id), roundWords(id, MAX_PRICE + 1n, TIME - 600n));
        await expect(proven({ source }, [id]))
          .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
          .withArgs(MAX_PRICE + 1n);
      });

      it("reverts with GasStarved wherever the gas runs out", async () => {
        const { feed, source } = await hostile();
        await feed.teach(getRound(roundId(3, 3)), Mode.BurnGas, "0x");
        const hints = encodeHints([roundId(3, 2)]);
        for (let gasLimit = 120_000n; gasLimit < 600_000n; gasLimit += 10_007n) {
          try {
            await source.valueAt.staticCall(TIME, hints, { gasLimit });
            return;
          } catch (error) {
            expect(String(error), `${gasLimit} gas`).to.match(/GasStarved/);
          }
        }
        expect.fail("never enough gas");
      });
    });
  });
});

const getRound = (id: bigint) => selector.getRoundData + words(id).slice(2);
