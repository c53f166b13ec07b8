import { expect } from "chai";
import { MAX_UINT256, isTokenOperator, packageAllowanceOf } from "@certus/model";
import type { Env, Outcome } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  GUARD,
  LEDGER,
  OPERATOR,
  START,
  STRANGER,
  expectOk,
  from,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";
import { SPREAD, bought, fix, idOf, packagesOf, times, wrapping } from "./helpers/wraps.ts";

/** A scene in which Bob holds ten packages, and their id. */
function holding(): Scene & { readonly id: bigint } {
  const scene = bought(times(SPREAD, 10n));
  return { ...scene, id: expectOk(wrapping(scene, { amount: 10n })()) };
}

describe("transfer", () => {
  it("moves packages of the caller, and says so", () => {
    const scene = holding();
    const { ledger, id } = scene;
    const args = { caller: BOB, sender: BOB, receiver: CAROL, id, amount: 4n };
    expect(ledger.transfer(from(BOB), CAROL, id, 4n)).to.deep.equal({
      ok: true,
      returned: true,
      events: [{ name: "Transfer", args }],
      oracleEvents: [],
    });
    expect([packagesOf(scene, BOB), packagesOf(scene, CAROL)]).to.deep.equal([6n, 4n]);
  });

  it("moves nothing, all, to oneself and to the ledger", () => {
    const scene = holding();
    const { ledger, id } = scene;
    expectOk(ledger.transfer(from(STRANGER), CAROL, id, 0n));
    expectOk(ledger.transfer(from(BOB), BOB, id, 10n));
    expect(packagesOf(scene, BOB)).to.equal(10n);
    expectOk(ledger.transfer(from(BOB), LEDGER, id, 10n));
    expect([packagesOf(scene, BOB), packagesOf(scene, LEDGER)]).to.deep.equal([0n, 10n]);
  });

  it("goes on at every guard level, in a retired market and after expiry", () => {
    const scene = holding();
    const { ledger, linear, id } = scene;
    expectOk(ledger.setGuard(from(GUARD), linear.market.market, 2n, START + 9n, 0n));
    linear.market.guard.retired = true;
    expectOk(ledger.transfer(from(BOB), CAROL, id, 1n));
    expectOk(ledger.transfer(from(BOB, EXPIRY), CAROL, id, 1n));
    fix(scene, linear, 1_750n);
    expectOk(ledger.transfer(from(BOB, EXPIRY), CAROL, id, 1n));
  });

  it("refuses the zero address, then too few", () => {
    const { ledger, id } = holding();
    const move = (sender: bigint, receiver: bigint) => () =>
      ledger.transfer(from(sender), receiver, id, 11n);
    expectNothing(ledger, move(0n, 0n), "ERC6909InvalidSender", 0n);
    expectNothing(ledger, move(BOB, 0n), "ERC6909InvalidReceiver", 0n);
    expectNothing(ledger, move(BOB, CAROL), "ERC6909InsufficientBalance", BOB, 10n, 11n, id);
  });
});

describe("transferFrom", () => {
  it("moves packages by a spender, whose allowance it spends without another word", () => {
    const scene = holding();
    const { ledger, id } = scene;
    expectOk(ledger.approve(from(BOB), STRANGER, id, 5n));
    const args = { caller: STRANGER, sender: BOB, receiver: CAROL, id, amount: 4n };
    expect(ledger.transferFrom(from(STRANGER), BOB, CAROL, id, 4n)).to.deep.equal({
      ok: true,
      returned: true,
      events: [{ name: "Transfer", args }],
      oracleEvents: [],
    });
    expect(packageAllowanceOf(ledger.state, BOB, STRANGER, id)).to.equal(1n);
    expect([packagesOf(scene, BOB), packagesOf(scene, CAROL)]).to.deep.equal([6n, 4n]);
  });

  it("spends no allowance of 2^256 − 1, of a token operator and of the sender itself", () => {
    const { ledger, id } = holding();
    const allowed = (spender: bigint) => packageAllowanceOf(ledger.state, BOB, spender, id);
    expectOk(ledger.approve(from(BOB), STRANGER, id, MAX_UINT256));
    expectOk(ledger.transferFrom(from(STRANGER), BOB, CAROL, id, 2n));
    expect(allowed(STRANGER)).to.equal(MAX_UINT256);
    expectOk(ledger.approve(from(BOB), OPERATOR, id, 1n));
    expectOk(ledger.setOperator(from(BOB), OPERATOR, true));
    expectOk(ledger.transferFrom(from(OPERATOR), BOB, CAROL, id, 2n));
    expect(allowed(OPERATOR)).to.equal(1n);
    expectOk(ledger.approve(from(BOB), BOB, id, 1n));
    expectOk(ledger.transferFrom(from(BOB), BOB, CAROL, id, 2n));
    expect(allowed(BOB)).to.equal(1n);
  });

  it("refuses a spender without allowance first, whoever the account's operator is", () => {
    const { ledger, linear, bob, id } = holding();
    expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 3n, EXPIRY));
    expectOk(ledger.approve(from(BOB), STRANGER, id, 20n));
    const move = (sender: bigint, receiver: bigint, amount: bigint, by = STRANGER, which = id) => {
      return () => ledger.transferFrom(from(by), sender, receiver, which, amount);
    };
    const short = (by: bigint, allowance: bigint, amount: bigint, which = id) =>
      [by, allowance, amount, which] as const;
    const none = "ERC6909InsufficientAllowance";
    expectNothing(ledger, move(BOB, 0n, 21n), none, ...short(STRANGER, 20n, 21n));
    expectNothing(ledger, move(BOB, 0n, 1n, OPERATOR), none, ...short(OPERATOR, 0n, 1n));
    const other = idOf(linear, times(SPREAD, -1n));
    expectNothing(
      ledger,
      move(BOB, CAROL, 1n, STRANGER, other),
      none,
      ...short(STRANGER, 0n, 1n, other),
    );
    expectNothing(ledger, move(0n, 0n, 1n), none, ...short(STRANGER, 0n, 1n));
    expectNothing(ledger, move(0n, 0n, 0n), "ERC6909InvalidSender", 0n);
    expectNothing(ledger, move(BOB, 0n, 20n), "ERC6909InvalidReceiver", 0n);
    expectNothing(
      ledger,
      move(BOB, CAROL, 20n),
      "ERC6909InsufficientBalance",
      ...([BOB, 10n, 20n, id] as const),
    );
  });
});

describe("approve and setOperator", () => {
  it("write what they say, and take it back", () => {
    const { ledger, id } = holding();
    const { state } = ledger;
    const approve = (amount: bigint) => ledger.approve(from(BOB), ALICE, id, amount);
    const permit = (approved: boolean) => ledger.setOperator(from(BOB), ALICE, approved);
    const told = (name: string, args: object) => ({
      ok: true,
      returned: true,
      events: [{ name, args }],
      oracleEvents: [],
    });
    for (const amount of [7n, 3n, 0n]) {
      const args = { owner: BOB, spender: ALICE, id, amount };
      expect(approve(amount)).to.deep.equal(told("Approval", args));
      expect(packageAllowanceOf(state, BOB, ALICE, id)).to.equal(amount);
    }
    for (const approved of [true, false]) {
      const args = { owner: BOB, spender: ALICE, approved };
      expect(permit(approved)).to.deep.equal(told("OperatorSet", args));
      expect(isTokenOperator(state, BOB, ALICE)).to.equal(approved);
    }
    expect(isTokenOperator(state, ALICE, BOB)).to.equal(false);
  });

  it("refuse the zero address, the approver first", () => {
    const { ledger, id } = holding();
    const calls: readonly ((env: Env, spender: bigint) => Outcome<boolean>)[] = [
      (env, spender) => ledger.approve(env, spender, id, 1n),
      (env, spender) => ledger.setOperator(env, spender, true),
    ];
    for (const call of calls) {
      expectNothing(ledger, () => call(from(0n), 0n), "ERC6909InvalidApprover", 0n);
      expectNothing(ledger, () => call(from(BOB), 0n), "ERC6909InvalidSpender", 0n);
    }
  });

  it("and transfers stay shut while the ledger calls foreign code", () => {
    const { ledger, id } = holding();
    const env = { ...from(BOB), external: true };
    const calls: readonly (() => Outcome<unknown>)[] = [
      () => ledger.approve(env, 0n, id, 1n),
      () => ledger.setOperator(env, 0n, true),
      () => ledger.transfer(env, 0n, id, 1n),
      () => ledger.transferFrom(env, 0n, 0n, id, 1n),
      () => ledger.wrap(env, 0n, 0n, [], 0n),
      () => ledger.unwrap(env, 0n, 0n, [], 0n),
      () => ledger.redeem(env, 0n, [], 0n, 0n),
    ];
    for (const call of calls) expectNothing(ledger, call, "InExternalCall");
  });
});
