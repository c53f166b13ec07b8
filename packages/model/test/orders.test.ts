import { expect } from "chai";
import { findAccount } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  EXPIRY,
  OPERATOR,
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

const nonceState = ({ ledger, alice }: Scene, nonce: bigint): string =>
  findAccount(ledger.state, alice)?.nonces.get(nonce)?.state ?? "unused";

describe("orders", () => {
  describe("cancel", () => {
    it("cancels what is not filled, a partial order's slot among it", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      const parts = [part(linear, [leg("put", 1800, -1)])];
      expectOk(take(ledger, bob, order(alice, parts, { nonce: 1n })));
      expectOk(take(ledger, bob, order(alice, parts, { nonce: 2n, units: 2n }), 1n));
      const nonces = [1n, 2n, 3n, 3n];
      expect(ledger.cancel(from(ALICE), alice, nonces)).to.deep.include({
        events: [{ name: "OrdersCancelled", args: { account: alice, nonces } }],
      });
      expect([0n, 1n, 2n, 3n].map((nonce) => nonceState(scene, nonce))).to.deep.equal([
        "unused",
        "filled",
        "cancelled",
        "cancelled",
      ]);
    });

    it("is open to the owner and to trade operators, not to managers", () => {
      const { ledger, alice } = createScene();
      const cancel = (sender: bigint) => () => ledger.cancel(from(sender), alice, []);
      expectNothing(ledger, cancel(BOB), "NotPermitted", alice, BOB, 1n);
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 2n, EXPIRY));
      expectNothing(ledger, cancel(OPERATOR), "NotPermitted", alice, OPERATOR, 1n);
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 3n, EXPIRY));
      expectOk(cancel(OPERATOR)());
    });
  });

  describe("raiseEpoch", () => {
    it("counts up by one", () => {
      const { ledger, alice } = createScene();
      expectNothing(
        ledger,
        () => ledger.raiseEpoch(from(BOB), alice),
        "NotPermitted",
        alice,
        BOB,
        1n,
      );
      for (const epoch of [1n, 2n]) {
        expect(ledger.raiseEpoch(from(ALICE), alice)).to.deep.include({
          events: [{ name: "EpochRaised", args: { account: alice, epoch } }],
        });
      }
    });
  });

  describe("setAccountOperator", () => {
    it("grants from now on and revokes to nothing", () => {
      const { ledger, alice } = createScene();
      const set = (scopes: bigint, until: bigint) =>
        ledger.setAccountOperator(from(ALICE), alice, OPERATOR, scopes, until);
      const base = { account: alice, operator: OPERATOR };
      const granted = { ...base, scopes: 3n, until: START + 1n, since: START };
      expect(set(3n, START + 1n)).to.deep.include({
        events: [{ name: "AccountOperatorSet", args: granted }],
      });
      expect(findAccount(ledger.state, alice)?.operators.get(OPERATOR)).to.deep.equal({
        scopes: 3n,
        until: START + 1n,
        since: START,
      });
      const revoked = { ...base, scopes: 0n, until: 0n, since: 0n };
      expect(set(0n, 7n)).to.deep.include({
        events: [{ name: "AccountOperatorSet", args: revoked }],
      });
      expect(findAccount(ledger.state, alice)?.operators.size).to.equal(0);
    });

    it("refuses in order", () => {
      const { ledger, alice } = createScene();
      const set = (sender: bigint, operator: bigint, scopes: bigint, until: bigint) => () =>
        ledger.setAccountOperator(from(sender), alice, operator, scopes, until);
      expectOk(set(ALICE, OPERATOR, 3n, EXPIRY)());
      expectNothing(ledger, set(OPERATOR, 0n, 4n, 0n), "NotOwner", alice, OPERATOR);
      expectNothing(ledger, set(ALICE, 0n, 4n, 0n), "OperatorInvalid", 0n);
      expectNothing(ledger, set(ALICE, OPERATOR, 4n, 0n), "ScopesUnknown", 4n, 3n);
      expectNothing(ledger, set(ALICE, OPERATOR, 1n, START), "OperatorEnded", START, START);
    });
  });
});
