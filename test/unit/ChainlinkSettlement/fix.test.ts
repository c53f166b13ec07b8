import { expect } from "chai";
import { AbiCoder, concat } from "ethers";
import { network } from "hardhat";

import { encodeHints } from "../../../scripts/lib/roundHints.ts";
import {
  ANSWER_BOUND,
  Bench,
  DAY,
  END_DELAY,
  MAX_AGE,
  STALE_DELAY,
  Step,
  packWord,
  roundId,
  usd,
  words,
} from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function notOpen() {
  return bench.deploy();
}

async function opened() {
  return bench.deployOpen();
}

/** Round 2 ten minutes before T, round 3 thirty seconds after it: the ordinary expiry. */
async function ordinary() {
  const world = await bench.deployOpen();
  await bench.round(world.aggregator, 2n, usd(2_100), world.expiry - 600n);
  await bench.round(world.aggregator, 3n, usd(2_200), world.expiry + 30n);
  return world;
}

describe("ChainlinkSettlement", () => {
  describe("fix", () => {
    describe("when the last round up to T is proven", () => {
      it("makes its answer final at once and writes price and step alone", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        const { oracle, feed, profile, expiry, fixing, mark, markTime } = world;
        await bench.fixAt(world, expiry + 60n, [roundId(1, 2)]);
        const expected = packWord({ price: usd(2_100), mark, markTime, step: Step.Round });
        expect(await bench.word(world)).to.equal(expected);
        expect((await oracle.price(feed, profile, expiry)).settlementPrice).to.equal(usd(2_100));
        expect((await oracle.fixingState(fixing)).step).to.equal(Step.Round);
      });

      it("emits PriceSettled", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        await expect(bench.fixAt(world, world.expiry + 60n, [roundId(1, 2)]))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.Round);
      });

      it("scales the answer by the profile's exponent and the frozen decimals", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, aggregator, feed, expiry } = world;
        const profile = words(BigInt(world.profile) | 6n);
        await oracle.open(feed, profile, expiry);
        await bench.round(aggregator, 2n, usd(2_100), expiry - 600n);
        await bench.fixAt({ ...world, profile }, expiry + END_DELAY, [roundId(1, 2)]);
        const { settlementPrice } = await oracle.price(feed, profile, expiry);
        expect(settlementPrice).to.equal(usd(2_100) * 10n ** 6n);
      });
    });

    describe("when the price is final", () => {
      it("returns it to anyone, whatever the proof, and emits nothing", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        const { oracle, feed, profile, expiry } = world;
        await bench.fixAt(world, expiry + 60n, [roundId(1, 2)]);
        const word = await bench.word(world);
        for (const proof of [encodeHints([roundId(1, 3)]), "0x", "0xdead"]) {
          expect(await oracle.fix.staticCall(feed, profile, expiry, proof)).to.equal(usd(2_100));
          const again = bench.fixAt(world, (await bench.now()) + DAY, proof);
          await expect(again).to.not.emit(oracle, "PriceSettled");
        }
        expect(await bench.word(world)).to.equal(word);
      });
    });

    describe("when it is too early or not open", () => {
      it("reverts with FixingNotOpen", async () => {
        const world = await networkHelpers.loadFixture(notOpen);
        await expect(bench.fixAt(world, world.expiry + 60n, [roundId(1, 1)]))
          .to.be.revertedWithCustomError(world.oracle, "FixingNotOpen")
          .withArgs(world.fixing);
      });

      for (const offset of [-1n, 0n]) {
        it(`reverts with TooEarlyToFix at T${offset === 0n ? "" : " − 1"}`, async () => {
          const world = await networkHelpers.loadFixture(ordinary);
          const { oracle, expiry } = world;
          await expect(bench.fixAt(world, expiry + offset, [roundId(1, 2)]))
            .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
            .withArgs(expiry + offset, expiry + 1n);
        });
      }

      it("fixes at T + 1 when a later round is out", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { aggregator, expiry } = world;
        await bench.round(aggregator, 2n, usd(2_100), expiry - 600n);
        await bench.round(aggregator, 3n, usd(2_200), expiry + 1n);
        await expect(bench.fixAt(world, expiry + 1n, [roundId(1, 2)]))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.Round);
      });

      it("reverts with TooEarlyToFix until T + 300 − 1 while no later round is out, and fixes at T + 300", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, aggregator, expiry } = world;
        await bench.round(aggregator, 2n, usd(2_100), expiry - 600n);
        const from = expiry + END_DELAY;
        for (const time of [expiry + 1n, from - 1n]) {
          await expect(bench.fixAt(world, time, [roundId(1, 2)]))
            .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
            .withArgs(time, from);
        }
        await expect(bench.fixAt(world, from, [roundId(1, 2)]))
          .to.emit(oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.Round);
      });

      it("leaves no choice when a report stamped before T lands after it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, aggregator, expiry, fixing } = world;
        await bench.round(aggregator, 2n, usd(2_100), expiry - 600n);
        await expect(bench.fixAt(world, expiry + 1n, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
          .withArgs(expiry + 1n, expiry + END_DELAY);
        await bench.round(aggregator, 3n, usd(1_500), expiry - 5n);
        await expect(bench.fixAt(world, expiry + END_DELAY, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(oracle, "NotLastRound")
          .withArgs(roundId(1, 2), roundId(1, 3));
        await bench.fixAt(world, expiry + END_DELAY + 1n, [roundId(1, 3)]);
        expect((await oracle.fixingState(fixing)).settlementPrice).to.equal(usd(1_500));
      });
    });

    describe("when rounds lie around T", () => {
      it("takes a round at T and none at T + 1", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        const { oracle, aggregator, expiry } = world;
        await bench.round(aggregator, 3n, usd(2_111), expiry);
        await bench.round(aggregator, 4n, usd(2_222), expiry + 1n);
        await expect(bench.fixAt(world, expiry + 60n, [roundId(1, 4)]))
          .to.be.revertedWithCustomError(oracle, "RoundAfterExpiry")
          .withArgs(expiry + 1n, expiry);
        await expect(bench.fixAt(world, expiry + 61n, [roundId(1, 2)]))
          .to.be.revertedWithCustomError(oracle, "NotLastRound")
          .withArgs(roundId(1, 2), roundId(1, 3));
        await bench.fixAt(world, expiry + 62n, [roundId(1, 3)]);
        expect((await oracle.fixingState(world.fixing)).settlementPrice).to.equal(usd(2_111));
      });

      it("takes the highest id of rounds at the same second, T or before it", async () => {
        for (const offset of [0n, 1n]) {
          const world = await networkHelpers.loadFixture(ordinary);
          const { oracle, aggregator, expiry } = world;
          await bench.round(aggregator, 3n, usd(2_111), expiry - offset);
          await bench.round(aggregator, 4n, usd(2_152), expiry - offset);
          await bench.round(aggregator, 5n, usd(2_222), expiry + 40n);
          await expect(bench.fixAt(world, expiry + 60n, [roundId(1, 3)]))
            .to.be.revertedWithCustomError(oracle, "NotLastRound")
            .withArgs(roundId(1, 3), roundId(1, 4));
          await bench.fixAt(world, expiry + 61n, [roundId(1, 4)]);
          expect((await oracle.fixingState(world.fixing)).settlementPrice).to.equal(usd(2_152));
        }
      });

      it("reverts with NotLastRound on a hint of 0 when the phase has a round up to T", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        await expect(bench.fixAt(world, world.expiry + 60n, [0n]))
          .to.be.revertedWithCustomError(world.oracle, "NotLastRound")
          .withArgs(0n, roundId(1, 1));
      });

      it("reverts with RoundIncomplete for a round that is not there", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        for (const round of [9n, (1n << 64n) - 1n]) {
          await expect(bench.fixAt(world, world.expiry + 60n + (round % 9n), [roundId(1, round)]))
            .to.be.revertedWithCustomError(world.oracle, "RoundIncomplete")
            .withArgs(roundId(1, round));
        }
      });
    });

    describe("when the last round is old", () => {
      /** Round 2 is `age` older than T and nothing follows. */
      async function aged(age: bigint) {
        const world = await networkHelpers.loadFixture(opened);
        await bench.round(world.aggregator, 2n, usd(2_100), world.expiry - age);
        return world;
      }

      it("is fresh at 3,900 s", async () => {
        const world = await aged(MAX_AGE);
        await expect(bench.fixAt(world, world.expiry + END_DELAY, [roundId(1, 2)]))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.Round);
      });

      it("waits at 3,901 s: TooEarlyToFix until T + 24 h − 1", async () => {
        const world = await aged(MAX_AGE + 1n);
        const from = world.expiry + STALE_DELAY;
        for (const time of [world.expiry + END_DELAY, from - 1n]) {
          await expect(bench.fixAt(world, time, [roundId(1, 2)]))
            .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
            .withArgs(time, from);
        }
      });

      it("is final at T + 24 h, as StaleRound", async () => {
        const world = await aged(MAX_AGE + 1n);
        await expect(bench.fixAt(world, world.expiry + STALE_DELAY, [roundId(1, 2)]))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_100), roundId(1, 2), Step.StaleRound);
      });

      it("counts whatever its age", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await expect(bench.fixAt(world, world.expiry + 40n * DAY, [roundId(1, 1)]))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, usd(2_000), roundId(1, 1), Step.StaleRound);
      });
    });

    describe("when the answer is no price", () => {
      for (const answer of [0n, -1n, -(1n << 255n), ANSWER_BOUND, (1n << 255n) - 1n]) {
        it(`steps over ${answer} and takes the round before`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const { oracle, aggregator, expiry, fixing } = world;
          await bench.round(aggregator, 2n, usd(2_100), expiry - 600n);
          await bench.round(aggregator, 3n, answer, expiry - 300n);
          await bench.round(aggregator, 4n, usd(2_200), expiry + 30n);
          await expect(bench.fixAt(world, expiry + 60n, [roundId(1, 3)]))
            .to.be.revertedWithCustomError(oracle, "RoundIncomplete")
            .withArgs(roundId(1, 3));
          await expect(bench.fixAt(world, expiry + 61n, [roundId(1, 2)]))
            .to.emit(oracle, "PriceSettled")
            .withArgs(fixing, usd(2_100), roundId(1, 2), Step.Round);
        });
      }

      it("takes the largest answer and caps the price", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { oracle, aggregator, expiry, fixing } = world;
        await bench.round(aggregator, 2n, ANSWER_BOUND - 1n, expiry - 600n);
        await expect(bench.fixAt(world, expiry + END_DELAY, [roundId(1, 2)]))
          .to.emit(oracle, "PriceSettled")
          .withArgs(fixing, (1n << 63n) - 1n, roundId(1, 2), Step.Round);
      });
    });

    describe("when the proof is malformed", () => {
      const good = encodeHints([roundId(1, 2)]);
      const proofs: [name: string, proof: string][] = [
        ["one byte", "0x00"],
        ["no hint", encodeHints([])],
        ["a cut word", good.slice(0, -2)],
        ["a trailing byte", `${good}00`],
        ["a trailing word", concat([good, words(0n)])],
        ["a count too small", concat([words(32n, 1n), words(roundId(1, 2), 0n)])],
        ["a count too large", words(32n, 2n, roundId(1, 2))],
        ["a huge count", words(32n, 1n << 255n, roundId(1, 2))],
        ["another offset", words(64n, 1n, roundId(1, 2))],
        ["a bare word", words(roundId(1, 2))],
        ["no array", AbiCoder.defaultAbiCoder().encode(["uint80", "uint80"], [32n, roundId(1, 2)])],
      ];
      for (const [name, proof] of proofs) {
        it(`reverts with ProofMalformed: ${name}`, async () => {
          const world = await networkHelpers.loadFixture(ordinary);
          await expect(bench.fixAt(world, world.expiry + 60n, proof))
            .to.be.revertedWithCustomError(world.oracle, "ProofMalformed")
            .withArgs(BigInt((proof.length - 2) / 2));
        });
      }

      it("reverts with HintOutOfPhase for a hint of another phase, of round 0 or above 80 bits", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        const hints = [2n, roundId(2, 1), roundId(1, 0), (1n << 80n) | roundId(1, 2), 1n << 255n];
        for (const [i, hint] of hints.entries()) {
          await expect(bench.fixAt(world, world.expiry + 60n + BigInt(i), words(32n, 1n, hint)))
            .to.be.revertedWithCustomError(world.oracle, "HintOutOfPhase")
            .withArgs(hint, 1n);
        }
      });

      it("reverts with HintsLeftOver when one hint decides and two are given", async () => {
        const world = await networkHelpers.loadFixture(ordinary);
        await expect(bench.fixAt(world, world.expiry + 60n, [roundId(1, 2), 0n]))
          .to.be.revertedWithCustomError(world.oracle, "HintsLeftOver")
          .withArgs(2n, 1n);
      });
    });

    describe("when decimals changed", () => {
      async function rescaled() {
        const world = await ordinary();
        const next = await ethers.deployContract("MockV3Aggregator", [18, 2_100n * 10n ** 18n]);
        await bench.nextPhase(world, await next.getAddress());
        return world;
      }

      it("reverts with DecimalsChanged, whatever the round", async () => {
        const world = await networkHelpers.loadFixture(rescaled);
        const proofs = [[roundId(1, 2)], [0n, roundId(1, 2)], [roundId(2, 1)]];
        for (const [i, hints] of proofs.entries()) {
          await expect(bench.fixAt(world, world.expiry + 60n + BigInt(i), hints))
            .to.be.revertedWithCustomError(world.oracle, "DecimalsChanged")
            .withArgs(8n, 18n);
        }
      });

      it("ends with the mark at T + 30 d", async () => {
        const world = await networkHelpers.loadFixture(rescaled);
        await expect(bench.fixAt(world, world.expiry + 30n * DAY, "0x"))
          .to.emit(world.oracle, "PriceSettled")
          .withArgs(world.fixing, world.mark, 0n, Step.MarkOverdue);
      });
    });
  });
});
