import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { parseScopes, scopesOf } from "../lib/operators.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf, timeOf } from "../lib/shapes.ts";
import { accountOf, actorOf, addressOf } from "../lib/signers.ts";
import { parseTime, shownTime } from "../lib/times.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly operator: string | undefined;
  readonly scopes: string | undefined;
  readonly until: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const who = required("--operator", args.operator, "say who may act, by address or index");
    const operator = await addressOf(session, "--operator", who);
    const hint = "say what it may do: trade, manage, trade,manage or none";
    const scopes = parseScopes("--scopes", required("--scopes", args.scopes, hint));
    const until = untilOf(args.until, scopes, session.now);

    const ledger = session.ledger.connect(actor);
    await ledger.setAccountOperator.staticCall(account, operator, scopes, until);
    const words = scopesOf(scopes);
    const json = {
      account: idOf(account),
      operator,
      scopes: words,
      until: scopes === 0n ? null : timeOf(until),
    };
    const may =
      scopes === 0n
        ? `do nothing for ${accountText(account)} any more`
        : `${words.join(" and ")} for ${accountText(account)} until ${shownTime(until)} UTC`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `${operator} could ${may}.` };
    const receipt = await mined(await ledger.setAccountOperator(account, operator, scopes, until));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `${operator} may ${may}.\n${minedText(receipt)}`,
    };
  });

function untilOf(text: string | undefined, scopes: bigint, now: bigint): bigint {
  if (scopes !== 0n) {
    return parseTime("--until", required("--until", text, "say when it ends, as in +30d"), now);
  }
  if (text === undefined) return 0n;
  throw new UsageError("--until is for a grant: leave it out with --scopes none.");
}
