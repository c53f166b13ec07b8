import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ownerOf } from "../../packages/contracts/src/ids.ts";
import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { bookJson, bookText, openBookBy } from "../lib/books.ts";
import { CLAIM_COLUMNS, claimableOf, claimJson, claimRow } from "../lib/claims.ts";
import type { Claimable } from "../lib/claims.ts";
import { HELD_COLUMNS, heldJson, heldRow, packagesOf } from "../lib/packages.ts";
import type { Held } from "../lib/packages.ts";
import { booksOfAccount } from "../lib/participants.ts";
import { paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";
import { accountOf, actorOf, checkScope } from "../lib/signers.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import { listed, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly account: string | undefined;
  readonly books: string | undefined;
  readonly toWallet: boolean;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const books = await booksFor(session, account, args.books);
    const [all, packages] = await Promise.all([
      claimableOf(session, account, books),
      packagesOf(session, ownerOf(account)),
    ]);
    const due = all.filter(({ step }) => step === "claim");
    const later = all.filter(({ step }) => step !== "claim");
    if (args.books !== undefined) refuseLater(later);
    const about = { account: idOf(account), toWallet: args.toWallet };
    const rest = { later: later.map(claimJson), packages: packages.map(heldJson) };
    const remarks = remarksOf(later, packages);
    if (args.dryRun || due.length === 0) {
      return {
        json: { ...about, dryRun: args.dryRun, claimed: [], due: due.map(claimJson), ...rest },
        text: paragraphs(dueText(account, due), remarks),
      };
    }
    await checkScope(session, account, actor, "manage");
    const ledger = session.ledger.connect(actor);
    const ids = due.map(({ book }) => book);
    const amounts = await ledger.claim.staticCall(account, ids, args.toWallet);
    const receipt = await mined(await ledger.claim(account, ids, args.toWallet));
    const claimed = due.map(({ book, token }, i) => ({ book, token, base: amounts[i] ?? 0n }));
    const where = args.toWallet ? `the wallet ${ownerOf(account)}` : "free cash";
    return {
      json: {
        ...about,
        claimed: claimed.map(({ book, token, base }) => ({
          ...bookJson(book),
          amount: amountOf(token, base),
        })),
        ...rest,
        transaction: minedJson(receipt),
      },
      text: paragraphs(
        table(
          ["book (UTC)", ">paid"],
          claimed.map(({ book, token, base }) => [bookText(book), amountText(token, base)]),
        ),
        `Paid to ${where}.\n${minedText(receipt)}`,
        remarks,
      ),
    };
  });

async function booksFor(session: Session, account: bigint, option: string | undefined) {
  if (option === undefined) return booksOfAccount(session, account);
  const names = listed("--books", option, ",");
  const books = await Promise.all(names.map((name) => openBookBy(session, "--books", name)));
  return books.map(({ book }) => book);
}

/** A book that was asked for by its name must not be passed over in silence. */
function refuseLater([first]: readonly Claimable[]): void {
  if (first === undefined) return;
  const [book, next] = claimRow(first);
  throw new UsageError(`--books: nothing can be claimed in ${book} yet, first: ${next}.`);
}

function dueText(account: bigint, due: readonly Claimable[]): string {
  if (due.length === 0) return `Nothing can be claimed by ${accountText(account)} now.`;
  return `${accountText(account)} could claim now:\n${table(CLAIM_COLUMNS, due.map(claimRow))}`;
}

/** What is to come, and packages, which `redeem` pays out. */
function remarksOf(later: readonly Claimable[], packages: readonly Held[]): string {
  return paragraphs(
    later.length === 0 ? undefined : `Later:\n${table(CLAIM_COLUMNS, later.map(claimRow))}`,
    packages.length === 0
      ? undefined
      : `Packages of the owner, which redeem pays out:\n${table(HELD_COLUMNS, packages.map(heldRow))}`,
  );
}
