import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ownerOf } from "../../packages/contracts/src/ids.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { heldBy } from "../lib/packages.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";
import { accountOf, actorOf } from "../lib/signers.ts";
import { required } from "../lib/usage.ts";
import { wrapReport } from "../lib/wraps.ts";

interface Arguments extends SendingArguments {
  readonly package: string | undefined;
  readonly amount: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const name = required("--package", args.package, "account:show tells the ids of those held");
    const { id, book, legs, amount: held } = await heldBy(session, ownerOf(account), name);
    const amount = args.amount === undefined ? held : parseWhole("--amount", args.amount, 1n, held);
    const packed = [...legs];
    const ledger = session.ledger.connect(actor);
    await ledger.unwrap.staticCall(account, book, packed, amount);
    const receipt = args.dryRun
      ? undefined
      : await mined(await ledger.unwrap(account, book, packed, amount));
    return wrapReport({ account, book, id, legs, amount, way: "unwrap", receipt });
  });
