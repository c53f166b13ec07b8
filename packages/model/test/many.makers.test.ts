import { expect } from "chai";
import { hashOrder } from "@certus/model";
import type { LedgerEvent, Order } from "@certus/model";
import { COVER, ask, heldBy, put, signedFill, takeMany } from "./helpers/many.ts";
import {
  ALICE,
  BOB,
  CAROL,
  OPEN_LIMIT,
  START,
  createScene,
  expectOk,
  from,
  order,
  part,
  take,
} from "./helpers/scene.ts";

function skipped(maker: bigint, taker: bigint, signed: Order, name: string, ...args: bigint[]) {
  const orderHash = hashOrder(signed);
  return { name: "FillSkipped", args: { maker, taker, orderHash, reason: { name, args } } };
}

describe("fillMany: makers", () => {
  it("that fail are skipped with the error of a fill, and the others fill", () => {
    const scene = createScene({ cash: 2n * COVER });
    const { ledger, alice, bob, carol } = scene;
    expectOk(ledger.cancel(from(ALICE), alice, [1n]));
    const bad = [
      ask(scene, bob, 1n),
      ask(scene, alice, 1n, { nonce: 2n, deadline: START - 1n }),
      ask(scene, alice, 1n, { nonce: 3n, taker: CAROL }),
      ask(scene, alice, 1n, { nonce: 4n, epoch: 1n }),
      ask(scene, alice, 1n, { nonce: 1n }),
      ask(scene, alice, 1n, { nonce: 5n, units: 0n }),
      ask(scene, alice, 1n, { nonce: 6n, units: 9n, minFill: 4n }),
      ask(scene, alice, 0n, { nonce: 7n, units: 3n }),
    ] as const;
    const events: LedgerEvent[] = [];
    const orders = [...bad, ask(scene, carol, 0n, { units: 2n })];
    const linear = scene.linear.book;
    const { units } = expectOk(takeMany(ledger, bob, orders, { min: 2n, max: 3n }), events);
    expect(units).to.equal(2n);
    expect(events.slice(0, 8)).to.deep.equal([
      skipped(bob, bob, bad[0], "SameAccount", bob),
      skipped(alice, bob, bad[1], "OrderExpired", START - 1n, START),
      skipped(alice, bob, bad[2], "ForeignTaker", CAROL, BOB),
      skipped(alice, bob, bad[3], "EpochStale", 1n, 0n),
      skipped(alice, bob, bad[4], "OrderCancelled", alice, 1n),
      skipped(alice, bob, bad[5], "OrderFilledUp", alice, 5n),
      skipped(alice, bob, bad[6], "BelowMinFill", 3n, 4n),
      skipped(alice, bob, bad[7], "Undercovered", alice, linear, 2n * COVER, 3n * COVER),
    ]);
  });

  it("that sign nothing or under a used nonce are skipped", () => {
    const scene = createScene();
    const { ledger, alice, bob, carol } = scene;
    expectOk(take(ledger, bob, ask(scene, alice, 1n, { units: 2n }), 1n));
    const [unsigned, taken, good] = [
      ask(scene, carol, 1n),
      ask(scene, alice, 2n, { units: 2n }),
      ask(scene, carol, 3n),
    ];
    const signed = signedFill(ledger, good);
    const fills = [
      { order: unsigned, signer: CAROL, signature: { kind: "garbage" } as const },
      signedFill(ledger, taken),
      signed,
      signed,
    ];
    const events: LedgerEvent[] = [];
    expectOk(ledger.fillMany(from(BOB), bob, fills, 1n, 9n, [OPEN_LIMIT]), events);
    expect(events.filter(({ name }) => name === "FillSkipped")).to.deep.equal([
      skipped(carol, bob, unsigned, "BadSignature", carol, CAROL),
      skipped(alice, bob, taken, "NonceTaken", alice, 0n),
      skipped(carol, bob, good, "OrderFilledUp", carol, 0n),
    ]);
  });

  it("that appear twice see their first fill: nonce, position and cash", () => {
    const scene = createScene({ cash: 3n * COVER });
    const { ledger, linear, alice, bob, carol } = scene;
    const [one, two, three] = [0n, 1n, 2n].map((nonce) =>
      ask(scene, alice, 0n, { nonce, units: 2n }),
    ) as [Order, Order, Order];
    const back = order(alice, [part(linear, [put(-1)])], { nonce: 3n, units: 1n });
    const events: LedgerEvent[] = [];
    const orders = [one, two, one, back, three, ask(scene, carol, 0n)];
    expectOk(takeMany(ledger, bob, orders), events);
    expect(events.map(({ name }) => name)).to.deep.equal([
      "OrderFilled",
      "FillSkipped",
      "FillSkipped",
      "OrderFilled",
      "FillSkipped",
      "OrderFilled",
      "Allocated",
    ]);
    const short = (signed: Order, cover: bigint) =>
      skipped(alice, bob, signed, "Undercovered", alice, linear.book, 3n * COVER, cover * COVER);
    expect(events[1]).to.deep.equal(short(two, 4n));
    expect(events[2]).to.deep.equal(skipped(alice, bob, one, "OrderFilledUp", alice, 0n));
    expect(events[4]).to.deep.equal(short(three, 5n));
    expect(heldBy(ledger, alice, linear).legs).to.deep.equal([put(-3)]);
  });
});
