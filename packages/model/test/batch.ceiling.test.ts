import { expect } from "chai";
import { accountOf } from "@certus/model";
import type { BatchCall, Fill, Leg, Outcome } from "@certus/model";
import { NO_DRAW, allocate, batchBy, bid, feeless, fillCall, transfer } from "./helpers/batches.ts";
import { COVER, put, signedFill } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  GUARD,
  QUOTE,
  START,
  expectOk,
  from,
  fund,
  leg,
  order,
  part,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

/** Bob's other account. */
const OTHER = accountOf(BOB, 8n);

/** A scene without fees, in which Bob's other account has cash too. */
function opened(): Scene {
  const scene = feeless();
  fund(scene.ledger, OTHER, QUOTE, 10n ** 20n);
  return scene;
}

/** Sets the ceiling of a book, the linear one if none is given. */
function cap({ ledger, linear }: Scene, ceiling: bigint, book = linear): void {
  expectOk(ledger.setGuard(from(GUARD), book.market.market, 0n, START, ceiling));
}

/** Bob's batch. */
function run({ ledger, bob }: Scene, calls: readonly BatchCall[]): () => Outcome<unknown> {
  return () => batchBy(ledger, bob, calls);
}

/** Bob writes what Alice buys, to be covered later. */
function write(scene: Scene, legs: readonly Leg[], nonce = 0n, account = scene.bob): BatchCall {
  return fillCall(scene.ledger, account, bid(scene, legs, nonce), NO_DRAW);
}

function free({ linear }: Scene, account: bigint, amount: bigint): BatchCall {
  return { name: "free", args: [account, linear.book, amount] };
}

describe("batch: ceiling", () => {
  it("holds the pool as the batch leaves it, by fill and by fillMany, and to the unit", () => {
    const scene = opened();
    const { ledger, linear, bob } = scene;
    const signed = signedFill(ledger, bid(scene, [put(1)]));
    const many: BatchCall = {
      name: "fillMany",
      args: [bob, [signed], 1n, 1n, [NO_DRAW.limit]],
    };
    const shut = [linear.book, COVER, COVER - 1n] as const;
    for (const call of [write(scene, [put(1)]), many]) {
      cap(scene, COVER - 1n);
      const covered = [call, allocate(scene, bob, COVER)];
      expectNothing(ledger, run(scene, covered), "CeilingReached", ...shut);
    }
    cap(scene, COVER);
    expectOk(run(scene, [many, allocate(scene, bob, COVER)])());
  });

  it("lets through on the way what the end puts right", () => {
    const scene = opened();
    const { ledger, linear, bob } = scene;
    cap(scene, COVER);
    const calls = (back: bigint) => [
      write(scene, [put(1)]),
      allocate(scene, bob, 3n * COVER),
      free(scene, bob, back),
    ];
    const shut = [linear.book, COVER + 1n, COVER] as const;
    const above = run(scene, calls(2n * COVER - 1n));
    expectNothing(ledger, above, "CeilingReached", ...shut);
    expectOk(run(scene, calls(2n * COVER))());
    expect(linear.pool).to.equal(COVER);
  });

  it("is met by collateral that leaves the book for the time of a fill, wherever it stood", () => {
    const scene = opened();
    const { ledger, linear, bob } = scene;
    expectOk(run(scene, [write(scene, [put(1)]), allocate(scene, bob, COVER)])());
    cap(scene, COVER);
    const third = accountOf(BOB, 9n);
    const calls = [
      transfer(scene, bob, third, [], COVER),
      free(scene, third, COVER),
      write(scene, [put(1)], 1n, OTHER),
      allocate(scene, OTHER, COVER),
      allocate(scene, bob, COVER),
    ];
    const shut = [linear.book, 2n * COVER, COVER] as const;
    expectNothing(ledger, run(scene, calls), "CeilingReached", ...shut);
  });

  it("counts shortfalls of all fills and all accounts together", () => {
    const scene = opened();
    const { ledger, linear, bob } = scene;
    cap(scene, COVER);
    const other = [write(scene, [put(1)], 1n, OTHER), allocate(scene, OTHER, COVER)];
    const calls = [write(scene, [put(1)]), ...other, allocate(scene, bob, COVER)];
    const shut = [linear.book, 2n * COVER, COVER] as const;
    expectNothing(ledger, run(scene, calls), "CeilingReached", ...shut);
    const twice = [
      write(scene, [put(1)]),
      transfer(scene, bob, OTHER, [put(-1)]),
      write(scene, [put(1)], 1n),
      allocate(scene, OTHER, COVER),
      allocate(scene, bob, COVER),
    ];
    expectNothing(ledger, run(scene, twice), "CeilingReached", ...shut);
  });

  it("is not met where no fill raises open interest, whatever comes in", () => {
    const scene = opened();
    const { ledger, linear, bob, carol } = scene;
    expectOk(run(scene, [write(scene, [put(1)]), allocate(scene, bob, COVER)])());
    cap(scene, 0n);
    const novation = order(carol, [part(linear, [put(-1)])]);
    const closing = fillCall(ledger, bob, novation);
    expectOk(run(scene, [closing, allocate(scene, bob, COVER)])());
    expect(linear.pool).to.equal(3n * COVER);
  });

  it("is met where one order of fillMany raises what another has lowered", () => {
    const scene = opened();
    const { ledger, linear, alice, bob, carol } = scene;
    const sold = order(carol, [part(linear, [put(-1)])]);
    expectOk(run(scene, [fillCall(ledger, bob, sold)])());
    cap(scene, 2n * COVER);
    const parts = [part(linear, [put(1)])];
    const closing = signedFill(ledger, order(carol, parts, { nonce: 1n }));
    const buying = signedFill(ledger, order(alice, parts));
    const calls = (fills: readonly Fill[]): BatchCall[] => [
      { name: "fillMany", args: [bob, fills, 2n, 2n, [NO_DRAW.limit]] },
      allocate(scene, bob, COVER + 1n),
    ];
    // Carol and Bob close, then Bob writes for Alice: open interest falls and rises again.
    const shut = [linear.book, 2n * COVER + 1n, 2n * COVER] as const;
    expectNothing(ledger, run(scene, calls([closing, buying])), "CeilingReached", ...shut);
    // Alice takes over what Bob has, then Bob what Carol owes: it never rises.
    expectOk(run(scene, calls([buying, closing]))());
  });

  it("names what was queued first: positions of a fill before its books, part by part", () => {
    const scene = opened();
    const { ledger, linear, inverse, alice, bob } = scene;
    cap(scene, 0n);
    cap(scene, 0n, inverse);
    const parts = [part(linear, [put(1)]), part(inverse, [leg("call", 2000, 1)])];
    parts.sort((a, b) => (a.book < b.book ? -1 : 1));
    const [low = linear, high = linear] = [linear, inverse].sort((a, b) =>
      a.book < b.book ? -1 : 1,
    );
    const both = fillCall(ledger, bob, order(alice, parts), NO_DRAW);
    const needs = (book: typeof low) => (book === linear ? COVER : 10n ** 16n);
    const cover = (book: typeof low): BatchCall => ({
      name: "allocate",
      args: [bob, book.book, needs(book)],
    });
    const short = (book: typeof low) => [bob, book.book, 0n, needs(book)] as const;
    expectNothing(ledger, run(scene, [both, cover(low)]), "Undercovered", ...short(high));
    expectNothing(ledger, run(scene, [both, cover(high)]), "Undercovered", ...short(low));
    const shut = [low.book, needs(low), 0n] as const;
    expectNothing(ledger, run(scene, [both, cover(high), cover(low)]), "CeilingReached", ...shut);
    cap(scene, needs(low), low);
    const later = [high.book, needs(high), 0n] as const;
    expectNothing(ledger, run(scene, [both, cover(high), cover(low)]), "CeilingReached", ...later);
    // A position that a later call leaves short comes behind the books of an earlier one.
    const more = write(scene, [put(1)], 1n, OTHER);
    const before = [both, cover(high), cover(low), more];
    expectNothing(ledger, run(scene, before), "CeilingReached", ...later);
    cap(scene, needs(high), high);
    cap(scene, COVER, linear);
    const last = [OTHER, linear.book, 0n, COVER] as const;
    expectNothing(ledger, run(scene, before), "Undercovered", ...last);
  });
});
