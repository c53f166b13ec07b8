import { expect } from "chai";
import fc from "fast-check";
import { MAX_UINT112, requirement, seriesOf } from "@certus/model";
import type { Leg, Order } from "@certus/model";
import { biased, packages, scales } from "../../../test/helpers/arbitraries.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  EXPIRY,
  GUARD,
  START,
  createScene,
  expectOk,
  from,
  holding,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";

const put = (quantity: bigint | number): Leg => leg("put", 1800, quantity);
const COVER = 1_800_000_000n;

describe("fill: gates and splitting", () => {
  describe("gates", () => {
    it("stop at the current ceiling what raises open interest, and nothing else", () => {
      const { ledger, linear, alice, bob } = createScene();
      const { market } = linear.market;
      const fill = (quantity: number, nonce: bigint) => () =>
        take(ledger, bob, order(alice, [part(linear, [put(quantity)])], { nonce }));
      expectOk(ledger.setGuard(from(GUARD), market, 0n, START, COVER));
      expectOk(fill(-1, 0n)());
      expectNothing(ledger, fill(-1, 1n), "CeilingReached", linear.book, 2n * COVER, COVER);
      expectOk(ledger.setGuard(from(GUARD), market, 0n, START, 0n));
      expectOk(fill(1, 1n)());
    });

    it("let no series' open interest rise while restricted, after last trade among it", () => {
      const { ledger, linear, alice, bob, carol } = createScene();
      const { market } = linear.market;
      const fill =
        (maker: bigint, taker: bigint, legs: readonly Leg[], now: bigint, nonce: bigint) => () =>
          take(
            ledger,
            taker,
            order(maker, [part(linear, legs)], { nonce }),
            1n,
            from(taker >> 96n, now),
          );
      expectOk(fill(alice, bob, [put(-2)], START, 0n)());
      const series = seriesOf(linear.book, false, put(1).strike);
      const late = EXPIRY - 1_800n;
      expectOk(ledger.setGuard(from(GUARD), market, 1n, START + 10n, 10n ** 30n));
      for (const now of [START + 9n, late]) {
        expectNothing(
          ledger,
          fill(alice, carol, [put(-1)], now, 1n),
          "RiskRestricted",
          linear.book,
          series,
        );
        const roll = [leg("put", 1700, -1), put(1)];
        const rolled = seriesOf(linear.book, false, leg("put", 1700, 1).strike);
        expectNothing(
          ledger,
          fill(alice, bob, roll, now, 1n),
          "RiskRestricted",
          linear.book,
          rolled,
        );
      }
      expectOk(fill(alice, carol, [put(1)], START + 9n, 1n)());
      expectOk(fill(bob, carol, [put(-1)], late, 0n)());
      expectOk(fill(alice, carol, [put(-1)], late - 1n, 2n)());
    });
  });

  describe("splitting", () => {
    it("neither gains nor loses for maker, taker and pool", () => {
      const cases = scales(false).chain((scale) =>
        fc.record({
          scale: fc.constant(scale),
          legs: packages({ inverse: false, tick: 10n ** 8n, most: 1_000n }),
          premium: biased(-(10n ** 12n), 10n ** 12n),
          sizes: fc.array(fc.bigInt(1n, 50n), { minLength: 2, maxLength: 6 }),
        }),
      );
      fc.assert(
        fc.property(cases, ({ scale, legs, premium, sizes }) => {
          const total = sizes.reduce((sum, size) => sum + size, 0n);
          const wealth = (portions: readonly bigint[]): readonly (readonly [bigint, unknown])[] => {
            const terms = { num: scale.num, den: scale.den, feePerLot: 0n, ceiling: MAX_UINT112 };
            const { ledger, linear, alice, bob } = createScene({ linear: terms, cash: 10n ** 60n });
            const signed: Order = order(alice, [part(linear, legs, { premium })], { units: total });
            for (const units of portions) {
              const outcome = take(ledger, bob, signed, units);
              if (!outcome.ok) return [];
            }
            return [alice, bob].map((account) => {
              const { collateral, cash, legs: held } = holding(ledger, account, linear);
              expect(collateral >= requirement(linear.market.scale, held)).to.equal(true);
              return [collateral + cash, held] as const;
            });
          };
          const whole = wealth([total]);
          if (whole.length === 0) return;
          const split = wealth(sizes);
          if (split.length === 0) return;
          expect(split).to.deep.equal(whole);
        }),
        { numRuns: 200 },
      );
    });
  });
});
