import { expect } from "chai";
import { cashOf, findAccount } from "@certus/model";
import type { LedgerEvent, Outcome } from "@certus/model";
import type { Campaign } from "./campaign.ts";
import { heldPackages } from "./packaging.ts";
import { EXPIRY, NO_PROOF, STRANGER, expectOk } from "./scene.ts";

const LATER = EXPIRY + 10_000_000n;

/**
 * Ends every book at a price and lets everyone leave with everything, whatever happened before and whatever level the
 * guards have set: nothing of it may be refused, and only dust stays.
 */
export function leave(campaign: Campaign, price: bigint): void {
  const { ledger, oracle, books, accounts, log } = campaign;
  campaign.now = LATER;
  const stranger = { sender: STRANGER, now: LATER };
  const keep = <T>(outcome: Outcome<T>): T => {
    const events: LedgerEvent[] = [];
    const returned = expectOk(outcome, events);
    log.push(...events.map((event) => ({ event, time: LATER })));
    return returned;
  };
  oracle.price = price;
  for (const book of books) {
    if (book.price === 0n) keep(ledger.fixPrice(stranger, book.book, NO_PROOF));
    keep(ledger.settle(stranger, book.book, accounts));
    keep(ledger.pushFees(stranger, book.book));
  }
  for (const book of books) {
    for (const { known, holder, amount } of heldPackages(ledger, book)) {
      keep(ledger.redeem({ sender: holder, now: LATER }, book.book, known.legs, amount, STRANGER));
    }
  }
  accounts.forEach((account, index) => {
    const owner = { sender: account >> 96n, now: LATER };
    const ids = books.map(({ book }) => book);
    keep(ledger.claim(owner, account, ids, index % 2 === 0));
    const left = findAccount(ledger.state, account);
    expect(left?.positions.size ?? 0, "every position is paid").to.equal(0);
    for (const token of ledger.world.tokens.keys()) {
      const cash = cashOf(left, token);
      if (cash > 0n) keep(ledger.withdraw(owner, account, token, cash, STRANGER));
    }
  });
  const redemptions = log.filter(({ event }) => event.name === "Redeemed");
  const payments = accounts.length + redemptions.length;
  for (const { pool, fees } of books) {
    expect(fees).to.equal(0n);
    expect(pool < BigInt(payments), `dust ${pool} below one unit a payment`).to.equal(true);
  }
}
