import { expect } from "chai";
import { MAX_UINT112, accountOf, balanceOf, packLeg } from "@certus/model";
import type { BatchCall, LedgerEvent } from "@certus/model";
import { batchBy, dumpAll, fillCall, namesOf } from "./helpers/batches.ts";
import { COVER, ask, heldBy, put, signedFill } from "./helpers/many.ts";
import { permit } from "./helpers/permits.ts";
import { expectNothing, expectRefused } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  EXPIRY,
  LEDGER,
  NO_PROOF,
  OPEN_LIMIT,
  QUOTE,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  order,
  part,
  take,
} from "./helpers/scene.ts";

/** Bob's other account. */
const OTHER = accountOf(BOB, 8n);

describe("batch", () => {
  describe("calls", () => {
    it("run in order as the caller's own, each on what the one before has left", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      const signed = ask(scene, alice, 50n);
      const events: LedgerEvent[] = [];
      const calls: readonly BatchCall[] = [
        { name: "allocate", args: [bob, linear.book, COVER] },
        fillCall(ledger, bob, signed),
        { name: "free", args: [bob, linear.book, COVER - 50_001_000n] },
        { name: "cancel", args: [bob, [7n]] },
      ];
      const results = expectOk(batchBy(ledger, bob, calls), events);
      expect(results).to.deep.equal([undefined, [50_001_000n], undefined, undefined]);
      expect(namesOf(events)).to.deep.equal([
        "Allocated",
        "OrderFilled",
        "Allocated",
        "OrdersCancelled",
      ]);
      expect(heldBy(ledger, bob, linear)).to.deep.include({ collateral: 0n, legs: [put(1)] });
    });

    it("deposit on a permit, in the same step", () => {
      const { ledger, bob } = createScene();
      const args = [QUOTE, 9n, EXPIRY] as const;
      const calls = (value: bigint): readonly BatchCall[] => [
        { name: "selfPermit", args: [...args, permit(ledger, STRANGER, value)] },
        { name: "deposit", args: [bob, QUOTE, 9n] },
      ];
      const token = ledger.world.tokens.get(QUOTE);
      token?.balances.set(STRANGER, 9n);
      const refused = () => ledger.batch(from(STRANGER), calls(8n));
      expectNothing(ledger, refused, "ERC20InsufficientAllowance", LEDGER, 0n, 9n);
      expectOk(ledger.batch(from(STRANGER), calls(9n)));
    });

    it("end a book: fix, settle, claim", () => {
      const { ledger, linear, alice, bob } = createScene();
      expectOk(take(ledger, bob, order(alice, [part(linear, [put(-1)])])));
      const calls: readonly BatchCall[] = [
        { name: "fixPrice", args: [linear.book, NO_PROOF] },
        { name: "settle", args: [linear.book, [alice, bob]] },
        { name: "claim", args: [alice, [linear.book], true] },
      ];
      const results = expectOk(batchBy(ledger, alice, calls, { now: EXPIRY }));
      expect(results).to.deep.equal([2_000n * 10n ** 8n, 2n, [COVER]]);
      const token = ledger.world.tokens.get(QUOTE);
      expect(token && balanceOf(token, ALICE)).to.equal(COVER);
    });

    it("may be none", () => {
      const { ledger, bob } = createScene();
      const outcome = batchBy(ledger, bob, []);
      expect(outcome).to.deep.equal({ ok: true, returned: [], events: [], oracleEvents: [] });
    });
  });

  describe("refusals", () => {
    it("name the context first, then the first call that fails, on the list or not", () => {
      const { ledger, linear, bob } = createScene();
      const allocate = (amount: bigint): BatchCall => ({
        name: "allocate",
        args: [bob, linear.book, amount],
      });
      const others: readonly BatchCall[] = [
        { name: "raiseEpoch", args: [bob] },
        { name: "pushFees", args: [linear.book] },
      ];
      const call =
        (amount: bigint, changes = {}) =>
        () =>
          batchBy(ledger, bob, [allocate(amount), ...others], changes);
      expectNothing(ledger, call(0n, { external: true }), "InExternalCall");
      expectNothing(ledger, call(0n), "ZeroAmount");
      expectNothing(ledger, call(1n), "NotBatchable", 0x18a4c3a0n);
    });

    it("know every function that changes the ledger", () => {
      const { ledger, bob } = createScene();
      const selectors = {
        approve: 0x426a8493n,
        batch: 0x1e897afbn,
        list: 0x16f8829fn,
        openBook: 0x8806ec1bn,
        pushFees: 0x118faa41n,
        raiseEpoch: 0x18a4c3a0n,
        retire: 0x3790cf57n,
        setAccountOperator: 0x1a5bec52n,
        setGuard: 0x0daa289bn,
        setOperator: 0x558a7297n,
        setTreasury: 0xf0f44260n,
        transfer: 0x095bcdb6n,
        transferFrom: 0xfe99049an,
        "0x12345678": 0x12345678n,
        "0x123456789a": 0x12345678n,
        "0x1234": 0x12340000n,
        "0x": 0n,
      } as const;
      for (const [name, selector] of Object.entries(selectors)) {
        const calls = [{ name: name as keyof typeof selectors, args: [] }];
        expectRefused(batchBy(ledger, bob, calls), "NotBatchable", selector);
      }
    });

    it("let the error of a call through, and take back what the calls before it did", () => {
      const scene = createScene();
      const { ledger, oracle, linear, alice, bob, carol } = scene;
      expectOk(take(ledger, bob, ask(scene, alice, 50n, { nonce: 5n })));
      const before = dumpAll(ledger);
      const commits = oracle.commits;
      const fills = [ask(scene, alice, 1n), ask(scene, carol, 1n, { taker: ALICE })];
      const many = fills.map((signed) => signedFill(ledger, signed));
      const fresh = accountOf(BOB, 99n);
      const live: readonly BatchCall[] = [
        { name: "selfPermit", args: [QUOTE, 7n, EXPIRY, permit(ledger, BOB, 7n)] },
        { name: "withdraw", args: [bob, QUOTE, 77n, STRANGER] },
        { name: "withdraw", args: [bob, QUOTE, 77n, BOB] },
        { name: "deposit", args: [fresh, QUOTE, 2n] },
        { name: "depositToBook", args: [OTHER, linear.book, 5n] },
        fillCall(ledger, bob, ask(scene, carol, 60n, { units: 2n })),
        { name: "fillMany", args: [bob, many, 1n, 2n, [OPEN_LIMIT]] },
        { name: "transferLegs", args: [bob, OTHER, linear.book, [packLeg(put(1))], 0n] },
        { name: "cancel", args: [fresh, [1n, 2n]] },
        { name: "allocate", args: [bob, linear.book, 9n] },
      ];
      const dead: readonly BatchCall[] = [
        { name: "fixPrice", args: [linear.book, NO_PROOF] },
        { name: "settle", args: [linear.book, [alice, bob]] },
        { name: "claim", args: [bob, [linear.book], true] },
      ];
      const last: BatchCall = { name: "free", args: [bob, linear.book, MAX_UINT112] };
      for (const [calls, now] of [
        [live, START],
        [dead, EXPIRY],
      ] as const) {
        const outcome = batchBy(ledger, bob, [...calls, last], { now });
        expect(outcome.ok ? "" : outcome.error.name).to.equal("CollateralShort");
        expect(dumpAll(ledger)).to.deep.equal(before);
        expect(oracle.commits).to.equal(commits);
      }
      expectOk(batchBy(ledger, bob, live));
      expectOk(batchBy(ledger, bob, dead, { now: EXPIRY }));
    });
  });
});
