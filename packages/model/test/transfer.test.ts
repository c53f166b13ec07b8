import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, accountOf, addLegs, packLeg, quantityIn, seriesOf } from "@certus/model";
import type { Book, Env, ErrorArguments, ErrorName, Leg } from "@certus/model";
import { biased, packages } from "../../../test/helpers/arbitraries.ts";
import { COVER, heldBy, put } from "./helpers/many.ts";
import { checkInvariants } from "./helpers/invariants.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  DOLLAR,
  EXPIRY,
  GUARD,
  OPERATOR,
  QUOTE,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  fund,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

/** Alice's other account. */
const OTHER = accountOf(ALICE, 1n);

/** From Alice's account to her other one by her hand, unless told otherwise. */
interface Move {
  readonly env?: Env;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly book?: bigint;
  readonly legs?: readonly Leg[];
  readonly collateral?: bigint;
}

function moving({ ledger, linear, alice }: Scene, move: Move) {
  const { env = from(ALICE), to = OTHER, book = linear.book, collateral = 0n } = move;
  const legs = (move.legs ?? []).map(packLeg);
  return () => ledger.transferLegs(env, move.from ?? alice, to, book, legs, collateral);
}

function refused<N extends ErrorName>(
  scene: Scene,
  move: Move,
  name: N,
  ...args: ErrorArguments[N]
): void {
  expectNothing(scene.ledger, moving(scene, move), name, ...args);
}

/** A scene in which Alice has made an order of these legs. */
function holding(legs: readonly Leg[], of: (scene: Scene) => Book = ({ linear }) => linear): Scene {
  const scene = createScene();
  expectOk(take(scene.ledger, scene.bob, order(scene.alice, [part(of(scene), legs)])));
  return scene;
}

describe("transferLegs", () => {
  describe("what moves", () => {
    it("moves legs and collateral, and says so", () => {
      const scene = holding([put(-3), leg("put", 1900, 1)]);
      const { ledger, linear, alice } = scene;
      const before = heldBy(ledger, alice, linear);
      const [legs, collateral] = [[put(-1)], COVER];
      const args = { from: alice, to: OTHER, book: linear.book, legs: legs.map(packLeg) };
      expect(moving(scene, { legs, collateral })()).to.deep.equal({
        ok: true,
        returned: undefined,
        events: [{ name: "LegsMoved", args: { ...args, collateral } }],
        oracleEvents: [],
      });
      const left = { collateral: before.collateral - COVER, legs: [put(-2), leg("put", 1900, 1)] };
      expect(heldBy(ledger, alice, linear)).to.deep.equal({ ...before, ...left });
      const received = { collateral: COVER, legs: [put(-1)], cash: 0n };
      expect(heldBy(ledger, OTHER, linear)).to.deep.equal(received);
    });

    it("nets with what the receiving account holds", () => {
      const scene = holding([put(-3)]);
      const { ledger, linear, carol, alice } = scene;
      fund(ledger, OTHER, QUOTE, 10n ** 12n);
      expectOk(take(ledger, OTHER, order(carol, [part(linear, [put(-2)])])));
      expectOk(moving(scene, { legs: [put(-3)], collateral: 3n * COVER })());
      expect(heldBy(ledger, OTHER, linear)).to.deep.include({ legs: [put(-1)] });
      expect(heldBy(ledger, alice, linear)).to.deep.include({ collateral: 0n, legs: [] });
    });

    it("moves collateral alone, and legs alone", () => {
      const scene = holding([put(3)]);
      const { ledger, linear, alice } = scene;
      expectOk(ledger.allocate(from(ALICE), alice, linear.book, 5n));
      expectOk(moving(scene, { collateral: 5n })());
      expectOk(moving(scene, { legs: [put(3)] })());
      expect(heldBy(ledger, OTHER, linear)).to.deep.include({ collateral: 5n, legs: [put(3)] });
      expect(heldBy(ledger, alice, linear)).to.deep.include({ collateral: 0n, legs: [] });
    });

    it("goes on at every guard level and after last trade, for operators of both accounts", () => {
      const scene = holding([put(2)]);
      const { ledger, linear, alice } = scene;
      const { market } = linear.market;
      expectOk(ledger.setGuard(from(GUARD), market, 2n, START + 9n, 0n));
      expectOk(moving(scene, { legs: [put(1)] })());
      for (const account of [alice, OTHER]) {
        expectOk(ledger.setAccountOperator(from(ALICE), account, OPERATOR, 2n, EXPIRY));
      }
      const env = from(OPERATOR, EXPIRY - 1n);
      expectOk(moving(scene, { legs: [put(1)], env })());
    });
  });

  describe("refusals", () => {
    it("name the first account that the caller may not manage, then owners and accounts", () => {
      const scene = holding([put(1)]);
      const { ledger, alice, bob } = scene;
      const env = from(OPERATOR);
      const away = { env, to: bob, book: 1n };
      refused(scene, away, "NotPermitted", alice, OPERATOR, 2n);
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 2n, EXPIRY));
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 1n, EXPIRY));
      refused(scene, away, "NotPermitted", bob, OPERATOR, 2n);
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 2n, EXPIRY));
      refused(scene, away, "OwnersDiffer", alice, bob);
      refused(scene, { env, to: alice, book: 1n }, "SameAccount", alice);
      refused(scene, { env: from(STRANGER), to: alice }, "NotPermitted", alice, STRANGER, 2n);
    });

    it("name books that are not open or expired, and moves of nothing", () => {
      const scene = holding([put(1)]);
      const { book } = scene.linear;
      refused(scene, { book: 1n }, "BookNotOpen", 1n);
      refused(scene, { env: from(ALICE, EXPIRY) }, "BookExpired", book, EXPIRY, EXPIRY);
      refused(scene, {}, "ZeroAmount");
    });

    it("name what the legs of a fill may not be either, as part 0", () => {
      const scene = holding([put(1)]);
      const { linear, inverse } = scene;
      const collateral = 1n;
      const many = Array.from({ length: 33 }, (_, index) => leg("put", index + 1, 1));
      refused(scene, { legs: many, collateral }, "LegsBound", 0n, 33n, 32n);
      refused(scene, { legs: [put(1), put(1)], collateral }, "LegsUnsorted", 0n, 1n);
      refused(scene, { legs: [put(0)], collateral }, "LegQuantity", 0n, 0n, 0n);
      const lowest = -MAX_INT64 - 1n;
      const last = { legs: [put(1), leg("put", 1900, lowest)], collateral };
      refused(scene, last, "LegQuantity", 0n, 1n, lowest);
      const [tick, strike] = [10n ** 8n, put(1).strike + 1n];
      refused(scene, { legs: [{ ...put(1), strike }] }, "StrikeOffTick", strike, tick);
      refused(scene, { legs: [put(1)], book: inverse.book }, "PutsNotListed", inverse.book);
      const calls = [leg("call", 1900, 1), leg("call", 2000, -2)];
      refused(scene, { legs: calls, collateral }, "CallsMustNet", linear.book, -1n);
      const series = seriesOf(inverse.book, true, leg("call", 1900, 1).strike);
      refused(scene, { legs: calls, book: inverse.book }, "NotHeld", series, 0n, 1n);
    });

    it("name the first leg that is not held, or not with that sign or that size", () => {
      const scene = holding([leg("put", 1700, 5), put(-2)]);
      const { linear } = scene;
      const series = (strike: number) => seriesOf(linear.book, false, leg("put", strike, 1).strike);
      const collateral = 10n ** 20n;
      const cases = [
        [[leg("put", 1600, 1), put(2)], series(1600), 0n, 1n],
        [[leg("put", 1700, 6)], series(1700), 5n, 6n],
        [[leg("put", 1700, -1)], series(1700), 5n, -1n],
        [[leg("put", 1700, 5), put(-3)], series(1800), -2n, -3n],
        [[put(1)], series(1800), -2n, 1n],
      ] as const;
      for (const [legs, which, held, asked] of cases) {
        refused(scene, { legs, collateral }, "NotHeld", which, held, asked);
      }
    });

    it("name collateral that is not there, then what the receiver cannot hold", () => {
      const scene = holding([put(2)]);
      const { ledger, linear, alice, bob, carol } = scene;
      fund(ledger, OTHER, QUOTE, 10n ** 24n);
      const short = [alice, linear.book, 1n, 0n] as const;
      expectOk(take(ledger, OTHER, order(carol, [part(linear, [put(-MAX_INT64 + 1n)])])));
      refused(scene, { legs: [put(2)], collateral: 1n }, "CollateralShort", ...short);
      const series = seriesOf(linear.book, false, put(1).strike);
      refused(scene, { legs: [put(2)] }, "QuantityBound", OTHER, series, MAX_INT64 + 1n);
      const many = Array.from({ length: 31 }, (_, index) => leg("put", index + 1, -1));
      expectOk(take(ledger, OTHER, order(carol, [part(linear, many)], { nonce: 1n })));
      expectOk(moving(scene, { legs: [put(1)] })());
      const more = order(bob, [part(linear, [leg("put", 1900, -1)])]);
      expectOk(take(ledger, alice, more));
      const legs = [leg("put", 1900, 1)];
      refused(scene, { legs }, "TooManyLegs", OTHER, linear.book, 33n, 32n);
    });

    it("name the account that is left uncovered, the giving one first", () => {
      // A condor needs the width of one spread; taken apart each spread needs it.
      const condor = [
        leg("put", 1700, 1),
        leg("put", 1800, -1),
        leg("call", 2200, -1),
        leg("call", 2300, 1),
      ];
      const scene = holding(condor);
      const { alice, linear } = scene;
      const [width, half] = [100n * DOLLAR, 50n * DOLLAR];
      const legs = condor.slice(2);
      const left = { legs, collateral: half };
      refused(scene, left, "Undercovered", alice, linear.book, half, width);
      refused(scene, { legs }, "Undercovered", OTHER, linear.book, 0n, width);
      const other = { legs, collateral: width };
      refused(scene, other, "Undercovered", alice, linear.book, 0n, width);
      expectOk(moving(scene, { legs: condor, collateral: width })());
    });
  });

  describe("any move", () => {
    const cases = fc.boolean().chain((inverse) =>
      fc.record({
        inverse: fc.constant(inverse),
        legs: packages({ inverse, tick: 10n ** 8n, most: 20n, highest: 50n }),
        shares: fc.array(fc.bigInt(0n, 5n), { minLength: 4, maxLength: 4 }),
        even: fc.boolean(),
        other: fc.option(biased(0n, 10n ** 20n), { freq: 1 }),
      }),
    );

    it("conserves legs and collateral, and never raises open interest", () => {
      const met = { ok: 0, refused: 0 };
      fc.assert(
        fc.property(cases, ({ inverse, legs, shares, even, other }) => {
          const scene = holding(legs, (of) => (inverse ? of.inverse : of.linear));
          const book = inverse ? scene.inverse : scene.linear;
          const share = (index: number) => shares[even ? 0 : index] ?? 0n;
          const moved = legs
            .map((own, index) => ({ ...own, quantity: (own.quantity * share(index)) / 4n }))
            .filter(({ quantity }) => quantity !== 0n);
          const both = () =>
            [scene.alice, OTHER].map((account) => heldBy(scene.ledger, account, book));
          const sum = () => both().reduce((total, { collateral: own }) => total + own, 0n);
          const before = sum();
          const collateral = other ?? (before * share(0)) / 4n;
          const outcome = moving(scene, { legs: moved, collateral, book: book.book })();
          met[outcome.ok ? "ok" : "refused"]++;
          const [left, received] = both();
          expect(sum()).to.equal(before);
          expect(addLegs(left?.legs ?? [], received?.legs ?? [], 1n)).to.deep.equal(legs);
          for (const own of legs) {
            const [a, b] = [left, received].map((each) => quantityIn(each?.legs ?? [], own));
            // No account has more of a side than there was.
            for (const quantity of [a ?? 0n, b ?? 0n]) {
              expect(quantity * own.quantity >= 0n, "with the sign that was held").to.equal(true);
            }
          }
          checkInvariants(scene.ledger);
        }),
        { numRuns: 300 },
      );
      expect(Math.min(met.ok, met.refused) > 20, JSON.stringify(met)).to.equal(true);
    });
  });
});
