import { expect } from "chai";
import fc from "fast-check";
import {
  FORM_MAXIMAL,
  MAX_INT64,
  PRICE_ONE,
  createFeed,
  formOfSigners,
  isForm,
  isMaximal,
  maximalForm,
  productMaxAge,
  productReading,
  productValue,
  publish,
  pushReading,
  pushValue,
  rankOf,
  readsOf,
  signersValue,
  standingAt,
  startPhase,
  streamValue,
} from "@certus/model";
import type { Feed, PushFeed, Reading } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";
import { returnedBy } from "./helpers/sources.ts";

const NOW = 1_800_000_000n;
const T = NOW - 1_000n;
const PRICE = 2_000n * PRICE_ONE;

const mask = fc.bigInt(1n, (1n << 16n) - 1n);

function bitsIn(bitmap: bigint): number {
  return bitmap.toString(2).replaceAll("0", "").length;
}

describe("sources by class", () => {
  describe("forms", () => {
    it("have 22 bits and a rank", () => {
      expect([0n, FORM_MAXIMAL, 1n << 22n, (1n << 22n) | 1n].some(isForm)).to.equal(false);
      expect([1n, FORM_MAXIMAL | 1n, (1n << 22n) - 1n].every(isForm)).to.equal(true);
      expect([isMaximal(FORM_MAXIMAL - 1n), isMaximal(maximalForm(1n))]).to.deep.equal([
        false,
        true,
      ]);
      expect(rankOf(maximalForm(77n))).to.equal(77n);
    });

    it("of signers prefer more of them, then the lower bitmap, then all of them to anything", () => {
      expect(formOfSigners(0b101n, 0b111n)).to.equal((2n << 16n) + 0xffffn - 0b101n);
      expect(formOfSigners(0b111n, 0b111n)).to.equal(maximalForm((3n << 16n) + 0xffffn - 0b111n));
      fc.assert(
        fc.property(mask, mask, (a, b) => {
          const [first, second] = [formOfSigners(a, 0n), formOfSigners(b, 0n)];
          expect(isForm(first)).to.equal(true);
          const [m, n] = [bitsIn(a), bitsIn(b)];
          expect(first > second).to.equal(m > n || (m === n && a < b));
        }),
      );
    });
  });

  describe("signers", () => {
    const said = (...prices: readonly (readonly [bigint, bigint])[]) => new Map(prices);
    const all = { standing: 0b1111n, threshold: 3n };

    it("say the median of those that are claimed", () => {
      const three = said([3n, 9n], [0n, 4n], [1n, 5n]);
      const form = formOfSigners(0b1011n, 0b1111n);
      expect(returnedBy(signersValue(three, all))).to.deep.equal({ price: 5n, form });
      const four = said([0n, 4n], [1n, 5n], [2n, 8n], [3n, 9n]);
      const whole = formOfSigners(0b1111n, 0b1111n);
      expect(isMaximal(whole)).to.equal(true);
      expect(returnedBy(signersValue(four, all))).to.deep.equal({ price: 6n, form: whole });
    });

    it("are enough, and stand", () => {
      const two = said([0n, 4n], [9n, 5n]);
      expectRefused(signersValue(two, all), "TooFewSigners", 2n, 3n);
      const stranger = said([0n, 4n], [9n, 5n], [1n, 6n]);
      expectRefused(signersValue(stranger, all), "SignerNotStanding", 9n);
    });

    it("that are removed stand for every time up to their removal", () => {
      const removed = new Map([[2n, T]]);
      expect(standingAt(4n, removed, T - 1n)).to.equal(0b1111n);
      expect(standingAt(4n, removed, T)).to.equal(0b1111n);
      expect(standingAt(4n, removed, T + 1n)).to.equal(0b1011n);
      const rest = said([0n, 4n], [1n, 5n], [3n, 9n]);
      const set = (time: bigint) => ({ standing: standingAt(4n, removed, time), threshold: 3n });
      expect(isMaximal(returnedBy(signersValue(rest, set(T))).form)).to.equal(false);
      expect(isMaximal(returnedBy(signersValue(rest, set(T + 1n))).form)).to.equal(true);
    });
  });

  describe("streams", () => {
    const report = { price: PRICE * 10n ** 10n, decimals: 18n, validFrom: T - 4n, observations: T };
    const at = (time: bigint, changes: Partial<typeof report> = {}) =>
      streamValue({ ...report, ...changes }, 0n, time);

    it("say the price of a narrow report over the instant", () => {
      const value = { price: PRICE, form: maximalForm(1n) };
      expect(returnedBy(at(T))).to.deep.equal(value);
      expect(returnedBy(at(T - 4n))).to.deep.equal(value);
      expectRefused(at(T + 1n), "ProofForOtherTime", T, T + 1n);
      expectRefused(at(T - 5n), "ProofForOtherTime", T - 4n, T - 5n);
      expect(at(T, { validFrom: T - 10n }).ok).to.equal(true);
      expectRefused(at(T, { validFrom: T - 11n }), "ReportTooWide", 11n, 10n);
    });

    it("are floored to 8 decimals and refused where that is no price", () => {
      expect(returnedBy(at(T, { price: 19_999_999_999n })).price).to.equal(1n);
      expectRefused(at(T, { price: 9_999_999_999n }), "SourcePriceInvalid", 9_999_999_999n);
      expectRefused(at(T, { price: -1n }), "SourcePriceInvalid", -1n);
      const huge = (MAX_INT64 + 1n) * 10n ** 10n;
      expectRefused(at(T, { price: huge }), "SourcePriceInvalid", huge);
      expect(returnedBy(at(T, { price: huge - 1n })).price).to.equal(MAX_INT64);
    });
  });

  describe("products", () => {
    it("are floored, as good as the weaker factor, and refused where they are no price", () => {
      const a = { price: 3n * PRICE_ONE, form: maximalForm(1n) };
      const b = { price: PRICE_ONE + 1n, form: 900n };
      expect(returnedBy(productValue(a, b))).to.deep.equal({
        price: 3n * PRICE_ONE + 3n,
        form: 900n,
      });
      expect(returnedBy(productValue({ ...a, price: 1n }, b)).price).to.equal(1n);
      const small = { ...a, price: 9_999n };
      expectRefused(productValue(small, small), "SourcePriceInvalid", 0n);
      const large = { ...a, price: MAX_INT64 };
      const beyond = (MAX_INT64 * MAX_INT64) / PRICE_ONE;
      expectRefused(productValue(large, large), "SourcePriceInvalid", beyond);
    });

    it("are never worse for a better factor", () => {
      const forms = fc.bigInt(1n, (1n << 22n) - 1n).filter(isForm);
      fc.assert(
        fc.property(forms, forms, forms, (a, b, c) => {
          const form = (x: bigint, y: bigint) =>
            returnedBy(productValue({ price: PRICE, form: x }, { price: PRICE, form: y })).form;
          const [weaker, better] = a < b ? [a, b] : [b, a];
          expect(form(weaker, c) <= form(better, c) && form(a, b) === form(b, a)).to.equal(true);
          expect(isMaximal(form(a, b))).to.equal(isMaximal(a) && isMaximal(b));
        }),
      );
    });

    it("are of the older time, as wide as both, each factor within its own age", () => {
      const reading = (changes: Partial<Reading> = {}): Reading => ({
        price: PRICE,
        time: NOW - 10n,
        confidence: 4n,
        form: maximalForm(1n),
        ...changes,
      });
      const a = { reading: reading(), push: false, maxAge: 60n };
      const older = reading({ price: PRICE_ONE, time: NOW - 300n });
      const b = { reading: older, push: false, maxAge: 300n };
      const said = { ...reading(), time: NOW - 300n, confidence: 8n };
      expect(returnedBy(productReading(a, b, NOW))).to.deep.equal(said);
      expectRefused(productReading(a, b, NOW + 1n), "LegTooOld", 1n, 301n, 300n);
      expectRefused(productReading(a, b, NOW + 51n), "LegTooOld", 0n, 61n, 60n);
      expect(productMaxAge(a, b)).to.equal(300n);
      const pushed = { ...b, push: true };
      expect(productMaxAge(a, pushed)).to.equal(60n);
      expect(productMaxAge(pushed, a)).to.equal(60n);
      expect(productMaxAge({ ...a, push: true }, pushed)).to.equal(300n);
      expect(returnedBy(productReading(a, pushed, NOW)).time).to.equal(NOW - 10n);
      expect(returnedBy(productReading(pushed, a, NOW)).time).to.equal(NOW - 10n);
    });
  });

  describe("push feeds", () => {
    const source = (feed: Feed, changes: Partial<PushFeed> = {}): PushFeed => ({
      proxy: 0xfeedn,
      reads: readsOf(feed),
      decimals: 8n,
      priceExp: 0n,
      ...changes,
    });

    it("say their latest round by the checks of the single feed", () => {
      const feed = createFeed(8n, 0xa1n);
      expectRefused(pushReading(source(feed), NOW), "FeedUnreadable", 0xfeedn);
      publish(feed, PRICE, NOW - 3_900n);
      const said = { price: PRICE, time: NOW - 3_900n, confidence: 0n, form: maximalForm(1n) };
      expect(returnedBy(pushReading(source(feed), NOW))).to.deep.equal(said);
      expectRefused(pushReading(source(feed), NOW + 1n), "MarkTooOld", 3_901n, 3_900n);
      expectRefused(pushReading(source(feed, { decimals: 9n }), NOW), "DecimalsChanged", 9n, 8n);
      feed.failing.add("decimals");
      expectRefused(pushReading(source(feed), NOW), "DecimalsUnreadable", 0xfeedn);
      feed.failing.clear();
      publish(feed, 1n << 95n, NOW);
      expectRefused(pushReading(source(feed), NOW), "SourcePriceInvalid", 1n << 95n);
    });

    it("say of a time the round of the first fresh phase from the current one down", () => {
      const feed = createFeed(8n, 0xa1n);
      const first = publish(feed, PRICE, T - 100n);
      publish(feed, PRICE + 9n, T + 1n);
      const value = (hints: readonly bigint[], changes: Partial<PushFeed> = {}) =>
        pushValue(source(feed, changes), T, NOW, hints);
      expect(returnedBy(value([first]))).to.deep.equal({ price: PRICE, form: maximalForm(1n) });
      startPhase(feed, 0xa2n);
      const second = publish(feed, PRICE + 1n, T - 3_900n);
      publish(feed, PRICE + 9n, T + 2n);
      const newer = { price: PRICE + 1n, form: maximalForm(2n) };
      expect(returnedBy(value([second]))).to.deep.equal(newer);
      expectRefused(value([second, first]), "HintsLeftOver", 2n, 1n);
      expectRefused(value([first]), "HintOutOfPhase", first, 2n);
      startPhase(feed, 0xa3n);
      publish(feed, PRICE + 2n, T + 3n);
      expect(returnedBy(value([0n, second]))).to.deep.equal(newer);
      feed.failing.add("phaseId");
      expectRefused(value([0n, second]), "PhaseUnreadable", 0xfeedn);
    });

    it("say nothing of a time that only older rounds precede, down to the first phase", () => {
      const feed = createFeed(8n, 0xa1n);
      const old = publish(feed, PRICE, T - 3_901n);
      publish(feed, PRICE, T + 1n);
      startPhase(feed, 0xa2n);
      publish(feed, PRICE, T + 2n);
      const value = (hints: readonly bigint[]) => pushValue(source(feed), T, NOW, hints);
      expectRefused(value([0n]), "HintsIncomplete", 1n, 2n);
      expectRefused(value([0n, old]), "MarkTooOld", 3_901n, 3_900n);
    });
  });
});
