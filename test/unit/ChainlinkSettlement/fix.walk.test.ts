import { expect } from "chai";
import { network } from "hardhat";

import type { ScriptedAggregator } from "../../../types/ethers-contracts/index.ts";
import {
  ANSWER_BOUND,
  Bench,
  DAY,
  GAS_NEEDED,
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
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

interface Scripted extends SingleFeed {
  rounds: ScriptedAggregator;
}

/** A fixing on an aggregator whose rounds a test writes; round 1 is the mark, round 2 is ten minutes before T. */
async function scripted(missingReverts: boolean): Promise<Scripted> {
  const world = await bench.deploy();
  const rounds = await bench.scriptedAggregator(missingReverts);
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [rounds]);
  await rounds.publish(1n, world.mark, world.markTime);
  const proxyAddress = await proxy.getAddress();
  const feed = `0x${"00".repeat(12)}${proxyAddress.slice(2).toLowerCase()}`;
  const fixing = await world.oracle.fixingId(feed, world.profile, world.expiry);
  await world.oracle.open(feed, world.profile, world.expiry);
  await rounds.publish(2n, usd(2_100), world.expiry - 600n);
  return { ...world, rounds, proxy, proxyAddress, feed, fixing };
}

async function zeros() {
  return scripted(false);
}

async function reverting() {
  return scripted(true);
}

type Round = { answer: bigint; updatedAt: bigint; answeredInRound: bigint };
const missing: Round = { answer: 0n, updatedAt: 0n, answeredInRound: 0n };

/** `count` incomplete rounds from id 3 on, and after them, if given, a complete one of this time. */
async function writeGap({ rounds }: Scripted, count: number, then?: bigint, gap = missing) {
  const gaps = Array.from({ length: count }, () => gap);
  const last = { answer: usd(2_200), updatedAt: then ?? 0n, answeredInRound: BigInt(3 + count) };
  await rounds.script(3n, then === undefined ? gaps : [...gaps, last]);
}

async function expectRoundTwo(world: SingleFeed) {
  await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
    .to.emit(world.oracle, "PriceSettled")
    .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.Round);
}

describe("ChainlinkSettlement", () => {
  describe("fix over incomplete rounds", () => {
    for (const [kind, fixture] of [
      ["zeros", zeros],
      ["reverts", reverting],
    ] as const) {
      describe(`when a missing round ${kind === "zeros" ? "is zeros" : "reverts"}`, () => {
        it("accepts the latest round of the phase: nothing follows it", async () => {
          await expectRoundTwo(await networkHelpers.loadFixture(fixture));
        });

        for (const count of [1, 2, 63, 64]) {
          it(`steps over ${count} to a round after T`, async () => {
            const world = await networkHelpers.loadFixture(fixture);
            await writeGap(world, count, world.expiry + 30n);
            await expectRoundTwo(world);
          });

          it(`steps over ${count} to the latest round, itself incomplete`, async () => {
            const world = await networkHelpers.loadFixture(fixture);
            await writeGap(world, count);
            await expectRoundTwo(world);
          });

          it(`finds a later round up to T behind ${count}`, async () => {
            const world = await networkHelpers.loadFixture(fixture);
            await writeGap(world, count, world.expiry);
            await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
              .to.be.revertedWithCustomError(world.oracle, "NotLastRound")
              .withArgs(roundId(1, 2), roundId(1, 3 + count));
            await bench.fixAt(world, world.expiry + DAY + 1n, [roundId(1, 3 + count)]);
            const state = await world.oracle.fixingState(world.fixing);
            expect(state.settlementPrice).to.equal(usd(2_200));
          });
        }

        it("reads a 65th that is the latest round of the phase: nothing follows it", async () => {
          const world = await networkHelpers.loadFixture(fixture);
          await writeGap(world, 65);
          await expectRoundTwo(world);
        });

        for (const [follows, offset] of [
          ["a round up to T", 0n],
          ["a round after T", 30n],
        ] as const) {
          it(`reverts with TooManyIncomplete at 65 before ${follows}`, async () => {
            const world = await networkHelpers.loadFixture(fixture);
            await writeGap(world, 65, world.expiry + offset);
            await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
              .to.be.revertedWithCustomError(world.oracle, "TooManyIncomplete")
              .withArgs(roundId(1, 2), 64n);
          });
        }

        it("reverts with TooManyIncomplete at 65 before one more", async () => {
          const world = await networkHelpers.loadFixture(fixture);
          await writeGap(world, 66);
          await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
            .to.be.revertedWithCustomError(world.oracle, "TooManyIncomplete")
            .withArgs(roundId(1, 2), 64n);
        });

        it("takes the round behind 65 when that is the last up to T", async () => {
          const world = await networkHelpers.loadFixture(fixture);
          await writeGap(world, 65, world.expiry - 5n);
          await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 68)]))
            .to.emit(world.oracle, "PriceSettled")
            .withArgs(world.fixing, usd(2_200), roundId(1, 68), Step.Round);
        });
      });
    }

    describe("when a round is incomplete in another way", () => {
      const flux: [name: string, round: (expiry: bigint) => Round][] = [
        ["has no time", () => ({ answer: usd(2_150), updatedAt: 0n, answeredInRound: 3n })],
        [
          "carries over an answer",
          (t) => ({ answer: usd(2_150), updatedAt: t, answeredInRound: 2n }),
        ],
        ["answers zero", (t) => ({ answer: 0n, updatedAt: t, answeredInRound: 3n })],
        ["answers below zero", (t) => ({ answer: -1n, updatedAt: t, answeredInRound: 3n })],
        ["answers 2^96", (t) => ({ answer: ANSWER_BOUND, updatedAt: t, answeredInRound: 3n })],
      ];
      for (const [name, round] of flux) {
        it(`is no candidate and no end when it ${name}`, async () => {
          const world = await networkHelpers.loadFixture(zeros);
          await writeGap(world, 1, world.expiry + 30n, round(world.expiry - 60n));
          await expect(bench.fixAt(world, world.expiry + DAY - 1n, [roundId(1, 3)]))
            .to.be.revertedWithCustomError(world.oracle, "RoundIncomplete")
            .withArgs(roundId(1, 3));
          await expectRoundTwo(world);
        });

        it(`does not end the walk after T either when it ${name}`, async () => {
          const world = await networkHelpers.loadFixture(zeros);
          await writeGap(world, 66, undefined, round(world.expiry + 60n));
          await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
            .to.be.revertedWithCustomError(world.oracle, "TooManyIncomplete")
            .withArgs(roundId(1, 2), 64n);
        });
      }
    });

    describe("when the feed is hostile to single reads", () => {
      /** As `zeros`, but the proxy itself is scripted: rounds 2 and 4 are good, round 3 is as a test wants it. */
      async function hostile() {
        const world = await bench.deployOpen();
        const feed = await bench.turnHostile(world);
        const { expiry } = world;
        const teach = (call: string, data: string) => feed.teach(call, Mode.Data, data);
        await teach(selector.decimals, words(8n));
        await teach(selector.phaseId, words(1n));
        await teach(selector.latestRound, words(roundId(1, 4)));
        const good: [bigint, bigint, bigint][] = [
          [roundId(1, 2), usd(2_100), expiry - 600n],
          [roundId(1, 4), usd(2_200), expiry + 30n],
        ];
        for (const [id, answer, time] of good) {
          await teach(getRound(id), roundWords(id, answer, time));
        }
        return { ...world, hostile: feed };
      }
      const getRound = (id: bigint) => selector.getRoundData + words(id).slice(2);

      for (const [name, mode, data] of [
        ["burns all gas", Mode.BurnGas, "0x"],
        ["is a return bomb", Mode.ReturnBomb, "0x"],
        ["is a revert bomb", Mode.RevertBomb, "0x"],
        ["is 64 bytes", Mode.Data, words(roundId(1, 3), usd(1))],
        ["is 159 bytes", Mode.Data, roundWords(roundId(1, 3), usd(1), 1n).slice(0, -2)],
        ["is of another round", Mode.Data, roundWords(roundId(1, 4), usd(1), 1n)],
        [
          "has a dirty id",
          Mode.Data,
          words((1n << 80n) | roundId(1, 3), usd(1), 1n, 1n, roundId(1, 3)),
        ],
        ["has a dirty answeredInRound", Mode.Data, words(roundId(1, 3), usd(1), 1n, 1n, 1n << 80n)],
      ] as const) {
        it(`steps over a round that ${name}`, async () => {
          const world = await networkHelpers.loadFixture(hostile);
          await world.hostile.teach(getRound(roundId(1, 3)), mode, data);
          await expectRoundTwo(world);
        });
      }

      it("reverts with DecimalsUnreadable, PhaseUnreadable or LatestRoundUnreadable when these fail", async () => {
        const world = await networkHelpers.loadFixture(hostile);
        let time = world.expiry + DAY;
        for (const [call, error, bits, argument] of [
          [selector.latestRound, "LatestRoundUnreadable", 64n, 1n],
          [selector.phaseId, "PhaseUnreadable", 16n, world.proxyAddress],
          [selector.decimals, "DecimalsUnreadable", 8n, world.proxyAddress],
        ] as const) {
          for (const [mode, data] of [
            [Mode.Revert, "0x"],
            [Mode.Data, "0x0001"],
            [Mode.Data, words(1n << bits)],
            [Mode.BurnGas, "0x"],
          ] as const) {
            // A word of 2 << 64 for latestRound() reads well and belongs to another phase.
            const reply =
              call === selector.latestRound && data.length > 10 ? words(roundId(2, 4)) : data;
            await world.hostile.teach(call, mode, reply);
            await expect(bench.fixAt(world, time++, [roundId(1, 2)]))
              .to.be.revertedWithCustomError(world.oracle, error)
              .withArgs(argument);
          }
        }
      });

      it("reverts with PhaseWentBack when the proxy is in an earlier phase", async () => {
        const world = await networkHelpers.loadFixture(hostile);
        await world.hostile.teach(selector.phaseId, Mode.Data, words(0n));
        await expect(bench.fixAt(world, world.expiry + DAY, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(world.oracle, "PhaseWentBack")
          .withArgs(0n, 1n);
      });

      it("reverts with GasStarved wherever the gas runs out, and settles with the rest", async () => {
        const world = await networkHelpers.loadFixture(hostile);
        const { oracle, feed, profile, expiry } = world;
        await world.hostile.teach(getRound(roundId(1, 3)), Mode.BurnGas, "0x");
        const proof = words(32n, 1n, roundId(1, 2));
        let time = expiry + DAY;
        let gasLimit = 180_000n;
        for (; gasLimit < 600_000n; gasLimit += 10_007n) {
          await bench.at(time++);
          try {
            await oracle.fix(feed, profile, expiry, proof, { gasLimit });
            break;
          } catch (error) {
            expect(String(error), `${gasLimit} gas`).to.match(/GasStarved/);
            expect(await bench.word(world)).to.equal(packWord(world));
          }
        }
        expect(gasLimit)
          .to.be.greaterThan(GAS_NEEDED + 150_000n)
          .and.lessThan(450_000n);
        expect((await oracle.fixingState(world.fixing)).settlementPrice).to.equal(usd(2_100));
      });
    });
  });
});
