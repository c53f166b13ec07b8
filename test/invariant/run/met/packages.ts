import {
  MAX_UINT256,
  findBook,
  isRestricted,
  isTokenOperator,
  ownerOf,
  packageAllowanceOf,
} from "@certus/model";
import type { EventFields, State } from "@certus/model";

import { OWNERS } from "../../world/actors.ts";
import type { Command } from "../command.ts";
import type { Step } from "../lockstep.ts";

/** Situations of packages. */
export const OF_PACKAGES: readonly string[] = [
  "wrap of a single series",
  "wrap of several legs",
  "wrap of part of a position",
  "wrap in a restricted book",
  "wrap in a retired market",
  "unwrap by an operator with an allowance",
  "unwrap by an operator of account and tokens",
  "packages sent to a stranger",
  "packages sent by allowance",
  "packages sent by an endless allowance",
  "packages sent by a token operator",
  "packages of a fixed book sent",
  "redemption by a stranger",
  "redemption of worthless packages",
  "redemption before the first settlement",
  "redemption to somebody else",
  "redemption of a part",
  "redemption of more lots than a quantity holds refused",
];

function* ofWrap(state: State, args: EventFields["Wrapped"], at: bigint): Iterable<string> {
  const book = findBook(state, args.book);
  yield args.id >> 255n === 0n ? "wrap of a single series" : "wrap of several legs";
  if (book === undefined) return;
  const kept = state.accounts.get(args.account.toString(16))?.positions.get(book.key);
  if ((kept?.legs.length ?? 0) > 0) yield "wrap of part of a position";
  if (book.market.guard.retired) yield "wrap in a retired market";
  else if (isRestricted(book, at)) yield "wrap in a restricted book";
}

function* ofTransfer(state: State, args: EventFields["Transfer"]): Iterable<string> {
  const { caller, sender, receiver, id } = args;
  if (sender === 0n || receiver === 0n) return;
  const known = state.packages.get(id.toString(16));
  if (!OWNERS.includes(receiver)) yield "packages sent to a stranger";
  if (known !== undefined && findBook(state, known.book)?.price !== 0n) {
    yield "packages of a fixed book sent";
  }
  if (caller === sender) return;
  if (isTokenOperator(state, sender, caller)) yield "packages sent by a token operator";
  else if (packageAllowanceOf(state, sender, caller, id) === MAX_UINT256) {
    yield "packages sent by an endless allowance";
  } else if (args.amount > 0n) yield "packages sent by allowance";
}

function* ofRedemption(state: State, args: EventFields["Redeemed"]): Iterable<string> {
  const { holder, to, payout, book: id } = args;
  const book = findBook(state, id);
  if (!OWNERS.includes(holder)) yield "redemption by a stranger";
  if (payout === 0n) yield "redemption of worthless packages";
  if (to !== holder) yield "redemption to somebody else";
  if (book === undefined) return;
  const settled = [...state.accounts.values()].some(
    ({ positions }) => positions.get(book.key)?.settled === true,
  );
  if (!settled) yield "redemption before the first settlement";
  const left = state.holders.get(holder)?.balances.get(args.id.toString(16)) ?? 0n;
  if (left > 0n) yield "redemption of a part";
}

/** Why packages were not redeemed. */
export function* ofRefusedRedemption({ error }: Step): Iterable<string> {
  if (error?.name === "QuantityBound") {
    yield "redemption of more lots than a quantity holds refused";
  }
}

/** What calls that moved packages met with, by their events. */
export function* ofPackages(
  state: State,
  command: Command,
  { events = [] }: Step,
): Iterable<string> {
  for (const { name, args } of events) {
    if (name === "Wrapped") yield* ofWrap(state, args, command.at);
    if (name === "Transfer") yield* ofTransfer(state, args);
    if (name === "Redeemed") yield* ofRedemption(state, args);
  }
  if (command.kind !== "unwrap") return;
  const [caller, owner] = [command.sender, ownerOf(command.account)];
  if (caller === owner) return;
  yield isTokenOperator(state, owner, caller)
    ? "unwrap by an operator of account and tokens"
    : "unwrap by an operator with an allowance";
}
