import { expect } from "chai";
import { MAX_INT64, accountOf, balanceOf, packLeg, seriesOf } from "@certus/model";
import type { ErrorArguments, ErrorName, Leg } from "@certus/model";
import { put } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  CAROL,
  EXPIRY,
  LEDGER,
  QUOTE,
  STRANGER,
  UNDERLYING,
  createScene,
  expectOk,
  from,
  fund,
  leg,
  linearTerms,
  openMarket,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";
import { SPREAD, bought, fix, idOf, packagesOf, times, wrapping } from "./helpers/wraps.ts";

/** What is redeemed: one spread of Bob's, paid to a stranger, unless told otherwise. */
interface Redemption {
  readonly sender?: bigint;
  readonly book?: bigint;
  readonly legs?: readonly Leg[];
  readonly amount?: bigint;
  readonly to?: bigint;
}

function redeeming({ ledger, linear }: Scene, given: Redemption) {
  const { sender = BOB, book = linear.book, legs = SPREAD, amount = 1n, to = STRANGER } = given;
  return () => ledger.redeem(from(sender, EXPIRY), book, legs.map(packLeg), amount, to);
}

function refused<N extends ErrorName>(
  scene: Scene,
  given: Redemption,
  name: N,
  ...args: ErrorArguments[N]
): void {
  expectNothing(scene.ledger, redeeming(scene, given), name, ...args);
}

/** A scene in which Bob has wrapped three spreads, and the price is fixed if it is given. */
function wrapped(price?: bigint): Scene {
  const scene = bought(times(SPREAD, 3n));
  expectOk(wrapping(scene, { amount: 3n })());
  if (price !== undefined) fix(scene, scene.linear, price);
  return scene;
}

function wallet({ ledger }: Scene, holder: bigint, token = QUOTE): bigint {
  const known = ledger.world.tokens.get(token);
  return known === undefined ? 0n : balanceOf(known, holder);
}

describe("redeem", () => {
  describe("what moves", () => {
    it("pays packages of the caller out of the pool to a wallet, and says so", () => {
      const scene = wrapped(1_750n);
      const { linear } = scene;
      const before = linear.pool;
      const [id, amount, payout] = [idOf(linear), 2n, 100_000_000n];
      const args = { id, book: linear.book, legs: SPREAD.map(packLeg), amount };
      expect(redeeming(scene, { amount })()).to.deep.equal({
        ok: true,
        returned: payout,
        events: [
          { name: "Transfer", args: { caller: BOB, sender: BOB, receiver: 0n, id, amount } },
          { name: "Redeemed", args: { holder: BOB, ...args, to: STRANGER, payout } },
        ],
        oracleEvents: [],
      });
      expect(wallet(scene, STRANGER)).to.equal(payout);
      expect(linear.pool).to.equal(before - payout);
      expect(scene.ledger.state.held.get(QUOTE)).to.equal(wallet(scene, LEDGER));
      expect(packagesOf(scene, BOB)).to.equal(1n);
    });

    it("burns packages that are worth nothing", () => {
      const scene = wrapped(1_800n);
      expect(expectOk(redeeming(scene, { amount: 3n })())).to.equal(0n);
      expect(packagesOf(scene, BOB)).to.equal(0n);
    });

    it("pays whoever holds them, before and after accounts are settled and have claimed", () => {
      const scene = wrapped(1_000n);
      const { ledger, linear, alice } = scene;
      expectOk(ledger.transfer(from(BOB, EXPIRY), CAROL, idOf(linear), 2n));
      expect(expectOk(redeeming(scene, { sender: CAROL })())).to.equal(100_000_000n);
      expectOk(ledger.settle(from(STRANGER, EXPIRY), linear.book, [alice]));
      expectOk(ledger.claim(from(alice >> 96n, EXPIRY), alice, [linear.book], true));
      expect(expectOk(redeeming(scene, { sender: CAROL })())).to.equal(100_000_000n);
      expect(expectOk(redeeming(scene, {})())).to.equal(100_000_000n);
      expect(linear.pool).to.equal(0n);
    });

    it("floors once a call, in a linear book and in an inverse one", () => {
      const { ledger, oracle, alice, bob, carol, inverse, linear } = createScene();
      const odd = openMarket(
        ledger,
        linearTerms({ num: 1n, den: 3n, strikeTick: 1n, feePerLot: 0n }),
      );
      const one = { strike: 5n, isCall: false, quantity: 1n };
      const call = leg("call", 2_000, 1);
      const scene = { ledger, oracle, alice, bob, carol, inverse, linear };
      for (const [book, own] of [
        [odd, one],
        [inverse, call],
      ] as const) {
        const sold = part(book, [{ ...own, quantity: -3n }]);
        expectOk(take(ledger, bob, order(alice, [sold], { nonce: book.book })));
        expectOk(wrapping(scene, { book: book.book, legs: [own], amount: 3n })());
      }
      fix(scene, inverse, 3_000n);
      oracle.price = 1n;
      expectOk(ledger.fixPrice(from(STRANGER, EXPIRY), odd.book, "0x"));
      const pay = (book: bigint, legs: readonly Leg[], amount: bigint) =>
        expectOk(redeeming(scene, { book, legs, amount })());
      // 4/3 of a base unit a lot: two lots pay 2, one pays 1, and three would have paid 4.
      expect([pay(odd.book, [one], 2n), pay(odd.book, [one], 1n)]).to.deep.equal([2n, 1n]);
      // A third of 10^16 base units a lot.
      const third = 3_333_333_333_333_333n;
      expect(pay(inverse.book, [call], 1n)).to.equal(third);
      expect(pay(inverse.book, [call], 2n)).to.equal(2n * third);
      expect(wallet(scene, STRANGER, UNDERLYING)).to.equal(3n * third);
    });
  });

  describe("refusals", () => {
    it("name amount, receiver, book, price and who holds too few", () => {
      const open = wrapped();
      const { linear } = open;
      refused(open, { amount: 0n, to: 0n }, "ZeroAmount");
      refused(open, { to: 0n, book: 1n }, "ReceiverInvalid", 0n);
      refused(open, { to: LEDGER, book: 1n }, "ReceiverInvalid", LEDGER);
      refused(open, { book: 1n, amount: 4n }, "BookNotOpen", 1n);
      refused(open, { amount: 4n }, "NotFixed", linear.book);
      const scene = wrapped(1_750n);
      const id = idOf(linear);
      refused(scene, { amount: 4n }, "ERC6909InsufficientBalance", BOB, 3n, 4n, id);
      refused(scene, { sender: CAROL }, "ERC6909InsufficientBalance", CAROL, 0n, 1n, id);
      const lone = [put(1)];
      const other = idOf(linear, lone);
      refused(scene, { legs: lone }, "ERC6909InsufficientBalance", BOB, 0n, 1n, other);
    });

    it("name a series whose lots are too many at once, then a pool that is too small", () => {
      const scene = bought([put(MAX_INT64)]);
      const { ledger, linear, carol } = scene;
      const legs = [put(1)];
      expectOk(wrapping(scene, { legs, amount: MAX_INT64 })());
      const other = accountOf(BOB, 8n);
      fund(ledger, other, QUOTE, 10n ** 30n);
      // Alice is short as much as she can be: another maker sells the last one.
      const sold = order(carol, [part(linear, [put(-1)])]);
      expectOk(take(ledger, other, sold));
      expectOk(wrapping(scene, { account: other, legs })());
      fix(scene, linear, 1_700n);
      const series = seriesOf(linear.book, false, put(1).strike);
      const all = { legs, amount: MAX_INT64 + 1n };
      linear.pool = 0n;
      refused(scene, all, "QuantityBound", 0n, series, MAX_INT64 + 1n);
      refused(scene, { legs }, "PoolShort", linear.book, 100_000_000n, 0n);
    });
  });
});
