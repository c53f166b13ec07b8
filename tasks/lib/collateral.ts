import type { ContractTransactionReceipt } from "ethers";

import { accountText } from "./accounts.ts";
import type { SendingArguments } from "./arguments.ts";
import { bookJson, bookText, openBookBy } from "./books.ts";
import type { Book } from "./books.ts";
import { parseAmount } from "./decimals.ts";
import type { Report } from "./print.ts";
import { minedJson, minedText } from "./send.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { accountOf, actorOf } from "./signers.ts";
import type { Acting } from "./signers.ts";
import { amountOf, amountText } from "./tokens.ts";
import { required } from "./usage.ts";

/** What the tasks that move collateral take. */
export interface CollateralArguments extends SendingArguments {
  readonly book: string | undefined;
  readonly amount: string | undefined;
  readonly account: string | undefined;
}

/** Who moves collateral, and of which position. */
export interface Moving extends Book {
  readonly actor: Acting;
  readonly account: bigint;
}

/** Who and where, from the options. */
export async function movingOf(session: Session, args: CollateralArguments): Promise<Moving> {
  const actor = await actorOf(session, args);
  const account = await accountOf(session, "--account", args.account, actor);
  const hint = "name an open book, as in 1@2026-12-25; book:list shows them";
  const found = await openBookBy(session, "--book", required("--book", args.book, hint));
  return { ...found, actor, account };
}

/** The amount, base units of the book's token. */
export function amountFrom({ amount }: CollateralArguments, { token }: Moving): bigint {
  const text = required("--amount", amount, "say how much, in tokens");
  return parseAmount("--amount", text, token.decimals);
}

/** What would move, or what has moved and how the account stands behind it. */
export async function moveReport(
  session: Session,
  { account, book, token }: Moving,
  { amount, what, receipt }: Move,
): Promise<Report> {
  const about = { account: idOf(account), ...bookJson(book), amount: amountOf(token, amount) };
  const text = `${amountText(token, amount)} ${what}`;
  if (receipt === undefined) {
    return { json: { ...about, dryRun: true }, text: `Would move ${text}.` };
  }
  const view = await session.lens.accountOf(account, [token.address], [book]);
  const [cash, position] = [view.cash[0]?.amount ?? 0n, view.positions[0]];
  const { collateral, requirement } = position ?? { collateral: 0n, requirement: 0n };
  return {
    json: {
      ...about,
      cash: amountOf(token, cash),
      collateral: amountOf(token, collateral),
      requirement: amountOf(token, requirement),
      transaction: minedJson(receipt),
    },
    text: [
      `Moved ${text}.`,
      `${accountText(account)} has ${amountText(token, collateral)} of collateral in ${bookText(book)}, where its legs require ${amountText(token, requirement)}, and ${amountText(token, cash)} of free cash.`,
      minedText(receipt),
    ].join("\n"),
  };
}

interface Move {
  readonly amount: bigint;
  /** From where to where. */
  readonly what: string;
  /** Nothing of a dry run. */
  readonly receipt: ContractTransactionReceipt | undefined;
}
