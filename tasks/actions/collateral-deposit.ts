import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { bookText, phaseOf } from "../lib/books.ts";
import { amountFrom, moveReport, movingOf } from "../lib/collateral.ts";
import type { CollateralArguments } from "../lib/collateral.ts";
import { approve, checkWallet } from "../lib/payIn.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";
import { UsageError } from "../lib/usage.ts";

export default (args: CollateralArguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const moving = await movingOf(session, args);
    const { actor, account, book, token, view } = moving;
    const amount = amountFrom(args, moving);
    const phase = phaseOf(view);
    // Without an allowance the ledger cannot be asked; and an allowance for nothing is not left behind.
    if (phase === "expired" || phase === "fixed") {
      throw new UsageError(`--book: ${bookText(book)} has expired: it takes no more collateral.`);
    }
    await checkWallet(session, actor, token, amount);
    const what = `from the wallet of ${actor.address} into the position`;
    if (args.dryRun) return moveReport(session, moving, { amount, what, receipt: undefined });
    await approve(session, actor, token, amount);
    const ledger = session.ledger.connect(actor);
    await ledger.depositToBook.staticCall(account, book, amount);
    const receipt = await mined(await ledger.depositToBook(account, book, amount));
    return moveReport(session, moving, { amount, what, receipt });
  });
