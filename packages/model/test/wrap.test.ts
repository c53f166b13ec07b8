import { expect } from "chai";
import { MAX_INT64, packLeg, seriesOf } from "@certus/model";
import type { ErrorArguments, ErrorName } from "@certus/model";
import { COVER, heldBy, put } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  DOLLAR,
  EXPIRY,
  GUARD,
  OPERATOR,
  START,
  expectOk,
  from,
  leg,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";
import { SPREAD, bought, idOf, packagesOf, times, wrapping } from "./helpers/wraps.ts";
import type { Packing } from "./helpers/wraps.ts";

function refused<N extends ErrorName>(
  scene: Scene,
  packing: Packing,
  name: N,
  ...args: ErrorArguments[N]
): void {
  expectNothing(scene.ledger, wrapping(scene, packing), name, ...args);
}

describe("wrap", () => {
  describe("what moves", () => {
    it("turns legs of the account into packages of its owner, and says so", () => {
      const scene = bought(times(SPREAD, 3n));
      const { ledger, linear, bob } = scene;
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 2n, EXPIRY));
      expectOk(ledger.allocate(from(BOB), bob, linear.book, 5n));
      const before = heldBy(ledger, bob, linear);
      const [id, amount, { book, pool }] = [idOf(linear), 2n, linear];
      const moved = { caller: OPERATOR, sender: 0n, receiver: BOB, id, amount };
      const wrapped = { account: bob, id, book, legs: SPREAD.map(packLeg), amount };
      expect(wrapping(scene, { env: from(OPERATOR), amount })()).to.deep.equal({
        ok: true,
        returned: id,
        events: [
          { name: "Transfer", args: moved },
          { name: "Wrapped", args: wrapped },
        ],
        oracleEvents: [],
      });
      expect(heldBy(ledger, bob, linear)).to.deep.equal({ ...before, legs: SPREAD });
      expect(packagesOf(scene, BOB)).to.equal(2n);
      expect(linear.pool).to.equal(pool);
    });

    it("takes a single option under its series, and a call of an inverse book", () => {
      const scene = bought([put(2)]);
      const legs = [put(1)];
      const series = seriesOf(scene.linear.book, false, put(1).strike);
      expect(expectOk(wrapping(scene, { legs, amount: 2n })())).to.equal(series);
      const call = leg("call", 2_000, 1);
      const other = bought([call], ({ inverse }) => inverse);
      const { book } = other.inverse;
      const id = expectOk(wrapping(other, { legs: [call], book })());
      expect(id).to.equal(seriesOf(book, true, call.strike));
    });

    it("goes on while restricted and after last trade", () => {
      const scene = bought(times(SPREAD, 2n));
      const { ledger, linear } = scene;
      expectOk(ledger.setGuard(from(GUARD), linear.market.market, 1n, START + 9n, 0n));
      expectOk(wrapping(scene)());
      expectOk(wrapping(scene, { env: from(BOB, EXPIRY - 1n) })());
    });
  });

  describe("refusals", () => {
    it("name the caller, the amount and the book", () => {
      const scene = bought(SPREAD);
      const { bob, linear } = scene;
      const nothing = { amount: 0n, book: 1n };
      refused(scene, { env: from(OPERATOR), ...nothing }, "NotPermitted", bob, OPERATOR, 2n);
      refused(scene, nothing, "ZeroAmount");
      refused(scene, { book: 1n, legs: [] }, "BookNotOpen", 1n);
      const late = { env: from(BOB, EXPIRY), legs: [] };
      refused(scene, late, "BookExpired", linear.book, EXPIRY, EXPIRY);
    });

    it("name a market that is halted, then what no legs of a fill may be", () => {
      const scene = bought(SPREAD);
      const { ledger, linear, inverse } = scene;
      const { market } = linear.market;
      expectOk(ledger.setGuard(from(GUARD), market, 2n, START + 9n, 0n));
      refused(scene, { legs: [] }, "MarketHalted", linear.book, START + 9n);
      expectOk(ledger.setGuard(from(GUARD), market, 0n, START, 0n));
      refused(scene, { legs: [] }, "LegsBound", 0n, 0n, 32n);
      refused(scene, { legs: [put(2), put(2)] }, "LegsUnsorted", 0n, 1n);
      refused(scene, { legs: [put(0)] }, "LegQuantity", 0n, 0n, 0n);
      const off = { ...put(2), strike: 1n };
      refused(scene, { legs: [off] }, "StrikeOffTick", 1n, 10n ** 8n);
      refused(scene, { legs: [put(2)], book: inverse.book }, "PutsNotListed", inverse.book);
      const call = [leg("call", 2_000, 2)];
      refused(scene, { legs: call }, "CallsMustNet", linear.book, 2n);
    });

    it("name legs that are not in lowest terms, then a package that may owe something", () => {
      const scene = bought(times(SPREAD, 6n));
      const { linear, inverse } = scene;
      refused(scene, { legs: times(SPREAD, 6n) }, "PackageNotReduced", 6n);
      refused(scene, { legs: [put(-MAX_INT64)] }, "PackageNotReduced", MAX_INT64);
      const ratio = [leg("put", 1700, -4), leg("put", 1800, 2)];
      refused(scene, { legs: ratio }, "PackageNotReduced", 2n);
      refused(scene, { legs: [put(-1)] }, "PackageNegative", linear.book, COVER);
      const short = times(SPREAD, -1n);
      refused(scene, { legs: short }, "PackageNegative", linear.book, 100n * DOLLAR);
      const calls = [leg("call", 2_000, 1), leg("call", 2_100, -2)];
      const naked = [inverse.book, 10n ** 16n] as const;
      refused(scene, { legs: calls, book: inverse.book }, "PackageNegative", ...naked);
    });

    it("name the first leg that the account does not hold as often", () => {
      const scene = bought(times(SPREAD, 3n));
      const { linear } = scene;
      const series = (strike: number) => seriesOf(linear.book, false, leg("put", strike, 1).strike);
      refused(scene, { amount: 4n }, "NotHeld", series(1700), -3n, -4n);
      refused(scene, { amount: 1n << 200n }, "NotHeld", series(1700), -3n, -(1n << 200n));
      const wide = [leg("put", 1700, -1), leg("put", 1800, 2)];
      refused(scene, { legs: wide, amount: 2n }, "NotHeld", series(1800), 3n, 4n);
      refused(scene, { legs: [leg("put", 1700, 1)] }, "NotHeld", series(1700), -3n, 1n);
      refused(scene, { legs: [leg("put", 1900, 1)] }, "NotHeld", series(1900), 0n, 1n);
    });

    it("name an account whose other legs are left uncovered", () => {
      const scene = bought(SPREAD);
      const { ledger, bob, linear } = scene;
      const needed = 1_700n * DOLLAR;
      const legs = [put(1)];
      refused(scene, { legs }, "Undercovered", bob, linear.book, 0n, needed);
      expectOk(ledger.allocate(from(BOB), bob, linear.book, needed));
      expectOk(wrapping(scene, { legs })());
    });
  });
});
