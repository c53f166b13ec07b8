import {
  MAX_UINT256,
  abs,
  findAccount,
  gcd,
  keyOf,
  packLeg,
  packageBalanceOf,
  positionOf,
  quantityIn,
  requirement,
} from "@certus/model";
import type { BatchCall, Book, Leg, Ledger, Package } from "@certus/model";
import { TICK } from "./campaign.ts";
import type { Campaign, Op, Step } from "./campaign.ts";
import { around, at } from "./choices.ts";
import { ALICE, BOB, CAROL, LEDGER, NO_PROOF, OPERATOR, STRANGER } from "./scene.ts";

/** Legs in lowest terms. */
export function reduced(legs: readonly Leg[]): readonly Leg[] {
  const divisor = legs.reduce((common, { quantity }) => gcd(common, abs(quantity)), 0n);
  return legs.map((leg) => ({ ...leg, quantity: leg.quantity / divisor }));
}

/** How many times a vector holds another. */
function timesHeld(held: readonly Leg[], legs: readonly Leg[]): bigint {
  const times = legs.map((leg) => quantityIn(held, leg) / leg.quantity);
  return times.reduce((least, each) => (each < least ? each : least), MAX_UINT256);
}

/** Everybody who holds packages or may come to. */
const HOLDERS = [ALICE, BOB, CAROL, STRANGER] as const;

/** What of a position to wrap, and how often: mostly what may be, now and then what may not. */
function wrappingOf({ ledger }: Campaign, step: Step, account: bigint, book: Book) {
  const { legs } = positionOf(findAccount(ledger.state, account), book);
  const longs = legs
    .filter(({ isCall, quantity }) => quantity > 0n && (book.market.scale.inverse || !isCall))
    .map((leg) => [{ ...leg, quantity: 1n }]);
  const vectors = [reduced(legs), ...longs].filter((each) => each.length > 0);
  const good = vectors.filter((each) => requirement(book.market.scale, each) === 0n);
  const drawn = book.market.scale.inverse ? step.calls : step.netted;
  const chosen = step.near % 8 === 7 ? [...vectors, drawn, reduced(drawn)] : good;
  const wrapped = chosen.length === 0 ? reduced(drawn) : at(chosen, step.other);
  return { wrapped: wrapped.map(packLeg), most: timesHeld(legs, wrapped) };
}

function wrapOf(campaign: Campaign, step: Step) {
  const account = at(campaign.accounts, step.who);
  const book = at(campaign.books, step.book);
  const { wrapped, most } = wrappingOf(campaign, step, account, book);
  return [account, book.book, wrapped, around(most, step)] as const;
}

/** A package that somebody holds, if there is one, else any that was seen. */
function packageHeldBy({ ledger: { state } }: Campaign, step: Step, holder: bigint) {
  const known = [...state.packages.values()];
  const held = known.filter(({ id }) => packageBalanceOf(state, holder, id) > 0n);
  return held.length > 0 ? at(held, step.other) : known[step.other % Math.max(known.length, 1)];
}

function amountOf({ ledger }: Campaign, step: Step, holder: bigint, { id }: Package): bigint {
  return around(packageBalanceOf(ledger.state, holder, id), step);
}

/** Batches that turn legs into packages and back; none if nothing was ever wrapped. */
export function packagingCalls(campaign: Campaign, step: Step): BatchCall[] {
  const wrap = wrapOf(campaign, step);
  const [account, , legs] = wrap;
  const held = packageHeldBy(campaign, step, account >> 96n);
  const calls: BatchCall[] = [{ name: "wrap", args: wrap }];
  if (step.near % 2 === 0) calls.push({ name: "unwrap", args: wrap });
  else if (held !== undefined) {
    const amount = amountOf(campaign, step, account >> 96n, held);
    const { book } = held;
    calls.unshift({ name: "unwrap", args: [account, book, held.legs, amount] });
    calls.push({ name: "redeem", args: [book, legs, amount, STRANGER] });
  }
  return calls;
}

/** Operations of packages. */
export const PACKAGE_OPS: { readonly [name: string]: Op } = {
  wrap(campaign, step) {
    const args = wrapOf(campaign, step);
    const sender = step.near % 12 === 11 ? OPERATOR : args[0] >> 96n;
    return campaign.ledger.wrap({ sender, now: campaign.now }, ...args);
  },
  unwrap(campaign, step) {
    const account = at(campaign.accounts, step.who);
    const owner = account >> 96n;
    const held = packageHeldBy(campaign, step, owner);
    if (held === undefined) return undefined;
    const amount = amountOf(campaign, step, owner, held);
    const env = { sender: step.near % 5 === 4 ? OPERATOR : owner, now: campaign.now };
    return campaign.ledger.unwrap(env, account, held.book, held.legs, amount);
  },
  redeem(campaign, step) {
    const { ledger, books, now } = campaign;
    const fixed = books.filter(({ price }) => price > 0n);
    const payable = fixed.flatMap((book) => heldPackages(ledger, book));
    const sender = payable[step.who % Math.max(payable.length, 1)]?.holder ?? at(HOLDERS, step.who);
    const known = payable.find(({ holder }) => holder === sender)?.known;
    const held = known ?? packageHeldBy(campaign, step, sender);
    if (held === undefined) return undefined;
    const amount = amountOf(campaign, step, sender, held);
    const to = at([sender, STRANGER, CAROL, LEDGER, 0n], step.other);
    return ledger.redeem({ sender, now }, held.book, held.legs, amount, to);
  },
  endAndRedeem(campaign, step) {
    const { ledger, oracle } = campaign;
    const book = at(campaign.books, step.book);
    const [first] = heldPackages(ledger, book);
    if (first === undefined || book.price > 0n) return undefined;
    const { holder: sender, known, amount } = first;
    campaign.now = book.expiry > campaign.now ? book.expiry : campaign.now;
    oracle.price = 1n + (step.amount % (20n * TICK));
    const redeemed = (amount + 1n) / 2n;
    return ledger.batch({ sender, now: campaign.now }, [
      { name: "fixPrice", args: [book.book, NO_PROOF] },
      { name: "redeem", args: [book.book, known.legs, redeemed, STRANGER] },
    ]);
  },
  transferPackages(campaign, step) {
    const sender = at(HOLDERS, step.who);
    const held = packageHeldBy(campaign, step, sender);
    if (held === undefined) return undefined;
    const to = at([...HOLDERS, 0n], step.other);
    const amount = amountOf(campaign, step, sender, held);
    return campaign.ledger.transfer({ sender, now: campaign.now }, to, held.id, amount);
  },
  transferPackagesFrom(campaign, step) {
    const from = at(HOLDERS, step.who);
    const held = packageHeldBy(campaign, step, from);
    if (held === undefined) return undefined;
    const sender = at([STRANGER, OPERATOR, from], step.near);
    const to = at([...HOLDERS, 0n], step.other);
    const amount = amountOf(campaign, step, from, held);
    return campaign.ledger.transferFrom({ sender, now: campaign.now }, from, to, held.id, amount);
  },
  approvePackages(campaign, step) {
    const sender = at(HOLDERS, step.who);
    const held = packageHeldBy(campaign, step, sender);
    if (held === undefined) return undefined;
    const amount = step.near % 3 === 0 ? MAX_UINT256 : amountOf(campaign, step, sender, held);
    const spender = at([STRANGER, OPERATOR, 0n], step.other);
    return campaign.ledger.approve({ sender, now: campaign.now }, spender, held.id, amount);
  },
  setTokenOperator({ ledger, now }, step) {
    const sender = at(HOLDERS, step.who);
    const spender = at([OPERATOR, OPERATOR, 0n], step.other);
    return ledger.setOperator({ sender, now }, spender, step.near % 3 !== 0);
  },
};

/** How often they are drawn, if not once. */
export const PACKAGE_WEIGHTS: { readonly [name: string]: number } = {
  wrap: 6,
  unwrap: 5,
  redeem: 6,
  endAndRedeem: 4,
  transferPackages: 2,
  transferPackagesFrom: 3,
};

/** Every package of a book that somebody holds, with its holder. */
export function heldPackages({ state }: Ledger, book: Book) {
  return [...state.packages.values()]
    .filter((known) => keyOf(known.book) === book.key)
    .flatMap((known) =>
      [...state.holders.keys()].flatMap((holder) => {
        const amount = packageBalanceOf(state, holder, known.id);
        return amount === 0n ? [] : [{ known, holder, amount }];
      }),
    );
}
