import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import { bookText } from "../lib/books.ts";
import { amountFrom, moveReport, movingOf } from "../lib/collateral.ts";
import type { CollateralArguments, Moving } from "../lib/collateral.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { amountText } from "../lib/tokens.ts";
import { UsageError } from "../lib/usage.ts";

export default (args: CollateralArguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const moving = await movingOf(session, args);
    const { actor, account, book } = moving;
    const amount =
      args.amount === undefined ? await spare(session, moving) : amountFrom(args, moving);
    const ledger = session.ledger.connect(actor);
    await ledger.free.staticCall(account, book, amount);
    const what = "from the position to free cash";
    const receipt = args.dryRun ? undefined : await mined(await ledger.free(account, book, amount));
    return moveReport(session, moving, { amount, what, receipt });
  });

/** All that no leg needs; there must be some. */
async function spare(session: Session, moving: Moving): Promise<bigint> {
  const { account, book } = moving;
  const amount = await session.lens.maxWithdraw(account, book);
  if (amount > 0n) return amount;
  throw new UsageError(
    `Nothing of ${accountText(account)} in ${bookText(book)} can be freed: ${await whyNot(session, moving)}.`,
  );
}

async function whyNot(
  { lens, now }: Session,
  { account, book, token, view }: Moving,
): Promise<string> {
  const { positions } = await lens.accountOf(account, [], [book]);
  const { collateral = 0n, requirement = 0n, settled = false, legs = [] } = positions[0] ?? {};
  if (settled) return "it is settled, claim pays it";
  if (legs.length > 0 && view.expiry <= now) {
    return "the book has expired and legs are open, so book:fix, settle and claim come first";
  }
  return `it has ${amountText(token, collateral)} of collateral, and its legs require ${amountText(token, requirement)}`;
}
