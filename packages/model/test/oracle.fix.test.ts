import { expect } from "chai";
import fc from "fast-check";
import {
  ChainlinkSettlement,
  STEP,
  createFeed,
  encodeProof,
  fixingIdOf,
  profileOf,
  publish,
  readsOf,
  startPhase,
} from "@certus/model";
import type { Feed, FeedReads, Hex } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";

const PROXY = 0xfeedn;
const PROFILE = profileOf(0n, 1_000n);
const START = 1_800_000_000n;
/** T: the expiry. */
const T = START + 100_000n;
const DAY = 86_400n;
const FIXING = fixingIdOf(PROXY, PROFILE, T);

const id = (phase: bigint, round: bigint): bigint => (phase << 64n) | round;

interface Setting {
  readonly oracle: ChainlinkSettlement;
  readonly feed: Feed;
  readonly fix: (
    now: bigint,
    proof: readonly bigint[] | Hex,
  ) => ReturnType<ChainlinkSettlement["fix"]>;
}

/** A fixing opened in phase 1 on a round of 2,000. */
function setUp(changes: Partial<FeedReads> = {}): Setting {
  const feed = createFeed(8n, 0xa1n);
  publish(feed, 2_000n, START);
  const oracle = new ChainlinkSettlement(new Map([[PROXY, { ...readsOf(feed), ...changes }]]));
  expect(oracle.open(START, PROXY, PROFILE, T).ok).to.equal(true);
  const fix: Setting["fix"] = (now, proof) =>
    oracle.fix(now, PROXY, PROFILE, T, typeof proof === "string" ? proof : encodeProof(proof));
  return { oracle, feed, fix };
}

function expectPrice(
  outcome: ReturnType<ChainlinkSettlement["fix"]>,
  price: bigint,
  roundId: bigint,
  step: bigint,
): void {
  const args = { fixing: FIXING, price, roundId, step };
  expect(outcome).to.deep.equal({
    ok: true,
    returned: price,
    events: [{ name: "PriceSettled", args }],
  });
}

describe("ChainlinkSettlement: fix", () => {
  describe("by the last round", () => {
    it("takes the last round up to T from T + 1 on, and answers the same for ever", () => {
      const { oracle, feed, fix } = setUp();
      publish(feed, 2_100n, T);
      publish(feed, 2_200n, T + 1n);
      const proof = [id(1n, 2n)];
      expectRefused(fix(T, proof), "TooEarlyToFix", T, T + 1n);
      expectPrice(fix(T + 1n, proof), 2_100n, id(1n, 2n), STEP.round);
      expect(fix(START, "0x1234")).to.deep.equal({ ok: true, returned: 2_100n, events: [] });
      expect(oracle.price(PROXY, PROFILE, T)).to.deep.include({ price: 2_100n, step: STEP.round });
    });

    it("refuses a fixing that is not open", () => {
      const { oracle } = setUp();
      const other = oracle.fix(T, PROXY, PROFILE, T + 1n, "0x");
      expectRefused(other, "FixingNotOpen", fixingIdOf(PROXY, PROFILE, T + 1n));
    });

    it("waits a day for a round older than 3,900 s", () => {
      const { feed, fix } = setUp();
      publish(feed, 2_100n, T - 3_901n);
      publish(feed, 2_200n, T + 1n);
      const proof = [id(1n, 2n)];
      expectRefused(fix(T + DAY - 1n, proof), "TooEarlyToFix", T + DAY - 1n, T + DAY);
      expectPrice(fix(T + DAY, proof), 2_100n, id(1n, 2n), STEP.staleRound);
      const fresh = setUp();
      publish(fresh.feed, 2_100n, T - 3_900n);
      expectPrice(fresh.fix(T + 1n, proof), 2_100n, id(1n, 2n), STEP.round);
    });

    it("takes the highest id of rounds with one time", () => {
      const { feed, fix } = setUp();
      for (const answer of [2_100n, 2_101n]) publish(feed, answer, T);
      expectRefused(fix(T + 1n, [id(1n, 2n)]), "NotLastRound", id(1n, 2n), id(1n, 3n));
      expectPrice(fix(T + 1n, [id(1n, 3n)]), 2_101n, id(1n, 3n), STEP.round);
    });

    it("settles on an answer of 1, and on the largest below 2^96 clamped", () => {
      for (const [answer, price] of [
        [1n, 1n],
        [(1n << 96n) - 1n, (1n << 63n) - 1n],
      ] as const) {
        const { feed, fix } = setUp();
        publish(feed, answer, T);
        expectPrice(fix(T + 1n, [id(1n, 2n)]), price, id(1n, 2n), 1n);
      }
    });

    it("numbers the steps as the word keeps them", () => {
      expect(STEP).to.deep.equal({
        none: 0n,
        round: 1n,
        staleRound: 2n,
        markFeedDead: 3n,
        markOverdue: 4n,
      });
    });

    it("refuses a round that is missing, incomplete or after T", () => {
      const { feed, fix } = setUp();
      publish(feed, 0n, T - 5n);
      publish(feed, 2_100n, T + 1n);
      const at = T + DAY;
      expectRefused(fix(at, [id(1n, 9n)]), "RoundIncomplete", id(1n, 9n));
      expectRefused(fix(at, [id(1n, 2n)]), "RoundIncomplete", id(1n, 2n));
      expectRefused(fix(at, [id(1n, 3n)]), "RoundAfterExpiry", T + 1n, T);
      expectPrice(fix(at, [id(1n, 1n)]), 2_000n, id(1n, 1n), STEP.staleRound);
    });

    it("counts what a complete round is word by word", () => {
      const broken = [
        { roundId: id(1n, 3n) },
        { answer: 0n },
        { answer: 1n << 96n },
        { updatedAt: 0n },
        { answeredInRound: id(1n, 1n) },
      ];
      for (const changes of broken) {
        const { feed, fix } = setUp();
        publish(feed, 2_100n, T);
        const rounds = feed.phases.get(1n)?.rounds;
        const round = rounds?.get(2n);
        if (!rounds || !round) throw new Error("no round");
        rounds.set(2n, { ...round, ...changes });
        expectRefused(fix(T + 1n, [id(1n, 2n)]), "RoundIncomplete", id(1n, 2n));
      }
    });
  });

  describe("by proofs of other forms", () => {
    it("takes no other encoding than the one", () => {
      const { fix } = setUp();
      const [good, none] = [encodeProof([id(1n, 1n)]), encodeProof([])];
      const bad: readonly Hex[] = [
        none,
        `${good}00`,
        `0x${good.slice(66)}`,
        `${good}${"0".repeat(64)}`,
        good.replace("20", "40") as Hex,
        "0x00",
      ];
      for (const proof of bad) {
        const length = BigInt(proof.length / 2 - 1);
        expectRefused(fix(T + DAY, proof), "ProofMalformed", length);
      }
      expect(fix(T + DAY, good).ok).to.equal(true);
    });

    it("asks decimals and phase before any hint", () => {
      const { feed, fix } = setUp();
      const at = T + DAY;
      feed.failing.add("decimals").add("phaseId");
      expectRefused(fix(at, "0x00"), "ProofMalformed", 1n);
      expectRefused(fix(at, [1n]), "DecimalsUnreadable", PROXY);
      feed.failing.delete("decimals");
      feed.decimals = 18n;
      expectRefused(fix(at, [1n]), "DecimalsChanged", 8n, 18n);
      feed.decimals = 8n;
      expectRefused(fix(at, [1n]), "PhaseUnreadable", PROXY);
      const backward = setUp({ phaseId: () => 0n });
      expectRefused(backward.fix(at, [1n]), "PhaseWentBack", 0n, 1n);
      const wide = setUp({ phaseId: () => 1n << 16n });
      expectRefused(wide.fix(at, [1n]), "PhaseUnreadable", PROXY);
    });

    it("wants a hint for each phase down to the first fresh one, and no more", () => {
      const { feed, fix } = setUp();
      publish(feed, 2_100n, T - 10n);
      startPhase(feed, 0xa2n);
      publish(feed, 2_200n, T + 5n);
      const at = T + 10n;
      expectRefused(fix(at, [0n]), "HintsIncomplete", 1n, 2n);
      const over = [0n, id(1n, 2n), 0n];
      expectRefused(fix(at, over), "HintsLeftOver", 3n, 2n);
      expectRefused(fix(at, [id(2n, 0n), 0n]), "HintOutOfPhase", id(2n, 0n), 2n);
      expectRefused(fix(at, [id(1n, 2n), 0n]), "HintOutOfPhase", id(1n, 2n), 2n);
      const dirty = (1n << 200n) | id(2n, 1n);
      expectRefused(fix(at, [dirty, 0n]), "HintOutOfPhase", dirty, 2n);
      expectPrice(fix(at, [0n, id(1n, 2n)]), 2_100n, id(1n, 2n), STEP.round);
    });

    it("prefers the higher phase when fresh, else the younger round, else the higher phase", () => {
      const phases = (first: bigint, second: bigint): Setting => {
        const setting = setUp();
        publish(setting.feed, 2_100n, first);
        startPhase(setting.feed, 0xa2n);
        publish(setting.feed, 2_200n, second);
        return setting;
      };
      const both = [id(2n, 1n), id(1n, 2n)];
      const at = T + DAY;
      expectPrice(phases(T, T - 3_900n).fix(at, [id(2n, 1n)]), 2_200n, id(2n, 1n), STEP.round);
      expectPrice(phases(T, T - 3_901n).fix(at, both), 2_100n, id(1n, 2n), STEP.round);
      const older = [T - 5_000n, T - 6_000n] as const;
      expectPrice(phases(...older).fix(at, both), 2_100n, id(1n, 2n), STEP.staleRound);
      const equal = [T - 5_000n, T - 5_000n] as const;
      expectPrice(phases(...equal).fix(at, both), 2_200n, id(2n, 1n), STEP.staleRound);
    });

    it("refuses when no phase has a round up to T", () => {
      const { feed, fix } = setUp();
      feed.phases.get(1n)?.rounds.clear();
      publish(feed, 2_100n, T + 1n);
      expectRefused(fix(T + DAY, [0n]), "NoRoundBeforeExpiry", T);
    });

    it("refuses an empty hint for a phase that has a round up to T", () => {
      const { fix } = setUp();
      expectRefused(fix(T + DAY, [0n]), "NotLastRound", 0n, id(1n, 1n));
    });
  });

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
