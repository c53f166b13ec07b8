import { expect } from "chai";
import { hashOrder } from "@certus/model";
import type { LedgerEvent, Order } from "@certus/model";
import { COVER, ask, heldBy, put, takeMany } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  EXPIRY,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";

describe("fillMany", () => {
  describe("what moves", () => {
    it("fills orders of several makers, first come first taken, and draws once", () => {
      const scene = createScene({ cash: 10n ** 13n });
      const { ledger, linear, alice, bob, carol } = scene;
      const cheap = ask(scene, alice, 50n, { units: 2n });
      const dear = ask(scene, carol, 60n, { units: 5n });
      const outcome = takeMany(ledger, bob, [cheap, dear], { min: 3n, max: 3n });
      // Two puts at 50 and one at 60, each lot opened at a fee of 0.001.
      const [first, second] = [100_000_000n, 60_000_000n];
      const filled = (signed: Order, units: bigint, premium: bigint, remaining: bigint) => {
        const makerDraw = units * COVER - premium;
        const fee = units * 1_000n;
        const { legs } = signed.parts[0] ?? {};
        const moved = { book: linear.book, premium, fee, makerDraw, takerDraw: 0n, legs };
        const names = { maker: signed.account, taker: bob, orderHash: hashOrder(signed) };
        const args = { ...names, nonce: 0n, units, remaining, parts: [moved] };
        return { name: "OrderFilled", args };
      };
      const pay = first + second + 3_000n;
      expect(outcome).to.deep.equal({
        ok: true,
        returned: { units: 3n, paid: [pay] },
        events: [
          filled(cheap, 2n, first, 0n),
          filled(dear, 1n, second, 4n),
          { name: "Allocated", args: { account: bob, book: linear.book, delta: pay } },
        ],
        oracleEvents: [],
      });
      const cash = 10n ** 13n;
      const bought = { collateral: 0n, legs: [put(3)], cash: cash - pay };
      expect(heldBy(ledger, bob, linear)).to.deep.equal(bought);
      const sold = { collateral: COVER, legs: [put(-1)], cash: cash - COVER + second };
      expect(heldBy(ledger, carol, linear)).to.deep.equal(sold);
      expect([linear.pool, linear.fees]).to.deep.equal([3n * COVER, 3_000n]);
    });

    it("says nothing of a draw where the collateral is enough", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      expectOk(ledger.allocate(from(BOB), bob, linear.book, COVER));
      const events: LedgerEvent[] = [];
      expectOk(takeMany(ledger, bob, [ask(scene, alice, 50n)]), events);
      expect(events.map(({ name }) => name)).to.deep.equal(["OrderFilled"]);
    });

    it("charges the taker for lots that raise its legs as the fills before have left them", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob, carol } = scene;
      expectOk(take(ledger, carol, order(bob, [part(linear, [put(-2)])])));
      const orders = [ask(scene, alice, 0n, { units: 2n }), ask(scene, carol, 0n, { nonce: 1n })];
      // From two short: the first two lots close, and only the last opens.
      const { paid } = expectOk(takeMany(ledger, bob, orders));
      expect(paid).to.deep.equal([1_000n]);
    });

    it("leaves what comes after the last unit alone, whatever it is", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob, carol } = scene;
      const other = order(carol, [part(linear, [put(-2)])]);
      const orders = [ask(scene, alice, 50n, { units: 9n }), other];
      const events: LedgerEvent[] = [];
      const { units } = expectOk(takeMany(ledger, bob, orders, { max: 2n }), events);
      expect(units).to.equal(2n);
      expect(events.map(({ name }) => name)).to.deep.equal(["OrderFilled", "Allocated"]);
      const whole = { max: 8n };
      expectNothing(ledger, () => takeMany(ledger, bob, orders, whole), "PartsDiffer", 1n);
    });
  });

  describe("refusals", () => {
    it("come in order: caller, number of orders, range, parts of the first order", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      const good = ask(scene, alice, 1n);
      const call = (orders: readonly Order[], taking = {}) => {
        return () => takeMany(ledger, bob, orders, taking);
      };
      const stranger = { env: from(STRANGER), min: 0n };
      expectNothing(ledger, call([], stranger), "NotPermitted", bob, STRANGER, 1n);
      expectNothing(ledger, call([], { min: 0n }), "FillsBound", 0n, 16n);
      const many = Array.from({ length: 17 }, () => good);
      expectNothing(ledger, call(many, { min: 0n }), "FillsBound", 17n, 16n);
      const closed = order(alice, [part(linear, [put(-1)], { book: 1n })]);
      expectNothing(ledger, call([closed], { min: 0n }), "UnitsRange", 0n, 1_000_000n);
      expectNothing(ledger, call([closed], { min: 3n, max: 2n }), "UnitsRange", 3n, 2n);
      expectNothing(ledger, call([order(alice, [])]), "PartsBound", 0n, 4n);
      expectNothing(ledger, call([closed], { limits: [] }), "LimitsLength", 0n, 1n);
      expectNothing(ledger, call([closed]), "BookNotOpen", 1n);
      const late = { env: from(BOB, EXPIRY) };
      expectNothing(ledger, call([good], late), "BookExpired", linear.book, EXPIRY, EXPIRY);
    });

    it("name the first order whose books or legs are not those of the first", () => {
      const scene = createScene();
      const { ledger, linear, inverse, alice, bob, carol } = scene;
      const first = ask(scene, alice, 1n);
      const call = (parts: Order["parts"]) => () => {
        const orders = [first, ask(scene, carol, 2n), order(carol, parts, { nonce: 1n })];
        return takeMany(ledger, bob, orders);
      };
      const same = part(linear, [put(-1)]);
      const calls = part(inverse, [leg("call", 2000, -1)]);
      const others = [[], [same, calls], [part(linear, [put(-2)])], [{ ...same, book: 1n }]];
      const wide = part(linear, [put(-1), leg("put", 1900, 1)]);
      for (const parts of [...others, [wide], [{ ...same, legs: [] }]]) {
        expectNothing(ledger, call(parts), "PartsDiffer", 2n);
      }
      const cheaper = { ...same, premium: -5n, maxDraw: 10n ** 20n };
      expectOk(call([cheaper])());
    });

    it("name what is missing of the least, then pay, draw and cash of the whole call", () => {
      const scene = createScene({ cash: 2n * COVER });
      const { ledger, linear, alice, bob, carol } = scene;
      const orders = [alice, carol].map((maker) => ask(scene, maker, 50n));
      const pay = 100_002_000n;
      const call = (min: bigint, maxPay: bigint, maxDraw: bigint) => () =>
        takeMany(ledger, bob, orders, { min, limits: [{ maxPay, maxDraw }] });
      expectNothing(ledger, call(3n, 0n, 0n), "UnitsShort", 2n, 3n);
      expectNothing(ledger, call(2n, pay - 1n, 0n), "PayAboveLimit", 0n, pay, pay - 1n);
      const draw = [bob, linear.book, pay, pay - 1n] as const;
      expectNothing(ledger, call(2n, pay, pay - 1n), "DrawTooSmall", ...draw);
      expectOk(ledger.withdraw(from(BOB), bob, 0x10n, 2n * COVER - pay + 1n, STRANGER));
      const poor = [bob, linear.book, 0n, 0n] as const;
      expectNothing(ledger, call(2n, pay, pay), "Undercovered", ...poor);
      expectOk(takeMany(ledger, bob, orders, { max: 1n }));
    });
  });
});
