import { expect } from "chai";
import { ModelFault, applyEvent, createState, digestState, dumpState } from "@certus/model";
import type { LedgerEvent, State } from "@certus/model";
import {
  ALICE,
  BOB,
  LEDGER,
  OPERATOR,
  QUOTE,
  START,
  TREASURY,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";

function blank(): State {
  return createState({ chainId: 31_337n, ledger: LEDGER, treasury: TREASURY });
}

describe("replay", () => {
  describe("applyEvent", () => {
    const fault = (event: LedgerEvent, time: bigint = START) => {
      const state = blank();
      return () => applyEvent(state, event, time);
    };

    it("refuses events of markets and books that are not there", () => {
      const missing = fault({ name: "MarketRetired", args: { market: 5n } });
      expect(missing).to.throw(ModelFault, "market 0x5 is not listed");
      const unopened = fault({ name: "PriceFixed", args: { book: 6n, price: 1n } });
      expect(unopened).to.throw(ModelFault, "book 0x6 is not open");
    });

    it("refuses events that would take more than there is", () => {
      const args = { account: 1n, token: QUOTE, to: 2n, amount: 1n };
      expect(fault({ name: "Withdrawn", args })).to.throw(ModelFault, "free cash falls below zero");
    });

    it("refuses an event whose time is not that of its block", () => {
      const args = { account: 1n, operator: 2n, scopes: 1n, until: START + 9n, since: START };
      expect(fault({ name: "AccountOperatorSet", args }, START + 1n)).to.throw(
        ModelFault,
        "in a block of",
      );
      expect(fault({ name: "AccountOperatorSet", args })).not.to.throw();
    });

    it("refuses a guard's word that was set at another time than its block's", () => {
      const { ledger, linear } = createScene({ cash: 0n });
      const { market } = linear.market;
      const args = { market, level: 2n, until: START, ceiling: 0n, setAt: START - 1n };
      const set = () => applyEvent(ledger.state, { name: "GuardSet", args }, START);
      expect(set).to.throw(ModelFault, "in a block of");
    });

    it("refuses a settlement with fewer payouts than accounts", () => {
      const { ledger, linear } = createScene({ cash: 0n });
      const args = { book: linear.book, accounts: [1n], payouts: [] };
      const settle = () => applyEvent(ledger.state, { name: "Settled", args }, START);
      expect(settle).to.throw(ModelFault, "without payout");
    });

    it("changes nothing for an account that was only reported", () => {
      const { ledger, linear, alice } = createScene();
      const before = digestState(ledger.state);
      const args = { book: linear.book, account: alice, payout: -1n };
      applyEvent(ledger.state, { name: "SettleSkipped", args }, START);
      expect(digestState(ledger.state)).to.equal(before);
    });
  });
});

describe("digest", () => {
  describe("dumpState", () => {
    it("does not show in which order things were written, nor what is gone again", () => {
      const build = (owners: readonly bigint[]): State => {
        const state = blank();
        for (const account of owners) {
          const args = { account, token: QUOTE, book: 0n, payer: 1n, amount: 5n };
          applyEvent(state, { name: "Deposited", args }, START);
        }
        return state;
      };
      const [one, two] = [build([1n, 2n]), build([2n, 1n])];
      const args = { account: 9n, token: QUOTE, book: 0n, payer: 1n, amount: 5n };
      applyEvent(two, { name: "Deposited", args }, START);
      applyEvent(two, { name: "Withdrawn", args: { ...args, to: 1n } }, START);
      expect(dumpState(one)).to.deep.equal(dumpState(two));
      expect(digestState(one)).to.equal(digestState(two));
    });

    it("names accounts, tokens and operators by their numbers", () => {
      const { ledger, alice } = createScene();
      expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 1n, START + 5n));
      const text = JSON.stringify(dumpState(ledger.state));
      for (const id of [alice, QUOTE, OPERATOR]) {
        expect(text).to.contain(`"0x${id.toString(16)}":`);
      }
    });

    it("keeps accounts that hold cash, a nonce or a grant alone", () => {
      const { ledger } = createScene({ cash: 0n });
      const accounts = [7n, 8n, 9n].map((owner) => owner << 96n);
      const [one = 0n, two = 0n, three = 0n] = accounts;
      const seen = new Set([digestState(ledger.state)]);
      const calls = [
        () => ledger.cancel(from(7n), one, [1n]),
        () => ledger.setAccountOperator(from(8n), two, OPERATOR, 1n, START + 5n),
        () => ledger.cancel(from(8n), two, [1n]),
        () => ledger.raiseEpoch(from(9n), three),
      ];
      for (const call of calls) {
        expectOk(call());
        seen.add(digestState(ledger.state));
      }
      expect(seen.size).to.equal(5);
    });

    it("shows every field that a call writes", () => {
      const { ledger, linear, alice, bob } = createScene();
      const seen = new Set([digestState(ledger.state)]);
      const signed = order(alice, [part(linear, [leg("put", 1800, -1)])], { units: 2n });
      const calls = [
        () => ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 1n, START + 5n),
        () => ledger.raiseEpoch(from(BOB), bob),
        () => ledger.cancel(from(BOB), bob, [3n]),
        () => ledger.allocate(from(ALICE), alice, linear.book, 7n),
        () => take(ledger, bob, signed, 1n),
        () => take(ledger, bob, signed, 1n),
        () => ledger.withdraw(from(ALICE), alice, QUOTE, 1n, BOB),
        () => ledger.pushFees(from(BOB), linear.book),
      ];
      for (const call of calls) {
        expectOk<unknown>(call());
        seen.add(digestState(ledger.state));
      }
      expect(seen.size).to.equal(calls.length + 1);
    });
  });
});
