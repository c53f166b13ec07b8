import { POLICY_BOUNDS } from "@certus/model";
import { expect } from "chai";
import { ZeroHash } from "ethers";

import { FEED } from "../../../scripts/lib/oracle/threeClasses.ts";
import { BreakerBench, NO_FEED, Trigger, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { chainlinkTermsOf, listMarket } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const deployed = () => bench.deploy();

/** A market that settles on one feed alone, of which the hub knows nothing. */
async function unpriced() {
  const world = await bench.deployWatched();
  const { terms } = await chainlinkTermsOf(world);
  const market = await listMarket(world, { ...terms, guard: world.breakerAddress });
  return { ...world, market, terms };
}

describe("CircuitBreaker", () => {
  describe("enroll", () => {
    it("begins to watch a market with the initial thresholds, for anyone", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, linear, ether, linearTerms } = world;
      await expect(breaker.enroll(linear))
        .to.emit(breaker, "MarketEnrolled")
        .withArgs(linear, ether.feed);
      const times = { policySince: 0n, until: 0n, firmUntil: 0n, trippedAt: 0n, adaptedAt: 0n };
      const changes = { tightenedAt: 0n, setAt: 0n, depegUntil: 0n };
      const starts = { olderStart: 0n, newerStart: 0n, olderImposed: 0n, newerImposed: 0n };
      const none = { apart: 0n, farApart: 0n, move: 0n, depegBelow: 0n, pegAbove: 0n };
      expect(await bench.watch(world)).to.deep.equal({
        ...{ feed: ether.feed, tokenFeed: ZeroHash },
        ...{
          ...times,
          ...changes,
          ...starts,
          level: 0n,
          trigger: 0n,
          escalation: 0n,
          tightness: 0n,
        },
        policy: POLICY_BOUNDS.initial,
        previous: { ...none, ceiling: 0n, floor: 0n },
      });
      expect(await breaker.ceilingOf(linear)).to.equal(linearTerms.ceiling);
    });

    it("leaves the ledger's word alone", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await expect(world.breaker.enroll(world.linear)).not.to.emit(world.ledger, "GuardSet");
    });

    it("refuses a market of another guard, and one that is not listed", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { breaker, guard, linearTerms, linear } = world;
      const other = await listMarket(world, { ...linearTerms, guard: guard.address });
      await reverts(breaker, breaker.enroll(other), "NotThisGuard", [other, guard.address]);
      const unlisted = linear ^ (1n << 200n);
      const nobody = `0x${"00".repeat(20)}`;
      await reverts(breaker, breaker.enroll(unlisted), "NotThisGuard", [unlisted, nobody]);
    });

    it("refuses a market that is watched with its feed", async () => {
      const { breaker, linear } = await networkHelpers.loadFixture(deployed);
      await breaker.enroll(linear);
      await reverts(breaker, breaker.enroll(linear), "AlreadyEnrolled", [linear]);
    });

    describe("when the hub has no feed of that name", () => {
      it("watches without one, and takes it once the hub has it", async () => {
        const world = await networkHelpers.loadFixture(unpriced);
        const { breaker, market, terms, hub, admin, ether } = world;
        await expect(breaker.enroll(market))
          .to.emit(breaker, "MarketEnrolled")
          .withArgs(market, ZeroHash);
        await reverts(breaker, breaker.enroll(market), "AlreadyEnrolled", [market]);
        const sources = [ether.push, ether.redstone, ether.own];
        const pair = [FEED.base, FEED.quote, 0n] as const;
        await hub.connect(admin).createFeed(terms.feed, ...pair, 3n, 500n, sources);
        await expect(breaker.enroll(market))
          .to.emit(breaker, "MarketEnrolled")
          .withArgs(market, terms.feed);
        await reverts(breaker, breaker.enroll(market), "AlreadyEnrolled", [market]);
      });

      it("has the sequencer, the collateral, a shortfall and the guardian, and nothing else", async () => {
        const world = await networkHelpers.loadFixture(unpriced);
        const { breaker, market, admin, coin } = world;
        await breaker.enroll(market);
        const { FewVotes, NoVotes, Apart, FarApart, Move, BigMove, HugeMove } = Trigger;
        for (const trigger of [FewVotes, NoVotes, Apart]) {
          const args = [market, trigger];
          await reverts(breaker, breaker.notice(market, trigger), "TriggerUnavailable", args);
        }
        for (const trigger of [FarApart, Move, BigMove, HugeMove]) {
          const args = [market, trigger];
          await reverts(breaker, breaker.trip(market, trigger, 0n), "TriggerUnavailable", args);
        }
        const now = (await bench.now()) + 10n;
        await bench.setSequencer(world, true, now - 1n);
        await bench.trip(world, now, Trigger.Sequencer, { market });
        await breaker.connect(admin).setTokenFeed(market, coin.feed);
        await bench.impose(world, now + 1n, 2n, 3_600n, market);
        expect((await bench.guardWord(world, market)).level).to.equal(2n);
        await breaker.adapt(market);
      });
    });
  });

  describe("a market that is not watched", () => {
    it("is refused by every function", async () => {
      const { breaker, linear, admin, steward, guardian } =
        await networkHelpers.loadFixture(deployed);
      const policy = { ...POLICY_BOUNDS.initial };
      const calls = [
        () => breaker.notice(linear, Trigger.FewVotes),
        () => breaker.answer(linear, Trigger.FewVotes),
        () => breaker.noticeOf(linear, Trigger.FewVotes),
        () => breaker.trip(linear, Trigger.FarApart, 0n),
        () => breaker.tripShortfall(linear, [], []),
        () => breaker.release(linear),
        () => breaker.sync(linear),
        () => breaker.adapt(linear),
        () => breaker.watchOf(linear),
        () => breaker.stressOf(linear),
        () => breaker.ceilingOf(linear),
        () => breaker.connect(guardian).impose(linear, 1n, 1n),
        () => breaker.connect(guardian).lift(linear),
        () => breaker.connect(guardian).rollBack(linear),
        () => breaker.connect(steward).tighten(linear, policy),
        () => breaker.connect(admin).setPolicy(linear, policy),
        () => breaker.connect(admin).setTokenFeed(linear, NO_FEED),
      ];
      for (const call of calls) await reverts(breaker, call(), "NotEnrolled", [linear]);
    });
  });
});
