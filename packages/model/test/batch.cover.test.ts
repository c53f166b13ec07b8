import { expect } from "chai";
import { accountOf } from "@certus/model";
import type { BatchCall, LedgerEvent } from "@certus/model";
import {
  NO_DRAW,
  allocate,
  batchBy,
  bid,
  feeless,
  fillCall,
  namesOf,
  transfer,
} from "./helpers/batches.ts";
import { COVER, heldBy, put, signedFill } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  EXPIRY,
  OPEN_LIMIT,
  OPERATOR,
  QUOTE,
  STRANGER,
  expectOk,
  from,
  leg,
  order,
  part,
} from "./helpers/scene.ts";

/** Bob's other account. */
const OTHER = accountOf(BOB, 8n);

describe("batch: cover", () => {
  describe("a taker", () => {
    it("may be short until the end, by fill and by fillMany", () => {
      const scene = feeless();
      const { ledger, linear, bob } = scene;
      const fill = fillCall(ledger, bob, bid(scene, [put(1)]), NO_DRAW);
      const many: BatchCall = {
        name: "fillMany",
        args: [bob, [signedFill(ledger, bid(scene, [put(1)], 1n))], 1n, 1n, [NO_DRAW.limit]],
      };
      const events: LedgerEvent[] = [];
      expectOk(batchBy(ledger, bob, [fill, many, allocate(scene, bob, 2n * COVER)]), events);
      expect(namesOf(events)).to.deep.equal(["OrderFilled", "OrderFilled", "Allocated"]);
      expect(heldBy(ledger, bob, linear)).to.deep.include({
        collateral: 2n * COVER,
        legs: [put(-2)],
      });
    });

    it("that stays short is refused at the end, for what it has and needs then", () => {
      const scene = feeless();
      const { ledger, linear, bob } = scene;
      const fill = fillCall(ledger, bob, bid(scene, [put(1)]), NO_DRAW);
      const calls = (amount: bigint) => [fill, allocate(scene, bob, amount)];
      const short = [bob, linear.book, COVER - 1n, COVER] as const;
      expectNothing(
        ledger,
        () => batchBy(ledger, bob, calls(COVER - 1n)),
        "Undercovered",
        ...short,
      );
      expectOk(batchBy(ledger, bob, calls(COVER)));
    });

    it("draws all of a shortfall or nothing of it", () => {
      const scene = feeless(2n * COVER);
      const { ledger, linear, bob } = scene;
      const limit = (maxDraw: bigint) => ({ limit: { ...OPEN_LIMIT, maxDraw } });
      const drawn = (maxDraw: bigint, lots: bigint, nonce: bigint) => {
        const fill = fillCall(ledger, bob, bid(scene, [put(lots)], nonce), limit(maxDraw));
        const calls = [fill, { name: "depositToBook", args: [bob, linear.book, 1n] }] as const;
        return { fill, calls };
      };
      const events: LedgerEvent[] = [];
      expectOk(batchBy(ledger, bob, [drawn(COVER, 1n, 0n).fill]), events);
      expect(events[0]?.args).to.have.nested.property("parts[0].takerDraw", COVER);
      // One unit less is allowed than is short: nothing is drawn, and a part of it is not enough.
      const { fill } = drawn(COVER - 1n, 1n, 1n);
      const short = [bob, linear.book, COVER, 2n * COVER] as const;
      expectNothing(ledger, () => batchBy(ledger, bob, [fill]), "Undercovered", ...short);
      // Two more are short and cash is there for one.
      const poor = drawn(2n * COVER, 2n, 2n).fill;
      const calls = [poor, allocate(scene, bob, COVER)];
      const end = [bob, linear.book, 2n * COVER, 3n * COVER] as const;
      expectNothing(ledger, () => batchBy(ledger, bob, calls), "Undercovered", ...end);
    });

    it("whose price eats more than its collateral is refused at once", () => {
      const scene = feeless();
      const { ledger, linear, bob } = scene;
      // Alice sells a put at 50: Bob lacks one unit of the price.
      const signed = order(scene.alice, [part(linear, [put(-1)], { premium: 50n * 10n ** 8n })]);
      const pay = 50_000_000n;
      const calls = (first: bigint) => [
        allocate(scene, bob, first),
        fillCall(ledger, bob, signed, NO_DRAW),
        allocate(scene, bob, 10n),
      ];
      const needed = [bob, linear.book, 1n, 0n] as const;
      const call = () => batchBy(ledger, bob, calls(pay - 1n));
      expectNothing(ledger, call, "DrawTooSmall", ...needed);
      expectOk(batchBy(ledger, bob, calls(pay)));
    });

    it("may be somebody else's account, by an operator of it", () => {
      const scene = feeless();
      const { ledger, bob } = scene;
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 3n, EXPIRY));
      const fill = fillCall(ledger, bob, bid(scene, [put(1)]), NO_DRAW);
      expectOk(ledger.batch(from(OPERATOR), [fill, allocate(scene, bob, COVER)]));
    });
  });

  describe("everybody else", () => {
    it("is covered at once: a maker, though it be the caller's own account", () => {
      const scene = feeless(COVER - 1n);
      const { ledger, linear, alice, bob } = scene;
      const signed = order(alice, [part(linear, [put(-1)])]);
      const short = [alice, linear.book, COVER - 1n, COVER] as const;
      const later: BatchCall = { name: "depositToBook", args: [alice, linear.book, 1n] };
      const call = () => batchBy(ledger, bob, [fillCall(ledger, bob, signed), later]);
      expectNothing(ledger, call, "Undercovered", ...short);
      const own = () =>
        batchBy(ledger, alice, [fillCall(ledger, (ALICE << 96n) | 5n, signed), later]);
      expectNothing(ledger, own, "Undercovered", ...short);
    });

    it("frees nothing against a promise", () => {
      const scene = feeless();
      const { ledger, linear, bob } = scene;
      const fill = fillCall(ledger, bob, bid(scene, [put(1)]), NO_DRAW);
      const calls: readonly BatchCall[] = [
        allocate(scene, bob, COVER),
        fill,
        { name: "free", args: [bob, linear.book, 1n] },
        allocate(scene, bob, 1n),
      ];
      const short = [bob, linear.book, COVER - 1n, COVER] as const;
      expectNothing(ledger, () => batchBy(ledger, bob, calls), "Undercovered", ...short);
    });
  });

  describe("legs that move", () => {
    const condor = [leg("put", 1700, 1), put(-1), leg("call", 2200, -1), leg("call", 2300, 1)];
    const WIDTH = 100_000_000n;

    it("may leave both accounts short until the end", () => {
      const scene = feeless();
      const { ledger, bob } = scene;
      const buy = bid(
        scene,
        condor.map((each) => ({ ...each, quantity: -each.quantity })),
      );
      expectOk(batchBy(ledger, bob, [fillCall(ledger, bob, buy)]));
      const apart = transfer(scene, bob, OTHER, condor.slice(2), WIDTH / 2n);
      const half = allocate(scene, bob, WIDTH / 2n);
      const other: BatchCall = {
        name: "depositToBook",
        args: [OTHER, scene.linear.book, WIDTH / 2n],
      };
      const short = (account: bigint) => [account, scene.linear.book, WIDTH / 2n, WIDTH] as const;
      expectOk(ledger.withdraw(from(BOB), bob, QUOTE, WIDTH, BOB));
      const run = (calls: readonly BatchCall[]) => () => batchBy(ledger, bob, calls);
      expectNothing(ledger, run([apart]), "Undercovered", ...short(bob));
      expectNothing(ledger, run([apart, half]), "Undercovered", ...short(OTHER));
      expectNothing(ledger, run([apart, other]), "Undercovered", ...short(bob));
      expectOk(run([apart, transfer(scene, OTHER, bob, condor.slice(2), WIDTH / 2n)])());
      expectOk(run([apart, half, other])());
    });

    it("name at the end the position that was queued first", () => {
      const scene = feeless();
      const { ledger, linear, bob } = scene;
      expectOk(batchBy(ledger, bob, [fillCall(ledger, bob, bid(scene, [put(2)]))]));
      const first = transfer(scene, bob, OTHER, [put(-1)]);
      const fill = fillCall(ledger, bob, bid(scene, [put(5)], 1n), NO_DRAW);
      const queue = (calls: readonly BatchCall[]) => () => batchBy(ledger, bob, calls);
      const other = [OTHER, linear.book, 0n, COVER] as const;
      expectNothing(ledger, queue([first, fill]), "Undercovered", ...other);
      const own = [bob, linear.book, 2n * COVER, 6n * COVER] as const;
      expectNothing(ledger, queue([fill, first]), "Undercovered", ...own);
      expectNothing(
        ledger,
        () => ledger.batch(from(STRANGER), [first]),
        "NotPermitted",
        bob,
        STRANGER,
        2n,
      );
    });
  });
});
