import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ownerOf } from "../../packages/contracts/src/ids.ts";
import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { parseAmount } from "../lib/decimals.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf } from "../lib/shapes.ts";
import { accountOf, actorOf, addressOf } from "../lib/signers.ts";
import { tokenBy } from "../lib/tokenChoice.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly token: string | undefined;
  readonly amount: string | undefined;
  readonly to: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const token = await tokenBy(session, args.token);
    const to = args.to === undefined ? ownerOf(account) : await addressOf(session, "--to", args.to);
    const ledger = session.ledger.connect(actor);
    const amount =
      args.amount === undefined
        ? await ledger.cashOf(account, token.address)
        : parseAmount("--amount", args.amount, token.decimals);
    if (args.amount === undefined && amount === 0n) {
      throw new UsageError(
        `${accountText(account)} has no ${token.symbol} of free cash; collateral of a position is freed by collateral:free.`,
      );
    }
    await ledger.withdraw.staticCall(account, token.address, amount, to);
    const json = { account: idOf(account), amount: amountOf(token, amount), to };
    const what = `${amountText(token, amount)} to ${to}`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would send ${what}.` };
    const receipt = await mined(await ledger.withdraw(account, token.address, amount, to));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `Sent ${what}.\n${minedText(receipt)}`,
    };
  });
