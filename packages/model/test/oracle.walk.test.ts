import { expect } from "chai";
import fc from "fast-check";
import { ChainlinkSettlement, STEP, publish, readsOf, startPhase } from "@certus/model";
import type { Feed, FeedReads } from "@certus/model";
import { DAY, FIXING, PROFILE, PROXY, T, expectPrice, id, setUp } from "./helpers/fixing.ts";
import type { Setting } from "./helpers/fixing.ts";
import { expectRefused } from "./helpers/refusals.ts";

describe("ChainlinkSettlement: walks and marks", () => {
  describe("walking over incomplete rounds", () => {
    const gap = (missing: bigint, kind: "reverts" | "zeros"): Setting => {
      const setting = setUp();
      const phase = setting.feed.phases.get(1n);
      if (!phase) throw new Error("no phase");
      phase.missing = kind;
      phase.latest = 1n + missing;
      publish(setting.feed, 2_100n, T + 1n);
      return setting;
    };
    const hint = id(1n, 1n);

    it("steps over 64 of them, whichever way they are missing", () => {
      for (const kind of ["reverts", "zeros"] as const) {
        expectPrice(gap(64n, kind).fix(T + DAY, [hint]), 2_000n, hint, STEP.staleRound);
        const long = gap(65n, kind).fix(T + DAY, [hint]);
        expectRefused(long, "TooManyIncomplete", hint, 64n);
      }
    });

    it("ends at the phase's latest round, the 65th among it", () => {
      const { feed, fix } = gap(64n, "reverts");
      feed.phases.get(1n)?.rounds.delete(66n);
      expectPrice(fix(T + DAY, [hint]), 2_000n, hint, STEP.staleRound);
    });

    it("still finds a later round up to T behind a gap", () => {
      const { feed, fix } = gap(3n, "reverts");
      publish(feed, 2_300n, T + 2n);
      const rounds = feed.phases.get(1n)?.rounds;
      const round = rounds?.get(5n);
      if (!rounds || !round) throw new Error("no round");
      rounds.set(5n, { ...round, updatedAt: T });
      expectRefused(fix(T + DAY, [hint]), "NotLastRound", hint, id(1n, 5n));
    });

    it("asks the proxy for the latest round of the phase in force", () => {
      const { feed, fix } = setUp();
      feed.failing.add("latestRound");
      expectRefused(fix(T + DAY, [hint]), "LatestRoundUnreadable", 1n);
      const foreign = setUp({ latestRound: () => id(2n, 1n) });
      expectRefused(foreign.fix(T + DAY, [hint]), "LatestRoundUnreadable", 1n);
    });

    it("asks the aggregator of a phase that is over", () => {
      const past = (changes: Partial<FeedReads> = {}): Setting => {
        const setting = setUp(changes);
        startPhase(setting.feed, 0xa2n);
        publish(setting.feed, 2_200n, T + 5n);
        return setting;
      };
      const hints = [0n, hint];
      const at = T + DAY;
      expectPrice(past().fix(at, hints), 2_000n, hint, STEP.staleRound);
      const failing = past({ phaseAggregators: () => undefined });
      expectRefused(failing.fix(at, hints), "AggregatorUnreadable", 1n);
      const wide = past({ phaseAggregators: () => 1n << 160n });
      expectRefused(wide.fix(at, hints), "AggregatorUnreadable", 1n);
      const closed = past({ aggregatorLatestRound: () => undefined });
      expectRefused(closed.fix(at, hints), "LatestRoundUnreadable", 1n);
      const huge = past({ aggregatorLatestRound: () => 1n << 64n });
      expectRefused(huge.fix(at, hints), "LatestRoundUnreadable", 1n);
      const gone = past({ phaseAggregators: () => 0n });
      expectPrice(gone.fix(at, hints), 2_000n, hint, STEP.staleRound);
    });
  });

  describe("by the mark", () => {
    const [DEAD, OVERDUE] = [T + 259_200n, T + 2_592_000n];

    it("takes three days, and a feed that does not answer", () => {
      const { feed, fix } = setUp();
      expectRefused(fix(T, "0x"), "TooEarlyToFix", T, T + 1n);
      expectRefused(fix(DEAD - 1n, "0x"), "TooEarlyToFix", DEAD - 1n, DEAD);
      expectRefused(fix(DEAD, "0x"), "FeedStillAnswers", PROXY);
      expectRefused(fix(OVERDUE - 1n, "0x"), "FeedStillAnswers", PROXY);
      feed.failing.add("latestRoundData");
      expectPrice(fix(DEAD, "0x"), 2_000n, 0n, STEP.markFeedDead);
    });

    it("ends any fixing after thirty days, whatever the feed says", () => {
      const { fix } = setUp();
      expectPrice(fix(OVERDUE, "0x"), 2_000n, 0n, STEP.markOverdue);
    });

    it("counts words that do not fit as no answer, and any other answer as one", () => {
      const wide = setUp();
      const dead = new ChainlinkSettlement(
        new Map([
          [
            PROXY,
            { ...readsOf(wide.feed), latestRoundData: () => ({ ...zero, roundId: 1n << 80n }) },
          ],
        ]),
      );
      for (const [key, fixing] of wide.oracle.fixings) dead.fixings.set(key, fixing);
      const zeros = setUp();
      zeros.feed.phases.get(1n)?.rounds.set(1n, zero);
      expectPrice(dead.fix(DEAD, PROXY, PROFILE, T, "0x"), 2_000n, 0n, STEP.markFeedDead);
      expectRefused(zeros.fix(DEAD, "0x"), "FeedStillAnswers", PROXY);
    });
  });

  describe("any history of rounds", () => {
    const histories = fc.array(
      fc.array(fc.tuple(fc.nat(3_000), fc.nat(9)), { minLength: 0, maxLength: 8 }),
      { minLength: 1, maxLength: 3 },
    );

    it("accepts exactly one proof of all there are, and its price is the last up to T", () => {
      fc.assert(
        fc.property(histories, fc.nat(40), (phases, start) => {
          const { feed, fix, oracle } = setUp();
          phases.forEach((rounds, index) => {
            if (index > 0) startPhase(feed, 0xa1n + BigInt(index));
            let time = T - BigInt(start) * 250n;
            for (const [wait, kind] of rounds) {
              time += BigInt(wait);
              publish(feed, kind === 0 ? 0n : 3_000n + BigInt(wait), time);
            }
          });
          const accepted: bigint[] = [];
          for (const hints of allHints(feed)) {
            const outcome = fix(T + DAY, hints);
            if (!outcome.ok) continue;
            accepted.push(outcome.returned);
            const fixing = oracle.fixings.get(FIXING);
            if (fixing) oracle.fixings.set(FIXING, { ...fixing, price: 0n, step: 0n });
          }
          expect(accepted).to.deep.equal([expectedPrice(feed)]);
        }),
        { numRuns: 150 },
      );
    });
  });
});

const zero = { roundId: 0n, answer: 0n, startedAt: 0n, updatedAt: 0n, answeredInRound: 0n };

/** Every combination of hints, from the phase in force downwards, of every length. */
function allHints(feed: Feed): readonly (readonly bigint[])[] {
  let combinations: readonly (readonly bigint[])[] = [[]];
  const all: (readonly bigint[])[] = [];
  for (let phase = feed.current; phase >= 1n; phase--) {
    const latest = feed.phases.get(phase)?.latest ?? 0n;
    const ids = [
      0n,
      ...Array.from({ length: Number(latest) }, (_, round) => id(phase, BigInt(round) + 1n)),
    ];
    combinations = combinations.flatMap((hints) => ids.map((hint) => [...hints, hint]));
    all.push(...combinations);
  }
  return all;
}

/** The price by the written rule, read from the whole history at once. */
function expectedPrice(feed: Feed): bigint {
  const candidates = [...feed.phases.values()]
    .map(({ rounds }) =>
      [...rounds.values()].filter(({ answer, updatedAt }) => answer > 0n && updatedAt <= T).at(-1),
    )
    .filter((round) => round !== undefined)
    .reverse();
  const fresh = candidates.find(({ updatedAt }) => T - updatedAt <= 3_900n);
  const youngest = candidates.reduce((best, each) =>
    each.updatedAt > best.updatedAt ? each : best,
  );
  return (fresh ?? youngest).answer;
}
