import { MAX_UINT112, cashOf, findAccount, packLeg, positionOf, requirement } from "@certus/model";
import type { BatchCall, Book, Fill, Order } from "@certus/model";
import { WEEK } from "./campaign.ts";
import type { Campaign, Op, Step } from "./campaign.ts";
import { around, at, epochOf, partsOf } from "./choices.ts";
import { packagingCalls } from "./packaging.ts";
import { permit } from "./permits.ts";
import { EXPIRY, NO_PROOF, OPERATOR, QUOTE, STRANGER, order, sign } from "./scene.ts";

const OPEN = { maxPay: 1n << 100n, maxDraw: MAX_UINT112 };

function signedBy({ ledger }: Campaign, signed: Order): Fill {
  return { order: signed, signer: signed.account >> 96n, signature: sign(ledger, signed) };
}

/** A new order of the drawn legs, remembered for others to take. */
function newOrder(campaign: Campaign, step: Step, shift: number): Order {
  const account = at(campaign.accounts, step.who + shift);
  const parts = partsOf(campaign, step).map((part) => ({
    ...part,
    premium: part.premium + BigInt(shift),
  }));
  const signed = order(account, parts, {
    nonce: BigInt(campaign.orders.length),
    epoch: epochOf(campaign, account),
    units: step.units + BigInt(shift),
    minFill: step.near % 4 === 1 ? step.units : 0n,
    signedAt: campaign.now,
    deadline: EXPIRY + WEEK,
  });
  campaign.orders.push(signed);
  return signed;
}

/** Orders of one shape by makers of whom one may be the taker itself, some named twice, with an old one now and then. */
function fillsOf(campaign: Campaign, step: Step): readonly Fill[] {
  const fresh = Array.from({ length: 1 + (step.other % 3) }, (_, at) =>
    newOrder(campaign, step, at),
  );
  const old = step.near % 5 === 4 ? [at(campaign.orders, step.near)] : [];
  const again = step.near % 3 === 2 ? fresh : [];
  return [...fresh, ...old, ...again].map((signed) => signedBy(campaign, signed));
}

/** What of a position to move: all, some legs, half of each, one lot too much, or legs that it may not hold. */
function legsToMove({ ledger }: Campaign, step: Step, from: bigint, book: Book): bigint[] {
  const { legs } = positionOf(findAccount(ledger.state, from), book);
  const drawn = book.market.scale.inverse ? step.calls : step.netted;
  const more = (quantity: bigint) => quantity + (quantity > 0n ? 1n : -1n);
  const moved = at(
    [
      legs,
      legs,
      legs.filter(({ isCall }) => !isCall),
      legs.slice(1),
      legs.map((leg) => ({ ...leg, quantity: leg.quantity / 2n })),
      legs.map((leg) => ({ ...leg, quantity: more(leg.quantity) })),
      drawn,
      [],
    ],
    step.other,
  );
  return moved.filter(({ quantity }) => quantity !== 0n).map(packLeg);
}

/** Mostly between the two accounts of one owner, by their owner. */
function transferOf(campaign: Campaign, step: Step) {
  const { ledger, accounts, books } = campaign;
  const pair = step.near % 11 === 10 ? step.other : 1 - (step.who % 2);
  const [from, to] = [at(accounts, step.who % 2), at(accounts, pair)];
  const book = at(books, step.book);
  const { collateral, legs } = positionOf(findAccount(ledger.state, from), book);
  const moved = legsToMove(campaign, step, from, book);
  const all = moved.length === legs.length && moved.length > 0;
  const spare = all ? collateral : collateral - requirement(book.market.scale, legs);
  const sender = step.near % 12 === 11 ? OPERATOR : from >> 96n;
  const args = [from, to, book.book, moved, around(spare, step)] as const;
  return { sender, args };
}

/** A sender and what it calls in one go: things that only stand together, and things that fail somewhere. */
function callsOf(campaign: Campaign, step: Step): { sender: bigint; calls: BatchCall[] } {
  const { ledger, accounts, books } = campaign;
  const account = at(accounts, step.who);
  const { book, market } = at(books, step.book);
  const sender = account >> 96n;
  const signed = newOrder(campaign, step, 1);
  const { signer, signature } = signedBy(campaign, signed);
  const limits = signed.parts.map(() => ({ ...OPEN, maxDraw: step.near % 3 === 0 ? 0n : 10n }));
  const cash = cashOf(findAccount(ledger.state, account), market.terms.token);
  const allocate: BatchCall = { name: "allocate", args: [account, book, cash / 2n] };
  const free: BatchCall = { name: "free", args: [account, book, around(step.amount, step)] };
  const fill: BatchCall = {
    name: "fill",
    args: [account, signed, signer, signature, step.units, limits],
  };
  const move = transferOf(campaign, step);
  const transfer: BatchCall = { name: "transferLegs", args: move.args };
  const [from, to, , moved, more] = move.args;
  const back: BatchCall = { name: "transferLegs", args: [to, from, book, moved, more] };
  const calls = at<BatchCall[]>(
    [
      [fill, allocate],
      [fill, transfer],
      [transfer, fill, allocate, free],
      [transfer, back],
      [fill, free, allocate],
      [{ name: "fillMany", args: [account, fillsOf(campaign, step), 1n, step.units, limits] }],
      [{ name: "cancel", args: [account, [signed.nonce]] }, fill],
      [{ name: "fixPrice", args: [book, NO_PROOF] }],
      [allocate, { name: "settle", args: [book, accounts] }],
      [
        { name: "settle", args: [book, accounts] },
        { name: "claim", args: [account, [book], true] },
      ],
      [allocate, { name: "raiseEpoch", args: [account] }],
      packagingCalls(campaign, step),
      [fill, ...packagingCalls(campaign, step), allocate],
      [...packagingCalls(campaign, step), transfer],
    ],
    step.other + step.near,
  );
  return { sender, calls };
}

/** Operations of many orders, many accounts and many calls. */
export const CALL_OPS: { readonly [name: string]: Op } = {
  fillMany(campaign, step) {
    const { ledger, accounts, now } = campaign;
    const taker = at(accounts, step.who + 3);
    const fills = fillsOf(campaign, step);
    const tight = { maxPay: step.amount, maxDraw: step.amount };
    const limits = partsOf(campaign, step).map(() => (step.near % 6 === 5 ? tight : OPEN));
    const most = around(step.units * 2n, step);
    const least = step.near % 7 === 6 ? most : 1n;
    return ledger.fillMany({ sender: taker >> 96n, now }, taker, fills, least, most, limits);
  },
  transferLegs(campaign, step) {
    const { sender, args } = transferOf(campaign, step);
    return campaign.ledger.transferLegs({ sender, now: campaign.now }, ...args);
  },
  batch(campaign, step) {
    const { sender, calls } = callsOf(campaign, step);
    return campaign.ledger.batch({ sender, now: campaign.now }, calls);
  },
  permitAndDeposit({ ledger, accounts, now }, step) {
    const account = at(accounts, step.who);
    const amount = around(step.amount, step);
    const args = [QUOTE, amount, EXPIRY] as const;
    const changes = step.near % 4 === 3 ? { nonce: 77n } : {};
    const signature = permit(ledger, STRANGER, amount, changes);
    return ledger.batch({ sender: STRANGER, now }, [
      { name: "selfPermit", args: [...args, signature] },
      { name: "deposit", args: [account, QUOTE, amount] },
    ]);
  },
};

/** How often they are drawn, if not once. */
export const CALL_WEIGHTS: { readonly [name: string]: number } = {
  fillMany: 5,
  transferLegs: 4,
  batch: 6,
};
