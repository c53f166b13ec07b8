import { expect } from "chai";
import { hashOrder, seriesOf } from "@certus/model";
import type { Book, ErrorName, LedgerEvent, Order } from "@certus/model";
import { COVER, ask, heldBy, put, takeMany } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  GUARD,
  START,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

/** What is told of an order of Bob's call that is skipped. */
function skipped(signed: Order, bob: bigint, name: ErrorName, ...args: readonly bigint[]) {
  const names = { maker: signed.account, taker: bob, orderHash: hashOrder(signed) };
  return { name: "FillSkipped", args: { ...names, reason: { name, args } } };
}

/** Sets the guard of a book's market, of the linear one if none is given. */
function guard(
  { ledger, linear }: Scene,
  level: bigint,
  ceiling = 10n ** 30n,
  book: Book = linear,
): void {
  const { market } = book.market;
  expectOk(ledger.setGuard(from(GUARD), market, level, START + 9n, ceiling));
}

/** Takes orders by Bob's hand; answers what is told. */
function told({ ledger, bob }: Scene, orders: readonly Order[], max?: bigint) {
  const events: LedgerEvent[] = [];
  expectOk(takeMany(ledger, bob, orders, max === undefined ? {} : { max }), events);
  return events;
}

describe("fillMany: gates", () => {
  it("skip an order that raises open interest while restricted, and leave both sides as they were", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    expectOk(take(ledger, bob, order(alice, [part(linear, [put(2)])])));
    guard(scene, 1n);
    const opening = ask(scene, carol, 1n, { units: 2n });
    const closing = [1n, 2n].map((nonce) => ask(scene, alice, 1n, { nonce })) as [Order, Order];
    const before = heldBy(ledger, carol, linear);
    const events = told(scene, [closing[0], opening, closing[1]]);
    const series = seriesOf(linear.book, false, put(1).strike);
    expect(events[1]).to.deep.equal(skipped(opening, bob, "RiskRestricted", linear.book, series));
    expect(heldBy(ledger, carol, linear)).to.deep.equal(before);
    expect(heldBy(ledger, bob, linear).legs).to.deep.equal([]);
    // Its nonce is as it was, too.
    guard(scene, 0n);
    expect(told(scene, [opening])[0]).to.have.nested.property("args.units", 2n);
  });

  it("skip an order that would lift the pool above the ceiling", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    guard(scene, 0n, 2n * COVER);
    const first = ask(scene, alice, 0n, { units: 1n });
    const large = ask(scene, carol, 0n, { units: 2n });
    const small = ask(scene, carol, 0n, { nonce: 1n });
    const events = told(scene, [first, large, small]);
    // Three fees of 1,000 leave the pool, and Bob has to bring them.
    const reached = [linear.book, 3n * COVER, 2n * COVER] as const;
    expect(events[1]).to.deep.equal(skipped(large, bob, "CeilingReached", ...reached));
    expect(events.map(({ name }) => name)).to.deep.equal([
      "OrderFilled",
      "FillSkipped",
      "OrderFilled",
      "Allocated",
    ]);
    expect(linear.pool).to.equal(2n * COVER);
    expect(heldBy(ledger, carol, linear).legs).to.deep.equal([put(-1)]);
  });

  it("count what the taker would draw, as far as its limit goes", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    guard(scene, 0n, 2n * COVER - 1n);
    // The makers are paid by Bob: what they lack they draw, and what he pays he draws.
    const orders = [ask(scene, alice, 50n), ask(scene, carol, 50n)] as const;
    const pay = 2n * 50_001_000n;
    const reached = (pool: bigint) => [linear.book, pool, 2n * COVER - 1n] as const;
    const call = (maxDraw: bigint, min: bigint) =>
      takeMany(ledger, bob, orders, { min, limits: [{ maxPay: pay, maxDraw }] });
    for (const maxDraw of [1n << 100n, pay]) {
      expectNothing(ledger, () => call(maxDraw, 2n), "UnitsShort", 1n, 2n);
    }
    // One unit less is what the limit would let in: the ceiling lets it pass, and the call fails for the limit.
    const draw = [bob, linear.book, pay, pay - 1n] as const;
    expectNothing(ledger, () => call(pay - 1n, 1n), "DrawTooSmall", ...draw);
    const shut = skipped(orders[1], bob, "CeilingReached", ...reached(2n * COVER));
    expect(told(scene, orders)).to.deep.include(shut);
    expect(linear.pool).to.equal(COVER);
  });

  it("skip an order that opens nothing where one before it in the call did", () => {
    for (const first of ["opening", "closing"]) {
      const scene = createScene();
      const { ledger, linear, alice, bob, carol } = scene;
      expectOk(take(ledger, bob, order(alice, [part(linear, [put(-1)])])));
      guard(scene, 0n, 2n * COVER);
      // Alice buys back the put that Bob has, and leaves her cover in the book; Carol buys two.
      const closing = order(alice, [part(linear, [put(1)])], { nonce: 1n });
      const opening = order(carol, [part(linear, [put(1)])], { units: 2n });
      const orders = first === "opening" ? [opening, closing] : [closing, opening];
      const last = orders[1] as Order;
      const reached = [linear.book, 3n * COVER, 2n * COVER] as const;
      const shut = skipped(last, bob, "CeilingReached", ...reached);
      expect(told(scene, orders)[1], first).to.deep.equal(shut);
      expect(heldBy(ledger, bob, linear).legs).to.deep.equal(first === "opening" ? [put(-1)] : []);
    }
  });

  it("let through at any ceiling what raises no open interest", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    expectOk(take(ledger, bob, order(alice, [part(linear, [put(-1)])])));
    guard(scene, 0n, 0n);
    const takeover = order(carol, [part(linear, [put(1)])]);
    expect(told(scene, [takeover])[0]).to.have.property("name", "OrderFilled");
  });

  it("are met whatever the number of the taker's legs, which is looked at in the end", () => {
    for (const full of [0, 1]) {
      const scene = createScene();
      const { ledger, linear, inverse, alice, bob, carol } = scene;
      const books = linear.book < inverse.book ? [linear, inverse] : [inverse, linear];
      const right = (book: Book) => (book === linear ? "put" : "call");
      const parts = books.map((book) => part(book, [leg(right(book), 2000, -1)]));
      const [crowded, shut] = [books[full], books[1 - full]] as [Book, Book];
      const many = Array.from({ length: 32 }, (_, index) => leg(right(crowded), index + 1, -1));
      expectOk(take(ledger, bob, order(carol, [part(crowded, many)])));
      const call = (least: bigint) => () =>
        takeMany(ledger, bob, [order(alice, parts)], { min: least });
      guard(scene, 1n, 0n, shut);
      expectNothing(ledger, call(1n), "UnitsShort", 0n, 1n);
      guard(scene, 0n, 10n ** 30n, shut);
      expectNothing(ledger, call(2n), "UnitsShort", 1n, 2n);
      expectNothing(ledger, call(1n), "TooManyLegs", bob, crowded.book, 33n, 32n);
    }
  });

  it("let a taker have more than 32 legs on the way to 32", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    const legs = (count: number, low: number, lots: number) =>
      Array.from({ length: count }, (_, index) => leg("put", low + index, lots));
    expectOk(take(ledger, bob, order(carol, [part(linear, legs(32, 100, -2))])));
    // Each order takes a lot of half of what Bob has, and gives him a lot of as many others.
    const swap = [...legs(16, 100, 1), ...legs(16, 200, -1)];
    const orders = [0n, 1n].map((nonce) => order(alice, [part(linear, swap)], { nonce }));
    const half = () => takeMany(ledger, bob, orders, { max: 1n });
    expectNothing(ledger, half, "TooManyLegs", bob, linear.book, 48n, 32n);
    expect(expectOk(takeMany(ledger, bob, orders)).units).to.equal(2n);
    const held = [...legs(16, 116, 2), ...legs(16, 200, 2)];
    expect(heldBy(ledger, bob, linear).legs).to.deep.equal(held);
  });
});
