import { expect } from "chai";
import { END_DELAY, STEP, encodeProof, fixingIdOf, publish, startPhase } from "@certus/model";
import type { Hex } from "@certus/model";
import { DAY, PROFILE, PROXY, START, T, expectPrice, id, setUp } from "./helpers/fixing.ts";
import type { Setting } from "./helpers/fixing.ts";
import { expectRefused } from "./helpers/refusals.ts";

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
      expectPrice(fresh.fix(T + END_DELAY, proof), 2_100n, id(1n, 2n), STEP.round);
    });

    it("waits 300 s while no later round is out", () => {
      const { feed, fix } = setUp();
      publish(feed, 2_100n, T - 5n);
      const proof = [id(1n, 2n)];
      const from = T + 300n;
      expectRefused(fix(T + 1n, proof), "TooEarlyToFix", T + 1n, from);
      expectRefused(fix(from - 1n, proof), "TooEarlyToFix", from - 1n, from);
      publish(feed, 2_200n, T - 1n);
      expectRefused(fix(from, proof), "NotLastRound", id(1n, 2n), id(1n, 3n));
      expectPrice(fix(from, [id(1n, 3n)]), 2_200n, id(1n, 3n), STEP.round);
    });

    it("waits 300 s for a phase without rounds, though the one below it goes on", () => {
      const { feed, fix } = setUp();
      publish(feed, 2_100n, T - 5n);
      publish(feed, 2_200n, T + 1n);
      startPhase(feed, 0xa2n);
      const proof = [0n, id(1n, 2n)];
      expectRefused(fix(T + 299n, proof), "TooEarlyToFix", T + 299n, T + 300n);
      expectPrice(fix(T + 300n, proof), 2_100n, id(1n, 2n), STEP.round);
    });

    it("takes the highest id of rounds with one time", () => {
      const { feed, fix } = setUp();
      for (const answer of [2_100n, 2_101n]) publish(feed, answer, T);
      expectRefused(fix(T + 1n, [id(1n, 2n)]), "NotLastRound", id(1n, 2n), id(1n, 3n));
      expectPrice(fix(T + END_DELAY, [id(1n, 3n)]), 2_101n, id(1n, 3n), STEP.round);
    });

    it("settles on an answer of 1, and on the largest below 2^96 clamped", () => {
      for (const [answer, price] of [
        [1n, 1n],
        [(1n << 96n) - 1n, (1n << 63n) - 1n],
      ] as const) {
        const { feed, fix } = setUp();
        publish(feed, answer, T);
        expectPrice(fix(T + END_DELAY, [id(1n, 2n)]), price, id(1n, 2n), 1n);
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
      const at = T + END_DELAY;
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
});
