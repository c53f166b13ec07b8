import { expect } from "chai";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { FewVotes, NoVotes, Apart, FarApart, Move, BigMove, HugeMove } = Trigger;
const TEN_MINUTES = 10n * MINUTE;

async function adapt({ breaker, linear }: BreakerWorld, time: bigint) {
  await bench.at(time);
  return breaker.adapt(linear);
}

/** An observation in five blocks: ten minutes after the last one they are two minutes apart, which is the worst. */
async function stress(world: BreakerWorld, time: bigint): Promise<void> {
  await bench.observe(world, time);
}

/** The network was in the worst stress at `first`. */
async function stressed() {
  const world = await bench.deployWatched();
  const first = world.start + 3n * HOUR;
  await stress(world, first - TEN_MINUTES);
  await stress(world, first);
  return { ...world, first };
}

/** Tightness has gone up in five steps to the whole; the last one was at `time`. */
async function tight() {
  const { first, ...world } = await stressed();
  for (let i = 0n; i < 5n; i++) {
    if (i > 0n) await stress(world, first + i * TEN_MINUTES);
    await adapt(world, first + i * TEN_MINUTES);
  }
  return { ...world, time: first + 4n * TEN_MINUTES };
}

async function tightness(world: BreakerWorld) {
  return (await bench.watch(world)).tightness;
}

describe("CircuitBreaker", () => {
  describe("adapt", () => {
    it("goes up to the stress by a fifth of the whole at most, with the ceiling, for anyone", async () => {
      const world = await networkHelpers.loadFixture(stressed);
      const { breaker, ledger, linear, linearTerms, first } = world;
      for (let i = 0n; i < 6n; i++) {
        const time = first + i * TEN_MINUTES;
        if (i > 0n) await stress(world, time);
        const expected = i < 5n ? (i + 1n) * 2_000n : 10_000n;
        // Half of the ceiling is at stake.
        const ceiling = (linearTerms.ceiling * (20_000n - expected)) / 20_000n;
        const call = adapt(world, time);
        await expect(call).to.emit(breaker, "Adapted").withArgs(linear, expected, ceiling);
        await expect(call)
          .to.emit(ledger, "GuardSet")
          .withArgs(linear, Level.Normal, 0n, ceiling, time);
        expect((await bench.watch(world)).adaptedAt).to.equal(time);
        expect(await breaker.ceilingOf(linear)).to.equal(ceiling);
      }
    });

    it("answers the tightness", async () => {
      const world = await networkHelpers.loadFixture(stressed);
      expect(await world.breaker.adapt.staticCall(world.linear)).to.equal(2_000n);
    });

    it("may be called once in ten minutes", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await adapt(world, time);
      const next = time + TEN_MINUTES;
      const early = adapt(world, next - 1n);
      await reverts(world.breaker, early, "TooEarly", [next - 1n, next]);
      await adapt(world, next);
      await world.breaker.adapt(world.inverse);
    });

    it("goes down by a fiftieth of the whole for each ten minutes passed", async () => {
      const world = await networkHelpers.loadFixture(tight);
      let { time } = world;
      const rows = [
        [1_199n, 9_800n],
        [600n, 9_600n],
        [1_200n, 9_200n],
        [6_000n, 7_200n],
        [12_000n, 3_200n],
        [9_600n, 0n],
        [6_000n, 0n],
      ] as const;
      for (const [elapsed, expected] of rows) {
        time += elapsed;
        await adapt(world, time);
        expect(await tightness(world), `after ${elapsed}`).to.equal(expected);
      }
    });

    it("goes down to the stress and not below it", async () => {
      const world = await networkHelpers.loadFixture(tight);
      const time = world.time + 24n * HOUR;
      await bench.notice(world, time - TEN_MINUTES, FewVotes);
      await bench.trip(world, time, FewVotes);
      await adapt(world, time);
      expect(await tightness(world)).to.equal(5_000n);
    });

    it("keeps a level that is in force", async () => {
      const world = await networkHelpers.loadFixture(stressed);
      const time = world.first;
      await bench.impose(world, time, Level.Restricted, HOUR);
      await adapt(world, time + 10n);
      const { level, until, ceiling } = await bench.guardWord(world);
      const expected = (world.linearTerms.ceiling * 9n) / 10n;
      expect([level, until, ceiling]).to.deep.equal([Level.Restricted, time + HOUR, expected]);
    });

    it("does not write a halt again, and its ceiling with the next call after it", async () => {
      const world = await networkHelpers.loadFixture(stressed);
      const { breaker, ledger, linear, linearTerms } = world;
      const time = world.first;
      await bench.impose(world, time, Level.Halted, HOUR);
      const before = await bench.guardWord(world);
      await stress(world, time + HOUR - 1n);
      const call = adapt(world, time + HOUR - 1n);
      const ceiling = (linearTerms.ceiling * 9n) / 10n;
      await expect(call).to.emit(breaker, "Adapted").withArgs(linear, 2_000n, ceiling);
      await expect(call).not.to.emit(ledger, "GuardSet");
      expect(await bench.guardWord(world)).to.deep.equal(before);
      expect(await breaker.ceilingOf(linear)).to.equal(ceiling);
      await stress(world, time + HOUR - 1n + TEN_MINUTES);
      await adapt(world, time + HOUR - 1n + TEN_MINUTES);
      const word = await bench.guardWord(world);
      expect(word).to.deep.equal({
        ...{ level: 0n, until: 0n, older: 0n, newer: time },
        ceiling: (linearTerms.ceiling * 8n) / 10n,
      });
    });
  });

  describe("thresholds in force", () => {
    it("are a quarter lower at most", async () => {
      const world = await networkHelpers.loadFixture(tight);
      const { breaker } = world;
      const time = world.time + HOUR;
      // 225, 600, 750, 1,500 and 2,625 bps.
      const hint = await bench.observe(world, time, usd(2_000));
      await bench.say(world, time + 10n, {
        ...{ redstone: usd(2_000), own: usd(2_119.9), push: usd(2_000) },
      });
      const far = bench.trip(world, time + 10n, FarApart);
      await reverts(breaker, far, "NoEvidence", [FarApart, 599n, 600n]);
      const apart = { push: usd(2_000), redstone: usd(2_022), own: usd(2_044.9) };
      await bench.say(world, time + 20n, apart);
      const close = bench.notice(world, time + 20n, Apart);
      await reverts(breaker, close, "NoEvidence", [Apart, 224n, 225n]);
      await bench.say(world, time + 30n, { ...apart, own: usd(2_045) });
      await bench.notice(world, time + 30n, Apart);
      for (const [trigger, threshold] of [
        [Move, 750n],
        [BigMove, 1_500n],
        [HugeMove, 2_625n],
      ] as const) {
        const bps = PRICE / 10_000n;
        const at = time + 100n + BigInt(threshold) / 15n;
        await bench.say(world, at, PRICE + threshold * bps - 1n);
        const less = bench.trip(world, at, trigger, { hint });
        await reverts(breaker, less, "NoEvidence", [trigger, threshold - 1n, threshold]);
        await bench.say(world, at + 1n, PRICE + threshold * bps);
        await expect(bench.trip(world, at + 1n, trigger, { hint })).to.emit(breaker, "Tripped");
      }
    });
  });

  describe("stressOf", () => {
    const whole = async ({ breaker, linear }: BreakerWorld) => [
      ...(await breaker.stressOf(linear)),
    ];

    it("is none in quiet", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.observe(world, time);
      await bench.mineAt(time + 10n);
      expect(await whole(world)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("counts votes as missing where somebody has asked for them, while that is in force", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + 5n * HOUR;
      await bench.mineAt(since);
      expect(await whole(world)).to.deep.equal([0n, 0n, 0n, 0n]);
      await bench.notice(world, since, FewVotes);
      await bench.notice(world, since, NoVotes);
      const time = since + TEN_MINUTES;
      await bench.trip(world, time, FewVotes);
      expect(await whole(world)).to.deep.equal([0n, 5_000n, 0n, 5_000n]);
      await bench.trip(world, time, NoVotes);
      expect(await whole(world)).to.deep.equal([0n, 10_000n, 0n, 10_000n]);
      await bench.mineAt(time + HOUR - 1n);
      expect(await whole(world)).to.deep.equal([0n, 10_000n, 0n, 10_000n]);
      await bench.mineAt(time + HOUR);
      expect(await whole(world)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("grows from the daily volatility to four times as much", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.observe(world, time, usd(2_000));
      // The root of the variance is 53,118 ppm, (53,118 − 50,000) / 150,000 of the way.
      await bench.observe(world, time + 600n, usd(2_020));
      expect(await whole(world)).to.deep.equal([207n, 0n, 10_000n, 10_000n]);
      // It fades while nobody looks: √(2,821,621,621 · 21,600 / 22,800) is 51,702.
      await bench.mineAt(time + 1_800n);
      expect(await whole(world)).to.deep.equal([113n, 0n, 0n, 113n]);
      await bench.observe(world, time + 1_900n, usd(5_000));
      expect((await whole(world))[0]).to.equal(10_000n);
    });

    it("forgets the network after a quarter of an hour", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.observe(world, time);
      await bench.observe(world, time + 150n);
      const { gapStress } = await world.breaker.networkWatch();
      expect(gapStress > 0n).to.equal(true);
      await bench.mineAt(time + 150n + 15n * MINUTE - 1n);
      expect((await whole(world))[2]).to.equal(gapStress);
      await bench.mineAt(time + 150n + 15n * MINUTE);
      expect((await whole(world))[2]).to.equal(0n);
    });

    it("takes the greater of gaps and fees", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      await bench.say(world, time, PRICE);
      await networkHelpers.setNextBlockBaseFeePerGas(10n ** 9n);
      await bench.at(time);
      await breaker.observe(ether.feed, { maxFeePerGas: 10n ** 11n });
      await bench.say(world, time + 150n, PRICE);
      await networkHelpers.setNextBlockBaseFeePerGas(5n * 10n ** 9n);
      await bench.at(time + 150n);
      await breaker.observe(ether.feed, { maxFeePerGas: 10n ** 11n });
      const { gapStress, feeStress } = await breaker.networkWatch();
      expect([gapStress, feeStress]).to.deep.equal([2_500n, 5_000n]);
      expect((await whole(world))[2]).to.equal(5_000n);
    });
  });
});
