import { expect } from "chai";

import { BLOCK_TIME, BreakerBench, NO_FEED, PEG, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE, Status } from "../../fixtures/oracles.ts";
import { HOUR, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new BreakerBench(connection);

const deployed = () => bench.deploy();

/** (100 · 500)²: five per cent a day. */
const FIRST_VARIANCE = 2_500_000_000n;
const GWEI = 10n ** 9n;

/** Observes at a time, so many blocks after the last observation, with this base fee. */
async function look(world: BreakerWorld, time: bigint, blocks = 1n, fee?: bigint) {
  const { breaker, ether } = world;
  const { lastBlock } = await breaker.networkWatch();
  const spare = lastBlock + blocks - 1n - BigInt(await ethers.provider.getBlockNumber());
  if (spare < 0n) throw new Error("there are more blocks already");
  if (spare > 0n) await networkHelpers.mine(spare, { interval: 0 });
  if (fee !== undefined) await networkHelpers.setNextBlockBaseFeePerGas(fee);
  await bench.at(time);
  await breaker.observe(ether.feed, { maxFeePerGas: 1_000n * GWEI, maxPriorityFeePerGas: 0n });
  const { gapStress, feeStress, baseFee } = await breaker.networkWatch();
  return { gapStress, feeStress, baseFee };
}

describe("CircuitBreaker", () => {
  describe("observe", () => {
    it("keeps the ends of the votes that agree with the block's time, for anyone", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      // The two nearest together are the core.
      await bench.say(world, time, { push: usd(2_010), redstone: usd(2_000), own: usd(2_003) });
      await bench.at(time + 60n);
      await expect(breaker.observe(ether.feed))
        .to.emit(breaker, "Observed")
        .withArgs(ether.feed, usd(2_000), usd(2_003), true, FIRST_VARIANCE);
      const found = await breaker.feedWatchOf(ether.feed);
      const times = [time + 60n, time + 60n];
      expect([...found]).to.deep.equal([1n, FIRST_VARIANCE, usd(2_003), ...times]);
      const kept = [...(await breaker.observationAt(ether.feed, 0n))];
      expect(kept).to.deep.equal([usd(2_000), usd(2_003), time + 60n, true]);
    });

    it("wants a feed of the hub", async () => {
      const { breaker, hub } = await networkHelpers.loadFixture(deployed);
      await reverts(hub, breaker.observe(NO_FEED), "FeedUnknown", [NO_FEED]);
    });

    it("wants more than half the quorum of this minute", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      await bench.say(world, time, { push: PRICE });
      await bench.at(time);
      await reverts(breaker, breaker.observe(ether.feed), "NoAgreement", [1n, 2n, 0n]);
      await bench.say(world, time + 60n, { own: PRICE });
      await bench.at(time + 61n);
      await reverts(breaker, breaker.observe(ether.feed), "NoAgreement", [1n, 2n, 0n]);
    });

    it("wants them to agree to less than three per cent, whatever the thresholds are", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      await bench.say(world, time, { push: usd(2_000), redstone: usd(2_060), own: usd(2_200) });
      await bench.at(time);
      await reverts(breaker, breaker.observe(ether.feed), "NoAgreement", [3n, 2n, 300n]);
      await bench.say(world, time + 1n, { redstone: usd(2_060) - 1n });
      await bench.at(time + 1n);
      const apart = [ether.feed, usd(2_000), usd(2_060) - 1n, false, 0n];
      await expect(breaker.observe(ether.feed))
        .to.emit(breaker, "Observed")
        .withArgs(...apart);
    });

    it("keeps a degraded one as a reference, and nothing else of it", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      await bench.observe(world, time);
      await bench.say(world, time + 70n, { push: PRICE, redstone: usd(1_900), own: usd(2_021) });
      expect((await world.hub.spot(ether.feed)).status).to.equal(Status.Apart);
      await bench.at(time + 70n);
      await expect(breaker.observe(ether.feed))
        .to.emit(breaker, "Observed")
        .withArgs(ether.feed, PRICE, usd(2_021), false, FIRST_VARIANCE);
      const found = [...(await breaker.feedWatchOf(ether.feed))];
      expect(found).to.deep.equal([2n, FIRST_VARIANCE, PRICE, time, time + 70n]);
      const kept = [...(await breaker.observationAt(ether.feed, 1n))];
      expect(kept).to.deep.equal([PRICE, usd(2_021), time + 70n, false]);
    });

    describe("the distance of two", () => {
      it("is sixty seconds of each feed", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, ether, coin, start } = world;
        const time = start + HOUR;
        await bench.observe(world, time);
        await bench.observe(world, time, PEG, coin);
        await bench.say(world, time + 59n, PRICE);
        await bench.at(time + 59n);
        const early = breaker.observe(ether.feed);
        await reverts(breaker, early, "TooEarly", [time + 59n, time + 60n]);
        await bench.at(time + 60n);
        await breaker.observe(ether.feed);
      });

      it("is from the last healthy one for a healthy one, and from any for another", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, ether, start } = world;
        const time = start + HOUR;
        const bad = { push: PRICE, redstone: usd(1_900), own: usd(2_021) };
        const observe = async (now: bigint) => {
          await bench.at(now);
          return breaker.observe(ether.feed);
        };
        await bench.say(world, time, bad);
        await observe(time);
        await bench.say(world, time + 1n, PRICE);
        await observe(time + 1n);
        await bench.say(world, time + 60n, bad);
        const soon = observe(time + 60n);
        await reverts(breaker, soon, "TooEarly", [time + 60n, time + 61n]);
        await observe(time + 61n);
        await bench.say(world, time + 62n, PRICE);
        await observe(time + 62n);
        expect((await breaker.feedWatchOf(ether.feed)).count).to.equal(4n);
      });
    });

    it("keeps the last sixteen", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      for (let i = 0n; i < 17n; ++i) await bench.observe(world, time + i * 60n, PRICE + i);
      const at = async (index: bigint) => [...(await breaker.observationAt(ether.feed, index))];
      const none = [0n, 0n, 0n, false];
      expect(await at(0n)).to.deep.equal(none);
      expect(await at(1n)).to.deep.equal([PRICE + 1n, PRICE + 1n, time + 60n, true]);
      expect(await at(16n)).to.deep.equal([PRICE + 16n, PRICE + 16n, time + 960n, true]);
      expect(await at(17n)).to.deep.equal(none);
    });

    describe("variance", () => {
      it("is an average with a memory of six hours, floored", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, ether, start } = world;
        const time = start + HOUR;
        await bench.observe(world, time, usd(2_000));
        await bench.observe(world, time + 600n, usd(2_020));
        // (2,500,000,000 · 21,600 + 10,000² · 86,400) / 22,200
        expect((await breaker.feedWatchOf(ether.feed)).variance).to.equal(2_821_621_621n);
        await bench.observe(world, time + 700n, usd(2_020));
        // 2,821,621,621 · 21,600 / 21,700
        expect((await breaker.feedWatchOf(ether.feed)).variance).to.equal(2_808_618_756n);
      });

      it("takes a move down like one up, floored to a ppm", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, ether, start } = world;
        const time = start + HOUR;
        await bench.observe(world, time, 300_000_000_001n);
        await bench.observe(world, time + 600n, 299_000_000_000n);
        // The move is 3,333 ppm: (2,500,000,000 · 21,600 + 3,333² · 86,400) / 22,200
        expect((await breaker.feedWatchOf(ether.feed)).variance).to.equal(2_475_667_027n);
      });

      it("counts a move as a doubling at most", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, ether, start } = world;
        const time = start + HOUR;
        await bench.observe(world, time, usd(1_000));
        await bench.observe(world, time + 600n, usd(5_000));
        // (2,500,000,000 · 21,600 + 10^12 · 86,400) / 22,200
        expect((await breaker.feedWatchOf(ether.feed)).variance).to.equal(3_894_324_324_324n);
      });
    });

    describe("the network", () => {
      it("is remembered without stress at first", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const time = world.start + HOUR;
        await bench.say(world, time, PRICE);
        await networkHelpers.setNextBlockBaseFeePerGas(7n * GWEI);
        await bench.at(time);
        await world.breaker.observe(world.ether.feed, { maxFeePerGas: 100n * GWEI });
        const number = BigInt(await ethers.provider.getBlockNumber());
        const found = [...(await world.breaker.networkWatch())];
        expect(found).to.deep.equal([number, time, 7n * GWEI, 0n, 0n]);
      });

      it("is looked at once in sixty seconds, whatever is observed", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { breaker, coin, start } = world;
        const time = start + HOUR;
        await bench.observe(world, time);
        const before = [...(await breaker.networkWatch())];
        await bench.observe(world, time + 59n, PEG, coin);
        expect([...(await breaker.networkWatch())]).to.deep.equal(before);
        await bench.say(world, time + 60n, PRICE);
        await bench.at(time + 60n);
        await breaker.observe(world.ether.feed);
        expect((await breaker.networkWatch()).lastTime).to.equal(time + 60n);
      });

      it("has gap stress from twice to four times the distance of blocks", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        expect(BLOCK_TIME).to.equal(12_000n);
        let time = world.start + HOUR;
        await bench.observe(world, time);
        // Five blocks of a reading and an observation.
        const rows = [
          [120n, 0n],
          [121n, 83n],
          [180n, 5_000n],
          [239n, 9_916n],
          [240n, 10_000n],
          [1_000n, 10_000n],
          [60n, 0n],
        ] as const;
        for (const [seconds, stress] of rows) {
          time += seconds;
          await bench.say(world, time, PRICE);
          expect((await look(world, time, 5n)).gapStress, `${seconds}`).to.equal(stress);
        }
      });

      it("has no gap stress where the distance says nothing", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { ledger, hub, manager } = world;
        const breaker = await ethers.deployContract("CircuitBreaker", [ledger, hub, manager, 0n]);
        const quiet = { ...world, breaker };
        const time = world.start + HOUR;
        await bench.observe(quiet, time);
        await bench.observe(quiet, time + 3_000n);
        const { lastTime, gapStress } = await breaker.networkWatch();
        expect([lastTime, gapStress]).to.deep.equal([time + 3_000n, 0n]);
      });

      it("has fee stress from twice to eight times the usual base fee, which one look in twenty exceeds", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        let time = world.start + HOUR;
        await bench.say(world, time, PRICE);
        await networkHelpers.setNextBlockBaseFeePerGas(GWEI);
        await bench.at(time);
        await world.breaker.observe(world.ether.feed, { maxFeePerGas: 100n * GWEI });
        let usual = GWEI;
        const rows = [
          // As usual: the usual one falls by a part in two hundred.
          { fee: GWEI, stress: 0n, then: 995_000_000n },
          { fee: 1_990_000_000n, stress: 0n, then: 1_089_525_001n },
          // 2 · 1,089,525,001 + 1: one part in 6,537,150,006 of the way, floored to none.
          { fee: 2_179_050_003n, stress: 0n, then: 1_193_029_877n },
          { fee: 5n * 1_193_029_877n, stress: 5_000n, then: 1_306_367_716n },
          { fee: 8n * 1_306_367_716n - 1n, stress: 9_999n, then: 1_430_472_650n },
          { fee: 8n * 1_430_472_650n, stress: 10_000n, then: 1_566_367_552n },
          { fee: 99n * GWEI, stress: 10_000n, then: 1_715_172_470n },
        ];
        for (const { fee, stress, then } of rows) {
          time += 60n;
          await bench.say(world, time, PRICE);
          const { feeStress, baseFee } = await look(world, time, 5n, fee);
          expect([feeStress, baseFee], `${fee} after ${usual}`).to.deep.equal([stress, then]);
          usual = baseFee;
        }
      });

      it("has no fee stress where the usual base fee is nothing", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const time = world.start + HOUR;
        await bench.say(world, time, PRICE);
        await networkHelpers.setNextBlockBaseFeePerGas(0n);
        await bench.at(time);
        await world.breaker.observe(world.ether.feed);
        await bench.say(world, time + 60n, PRICE);
        const { feeStress, baseFee } = await look(world, time + 60n, 5n, 50n * GWEI);
        expect([feeStress, baseFee]).to.deep.equal([0n, 1n]);
      });
    });
  });
});
