import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { bookJson, bookText, openBookBy, phaseOf } from "../lib/books.ts";
import type { Book } from "../lib/books.ts";
import { formatPrice, parseWhole } from "../lib/decimals.ts";
import { accountsOf, settledIn } from "../lib/participants.ts";
import { note, paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { eventsIn, mined, minedJson } from "../lib/send.ts";
import type { Mined } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { priceOf } from "../lib/shapes.ts";
import { accountOf, actorOf } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import { listed, required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly book: string | undefined;
  readonly accounts: string | undefined;
  readonly chunk: string;
}

interface Payout {
  readonly account: bigint;
  readonly payout: bigint;
}

/** What the transactions so far have told. */
interface Outcome {
  readonly settled: Payout[];
  readonly skipped: Payout[];
  readonly transactions: Mined[];
}

const LARGEST_CHUNK = 500n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const name = required("--book", args.book, "book:list shows the books that are fixed");
    const chunk = Number(parseWhole("--chunk", args.chunk, 1n, LARGEST_CHUNK));
    const found = await openBookBy(session, "--book", name);
    const phase = phaseOf(found.view);
    if (phase !== "fixed") {
      const next = phase === "expired" ? "book:fix fixes it" : "it has not expired";
      throw new UsageError(`--book: ${bookText(found.book)} has no settlement price yet: ${next}.`);
    }
    const actor = await actorOf(session, args);
    const accounts = await wanted(session, found.book, { ...args, actor });
    const outcome = args.dryRun
      ? { settled: [], skipped: [], transactions: [] }
      : await settleAll(session, { actor, book: found.book, accounts, chunk });
    return {
      json: { ...json(found, outcome), ...(args.dryRun ? { dryRun: true, accounts } : {}) },
      text: args.dryRun
        ? `${accounts.length} accounts may have something to settle:\n${accounts.map(accountText).join("\n")}`
        : text(found, outcome),
    };
  });

async function wanted(
  session: Session,
  book: bigint,
  { accounts, actor }: { accounts: string | undefined; actor: Acting },
): Promise<bigint[]> {
  if (accounts === undefined) {
    const [all, settled] = await Promise.all([accountsOf(session, book), settledIn(session, book)]);
    return all.filter((account) => !settled.has(account));
  }
  const names = listed("--accounts", accounts, ",");
  return Promise.all(names.map((name) => accountOf(session, "--accounts", name, actor)));
}

interface Settling {
  readonly actor: Acting;
  readonly book: bigint;
  readonly accounts: readonly bigint[];
  readonly chunk: number;
}

async function settleAll(session: Session, settling: Settling): Promise<Outcome> {
  const { actor, book, accounts, chunk } = settling;
  const outcome: Outcome = { settled: [], skipped: [], transactions: [] };
  const ledger = session.ledger.connect(actor);
  for (let start = 0; start < accounts.length; start += chunk) {
    const some = accounts.slice(start, start + chunk);
    // Whoever was quicker than this task has left nothing to settle: no transaction for that.
    await ledger.settle.staticCall(book, some);
    const receipt = await mined(await ledger.settle(book, some));
    outcome.transactions.push(minedJson(receipt));
    outcome.settled.push(...eventsIn(session, receipt, "Settled", payouts).flat());
    outcome.skipped.push(...eventsIn(session, receipt, "SettleSkipped", skip));
    note(`${Math.min(start + chunk, accounts.length)} of ${accounts.length} accounts`);
  }
  return outcome;
}

function payouts(arg: (name: string) => unknown): Payout[] {
  const amounts = arg("payouts") as readonly bigint[];
  return [...(arg("accounts") as readonly bigint[])].map((account, i) => ({
    account,
    payout: amounts[i] ?? 0n,
  }));
}

function skip(arg: (name: string) => unknown): Payout {
  return { account: arg("account") as bigint, payout: arg("payout") as bigint };
}

function json({ book, view, token }: Book, { settled, skipped, transactions }: Outcome) {
  const one = ({ account, payout }: Payout) => ({
    account: accountText(account),
    payout: amountOf(token, payout),
  });
  return {
    ...bookJson(book),
    settlementPrice: priceOf(view.settlementPrice),
    settled: settled.map(one),
    skipped: skipped.map(one),
    transactions,
  };
}

function text({ book, view, token }: Book, { settled, skipped }: Outcome): string {
  const at = `${bookText(book)}, fixed at ${formatPrice(view.settlementPrice)}`;
  if (settled.length + skipped.length === 0) return `Nothing is left to settle in ${at}.`;
  const row = ({ account, payout }: Payout) => [accountText(account), amountText(token, payout)];
  return paragraphs(
    `Settled ${settled.length} accounts of ${at}.`,
    settled.length === 0 ? undefined : table(["account", ">payout"], settled.map(row)),
    skipped
      .map((one) => `Cannot be settled, its payout is out of range: ${row(one).join(" ")}`)
      .join("\n"),
  );
}
