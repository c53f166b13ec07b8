import { expect } from "chai";
import fc from "fast-check";
import { MAX_UINT112, accountOf, dumpState } from "@certus/model";
import type { Limit, Order } from "@certus/model";
import { biased, packages } from "../../../test/helpers/arbitraries.ts";
import { signedFill, takeMany } from "./helpers/many.ts";
import { raisedBy } from "./helpers/raised.ts";
import {
  ALICE,
  BOB,
  GUARD,
  OPEN_LIMIT,
  QUOTE,
  START,
  createScene,
  expectOk,
  from,
  fund,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

const CASH = 10n ** 14n;
const legs = packages({ inverse: false, tick: 10n ** 8n, most: 20n, highest: 3_000n });
const premium = fc.oneof(fc.bigInt(-500n, 500n), biased(-(10n ** 12n), 10n ** 12n));

/** A value that refuses nothing, now and then another. */
function mostly(open: bigint, other: fc.Arbitrary<bigint>): fc.Arbitrary<bigint> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(open) }, other);
}

const limit: fc.Arbitrary<Limit> = fc.record({
  maxPay: mostly(1n << 100n, biased(-CASH, CASH)),
  maxDraw: mostly(MAX_UINT112, biased(0n, CASH)),
});

/** A ceiling that no case reaches. */
const NO_CEILING = 10n ** 30n;

/** What one order and one taker are drawn from; most of it goes well. */
const cases = fc.record({
  legs,
  premium,
  units: fc.bigInt(2n, 6n),
  asked: fc.bigInt(1n, 3n),
  before: fc.bigInt(0n, 2n),
  earlier: legs,
  limit,
  changes: fc.constantFrom<Partial<Order>>(
    ...Array.from({ length: 8 }, () => ({})),
    { deadline: START - 1n },
    { taker: 5n },
    { epoch: 1n },
    { minFill: 4n },
  ),
  maxDraw: mostly(MAX_UINT112, biased(0n, CASH)),
  level: fc.constantFrom<bigint>(0n, 0n, 0n, 0n, 1n),
  ceiling: mostly(NO_CEILING, biased(0n, CASH)),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A scene with a history, and an order to take: the same for the same case. */
function prepared(given: Case): { readonly scene: Scene; readonly signed: Order } {
  const scene = createScene({ cash: CASH });
  const { ledger, linear, alice, bob } = scene;
  take(ledger, bob, order(alice, [part(linear, given.earlier)], { nonce: 1n }));
  const { units, changes, maxDraw } = given;
  const parts = [part(linear, given.legs, { premium: given.premium, maxDraw })];
  const signed = order(alice, parts, { units, ...changes });
  if (given.before > 0n) take(ledger, bob, signed, given.before);
  const { level, ceiling } = given;
  const until = START + 9n;
  expectOk(ledger.setGuard(from(GUARD), linear.market.market, level, until, ceiling));
  return { scene, signed };
}

describe("fillMany: any orders", () => {
  it("one order is filled as by fill, or refused for the same reason", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(cases, (given) => {
        const { asked: units, limit } = given;
        const one = prepared(given);
        const many = prepared(given);
        const { signed } = one;
        const { order: taken, signer, signature } = signedFill(one.scene.ledger, signed);
        const { bob } = one.scene;
        const fill = one.scene.ledger.fill(from(BOB), bob, taken, signer, signature, units, [
          limit,
        ]);
        const limits = [limit];
        const range = { min: units, max: units, limits };
        const filled = takeMany(many.scene.ledger, bob, [many.signed], range);
        const name = fill.ok ? "ok" : fill.error.name;
        met.set(name, (met.get(name) ?? 0) + 1);
        expect(dumpState(many.scene.ledger.state)).to.deep.equal(dumpState(one.scene.ledger.state));
        expect(filled.ok, name).to.equal(fill.ok);
        if (fill.ok && filled.ok) {
          expect(filled.returned).to.deep.equal({ units, paid: fill.returned });
        } else if (name === "UnitsBound") {
          // What remains is taken first, and may fail on its way to too little.
        } else if (!fill.ok && !filled.ok && filled.error.name !== "UnitsShort") {
          expect(filled.error).to.deep.equal(fill.error);
        } else if (given.ceiling === NO_CEILING) {
          // The order was skipped. Under a ceiling that may be so where a fill meets what the taker pays first.
          expect(name, "an error of maker or book").not.to.equal("PayAboveLimit");
        }
      }),
      { numRuns: 400 },
    );
    const gates = ["RiskRestricted", "CeilingReached"];
    const names = ["ok", "OrderExpired", "DrawTooSmall", "PayAboveLimit", ...gates];
    expect(names.filter((name) => (met.get(name) ?? 0) < 3)).to.deep.equal([]);
  });

  it("an order that is skipped names the error that a fill of it ends with", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(cases, (drawn) => {
        const given = { ...drawn, level: 0n, ceiling: NO_CEILING, limit: OPEN_LIMIT };
        const one = prepared(given);
        const many = prepared(given);
        const { scene, signed } = one;
        const units = signed.units - nextUnits(scene, signed);
        if (units === 0n) return;
        const fill = take(scene.ledger, scene.bob, signed, units);
        const { ledger, carol, bob } = many.scene;
        const parts = signed.parts.map((each) => ({ ...each, maxDraw: MAX_UINT112 }));
        const good = order(carol, parts, { units: 1n });
        const outcome = takeMany(ledger, bob, [signed, good], { max: units + 1n });
        if (fill.ok || !outcome.ok) return;
        met.set(fill.error.name, (met.get(fill.error.name) ?? 0) + 1);
        const [first] = outcome.events;
        expect(first).to.have.nested.property("args.reason").that.deep.equals(fill.error);
      }),
      { numRuns: 300 },
    );
    const names = ["OrderExpired", "ForeignTaker", "EpochStale", "DrawTooSmall"];
    expect(names.filter((name) => (met.get(name) ?? 0) < 3)).to.deep.equal([]);
  });

  it("the order of makers does not show where all of them fill", () => {
    const makers = fc.record({
      legs,
      offers: fc.array(fc.record({ premium, units: fc.bigInt(1n, 9n) }), {
        minLength: 2,
        maxLength: 6,
      }),
      shuffle: fc.array(fc.nat(100), { minLength: 6, maxLength: 6 }),
    });
    let whole = 0;
    fc.assert(
      fc.property(makers, ({ legs, offers, shuffle }) => {
        const end = (turned: boolean) => {
          const scene = createScene({ cash: 10n ** 20n });
          const { ledger, linear, bob } = scene;
          const total = offers.reduce((sum, { units }) => sum + units, 0n);
          const orders = offers.map(({ premium, units }, index) => {
            const maker = accountOf(ALICE, BigInt(index + 1));
            fund(ledger, maker, QUOTE, 10n ** 20n);
            return order(maker, [part(linear, legs, { premium })], { units });
          });
          const keys = new Map(orders.map((each, index) => [each, shuffle[index] ?? 0]));
          if (turned) orders.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
          const outcome = takeMany(ledger, bob, orders, { min: total });
          const told = outcome.ok ? outcome.returned : outcome.error;
          return { ok: outcome.ok, told, state: dumpState(ledger.state) };
        };
        const [straight, turned] = [end(false), end(true)];
        expect(turned).to.deep.equal(straight);
        if (straight.ok) whole++;
      }),
      { numRuns: 150 },
    );
    expect(whole > 100, `${whole} calls filled`).to.equal(true);
  });

  it("one that raises open interest ends within the ceiling, and none fails for it", () => {
    const many = fc.record({
      legs,
      earlier: fc.array(fc.tuple(legs, fc.nat(3)), { maxLength: 3 }),
      offers: fc.array(fc.record({ premium, units: fc.bigInt(1n, 9n), who: fc.nat(3) }), {
        minLength: 2,
        maxLength: 6,
      }),
      limit,
      eighths: fc.bigInt(0n, 9n),
    });
    type Drawn = typeof many extends fc.Arbitrary<infer T> ? T : never;
    const makers = [1n, 2n, 3n, 4n].map((sub) => accountOf(ALICE, sub));
    const started = ({ legs, earlier, offers, limit }: Drawn) => {
      const scene = createScene({ cash: CASH });
      const { ledger, linear, bob } = scene;
      for (const maker of makers) fund(ledger, maker, QUOTE, CASH);
      for (const [index, [held, who]] of earlier.entries()) {
        const maker = makers[who] ?? 0n;
        take(ledger, bob, order(maker, [part(linear, held)], { nonce: 100n + BigInt(index) }));
      }
      const orders = offers.map(({ premium, units, who }, index) => {
        const nonce = BigInt(index);
        return order(makers[who] ?? 0n, [part(linear, legs, { premium })], { nonce, units });
      });
      return { scene, call: () => takeMany(ledger, bob, orders, { limits: [limit] }) };
    };
    const met = { raised: 0, skipped: 0 };
    fc.assert(
      fc.property(many, (drawn) => {
        const free = started(drawn);
        free.call();
        const { scene, call } = started(drawn);
        const { ledger, linear } = scene;
        const ceiling = (free.scene.linear.pool * drawn.eighths) / 8n;
        const { market } = linear.market;
        expectOk(ledger.setGuard(from(GUARD), market, 0n, START, ceiling));
        const outcome = call();
        if (!outcome.ok) {
          expect(outcome.error.name).not.to.equal("CeilingReached");
          return;
        }
        const raised = raisedBy(started(drawn).scene.ledger.state, outcome.events, START);
        if (raised.length === 0) return;
        met.raised++;
        expect(linear.pool <= ceiling, `${linear.pool} of ${ceiling}`).to.equal(true);
        const skips = outcome.events.flatMap(({ name, args }) =>
          name === "FillSkipped" ? [args.reason.name] : [],
        );
        if (skips.includes("CeilingReached")) met.skipped++;
      }),
      { numRuns: 400 },
    );
    expect(met.raised > 50 && met.skipped > 10, JSON.stringify(met)).to.equal(true);
  });
});

/** Units of an order that are filled already. */
function nextUnits({ ledger }: Scene, { account, nonce }: Order): bigint {
  const known = ledger.state.accounts.get(account.toString(16))?.nonces.get(nonce);
  if (known?.state === "partial") return known.filled;
  return 0n;
}
