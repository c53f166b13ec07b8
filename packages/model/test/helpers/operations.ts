import fc from "fast-check";
import {
  MAX_UINT112,
  cashOf,
  findAccount,
  packLeg,
  positionOf,
  requirement,
  unpackLeg,
} from "@certus/model";
import type { Order, Outcome } from "@certus/model";
import { biased, packages } from "../../../../test/helpers/arbitraries.ts";
import { CALL_OPS, CALL_WEIGHTS } from "./calls.ts";
import { TICK, WEEK } from "./campaign.ts";
import type { Campaign, Op, Step } from "./campaign.ts";
import { around, at, epochOf, partsOf } from "./choices.ts";
import { PACKAGE_OPS, PACKAGE_WEIGHTS } from "./packaging.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  GUARD,
  LEDGER,
  NO_PROOF,
  OPERATOR,
  QUOTE,
  STRANGER,
  TREASURY,
  order,
  sign,
} from "./scene.ts";

function ordersIn({ orders }: Campaign, step: Step): Order | undefined {
  return orders.length === 0 ? undefined : at(orders, step.near + step.other);
}

function fill(campaign: Campaign, step: Step, signed: Order): Outcome<unknown> {
  const { ledger, accounts, now } = campaign;
  // Mostly another account than the maker.
  const shift = step.near % 13 === 12 ? 0 : 1 + (step.other % 3);
  const taker = at(accounts, accounts.indexOf(signed.account) + shift);
  const operated = step.near % 7 === 6;
  const signer = operated ? OPERATOR : signed.account >> 96n;
  const signature = sign(ledger, signed, signer);
  const tight = { maxPay: step.amount, maxDraw: step.amount };
  const open = { maxPay: 1n << 100n, maxDraw: MAX_UINT112 };
  const limits = signed.parts.map(() => (step.near % 6 === 5 ? tight : open));
  const known = findAccount(ledger.state, signed.account)?.nonces.get(signed.nonce);
  const filled = known?.state === "partial" ? known.filled : 0n;
  const units = around(signed.units - filled, step);
  const sender = step.near % 9 === 8 ? OPERATOR : taker >> 96n;
  return ledger.fill({ sender, now }, taker, signed, signer, signature, units, limits);
}

/** Takes back what another order gave: the same legs and book with the sign turned. */
function reversed(campaign: Campaign, given: Order): Order {
  const parts = given.parts.map((part) => ({
    ...part,
    legs: part.legs.map((packed) => {
      const leg = unpackLeg(packed);
      return packLeg({ ...leg, quantity: -leg.quantity });
    }),
  }));
  return order(given.account, parts, {
    nonce: BigInt(campaign.orders.length),
    epoch: epochOf(campaign, given.account),
    units: given.units,
    signedAt: campaign.now,
    deadline: EXPIRY + WEEK,
  });
}

/** A new order, filled whole. */
function fillNew(campaign: Campaign, step: Step): Outcome<unknown> {
  const { accounts, orders, now } = campaign;
  const account = at(accounts, step.who);
  const signed = order(account, partsOf(campaign, step), {
    nonce: BigInt(orders.length),
    epoch: epochOf(campaign, account),
    units: step.units,
    minFill: step.units / 3n,
    signedAt: now,
    deadline: EXPIRY + WEEK,
  });
  orders.push(signed);
  return fill(campaign, { ...step, near: 0 }, signed);
}

const OPS: { readonly [name: string]: Op } = {
  deposit({ ledger, accounts, now }, step) {
    const sender = at([ALICE, BOB, STRANGER], step.other);
    const amount = around(step.amount, step);
    return ledger.deposit({ sender, now }, at(accounts, step.who), QUOTE, amount);
  },
  depositToBook({ ledger, accounts, books, now }, step) {
    const { book } = at(books, step.book);
    const sender = at([ALICE, BOB, STRANGER], step.other);
    const amount = around(step.amount, step);
    return ledger.depositToBook({ sender, now }, at(accounts, step.who), book, amount);
  },
  withdraw({ ledger, accounts, now }, step) {
    const account = at(accounts, step.who);
    const cash = cashOf(findAccount(ledger.state, account), QUOTE);
    const to = at([STRANGER, CAROL, LEDGER, 0n, ALICE, BOB], step.other);
    return ledger.withdraw({ sender: account >> 96n, now }, account, QUOTE, around(cash, step), to);
  },
  allocate({ ledger, accounts, books, now }, step) {
    const account = at(accounts, step.who);
    const { book, market } = at(books, step.book);
    const cash = cashOf(findAccount(ledger.state, account), market.terms.token);
    const sender = at([account >> 96n, OPERATOR], step.other);
    return ledger.allocate({ sender, now }, account, book, around(cash, step));
  },
  free({ ledger, accounts, books, now }, step) {
    const account = at(accounts, step.who);
    const book = at(books, step.book);
    const { collateral, legs } = positionOf(findAccount(ledger.state, account), book);
    const spare = collateral - requirement(book.market.scale, legs);
    return ledger.free({ sender: account >> 96n, now }, account, book.book, around(spare, step));
  },
  fillNew,
  fillPart(campaign, step) {
    const outcome = fillNew(campaign, { ...step, units: step.units + 3n });
    const signed = campaign.orders.at(-1);
    return outcome.ok || !signed ? outcome : fill(campaign, { ...step, near: 3 }, signed);
  },
  fillOld(campaign, step) {
    const signed = ordersIn(campaign, step);
    return signed && fill(campaign, step, signed);
  },
  fillBack(campaign, step) {
    const given = ordersIn(campaign, step);
    if (given === undefined) return undefined;
    const back = reversed(campaign, given);
    campaign.orders.push(back);
    return fill(campaign, step, back);
  },
  cancel(campaign, step) {
    const account = at(campaign.accounts, step.who);
    const nonces = [ordersIn(campaign, step)?.nonce ?? 0n, BigInt(step.near)];
    return campaign.ledger.cancel({ sender: account >> 96n, now: campaign.now }, account, nonces);
  },
  raiseEpoch({ ledger, accounts, now }, step) {
    if (step.near % 3 !== 0) return undefined;
    const account = at(accounts, step.who);
    return ledger.raiseEpoch({ sender: account >> 96n, now }, account);
  },
  setAccountOperator({ ledger, accounts, now }, step) {
    const account = at(accounts, step.who);
    const until = around(now, { ...step, amount: now + 100_000n });
    const scopes = BigInt(step.near % 5);
    return ledger.setAccountOperator(
      { sender: account >> 96n, now },
      account,
      OPERATOR,
      scopes,
      until,
    );
  },
  setGuard({ ledger, books, now }, step) {
    const { market, terms } = at(books, step.book).market;
    const until = now + (step.near % 2 === 0 ? 600n : around(21_600n, step));
    const sender = step.who % 5 === 4 ? STRANGER : GUARD;
    const ceiling = step.other % 2 === 0 ? terms.ceiling : around(at(books, step.book).pool, step);
    return ledger.setGuard({ sender, now }, market, BigInt(step.near % 4), until, ceiling);
  },
  wait(campaign, step) {
    const { lastTrade } = at(campaign.books, step.book).market.terms;
    const { expiry } = at(campaign.books, step.book);
    const soon = campaign.now + 3_600n;
    const day = campaign.now + 86_400n;
    const bound = at([soon, soon, soon, day, expiry - lastTrade, expiry], step.other);
    const target = bound + BigInt((step.near % 3) - 1);
    if (target > campaign.now) campaign.now = target;
    return undefined;
  },
  fixPrice({ ledger, oracle, books, now }, step) {
    oracle.price = step.near % 9 === 8 ? 0n : step.amount % (20n * TICK);
    return ledger.fixPrice({ sender: STRANGER, now }, at(books, step.book).book, NO_PROOF);
  },
  end(campaign, step) {
    const { expiry } = at(campaign.books, step.book);
    if (expiry > campaign.now && step.near % 3 !== 0) return undefined;
    if (expiry > campaign.now) campaign.now = expiry;
    return OPS["fixPrice"]?.(campaign, step);
  },
  settle({ ledger, accounts, books, now }, step) {
    const some = accounts.filter((_, index) => index !== step.near % 5);
    return ledger.settle({ sender: STRANGER, now }, at(books, step.book).book, [...some, ...some]);
  },
  claim({ ledger, accounts, books, now }, step) {
    const account = at(accounts, step.who);
    const chosen = [at(books, step.book), at(books, step.other)].map(({ book }) => book);
    return ledger.claim({ sender: account >> 96n, now }, account, chosen, step.near % 2 === 0);
  },
  pushFees({ ledger, books, now }, step) {
    return ledger.pushFees({ sender: STRANGER, now }, at(books, step.book).book);
  },
  setTreasury({ ledger, now }, step) {
    const sender = step.who % 2 === 0 ? ADMIN : STRANGER;
    return ledger.setTreasury({ sender, now }, at([TREASURY, CAROL, 0n, LEDGER], step.other));
  },
  retire({ ledger, books, now }, step) {
    if (step.near % 7 !== 0) return undefined;
    return ledger.retire({ sender: ADMIN, now }, at(books, step.book).market.market);
  },
  reenter({ ledger, accounts, now }, step) {
    const account = at(accounts, step.who);
    return ledger.raiseEpoch({ sender: account >> 96n, now, external: true }, account);
  },
  ...CALL_OPS,
  ...PACKAGE_OPS,
};

/** Names of all operations. */
export const OP_NAMES: readonly string[] = Object.keys(OPS);

/** How often an operation is drawn, if not once. */
const WEIGHTS: { readonly [name: string]: number } = {
  fillNew: 12,
  fillPart: 4,
  fillOld: 4,
  fillBack: 4,
  settle: 5,
  end: 2,
  claim: 2,
  fixPrice: 2,
  allocate: 2,
  free: 2,
  ...CALL_WEIGHTS,
  ...PACKAGE_WEIGHTS,
};

const names = fc.oneof(
  ...OP_NAMES.map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 })),
);

const few = { tick: TICK, most: 50n, highest: 8n };

/** Any step. */
export const steps: fc.Arbitrary<Step> = fc.record({
  op: names,
  who: fc.nat(3),
  other: fc.nat(11),
  book: fc.nat(2),
  near: fc.nat(35),
  amount: fc.oneof(biased(1n, 10_000n), biased(1n, 10n ** 20n)),
  netted: packages({ ...few, inverse: false }),
  calls: packages({ ...few, inverse: true }),
  premium: fc.oneof(fc.bigInt(-500n, 500n), biased(-(10n ** 12n), 10n ** 12n)),
  units: fc.oneof(fc.bigInt(1n, 9n), fc.constant(1n)),
});

/** Takes one step; undefined if it called nothing. */
export function takeStep(campaign: Campaign, step: Step): Outcome<unknown> | undefined {
  const outcome = OPS[step.op]?.(campaign, step);
  if (outcome?.ok) {
    campaign.log.push(...outcome.events.map((event) => ({ event, time: campaign.now })));
  }
  return outcome;
}
