import { expect } from "chai";
import fc from "fast-check";
import {
  MAX_INT64,
  bookOf,
  feeCapOf,
  findMarket,
  levelAt,
  marketIdOf,
  marketOf,
} from "@certus/model";
import type { ErrorArguments, ErrorName, Terms } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ADMIN,
  EXPIRY,
  GUARD,
  ORACLE,
  QUOTE,
  START,
  STRANGER,
  createLedger,
  createScene,
  expectOk,
  from,
  inverseTerms,
  linearTerms,
} from "./helpers/scene.ts";

const SIX_HOURS = 21_600n;
const WEEK = 604_800n;

describe("markets", () => {
  describe("list", () => {
    it("lists the terms under their hash, with the terms' ceiling and level Normal", () => {
      const { ledger } = createLedger();
      const terms = linearTerms();
      const marketId = marketIdOf(terms);
      const outcome = ledger.list(from(ADMIN), terms);
      expect(outcome).to.deep.equal({
        ok: true,
        returned: { marketId, market: marketOf(marketId) },
        events: [{ name: "MarketListed", args: { marketId, market: marketOf(marketId), terms } }],
        oracleEvents: [],
      });
      const { guard } = findMarket(ledger.state, marketOf(marketId)) ?? {};
      expect(guard).to.deep.include({
        ceiling: terms.ceiling,
        level: 0n,
        until: 0n,
        retired: false,
      });
    });

    it("keeps the order of listing, also of markets that retire, and nothing of one it refuses", () => {
      const { ledger } = createLedger();
      const list = (salt: bigint) => ledger.list(from(ADMIN), linearTerms({ salt }));
      const markets = [3n, 1n, 2n].map((salt) => expectOk(list(salt)).market);
      expect(list(1n).ok).to.equal(false);
      expectOk(ledger.retire(from(ADMIN), markets[0] ?? 0n));
      expect(ledger.state.listed).to.deep.equal(markets);
    });

    it("refuses a re-entry before anything else", () => {
      const { ledger } = createLedger();
      const env = { ...from(STRANGER), external: true };
      expectNothing(ledger, () => ledger.list(env, linearTerms()), "InExternalCall");
    });

    it("refuses callers without authority", () => {
      const { ledger } = createLedger();
      const call = () => ledger.list(from(STRANGER), linearTerms());
      expectNothing(ledger, call, "AccessManagedUnauthorized", STRANGER);
    });

    const refused = <N extends ErrorName>(
      changes: Partial<Terms>,
      name: N,
      ...args: ErrorArguments[N]
    ): void => {
      const { ledger } = createLedger();
      const base = changes.style === 1n ? inverseTerms() : linearTerms();
      const call = () => ledger.list(from(ADMIN), { ...base, ...changes });
      expectNothing(ledger, call, name, ...args);
    };

    it("refuses terms whose addresses hold no code, the token first", () => {
      refused({ token: 0x77n, oracle: 0x78n }, "NoCode", 0x77n);
      refused({ oracle: 0x78n }, "NoCode", 0x78n);
      refused({ oracle: QUOTE }, "ForeignCallFailed", QUOTE);
    });

    it("refuses an unknown style and a lot scale that is zero or not reduced", () => {
      refused({ style: 2n }, "StyleUnknown", 2n, 1n);
      refused({ num: 0n }, "LotScaleZero", 0n, 100n);
      refused({ den: 0n }, "LotScaleZero", 1n, 0n);
      refused({ num: 6n, den: 4n }, "LotScaleNotReduced", 6n, 4n, 2n);
    });

    it("refuses ticks, grids, horizons and last-trade times out of their bounds", () => {
      refused({ strikeTick: 0n }, "StrikeTickBound", 0n, MAX_INT64);
      refused({ strikeTick: MAX_INT64 + 1n }, "StrikeTickBound", MAX_INT64 + 1n, MAX_INT64);
      refused({ gridPeriod: 0n }, "GridPeriodZero");
      refused({ horizon: 7_199n }, "HorizonBound", 7_199n, 7_200n, 8_640_000n);
      refused({ horizon: 8_640_001n }, "HorizonBound", 8_640_001n, 7_200n, 8_640_000n);
      refused({ lastTrade: 86_401n }, "LastTradeBound", 86_401n, 86_400n);
    });

    it("accepts the bounds themselves", () => {
      const { ledger } = createLedger();
      const edges = { strikeTick: MAX_INT64, horizon: 7_200n, lastTrade: 86_400n };
      expectOk(ledger.list(from(ADMIN), linearTerms(edges)));
      expectOk(
        ledger.list(
          from(ADMIN),
          linearTerms({ strikeTick: 1n, horizon: 8_640_000n, feePerLot: 0n }),
        ),
      );
    });

    it("caps the fee: a tenth of a tick, or a thousandth of a lot of the underlying", () => {
      expect(feeCapOf(linearTerms())).to.equal(100_000n);
      expect(feeCapOf(inverseTerms())).to.equal(10n ** 13n);
      expect(feeCapOf(linearTerms({ num: 1n, den: 3n, strikeTick: 59n }))).to.equal(1n);
      refused({ feePerLot: 100_001n }, "FeeCap", 100_001n, 100_000n);
      refused({ style: 1n, feePerLot: 10n ** 13n + 1n }, "FeeCap", 10n ** 13n + 1n, 10n ** 13n);
      const { ledger } = createLedger();
      expectOk(ledger.list(from(ADMIN), linearTerms({ feePerLot: 100_000n })));
    });

    it("refuses margin modes and prefixes that are taken", () => {
      refused({ marginMode: 1n }, "MarginModeUnknown", 1n, 0n);
      const { ledger } = createLedger();
      const { market } = expectOk(ledger.list(from(ADMIN), linearTerms()));
      expectNothing(ledger, () => ledger.list(from(ADMIN), linearTerms()), "MarketTaken", market);
    });

    it("refuses what the oracle does not promise", () => {
      const { ledger, oracle } = createLedger();
      const call = (changes: Partial<Terms>) => () =>
        ledger.list(from(ADMIN), linearTerms(changes));
      expectNothing(ledger, call({ priceExp: 3n }), "PriceExpMismatch", 3n, 0n);
      expectNothing(ledger, call({ ceiling: 0n }), "CeilingBound", 0n, (1n << 112n) - 1n);
      oracle.description = { priceExp: 0n, maxCeiling: 50n };
      expectNothing(ledger, call({ ceiling: 51n }), "CeilingBound", 51n, 50n);
      expectOk(ledger.list(from(ADMIN), linearTerms({ ceiling: 50n })));
    });
  });

  describe("retire", () => {
    it("retires once, by authority, for ever", () => {
      const { ledger, linear } = createScene();
      const { market } = linear.market;
      const retire = (sender: bigint, id: bigint) => () => ledger.retire(from(sender), id);
      expectNothing(ledger, retire(STRANGER, market), "AccessManagedUnauthorized", STRANGER);
      expectNothing(ledger, retire(ADMIN, market + 1n), "MarketUnknown", market + 1n);
      expect(retire(ADMIN, market)()).to.deep.include({
        events: [{ name: "MarketRetired", args: { market } }],
      });
      expectNothing(ledger, retire(ADMIN, market), "MarketIsRetired", market);
    });
  });

  describe("setGuard", () => {
    it("refuses what the guard may not set, in order", () => {
      const { ledger, linear } = createScene();
      const { market, terms } = linear.market;
      const set =
        (sender: bigint, id: bigint, level: bigint, until: bigint, ceiling: bigint) => () =>
          ledger.setGuard(from(sender), id, level, until, ceiling);
      const late = START + SIX_HOURS + 1n;
      const high = terms.ceiling + 1n;
      expectNothing(ledger, set(STRANGER, 1n, 3n, late, high), "MarketUnknown", 1n);
      expectNothing(ledger, set(ADMIN, market, 3n, late, high), "NotGuard", market, ADMIN);
      expectNothing(ledger, set(GUARD, market, 3n, late, high), "LevelUnknown", 3n, 2n);
      expectNothing(ledger, set(GUARD, market, 2n, late, high), "UntilBound", late, late - 1n);
      expectNothing(ledger, set(GUARD, market, 2n, START, high), "CeilingBound", high, high - 1n);
    });

    it("refuses a third halt until seven days after the first of them began", () => {
      const { ledger, linear } = createScene();
      const { market } = linear.market;
      const halt = (now: bigint) => ledger.setGuard(from(GUARD, now), market, 2n, now, 0n);
      const restrict = (now: bigint) =>
        ledger.setGuard(from(GUARD, now), market, 1n, now + SIX_HOURS, 0n);
      expectOk(halt(START));
      expectOk(halt(START + 10n));
      const early = START + WEEK - 1n;
      expectNothing(ledger, () => halt(early), "HaltBudget", early, START + WEEK);
      expectOk(restrict(early));
      expectOk(halt(START + WEEK));
      expectNothing(
        ledger,
        () => halt(START + WEEK),
        "HaltBudget",
        START + WEEK,
        START + WEEK + 10n,
      );
    });

    it("never halts more than twelve hours in any seven days, however it is called", () => {
      const calls = fc.array(
        fc.record({
          wait: fc.oneof(
            fc.nat(50_000),
            fc.constantFrom(0, 21_599, 21_600, 302_400, 583_200, 604_800),
          ),
          level: fc.constantFrom(0n, 1n, 2n, 2n, 2n),
          length: fc.oneof(fc.bigInt(0n, SIX_HOURS), fc.constantFrom(SIX_HOURS, SIX_HOURS - 1n)),
        }),
        { maxLength: 40, size: "max" },
      );
      fc.assert(
        fc.property(calls, (drawn) => {
          const { ledger, linear } = createScene({ cash: 0n });
          const { market, guard } = linear.market;
          const spans: { from: bigint; to: bigint }[] = [];
          let now = START;
          for (const { wait, level, length } of drawn) {
            now += BigInt(wait);
            const halted = levelAt(guard, now) === 2n;
            const last = spans.at(-1);
            const outcome = ledger.setGuard(from(GUARD, now), market, level, now + length, 0n);
            if (!outcome.ok) continue;
            if (halted && last) last.to = now;
            if (level === 2n) spans.push({ from: now, to: now + length });
          }
          for (const start of spans.flatMap((span) => [span.from, span.to - WEEK])) {
            const total = spans.reduce((sum, span) => {
              const left = span.from > start ? span.from : start;
              const right = span.to < start + WEEK ? span.to : start + WEEK;
              return right > left ? sum + right - left : sum;
            }, 0n);
            expect(total <= 2n * SIX_HOURS, `${total} s from ${start}`).to.equal(true);
          }
        }),
        { numRuns: 200 },
      );
    });

    it("reads as Normal again once its time is over, while the ceiling stays", () => {
      const { ledger, linear } = createScene();
      const { market, guard } = linear.market;
      expectOk(ledger.setGuard(from(GUARD), market, 2n, START + 100n, 5n));
      expect([levelAt(guard, START + 99n), levelAt(guard, START + 100n)]).to.deep.equal([2n, 0n]);
      expect(guard.ceiling).to.equal(5n);
    });
  });

  describe("openBook", () => {
    it("opens a book and its fixing at the oracle", () => {
      const { ledger, oracle } = createLedger();
      const { market } = expectOk(ledger.list(from(ADMIN), linearTerms()));
      const book = bookOf(market, EXPIRY);
      expect(ledger.openBook(from(STRANGER), market, EXPIRY)).to.deep.include({
        returned: book,
        events: [
          {
            name: "BookOpened",
            args: { book, market, expiry: EXPIRY, fixing: 0xf1n, mark: oracle.mark },
          },
        ],
      });
      expect(oracle.commits).to.equal(1);
    });

    it("refuses what is not on the grid, too near, too far, open, retired or unknown", () => {
      const { ledger, linear, oracle } = createScene({ linear: { horizon: 2n * WEEK } });
      const { market } = linear.market;
      const open =
        (id: bigint, expiry: bigint, now: bigint = START) =>
        () =>
          ledger.openBook(from(STRANGER, now), id, expiry);
      const { gridAnchor } = linear.market.terms;
      expectNothing(ledger, open(7n, 1n), "MarketUnknown", 7n);
      expectNothing(ledger, open(market, EXPIRY + 1n), "OffGrid", EXPIRY + 1n, gridAnchor, WEEK);
      const before = gridAnchor - WEEK;
      expectNothing(ledger, open(market, before), "OffGrid", before, gridAnchor, WEEK);
      const next = EXPIRY + WEEK;
      const late = next - 7_199n;
      expectNothing(ledger, open(market, next, late), "TooSoon", next, next + 1n);
      const far = next + WEEK;
      expectNothing(ledger, open(market, far), "BeyondHorizon", far, next);
      expectNothing(ledger, open(market, EXPIRY), "BookAlreadyOpen", linear.book);
      const commits = oracle.commits;
      expectOk(open(market, next, next - 7_200n)());
      expect(oracle.commits).to.equal(commits + 1);
      expectOk(ledger.retire(from(ADMIN), market));
      expectNothing(ledger, open(market, 1n), "MarketIsRetired", market);
    });

    it("opens the first expiry of the grid", () => {
      const { ledger } = createLedger();
      const { market } = expectOk(ledger.list(from(ADMIN), linearTerms({ gridAnchor: EXPIRY })));
      expectOk(ledger.openBook(from(STRANGER), market, EXPIRY));
    });

    it("fails with an oracle that is gone", () => {
      const { ledger, linear } = createScene();
      ledger.world.oracles.clear();
      const call = () => ledger.openBook(from(STRANGER), linear.market.market, EXPIRY + WEEK);
      expectNothing(ledger, call, "ForeignCallFailed", ORACLE);
    });
  });
});
