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

  it("skip an order by which the makers' draws lift the pool above the ceiling", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    guard(scene, 0n, 2n * COVER);
    const first = ask(scene, alice, 0n, { units: 1n });
    const large = ask(scene, carol, 0n, { units: 2n });
    const small = ask(scene, carol, 0n, { nonce: 1n });
    const events = told(scene, [first, large, small]);
    // Three fees of 1,000 would have left the pool by then, and Bob has paid nothing in yet.
    const reached = [linear.book, 3n * COVER - 3_000n, 2n * COVER] as const;
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

  it("hold the pool to the ceiling again at the end, with what the taker draws", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    guard(scene, 0n, 2n * COVER - 1n);
    // Alice is paid by Bob: what she lacks she draws, and what he pays he draws.
    const orders = [ask(scene, alice, 50n), ask(scene, carol, 50n)];
    const drawn = 2n * (COVER - 50_000_000n);
    expect(drawn < 2n * COVER - 1n).to.equal(true);
    const call = () => takeMany(ledger, bob, orders);
    const pool = [linear.book, 2n * COVER, 2n * COVER - 1n] as const;
    expectNothing(ledger, call, "CeilingReached", ...pool);
    expectOk(takeMany(ledger, bob, orders, { max: 1n }));
  });

  it("let through at any ceiling what raises no open interest", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    expectOk(take(ledger, bob, order(alice, [part(linear, [put(-1)])])));
    guard(scene, 0n, 0n);
    const takeover = order(carol, [part(linear, [put(1)])]);
    expect(told(scene, [takeover])[0]).to.have.property("name", "OrderFilled");
  });

  it("are met part by part: a taker that cannot hold its legs ends the call if no gate stands before", () => {
    for (const full of [0, 1]) {
      const scene = createScene();
      const { ledger, linear, inverse, alice, bob, carol } = scene;
      const books = linear.book < inverse.book ? [linear, inverse] : [inverse, linear];
      const right = (book: Book) => (book === linear ? "put" : "call");
      const parts = books.map((book) => part(book, [leg(right(book), 2000, -1)]));
      const [crowded, shut] = [books[full], books[1 - full]] as [Book, Book];
      const many = Array.from({ length: 32 }, (_, index) => leg(right(crowded), index + 1, -1));
      expectOk(take(ledger, bob, order(carol, [part(crowded, many)])));
      guard(scene, 1n, 0n, shut);
      const call = () => takeMany(ledger, bob, [order(alice, parts)]);
      if (full === 0) expectNothing(ledger, call, "TooManyLegs", bob, crowded.book, 33n, 32n);
      else expectNothing(ledger, call, "UnitsShort", 0n, 1n);
    }
  });
});
