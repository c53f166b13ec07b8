import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { bookText } from "../lib/books.ts";
import { parseWhole } from "../lib/decimals.ts";
import { packedLegsText } from "../lib/legs.ts";
import { tokensOf } from "../lib/orderReport.ts";
import { heldBy, packagesOf } from "../lib/packages.ts";
import type { Held } from "../lib/packages.ts";
import { table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson } from "../lib/send.ts";
import type { Mined } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";
import { actorOf, addressOf } from "../lib/signers.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import type { Token } from "../lib/tokens.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly package: string | undefined;
  readonly amount: string | undefined;
  readonly to: string | undefined;
}

interface Redemption {
  readonly held: Held;
  readonly amount: bigint;
  readonly payout: bigint;
  readonly token: Token | undefined;
  readonly transaction: Mined | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const to = args.to === undefined ? actor.address : await addressOf(session, "--to", args.to);
    const chosen = await chosenOf(session, actor.address, args);
    const tokens = await tokensOf(session, chosen);
    const ledger = session.ledger.connect(actor);
    const done: Redemption[] = [];
    for (const [i, held] of chosen.entries()) {
      const amount =
        args.amount === undefined
          ? held.amount
          : parseWhole("--amount", args.amount, 1n, held.amount);
      const legs = [...held.legs];
      const payout = await ledger.redeem.staticCall(held.book, legs, amount, to);
      const transaction = args.dryRun
        ? undefined
        : minedJson(await mined(await ledger.redeem(held.book, legs, amount, to)));
      done.push({ held, amount, payout, token: tokens[i], transaction });
    }
    return { json: { dryRun: args.dryRun, to, redeemed: done.map(json) }, text: text(done) };
  });

/** The packages that are meant: one by its id, or all whose books are fixed. */
async function chosenOf(session: Session, holder: string, args: Arguments): Promise<Held[]> {
  if (args.package !== undefined) return [await heldBy(session, holder, args.package)];
  if (args.amount !== undefined) {
    throw new UsageError("--amount is of one kind of package: pass --package, its id.");
  }
  return (await packagesOf(session, holder)).filter(({ phase }) => phase === "fixed");
}

function json({ held, amount, payout, token, transaction }: Redemption) {
  return {
    package: idOf(held.id),
    book: idOf(held.book),
    legs: packedLegsText(held.legs),
    amount,
    payout: token === undefined ? { base: payout } : amountOf(token, payout),
    transaction,
  };
}

function text(done: readonly Redemption[]): string {
  if (done.length === 0)
    return "There is no package to redeem: none is held of a book that is fixed.";
  const rows = done.map(({ held, amount, payout, token }) => [
    idOf(held.id),
    bookText(held.book),
    packedLegsText(held.legs).replaceAll(", ", "\n"),
    String(amount),
    token === undefined ? String(payout) : amountText(token, payout),
  ]);
  return table(["package", "book (UTC)", "legs", ">amount", ">payout"], rows);
}
