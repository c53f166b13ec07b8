import { POLICY_BOUNDS, TRIGGERS } from "@certus/model";
import { expect } from "chai";

import { BreakerBench, Trigger, policyOf } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { HOUR, Level, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

describe("CircuitBreaker", () => {
  describe("ruleOf", () => {
    for (const row of TRIGGERS) {
      it(`gives the table's row of ${row.name}`, async () => {
        const { breaker } = await networkHelpers.loadFixture(watched);
        const { level, stay, noticeMin, noticeMax, escalates, releasable } = row;
        const found = [...(await breaker.ruleOf(row.index))];
        const expected = [level, stay, noticeMin, noticeMax, escalates, releasable];
        expect(found).to.deep.equal(expected);
      });
    }

    it("knows every trigger, and nothing of none", async () => {
      const { breaker } = await networkHelpers.loadFixture(watched);
      const none = [0n, 0n, 0n, 0n, false, false];
      expect([...(await breaker.ruleOf(0n))]).to.deep.equal(none);
      expect(TRIGGERS.map(({ index }) => index)).to.deep.equal([
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      ]);
      await expect(breaker.ruleOf(12n)).to.revert(connection.ethers);
    });

    it("has no stay beyond the ledger's six hours", () => {
      for (const { stay, longest } of TRIGGERS) {
        expect(stay <= longest && longest <= 6n * HOUR).to.equal(true);
      }
    });
  });

  describe("policyBounds", () => {
    it("gives the bounds of the table, in its order", async () => {
      const { breaker } = await networkHelpers.loadFixture(watched);
      const { min, initial, max } = await breaker.policyBounds();
      const found = { min: policyOf(min), initial: policyOf(initial), max: policyOf(max) };
      expect(found).to.deep.equal(POLICY_BOUNDS);
      expect([...min]).to.deep.equal(Object.values(POLICY_BOUNDS.min));
      expect([...max]).to.deep.equal(Object.values(POLICY_BOUNDS.max));
    });
  });

  describe("ceilingOf", () => {
    it("is the product of policy and tightness, rounded down once", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, steward, linear, linearTerms } = world;
      const time = world.start + 3n * HOUR;
      const policy = { ...POLICY_BOUNDS.initial, ceiling: 9_999n, floor: 4_999n };
      await breaker.connect(steward).tighten(linear, policy);
      await bench.observe(world, time - 600n);
      await bench.observe(world, time);
      await bench.at(time);
      await breaker.adapt(linear);
      // 100,000,000,000,000 · 9,999 · (10^8 − 2,000 · 5,001) / 10^12
      expect(linearTerms.ceiling).to.equal(10n ** 14n);
      expect(await breaker.ceilingOf(linear)).to.equal(89_989_000_200_000n);
      expect((await bench.guardWord(world)).ceiling).to.equal(89_989_000_200_000n);
    });
  });

  describe("watchOf", () => {
    it("gives a level as it was set, that reads as Normal from its end on", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Restricted, HOUR);
      await bench.mineAt(time + HOUR);
      const { level, until, trigger } = await bench.watch(world);
      expect([level, until, trigger]).to.deep.equal([1n, time + HOUR, Trigger.Guardian]);
    });
  });

  describe("observationAt", () => {
    it("is nothing of a feed that nobody observed", async () => {
      const { breaker, coin, ether } = await networkHelpers.loadFixture(watched);
      const none = [0n, 0n, 0n, false];
      expect([...(await breaker.observationAt(coin.feed, 0n))]).to.deep.equal(none);
      expect([...(await breaker.feedWatchOf(ether.feed))]).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
      expect([...(await breaker.networkWatch())]).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    });

    it("keeps feeds apart", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, coin } = world;
      const time = world.start + HOUR;
      await bench.observe(world, time);
      await bench.observe(world, time, usd(1), coin);
      const kept = [...(await breaker.observationAt(coin.feed, 0n))];
      expect(kept).to.deep.equal([usd(1), usd(1), time, true]);
    });
  });
});
