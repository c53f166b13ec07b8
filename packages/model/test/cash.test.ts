import { expect } from "chai";
import {
  MAX_UINT112,
  MAX_UINT256,
  approve,
  balanceOf,
  cashOf,
  findAccount,
  mint,
  positionOf,
} from "@certus/model";
import type { Book, Ledger } from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  LEDGER,
  OPERATOR,
  QUOTE,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";

const cash = (ledger: Ledger, account: bigint): bigint =>
  cashOf(findAccount(ledger.state, account), QUOTE);
const collateral = (ledger: Ledger, account: bigint, book: Book): bigint =>
  positionOf(findAccount(ledger.state, account), book).collateral;

function quoteOf(ledger: Ledger) {
  const token = ledger.world.tokens.get(QUOTE);
  if (token === undefined) throw new Error("no token");
  return token;
}

describe("cash", () => {
  describe("deposit", () => {
    it("credits any account with exactly what the payer sends", () => {
      const { ledger, carol } = createScene({ cash: 0n });
      mint(quoteOf(ledger), STRANGER, 10n);
      approve(quoteOf(ledger), STRANGER, LEDGER, 9n);
      const args = { account: carol, token: QUOTE, book: 0n, payer: STRANGER, amount: 7n };
      expect(ledger.deposit(from(STRANGER), carol, QUOTE, 7n)).to.deep.include({
        events: [{ name: "Deposited", args }],
      });
      expect(cash(ledger, carol)).to.equal(7n);
      expect(balanceOf(quoteOf(ledger), LEDGER)).to.equal(7n);
      expect(quoteOf(ledger).allowances.get(STRANGER)?.get(LEDGER)).to.equal(2n);
      expect(ledger.state.held.get(QUOTE)).to.equal(7n);
    });

    it("refuses, in order, what moves nothing, belongs to nobody or cannot be taken exactly", () => {
      const { ledger, carol } = createScene({ cash: 0n });
      const token = quoteOf(ledger);
      const pay = (account: bigint, address: bigint, amount: bigint) => () =>
        ledger.deposit(from(STRANGER), account, address, amount);
      expectNothing(ledger, pay(5n, 0x99n, 0n), "ZeroAmount");
      expectNothing(ledger, pay(5n, 0x99n, 1n), "OwnerZero", 5n);
      expectNothing(ledger, pay(carol, 0x99n, 1n), "NoCode", 0x99n);
      expectNothing(ledger, pay(carol, 0x12n, 1n), "ForeignCallFailed", 0x12n);
      approve(token, STRANGER, LEDGER, 4n);
      expectNothing(ledger, pay(carol, QUOTE, 5n), "ERC20InsufficientAllowance", LEDGER, 4n, 5n);
      expectNothing(ledger, pay(carol, QUOTE, 4n), "ERC20InsufficientBalance", STRANGER, 0n, 4n);
      mint(token, STRANGER, 4n);
      token.loss = 1n;
      expectNothing(ledger, pay(carol, QUOTE, 4n), "TransferMismatch", QUOTE, 3n, 4n);
      token.loss = 5n;
      expectNothing(ledger, pay(carol, QUOTE, 4n), "TransferMismatch", QUOTE, 0n, 4n);
    });

    it("does not use up an unlimited allowance", () => {
      const { ledger, carol } = createScene({ cash: 0n });
      mint(quoteOf(ledger), STRANGER, 10n);
      approve(quoteOf(ledger), STRANGER, LEDGER, MAX_UINT256);
      expectOk(ledger.deposit(from(STRANGER), carol, QUOTE, 10n));
      expect(quoteOf(ledger).allowances.get(STRANGER)?.get(LEDGER)).to.equal(MAX_UINT256);
    });
  });

  describe("depositToBook", () => {
    it("credits collateral and pool, whatever the ceiling", () => {
      const { ledger, linear, bob } = createScene({ linear: { ceiling: 1n } });
      mint(quoteOf(ledger), ALICE, 50n);
      expectOk(ledger.depositToBook(from(ALICE), bob, linear.book, 50n));
      expect(collateral(ledger, bob, linear)).to.equal(50n);
      expect(linear.pool).to.equal(50n);
    });

    it("refuses in order", () => {
      const { ledger, linear, bob } = createScene();
      const pay =
        (account: bigint, book: bigint, amount: bigint, now: bigint = START) =>
        () =>
          ledger.depositToBook(from(STRANGER, now), account, book, amount);
      const { book } = linear;
      expectNothing(ledger, pay(5n, 1n, 0n), "ZeroAmount");
      expectNothing(ledger, pay(5n, 1n, 1n), "OwnerZero", 5n);
      expectNothing(ledger, pay(bob, book + 1n, 1n), "BookNotOpen", book + 1n);
      const over = MAX_UINT112 + 1n;
      expectNothing(ledger, pay(bob, book, over, EXPIRY), "BookExpired", book, EXPIRY, EXPIRY);
      expectNothing(ledger, pay(bob, book, over), "PoolBound", book, over, MAX_UINT112);
      mint(quoteOf(ledger), STRANGER, 1n);
      approve(quoteOf(ledger), STRANGER, LEDGER, 1n);
      expectOk(pay(bob, book, 1n)());
      const most = MAX_UINT256;
      expectNothing(ledger, pay(bob, book, most), "PoolBound", book, most, MAX_UINT112);
      const last = pay(bob, book, MAX_UINT112 - 1n, EXPIRY - 1n);
      expectNothing(ledger, last, "ERC20InsufficientAllowance", LEDGER, 0n, MAX_UINT112 - 1n);
    });
  });

  describe("withdraw", () => {
    it("sends free cash anywhere but to nobody or the ledger", () => {
      const { ledger, alice } = createScene({ cash: 100n });
      const send = (sender: bigint, amount: bigint, to: bigint) => () =>
        ledger.withdraw(from(sender), alice, QUOTE, amount, to);
      expectNothing(ledger, send(BOB, 0n, 0n), "NotOwner", alice, BOB);
      expectNothing(ledger, send(ALICE, 0n, 0n), "ZeroAmount");
      expectNothing(ledger, send(ALICE, 101n, 0n), "ReceiverInvalid", 0n);
      expectNothing(ledger, send(ALICE, 101n, LEDGER), "ReceiverInvalid", LEDGER);
      expectNothing(ledger, send(ALICE, 101n, CAROL), "CashShort", alice, QUOTE, 101n, 100n);
      const args = { account: alice, token: QUOTE, to: CAROL, amount: 100n };
      expect(send(ALICE, 100n, CAROL)()).to.deep.include({ events: [{ name: "Withdrawn", args }] });
      expect([cash(ledger, alice), balanceOf(quoteOf(ledger), CAROL)]).to.deep.equal([0n, 100n]);
    });

    it("refuses an operator of every scope", () => {
      const { ledger, alice } = createScene();
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 3n, EXPIRY));
      const call = () => ledger.withdraw(from(OPERATOR), alice, QUOTE, 1n, OPERATOR);
      expectNothing(ledger, call, "NotOwner", alice, OPERATOR);
    });
  });

  describe("allocate", () => {
    it("moves free cash into the book, by the owner or a manager", () => {
      const { ledger, linear, alice } = createScene({ cash: 100n });
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 2n, START + 10n));
      const args = { account: alice, book: linear.book, delta: 60n };
      expect(ledger.allocate(from(OPERATOR), alice, linear.book, 60n)).to.deep.include({
        events: [{ name: "Allocated", args }],
      });
      expect([cash(ledger, alice), collateral(ledger, alice, linear), linear.pool]).to.deep.equal([
        40n,
        60n,
        60n,
      ]);
    });

    it("refuses in order", () => {
      const { ledger, linear, alice } = createScene({ cash: MAX_UINT112 + 5n });
      const { book } = linear;
      const move =
        (sender: bigint, id: bigint, amount: bigint, now: bigint = START) =>
        () =>
          ledger.allocate(from(sender, now), alice, id, amount);
      const over = MAX_UINT112 + 6n;
      expectNothing(ledger, move(BOB, 1n, 0n), "NotPermitted", alice, BOB, 2n);
      expectNothing(ledger, move(ALICE, 1n, 0n), "ZeroAmount");
      expectNothing(ledger, move(ALICE, 1n, over), "BookNotOpen", 1n);
      expectNothing(ledger, move(ALICE, book, over, EXPIRY), "BookExpired", book, EXPIRY, EXPIRY);
      expectNothing(ledger, move(ALICE, book, over), "CashShort", alice, QUOTE, over, over - 1n);
      const pool = over - 1n;
      expectNothing(ledger, move(ALICE, book, pool), "PoolBound", book, pool, MAX_UINT112);
    });
  });

  describe("free", () => {
    it("gives back what is not required, to the unit", () => {
      const { ledger, linear, alice, bob } = createScene();
      expectOk(ledger.allocate(from(ALICE), alice, linear.book, 2_000_000_000n));
      expectOk(take(ledger, bob, order(alice, [part(linear, [leg("put", 1800, -1)])])));
      const free = (amount: bigint) => () => ledger.free(from(ALICE), alice, linear.book, amount);
      const required = 1_800_000_000n;
      const name = "Undercovered";
      expectNothing(ledger, free(200_000_001n), name, alice, linear.book, required - 1n, required);
      const args = { account: alice, book: linear.book, delta: -200_000_000n };
      expect(free(200_000_000n)()).to.deep.include({ events: [{ name: "Allocated", args }] });
      expect(linear.pool).to.equal(required + collateral(ledger, bob, linear));
    });

    it("refuses in order", () => {
      const { ledger, linear, alice, bob } = createScene();
      const { book } = linear;
      expectOk(ledger.allocate(from(ALICE), alice, book, 1_800_000_000n));
      expectOk(take(ledger, bob, order(alice, [part(linear, [leg("put", 1800, -1)])])));
      const free =
        (sender: bigint, id: bigint, amount: bigint, now: bigint = START) =>
        () =>
          ledger.free(from(sender, now), alice, id, amount);
      const held = 1_800_000_000n;
      expectNothing(ledger, free(BOB, 1n, 0n), "NotPermitted", alice, BOB, 2n);
      expectNothing(ledger, free(ALICE, 1n, 0n), "ZeroAmount");
      expectNothing(ledger, free(ALICE, 1n, held + 1n), "BookNotOpen", 1n);
      expectNothing(ledger, free(ALICE, book, held + 1n, EXPIRY), "LegsOpen", alice, book, 1n);
      const short = free(ALICE, book, held + 1n, EXPIRY - 1n);
      expectNothing(ledger, short, "CollateralShort", alice, book, held + 1n, held);
      expectOk(ledger.fixPrice(from(STRANGER, EXPIRY), book, "0x"));
      expectOk(ledger.settle(from(STRANGER, EXPIRY), book, [alice]));
      expectNothing(ledger, free(ALICE, book, held + 1n, EXPIRY), "AlreadySettled", alice, book);
    });

    it("still works after expiry for an account without legs", () => {
      const { ledger, linear, alice } = createScene();
      expectOk(ledger.allocate(from(ALICE), alice, linear.book, 10n));
      expectOk(ledger.free(from(ALICE, EXPIRY + 1n), alice, linear.book, 10n));
      expect([collateral(ledger, alice, linear), linear.pool]).to.deep.equal([0n, 0n]);
    });
  });
});
