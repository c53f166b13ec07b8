import { expect } from "chai";
import fc from "fast-check";
import {
  ChainlinkSettlement,
  MAX_INT64,
  MAX_LEAD,
  createFeed,
  fixingIdOf,
  fixingWord,
  keccakWords,
  priceOfAnswer,
  profileOf,
  publish,
  readsOf,
  startPhase,
} from "@certus/model";
import type { Feed, FeedReads, Round } from "@certus/model";
import { biased } from "../../../test/helpers/arbitraries.ts";
import { expectRefused } from "./helpers/refusals.ts";

const PROXY = 0xfeedn;
const PROFILE = profileOf(0n, 1_000n);
const NOW = 1_800_000_000n;
const EXPIRY = NOW + 100_000n;
const PRICE = 2_000n * 10n ** 8n;

/** An oracle over one feed of 8 decimals with a round of just now. */
function setUp(): { oracle: ChainlinkSettlement; feed: Feed; roundId: bigint } {
  const feed = createFeed(8n, 0xa1n);
  const roundId = publish(feed, PRICE, NOW - 10n);
  return { oracle: new ChainlinkSettlement(new Map([[PROXY, readsOf(feed)]])), feed, roundId };
}

/** The same with some reads replaced. */
function withReads(changes: Partial<FeedReads>): ChainlinkSettlement {
  const { feed } = setUp();
  return new ChainlinkSettlement(new Map([[PROXY, { ...readsOf(feed), ...changes }]]));
}

function withLatest(changes: Partial<Round>): ChainlinkSettlement {
  const { feed } = setUp();
  const round = readsOf(feed).latestRoundData();
  if (round === undefined) throw new Error("no round");
  return withReads({ latestRoundData: () => ({ ...round, ...changes }) });
}

describe("ChainlinkSettlement: marks", () => {
  describe("describe", () => {
    it("answers what the profile says", () => {
      const { oracle } = setUp();
      const returned = { priceExp: 18n, maxCeiling: (1n << 112n) - 1n };
      expect(oracle.describe(PROXY, profileOf(18n, (1n << 112n) - 1n))).to.deep.include({
        returned,
      });
    });

    it("refuses in order", () => {
      const { oracle } = setUp();
      const ask = (feed: bigint, profile: bigint) => oracle.describe(feed, profile);
      const foreign = 1n << 160n;
      const dirty = (1n << 120n) | 19n;
      expectRefused(ask(foreign, dirty), "ProfileDirty", dirty);
      expectRefused(ask(foreign, 19n), "PriceExpTooLarge", 19n, 18n);
      expectRefused(ask(foreign, 18n), "ProfileWithoutCeiling", 18n);
      expectRefused(ask(foreign, PROFILE), "FeedNotAddress", foreign);
      expectRefused(ask(1n, PROFILE), "FeedWithoutCode", 1n);
      const silent = withReads({ decimals: () => undefined });
      expectRefused(silent.describe(PROXY, PROFILE), "DecimalsUnreadable", PROXY);
      const wide = withReads({ decimals: () => 256n });
      expectRefused(wide.describe(PROXY, PROFILE), "DecimalsUnreadable", PROXY);
      const fine = withReads({ decimals: () => 37n });
      expectRefused(fine.describe(PROXY, PROFILE), "DecimalsTooLarge", 37n, 36n);
      expect(withReads({ decimals: () => 36n }).describe(PROXY, PROFILE).ok).to.equal(true);
    });
  });

  describe("open", () => {
    it("keeps mark, time, decimals and phase, and says so", () => {
      const { oracle, roundId } = setUp();
      const fixing = keccakWords([PROXY, PROFILE, EXPIRY]);
      const opened = { fixing, feed: PROXY, profile: PROFILE, expiry: EXPIRY, mark: PRICE };
      const args = { ...opened, markTime: NOW - 10n, decimals: 8n, phase: 1n, roundId };
      expect(oracle.open(NOW, PROXY, PROFILE, EXPIRY)).to.deep.equal({
        ok: true,
        returned: { fixing, mark: PRICE },
        events: [{ name: "FixingOpened", args }],
      });
      const word = (PRICE << 64n) | ((NOW - 10n) << 128n) | (8n << 168n) | (1n << 176n);
      expect(fixingWord(oracle.fixings.get(fixing))).to.equal(word);
      expect(fixingWord(undefined)).to.equal(0n);
    });

    it("joins, without a newer round moving nothing, yet only on an accepted round and the same scale", () => {
      const { oracle, feed } = setUp();
      const open = () => oracle.open(NOW, PROXY, PROFILE, EXPIRY);
      open();
      publish(feed, PRICE * 2n, NOW - 10n);
      const fixing = fixingIdOf(PROXY, PROFILE, EXPIRY);
      expect(open()).to.deep.equal({ ok: true, returned: { fixing, mark: PRICE }, events: [] });
      feed.decimals = 9n;
      expectRefused(open(), "DecimalsChanged", 8n, 9n);
      feed.decimals = 8n;
      feed.failing.add("latestRoundData");
      expectRefused(open(), "FeedUnreadable", PROXY);
    });

    it("joins with the mark and the phase of a newer round, and never lowers the phase", () => {
      const { oracle, feed } = setUp();
      const open = () => oracle.open(NOW, PROXY, PROFILE, EXPIRY);
      open();
      startPhase(feed, 0xa2n);
      const roundId = publish(feed, PRICE + 5n, NOW - 9n);
      const fixing = fixingIdOf(PROXY, PROFILE, EXPIRY);
      const args = { fixing, mark: PRICE + 5n, markTime: NOW - 9n, roundId };
      expect(open()).to.deep.equal({
        ok: true,
        returned: { fixing, mark: PRICE + 5n },
        events: [{ name: "MarkRefreshed", args }],
      });
      const moved = { mark: PRICE + 5n, markTime: NOW - 9n, decimals: 8n, phase: 2n };
      expect(oracle.price(PROXY, PROFILE, EXPIRY)).to.deep.include(moved);
      feed.current = 1n;
      publish(feed, PRICE + 6n, NOW - 8n);
      expect(open()).to.deep.include({ returned: { fixing, mark: PRICE + 6n } });
      expect(oracle.price(PROXY, PROFILE, EXPIRY)).to.deep.include({
        mark: PRICE + 6n,
        phase: 2n,
      });
    });

    it("refuses an expiry beyond 100 days, before it looks at the profile", () => {
      const { oracle } = setUp();
      const bound = NOW + MAX_LEAD;
      expectRefused(oracle.open(NOW, PROXY, 0n, bound + 1n), "ExpiryTooFar", bound + 1n, bound);
      expect(oracle.open(NOW, PROXY, PROFILE, bound).ok).to.equal(true);
      expect(MAX_LEAD).to.equal(100n * 86_400n);
    });

    it("refuses from the expiry on, before it looks at the profile", () => {
      const { oracle } = setUp();
      expectRefused(oracle.open(EXPIRY, PROXY, 0n, EXPIRY), "FixingWindowOver", EXPIRY, EXPIRY);
      expectRefused(oracle.open(NOW, PROXY, 0n, EXPIRY), "ProfileWithoutCeiling", 0n);
    });

    it("refuses rounds that are not accepted, in order", () => {
      const open = (changes: Partial<Round>) =>
        withLatest(changes).open(NOW, PROXY, PROFILE, EXPIRY);
      const id = (1n << 64n) | 1n;
      const bad = { answer: 0n, updatedAt: 0n, answeredInRound: 0n };
      expectRefused(open({ ...bad, roundId: 1n << 80n }), "FeedUnreadable", PROXY);
      expectRefused(open({ ...bad, answeredInRound: 1n << 80n }), "FeedUnreadable", PROXY);
      expectRefused(open({ ...bad, roundId: 5n }), "RoundWithoutPhase", 5n);
      expectRefused(open({ ...bad, answer: -1n }), "AnswerNotPositive", -1n);
      expectRefused(open(bad), "AnswerNotPositive", 0n);
      expectRefused(open({ ...bad, answer: 1n << 96n }), "AnswerTooLarge", 1n << 96n, 1n << 96n);
      expectRefused(open({ ...bad, answer: 1n }), "RoundNotUpdated", id);
      const early = { answeredInRound: 0n };
      expectRefused(open({ ...early, updatedAt: NOW + 1n }), "RoundFromFuture", NOW + 1n, NOW);
      expectRefused(open({ ...early, updatedAt: NOW - 3_901n }), "MarkTooOld", 3_901n, 3_900n);
      expectRefused(open(early), "AnsweredInEarlierRound", 0n, id);
      expect(open({ updatedAt: NOW - 3_900n }).ok).to.equal(true);
      expect(open({ updatedAt: NOW }).ok).to.equal(true);
    });
  });

  describe("refreshMark", () => {
    it("moves mark, time and phase forward only", () => {
      const { oracle, feed } = setUp();
      const refresh = (now: bigint) => oracle.refreshMark(now, PROXY, PROFILE, EXPIRY);
      const fixing = fixingIdOf(PROXY, PROFILE, EXPIRY);
      expectRefused(refresh(EXPIRY), "FixingNotOpen", fixing);
      oracle.open(NOW, PROXY, PROFILE, EXPIRY);
      expectRefused(refresh(EXPIRY), "FixingWindowOver", EXPIRY, EXPIRY);
      expectRefused(refresh(NOW), "MarkNotNewer", NOW - 10n, NOW - 10n);
      const roundId = publish(feed, PRICE + 5n, NOW - 9n);
      const args = { fixing, mark: PRICE + 5n, markTime: NOW - 9n, roundId };
      expect(refresh(NOW)).to.deep.equal({
        ok: true,
        returned: PRICE + 5n,
        events: [{ name: "MarkRefreshed", args }],
      });
      expect(oracle.price(PROXY, PROFILE, EXPIRY)).to.deep.include({
        price: 0n,
        mark: PRICE + 5n,
        markTime: NOW - 9n,
        phase: 1n,
      });
      startPhase(feed, 0xa2n);
      publish(feed, PRICE + 6n, NOW - 8n);
      expect(refresh(NOW).ok).to.equal(true);
      expect(oracle.price(PROXY, PROFILE, EXPIRY)).to.deep.include({
        mark: PRICE + 6n,
        phase: 2n,
      });
    });

    it("refuses a feed whose decimals cannot be read or have changed", () => {
      const { oracle, feed } = setUp();
      oracle.open(NOW, PROXY, PROFILE, EXPIRY);
      const refresh = () => oracle.refreshMark(NOW, PROXY, PROFILE, EXPIRY);
      feed.failing.add("decimals").add("latestRoundData");
      expectRefused(refresh(), "DecimalsUnreadable", PROXY);
      feed.failing.delete("decimals");
      feed.decimals = 18n;
      expectRefused(refresh(), "DecimalsChanged", 8n, 18n);
      feed.decimals = 8n;
      expectRefused(refresh(), "FeedUnreadable", PROXY);
    });
  });

  describe("priceOfAnswer", () => {
    it("scales to 8 decimals of quote per 10^priceExp, floored and kept within bounds", () => {
      expect(priceOfAnswer(PRICE, 8n, 0n)).to.equal(PRICE);
      expect(priceOfAnswer(1_999n, 11n, 0n)).to.equal(1n);
      expect(priceOfAnswer(2_000n, 11n, 0n)).to.equal(2n);
      expect(priceOfAnswer(999n, 11n, 0n)).to.equal(1n);
      expect(priceOfAnswer(12n, 8n, 6n)).to.equal(12_000_000n);
      expect(priceOfAnswer(12n, 14n, 6n)).to.equal(12n);
      expect(priceOfAnswer((1n << 96n) - 1n, 0n, 18n)).to.equal(MAX_INT64);
    });

    it("is what the written formula gives", () => {
      const cases = fc.tuple(
        biased(1n, (1n << 96n) - 1n),
        fc.integer({ min: 0, max: 36 }),
        fc.integer({ min: 0, max: 18 }),
      );
      fc.assert(
        fc.property(cases, ([answer, decimals, priceExp]) => {
          const e = 8 + priceExp - decimals;
          const raw = e >= 0 ? answer * 10n ** BigInt(e) : answer / 10n ** BigInt(-e);
          const bounded = raw < 1n ? 1n : raw > MAX_INT64 ? MAX_INT64 : raw;
          expect(priceOfAnswer(answer, BigInt(decimals), BigInt(priceExp))).to.equal(bounded);
        }),
      );
    });
  });
});
