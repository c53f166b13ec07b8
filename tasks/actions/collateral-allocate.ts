import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { amountFrom, moveReport, movingOf } from "../lib/collateral.ts";
import type { CollateralArguments } from "../lib/collateral.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";

export default (args: CollateralArguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const moving = await movingOf(session, args);
    const { actor, account, book } = moving;
    const amount = amountFrom(args, moving);
    const ledger = session.ledger.connect(actor);
    await ledger.allocate.staticCall(account, book, amount);
    const what = "from free cash into the position";
    const receipt = args.dryRun
      ? undefined
      : await mined(await ledger.allocate(account, book, amount));
    return moveReport(session, moving, { amount, what, receipt });
  });
