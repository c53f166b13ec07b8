import { expect } from "chai";
import fc from "fast-check";
import {
  POLICY_BOUNDS,
  POLICY_FIELDS,
  firstVariance,
  isLooser,
  nextVariance,
  observationAt,
  policyValues,
  stressOf,
  volatilityStress,
} from "@certus/model";
import type { Policy } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";
import { FEED, PRICE, START } from "./helpers/sources.ts";
import {
  BLOCK_TIME,
  COIN,
  GUARDIAN,
  PEG,
  RISK,
  STEWARD,
  block,
  createGuarded,
  done,
  guardOf,
  observe,
  percent,
  policy,
  say,
  told,
  tripSilent,
} from "./helpers/breaker.ts";
import type { GuardedScene } from "./helpers/breaker.ts";

const HOUR = 3_600n;
const DAY = 86_400n;

/** Observes in the first block since the last time. */
function stress(scene: GuardedScene, now: bigint): void {
  const { breaker } = scene;
  say(scene, now);
  done(breaker.observe(block(now, { number: breaker.network.lastBlock + 1n }), FEED));
}

const NOW = START + 10n * HOUR;

describe("CircuitBreaker: stress and thresholds", () => {
  describe("observe", () => {
    it("keeps sixteen undegraded spots, one a minute", () => {
      const scene = createGuarded();
      const { breaker } = scene;
      expectRefused(breaker.observe(block(NOW), FEED), "NoAgreement", 0n, 2n, 0n);
      expectRefused(breaker.observe(block(NOW), 99n), "FeedUnknown", 99n);
      for (let i = 0n; i < 17n; ++i) observe(scene, NOW + i * 60n, PRICE + i);
      const early = breaker.observe(block(NOW + 1_019n), FEED);
      expectRefused(early, "TooEarly", NOW + 1_019n, NOW + 1_020n);
      const seen = breaker.feeds.get(FEED);
      if (seen === undefined) throw new Error("nothing was observed");
      expect(observationAt(seen, 0n)).to.equal(undefined);
      const [low, high] = [PRICE + 1n, PRICE + 1n];
      const kept = { low, high, time: NOW + 60n, healthy: true };
      expect(observationAt(seen, 1n)).to.deep.equal(kept);
      expect(observationAt(seen, 17n)).to.equal(undefined);
    });

    it("averages squared moves over six hours", () => {
      expect(firstVariance(500n)).to.equal(2_500_000_000n);
      expect(nextVariance(2_500_000_000n, 2_000n, 2_020n, 600n)).to.equal(2_821_621_621n);
      expect(nextVariance(0n, 1n, 1_000_000n, 60n)).to.equal((10n ** 12n * DAY) / 21_660n);
      const scene = createGuarded();
      observe(scene, NOW);
      expect(told(scene.breaker.observe(block(NOW + 60n), FEED))).to.deep.equal([
        ["Observed", FEED, PRICE, PRICE, true, (2_500_000_000n * 21_600n) / 21_660n],
      ]);
    });

    it("keeps a degraded one as a reference alone, a minute after any other", () => {
      const scene = createGuarded();
      const { breaker } = scene;
      observe(scene, NOW);
      const bad = [PRICE, percent(101n), percent(102n) + 1n] as const;
      say(scene, NOW + 59n, bad);
      const early = breaker.observe(block(NOW + 59n), FEED);
      expectRefused(early, "TooEarly", NOW + 59n, NOW + 60n);
      const { variance } = breaker.feeds.get(FEED) ?? { variance: 0n };
      expect(told(breaker.observe(block(NOW + 60n), FEED))).to.deep.equal([
        ["Observed", FEED, PRICE, percent(101n), false, variance],
      ]);
      observe(scene, NOW + 61n);
      const seen = breaker.feeds.get(FEED);
      expect([seen?.count, seen?.lastTime, seen?.lastAny]).to.deep.equal([
        ...[3n, NOW + 61n, NOW + 61n],
      ]);
      say(scene, NOW + 200n, [percent(100n), percent(103n), percent(110n)]);
      const apart = breaker.observe(block(NOW + 200n), FEED);
      expectRefused(apart, "NoAgreement", 3n, 2n, 300n);
    });

    it("keeps the variance below 2^64, whatever is observed", () => {
      const moves = fc.array(fc.tuple(fc.bigInt(1n, 2n ** 63n - 1n), fc.bigInt(60n, 90_000n)), {
        maxLength: 200,
      });
      fc.assert(
        fc.property(fc.bigInt(0n, 10_000n), moves, (dailyVol, path) => {
          let [variance, last] = [firstVariance(dailyVol), 1n];
          for (const [price, seconds] of path) {
            variance = nextVariance(variance, last, price, seconds);
            last = price;
            expect(variance < 2n ** 51n).to.equal(true);
          }
        }),
      );
    });
  });

  describe("stress", () => {
    it("grows from calm to the worst", () => {
      const found = [9n, 10n, 11n, 15n, 19n, 20n, 99n].map((value) => stressOf(value, 10n, 20n));
      expect(found).to.deep.equal([0n, 0n, 1_000n, 5_000n, 9_000n, 10_000n, 10_000n]);
      expect(volatilityStress(0n, 500n)).to.equal(0n);
      expect(volatilityStress(10n ** 30n, 0n)).to.equal(0n);
      expect(volatilityStress(125_000n ** 2n, 500n)).to.equal(5_000n);
    });

    it("is the greatest of volatility, missing votes and the network", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      observe(scene, NOW);
      const whole = (now: bigint) => {
        const { volatility, faults, network, whole } = done(breaker.stressOf(now, market));
        return [volatility, faults, network, whole];
      };
      expect(whole(NOW)).to.deep.equal([0n, 0n, 0n, 0n]);
      say(scene, NOW + 150n);
      done(breaker.observe(block(NOW + 150n, { number: NOW / 12n + 5n }), FEED));
      // Thirty seconds a block, of which 24 are calm and 48 the worst.
      expect(whole(NOW + 150n)).to.deep.equal([0n, 0n, 2_500n, 2_500n]);
      expect(whole(NOW + 150n + 899n)).to.deep.equal([0n, 0n, 2_500n, 2_500n]);
      expect(whole(NOW + 150n + 900n)).to.deep.equal([0n, 0n, 0n, 0n]);
      const late = NOW + 150n + 3n * HOUR;
      expect(whole(late)).to.deep.equal([0n, 0n, 0n, 0n]);
      const time = tripSilent(scene, late, "NoVotes");
      expect(whole(time + HOUR - 1n)).to.deep.equal([0n, 10_000n, 0n, 10_000n]);
      expect(whole(time + HOUR)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("of base fees is against one that one look in twenty exceeds", () => {
      const scene = createGuarded();
      const { breaker } = scene;
      const look = (now: bigint, baseFee: bigint) => {
        say(scene, now);
        done(breaker.observe(block(now, { baseFee }), FEED));
        return [breaker.network.baseFee, breaker.network.feeStress];
      };
      expect(look(NOW, 1_000n)).to.deep.equal([1_000n, 0n]);
      expect(look(NOW + 60n, 5_000n)).to.deep.equal([1_096n, 5_000n]);
      expect(look(NOW + 120n, 1_096n)).to.deep.equal([1_091n, 0n]);
      expect(look(NOW + 180n, 8n * 1_091n)).to.deep.equal([1_195n, 10_000n]);
    });

    it("settles the usual base fee at the ninety-fifth percentile", () => {
      const fees = fc.array(fc.integer({ min: 1, max: 100_000 }), {
        minLength: 3_000,
        maxLength: 3_000,
      });
      fc.assert(
        fc.property(fees, (path) => {
          const scene = createGuarded();
          const { breaker } = scene;
          let [now, above] = [NOW, 0];
          for (const [at, fee] of path.entries()) {
            now += 60n;
            say(scene, now);
            const { baseFee } = breaker.network;
            if (at >= 1_000 && BigInt(fee) > baseFee) above++;
            done(breaker.observe(block(now, { baseFee: BigInt(fee) }), FEED));
          }
          expect(above / 2_000).to.be.within(0.025, 0.085);
        }),
        { numRuns: 2 },
      );
    });

    it("is looked for once a minute, and not in blocks where there is no distance", () => {
      const scene = createGuarded();
      observe(scene, NOW);
      const before = scene.breaker.network;
      observe(scene, NOW + 59n, PEG, COIN);
      expect(scene.breaker.network).to.equal(before);
      const silent = createGuarded();
      const { breaker } = silent;
      Object.assign(breaker.setup, { blockTime: 0n });
      observe(silent, NOW);
      say(silent, NOW + 900n);
      done(breaker.observe(block(NOW + 900n, { number: NOW / 12n + 1n }), FEED));
      expect(breaker.network.gapStress).to.equal(0n);
      expect(BLOCK_TIME).to.equal(12_000n);
    });
  });

  describe("adapt", () => {
    it("goes up fast and down slowly, once in ten minutes, with the ledger's ceiling", () => {
      const scene = createGuarded();
      const { breaker, ledger, market, linear } = scene;
      const { ceiling } = linear.market.terms;
      let now = NOW;
      observe(scene, now - 600n);
      for (const tightness of [2_000n, 4_000n, 6_000n, 8_000n, 10_000n, 10_000n]) {
        const left = (ceiling * (20_000n - tightness)) / 20_000n;
        stress(scene, now);
        const adapted = breaker.adapt(now, market);
        expect(told(adapted)).to.deep.equal([
          ["Adapted", market, tightness, left],
          ["GuardSet", market, 0n, 0n, left, now],
        ]);
        expect(guardOf(ledger, market).ceiling).to.equal(left);
        expect(done(breaker.ceilingOf(market))).to.equal(left);
        const early = breaker.adapt(now + 599n, market);
        expectRefused(early, "TooEarly", now + 599n, now + 600n);
        now += 600n;
      }
      expect(done(breaker.adapt(now + 599n, market))).to.equal(9_800n);
      expect(done(breaker.adapt(now + 599n + 6_000n, market))).to.equal(7_800n);
    });
  });

  describe("thresholds", () => {
    const steward = (now: bigint) => ({ now, sender: STEWARD });
    const risk = (now: bigint) => ({ now, sender: RISK });

    it("keep within bounds and steps, field by field, once a day", () => {
      const { breaker, market } = createGuarded();
      const set = (now: bigint, changes: Partial<Policy>) =>
        breaker.setPolicy(risk(now), market, policy(changes));
      expectRefused(set(NOW, { apart: 99n }), "PolicyBound", 0n, 99n, 100n, 300n);
      expectRefused(set(NOW, { apart: 239n }), "PolicyStep", 0n, 239n, 240n, 360n);
      const peg = set(NOW, { depegBelow: 9_850n });
      expectRefused(peg, "PolicyBound", 4n, 9_850n, 9_851n, 9_950n);
      const next = policy({ apart: 240n, ceiling: 8_000n });
      const values = [policyValues(policy()), policyValues(next)];
      const event = breaker.setPolicy(risk(NOW), market, next);
      if (!event.ok || event.events[0]?.name !== "PolicySet") throw new Error("nothing was set");
      const { before, policy: after } = event.events[0].args;
      expect([policyValues(before), policyValues(after)]).to.deep.equal(values);
      const soon = breaker.setPolicy(risk(NOW + DAY - 1n), market, next);
      expectRefused(soon, "TooEarly", NOW + DAY - 1n, NOW + DAY);
      const same = breaker.tighten(steward(NOW), market, next);
      expectRefused(same, "PolicyUnchanged", market);
      done(breaker.tighten(steward(NOW), market, { ...next, apart: 239n }));
    });

    it("are loosened by no steward", () => {
      const { breaker, market } = createGuarded();
      done(breaker.setPolicy(risk(NOW), market, policy({ apart: 280n, depegBelow: 9_750n })));
      const tighten = (changes: Partial<Policy>) =>
        breaker.tighten(steward(NOW + DAY), market, {
          ...policy({ apart: 280n, depegBelow: 9_750n }),
          ...changes,
        });
      expectRefused(tighten({ apart: 281n }), "PolicyLoosens", 0n, 281n, 280n);
      expectRefused(tighten({ depegBelow: 9_749n }), "PolicyLoosens", 3n, 9_749n, 9_750n);
      done(tighten({ apart: 279n }));
    });

    it("go back once, within 72 hours", () => {
      const { breaker, market } = createGuarded();
      const back = (now: bigint) => breaker.rollBack({ now, sender: GUARDIAN }, market);
      expectRefused(back(NOW), "NothingToRollBack", market);
      done(breaker.setPolicy(risk(NOW), market, policy({ apart: 280n })));
      expectRefused(back(NOW + 3n * DAY), "NothingToRollBack", market);
      done(back(NOW + 3n * DAY - 1n));
      expect(breaker.require(market).policy).to.deep.equal(policy());
      const again = { now: NOW + 3n * DAY, sender: STEWARD };
      done(breaker.tighten(again, market, policy({ apart: 290n })));
      done(back(NOW + 3n * DAY));
      expectRefused(back(NOW + 3n * DAY), "NothingToRollBack", market);
    });

    it("are tighter the lower, but for the two of the peg", () => {
      const { initial } = POLICY_BOUNDS;
      const looser = POLICY_FIELDS.filter((field) =>
        isLooser(field, initial[field] + 1n, initial[field]),
      );
      const others = POLICY_FIELDS.filter((field) =>
        isLooser(field, initial[field] - 1n, initial[field]),
      );
      expect(others).to.deep.equal(["depegBelow", "pegAbove"]);
      expect([...looser, ...others].sort()).to.deep.equal([...POLICY_FIELDS].sort());
    });

    it("are a quarter lower in the worst stress", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      observe(scene, NOW - 600n);
      for (let i = 0n; i < 5n; i++) {
        stress(scene, NOW + i * 600n);
        done(breaker.adapt(NOW + i * 600n, market));
      }
      say(scene, NOW + 2_500n, [PRICE, PRICE, percent(106n) - 1n]);
      const far = breaker.trip(NOW + 2_500n, market, "FarApart", 0n);
      expectRefused(far, "NoEvidence", 4n, 599n, 600n);
    });
  });
});
