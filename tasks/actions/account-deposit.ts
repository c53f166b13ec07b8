import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { parseAmount } from "../lib/decimals.ts";
import { approve, checkWallet } from "../lib/payIn.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf } from "../lib/shapes.ts";
import { accountOf, actorOf } from "../lib/signers.ts";
import { tokenBy } from "../lib/tokenChoice.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly token: string | undefined;
  readonly amount: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const token = await tokenBy(session, args.token);
    const hint = "say how much to pay in, in tokens";
    const text = required("--amount", args.amount, hint);
    const amount = parseAmount("--amount", text, token.decimals);
    await checkWallet(session, actor, token, amount);
    const json = { account: idOf(account), amount: amountOf(token, amount) };
    const what = `${amountText(token, amount)} into the free cash of ${accountText(account)}`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would pay ${what}.` };
    await approve(session, actor, token, amount);
    const ledger = session.ledger.connect(actor);
    await ledger.deposit.staticCall(account, token.address, amount);
    const receipt = await mined(await ledger.deposit(account, token.address, amount));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `Paid ${what}.\n${minedText(receipt)}`,
    };
  });
