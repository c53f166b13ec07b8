import { expect } from "chai";
import {
  MAX_INT64,
  MAX_UINT112,
  balanceOf,
  cashOf,
  findAccount,
  headerWord,
  positionOf,
} from "@certus/model";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  EXPIRY,
  LEDGER,
  NO_PROOF,
  OPERATOR,
  ORACLE,
  QUOTE,
  STRANGER,
  TREASURY,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

const COVER = 1_800_000_000n;
const AFTER = from(STRANGER, EXPIRY);

/** Alice has sold Bob a put at 1800; the price is fixed if one is given. */
function expired(price?: bigint): Scene {
  const scene = createScene({ cash: 10n ** 12n });
  const { ledger, linear, alice, bob, oracle } = scene;
  expectOk(take(ledger, bob, order(alice, [part(linear, [leg("put", 1800, -1)])])));
  if (price !== undefined) {
    oracle.price = price * 10n ** 8n;
    expectOk(ledger.fixPrice(AFTER, linear.book, NO_PROOF));
  }
  return scene;
}

describe("expiry", () => {
  describe("fixPrice", () => {
    it("takes the oracle's price once, from expiry on", () => {
      const { ledger, linear, oracle } = expired();
      const fix = (book: bigint, now: bigint) => () =>
        ledger.fixPrice(from(STRANGER, now), book, NO_PROOF);
      const early = EXPIRY - 1n;
      const commits = oracle.commits;
      expectNothing(ledger, fix(1n, early), "BookNotOpen", 1n);
      expectNothing(ledger, fix(linear.book, early), "NotExpired", linear.book, EXPIRY, early);
      oracle.price = 0n;
      expectNothing(ledger, fix(linear.book, EXPIRY), "PriceZero", linear.book);
      expect(oracle.commits, "an oracle that answered no price is rolled back").to.equal(commits);
      oracle.price = 1_500n;
      expect(fix(linear.book, EXPIRY)()).to.deep.include({
        returned: 1_500n,
        events: [{ name: "PriceFixed", args: { book: linear.book, price: 1_500n } }],
      });
      expect(oracle.commits).to.equal(commits + 1);
      expectNothing(ledger, fix(linear.book, early), "AlreadyFixed", linear.book, 1_500n);
    });

    it("clamps what is above 2^63 − 1", () => {
      const { ledger, linear, oracle } = expired();
      oracle.price = MAX_INT64 + 1n;
      expect(expectOk(ledger.fixPrice(AFTER, linear.book, NO_PROOF))).to.equal(MAX_INT64);
    });

    it("fails with an oracle that is gone", () => {
      const { ledger, linear } = expired();
      ledger.world.oracles.clear();
      const call = () => ledger.fixPrice(AFTER, linear.book, NO_PROOF);
      expectNothing(ledger, call, "ForeignCallFailed", ORACLE);
    });
  });

  describe("settle", () => {
    it("turns positions into payouts and passes over what is empty, settled or named twice", () => {
      const { ledger, linear, alice, bob, carol } = expired(1_500n);
      const accounts = [bob, carol, alice, bob];
      const args = {
        book: linear.book,
        accounts: [bob, alice],
        payouts: [300_000_000n, COVER - 300_000_000n],
      };
      expect(ledger.settle(AFTER, linear.book, accounts)).to.deep.include({
        returned: 2n,
        events: [{ name: "Settled", args }],
      });
      const position = positionOf(findAccount(ledger.state, bob), linear);
      expect(headerWord(position)).to.equal(300_000_000n | (1n << 112n));
      expect(linear.pool).to.equal(COVER);
      const again = ledger.settle(AFTER, linear.book, accounts);
      expect(again).to.deep.include({ returned: 0n, events: [] });
    });

    it("refuses books that are not open or not fixed", () => {
      const { ledger, linear, alice } = expired();
      expectNothing(ledger, () => ledger.settle(AFTER, 1n, [alice]), "BookNotOpen", 1n);
      const call = () => ledger.settle(AFTER, linear.book, [alice]);
      expectNothing(ledger, call, "NotFixed", linear.book);
    });

    it("settles a payout of exactly 2^112 − 1", () => {
      const { ledger, linear, bob } = expired(1_500n);
      const collateral = MAX_UINT112 - 300_000_000n;
      const full = { collateral, settled: false, legs: [leg("put", 1800, 1)] };
      findAccount(ledger.state, bob)?.positions.set(linear.key, full);
      expect(expectOk(ledger.settle(AFTER, linear.book, [bob]))).to.equal(1n);
      expect(positionOf(findAccount(ledger.state, bob), linear).collateral).to.equal(MAX_UINT112);
    });

    it("keeps and reports an account whose payout does not fit, each time it is named", () => {
      const { ledger, linear, alice, bob } = expired(1_500n);
      const broken = { collateral: 1n, settled: false, legs: [leg("put", 1800, -1)] };
      const full = { collateral: MAX_UINT112, settled: false, legs: [leg("put", 1800, 1)] };
      findAccount(ledger.state, alice)?.positions.set(linear.key, broken);
      findAccount(ledger.state, bob)?.positions.set(linear.key, full);
      const skipped = (account: bigint, payout: bigint) => ({
        name: "SettleSkipped",
        args: { book: linear.book, account, payout },
      });
      expect(ledger.settle(AFTER, linear.book, [alice, bob, alice])).to.deep.include({
        returned: 0n,
        events: [
          skipped(alice, 1n - 300_000_000n),
          skipped(bob, MAX_UINT112 + 300_000_000n),
          skipped(alice, 1n - 300_000_000n),
        ],
      });
      expect(positionOf(findAccount(ledger.state, alice), linear)).to.equal(broken);
    });
  });

  describe("claim", () => {
    it("pays to free cash or to the owner's wallet and clears the header", () => {
      const { ledger, linear, inverse, alice, bob } = expired(1_500n);
      expectOk(ledger.settle(AFTER, linear.book, [alice, bob]));
      const token = ledger.world.tokens.get(QUOTE);
      if (token === undefined) throw new Error("no token");
      expectOk(ledger.setAccountOperator(from(BOB, EXPIRY), bob, OPERATOR, 2n, EXPIRY + 9n));
      const books = [linear.book, inverse.book, linear.book];
      const toWallet = ledger.claim(from(OPERATOR, EXPIRY), bob, books, true);
      const claimed = (account: bigint, amount: bigint, wallet: boolean) => ({
        name: "Claimed",
        args: { account, book: linear.book, amount, toWallet: wallet },
      });
      expect(toWallet).to.deep.include({
        returned: [300_000_000n, 0n, 0n],
        events: [claimed(bob, 300_000_000n, true)],
      });
      expect(balanceOf(token, BOB)).to.equal(300_000_000n);
      const before = cashOf(findAccount(ledger.state, alice), QUOTE);
      expect(ledger.claim(from(ALICE, EXPIRY), alice, [linear.book], false)).to.deep.include({
        events: [claimed(alice, 1_500_000_000n, false)],
      });
      expect(cashOf(findAccount(ledger.state, alice), QUOTE)).to.equal(before + 1_500_000_000n);
      expect(linear.pool).to.equal(0n);
      expect(findAccount(ledger.state, alice)?.positions.size).to.equal(0);
    });

    it("clears a header whose payout is nothing", () => {
      const { ledger, linear, bob } = expired(1_800n);
      expectOk(ledger.settle(AFTER, linear.book, [bob]));
      expect(expectOk(ledger.claim(from(BOB, EXPIRY), bob, [linear.book], true))).to.deep.equal([
        0n,
      ]);
      expect(findAccount(ledger.state, bob)?.positions.size).to.equal(0);
    });

    it("refuses in order", () => {
      const { ledger, linear, alice, bob } = expired(1_500n);
      const claim = (sender: bigint, account: bigint, books: readonly bigint[]) => () =>
        ledger.claim(from(sender, EXPIRY), account, books, false);
      expectNothing(ledger, claim(ALICE, bob, [1n]), "NotPermitted", bob, ALICE, 2n);
      expectNothing(ledger, claim(BOB, bob, [1n]), "BookNotOpen", 1n);
      expectNothing(ledger, claim(BOB, bob, [linear.book]), "NotSettled", bob, linear.book);
      expectOk(ledger.settle(AFTER, linear.book, [alice, bob]));
      linear.pool = 299_999_999n;
      const short = claim(BOB, bob, [linear.book]);
      expectNothing(ledger, short, "PoolShort", linear.book, 300_000_000n, 299_999_999n);
    });

    it("refuses everything else on a settled header", () => {
      const { ledger, linear, bob } = expired(1_500n);
      expectOk(ledger.settle(AFTER, linear.book, [bob]));
      const free = () => ledger.free(from(BOB, EXPIRY), bob, linear.book, 1n);
      expectNothing(ledger, free, "AlreadySettled", bob, linear.book);
    });
  });

  describe("pushFees", () => {
    it("sends what accrued to the treasury, and nothing the second time", () => {
      const { ledger, linear } = expired();
      const args = { book: linear.book, treasury: TREASURY, amount: 1_000n };
      expect(ledger.pushFees(from(STRANGER), linear.book)).to.deep.include({
        returned: 1_000n,
        events: [{ name: "FeesPushed", args }],
      });
      const token = ledger.world.tokens.get(QUOTE);
      expect(token?.balances.get(TREASURY)).to.equal(1_000n);
      const again = ledger.pushFees(from(STRANGER), linear.book);
      expect(again).to.deep.include({ returned: 0n, events: [] });
      expectNothing(ledger, () => ledger.pushFees(from(STRANGER), 1n), "BookNotOpen", 1n);
    });

    it("passes the token's refusal through", () => {
      const { ledger, linear } = expired();
      const token = ledger.world.tokens.get(QUOTE);
      token?.balances.set(LEDGER, 999n);
      const call = () => ledger.pushFees(from(STRANGER), linear.book);
      expectNothing(ledger, call, "ERC20InsufficientBalance", LEDGER, 999n, 1_000n);
    });
  });

  describe("setTreasury", () => {
    it("names another receiver, by authority", () => {
      const { ledger } = createScene({ cash: 0n });
      const set = (sender: bigint, treasury: bigint) => () =>
        ledger.setTreasury(from(sender), treasury);
      expectNothing(ledger, set(STRANGER, 0n), "AccessManagedUnauthorized", STRANGER);
      expectNothing(ledger, set(ADMIN, 0n), "ReceiverInvalid", 0n);
      expectNothing(ledger, set(ADMIN, LEDGER), "ReceiverInvalid", LEDGER);
      expect(set(ADMIN, 5n)()).to.deep.include({
        events: [{ name: "TreasurySet", args: { previous: TREASURY, current: 5n } }],
      });
      expect(ledger.state.treasury).to.equal(5n);
    });
  });
});
