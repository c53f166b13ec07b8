import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { openBookBy } from "../lib/books.ts";
import { parseWhole } from "../lib/decimals.ts";
import { parseLegs } from "../lib/legs.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";
import { accountOf, actorOf } from "../lib/signers.ts";
import { required } from "../lib/usage.ts";
import { wrapReport } from "../lib/wraps.ts";

interface Arguments extends SendingArguments {
  readonly book: string | undefined;
  readonly legs: string | undefined;
  readonly amount: string | undefined;
  readonly account: string | undefined;
}

const MOST = (1n << 64n) - 1n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const name = required("--book", args.book, "account:show tells where the account holds legs");
    const { book } = await openBookBy(session, "--book", name);
    const hint = 'say what one package holds, as in "+1 P2400, -1 P2300"';
    const legs = parseLegs("--legs", required("--legs", args.legs, hint));
    const text = required("--amount", args.amount, "say how many packages");
    const amount = parseWhole("--amount", text, 1n, MOST);
    const ledger = session.ledger.connect(actor);
    const id = await ledger.wrap.staticCall(account, book, legs, amount);
    const receipt = args.dryRun
      ? undefined
      : await mined(await ledger.wrap(account, book, legs, amount));
    return wrapReport({ account, book, id, legs, amount, way: "wrap", receipt });
  });
