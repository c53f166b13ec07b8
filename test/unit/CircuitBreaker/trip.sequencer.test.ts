import { expect } from "chai";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { HOUR, Level, MINUTE } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();
const { Sequencer } = Trigger;
const HALF_AN_HOUR = 30n * MINUTE;

/** On a chain that has no sequencer. */
async function unsequenced() {
  const world = await bench.deploy(false);
  await world.breaker.enroll(world.linear);
  return world;
}

describe("CircuitBreaker", () => {
  describe("trip for the sequencer", () => {
    it("restricts for half an hour, firmly, while it is down, and on call by call", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, start } = world;
      const time = start + HOUR;
      await bench.at(time);
      await bench.setSequencer(world, true, time - 100n);
      for (const now of [time, time + 1n, time + HOUR]) {
        const until = now + HALF_AN_HOUR;
        await expect(bench.trip(world, now, Sequencer))
          .to.emit(breaker, "Tripped")
          .withArgs(linear, Sequencer, Level.Restricted, until, 0n);
        const found = await bench.watch(world);
        expect([found.until, found.firmUntil]).to.deep.equal([until, until]);
        expect([found.newerStart, found.escalation]).to.deep.equal([0n, 0n]);
      }
    });

    it("takes a feed that says nothing for down", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.at(time);
      await bench.setSequencer(world, false, 0n);
      await expect(bench.trip(world, time, Sequencer))
        .to.emit(world.breaker, "Tripped")
        .withArgs(world.linear, Sequencer, Level.Restricted, time + HALF_AN_HOUR, 0n);
    });

    describe("when it is up again", () => {
      it("restricts for what is left of the grace, to its last second", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear, start } = world;
        const up = start + HOUR;
        await bench.at(up);
        await bench.setSequencer(world, true, up - 1_000n);
        await bench.at(up);
        await bench.setSequencer(world, false, up);
        const end = up + 1_000n;
        await expect(bench.trip(world, up + 1n, Sequencer))
          .to.emit(breaker, "Tripped")
          .withArgs(linear, Sequencer, Level.Restricted, end, up + 1n);
        const again = bench.trip(world, up + 2n, Sequencer);
        await reverts(breaker, again, "AlreadyTripped", [Level.Restricted, end]);
        const over = bench.trip(world, end, Sequencer);
        await reverts(breaker, over, "NoEvidence", [Sequencer, end, end]);
      });

      it("restricts for a last second, and for 45 minutes at most", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear, inverse, start } = world;
        const up = start + HOUR;
        await bench.at(up);
        await bench.setSequencer(world, true, start - HOUR);
        await bench.at(up);
        await bench.setSequencer(world, false, up);
        const end = up + 45n * MINUTE;
        await expect(bench.trip(world, up, Sequencer))
          .to.emit(breaker, "Tripped")
          .withArgs(linear, Sequencer, Level.Restricted, end, up);
        await expect(bench.trip(world, end - 1n, Sequencer, { market: inverse }))
          .to.emit(breaker, "Tripped")
          .withArgs(inverse, Sequencer, Level.Restricted, end, end - 1n);
      });
    });

    it("has no evidence while it has long been up", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, start, uptime } = world;
      const since = await uptime.latestTimestamp();
      const call = bench.trip(world, start + HOUR, Sequencer);
      const args = [Sequencer, start + HOUR, since + 45n * MINUTE];
      await reverts(breaker, call, "NoEvidence", args);
    });

    it("is unavailable on a chain that has none", async () => {
      const world = await networkHelpers.loadFixture(unsequenced);
      const { breaker, linear } = world;
      const call = breaker.trip(linear, Sequencer, 0n);
      await reverts(breaker, call, "TriggerUnavailable", [linear, Sequencer]);
    });
  });
});
