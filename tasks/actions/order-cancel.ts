import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { ordersOf } from "../lib/orderFile.ts";
import type { Report } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";
import { accountOf, actorOf, checkScope } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { listed, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly order: string | undefined;
  readonly nonces: string | undefined;
  readonly all: boolean;
  readonly account: string | undefined;
}

interface Cancelling {
  readonly actor: Acting;
  readonly account: bigint;
  readonly dryRun: boolean;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const ways = [args.order !== undefined, args.nonces !== undefined, args.all];
    if (ways.filter(Boolean).length !== 1) {
      throw new UsageError("Say what to cancel: one of --order FILE, --nonces 1,2, or --all.");
    }
    const actor = await actorOf(session, args);
    const chosen = await chosenOf(session, args, actor);
    await checkScope(session, chosen.account, actor, "trade");
    const cancelling = { actor, account: chosen.account, dryRun: args.dryRun };
    return args.all ? raiseEpoch(session, cancelling) : cancel(session, cancelling, chosen.nonces);
  });

/** Account and nonces, from files or from options. */
async function chosenOf(session: Session, args: Arguments, actor: Acting) {
  if (args.order === undefined) {
    const account = await accountOf(session, "--account", args.account, actor);
    const texts = args.nonces === undefined ? [] : listed("--nonces", args.nonces, ",");
    const most = (1n << 256n) - 1n;
    return { account, nonces: texts.map((text) => parseWhole("--nonces", text, 0n, most)) };
  }
  const orders = await ordersOf(session, args.order);
  const [account, ...others] = new Set(orders.map(({ order }) => order.account));
  if (account === undefined || others.length > 0) {
    throw new UsageError("--order: the files are of several accounts: cancel account by account.");
  }
  return { account, nonces: orders.map(({ order }) => order.nonce) };
}

async function cancel(
  session: Session,
  { actor, account, dryRun }: Cancelling,
  nonces: bigint[],
): Promise<Report> {
  const ledger = session.ledger.connect(actor);
  await ledger.cancel.staticCall(account, nonces);
  const json = { account: idOf(account), nonces };
  const which = `${nonces.join(", ")} of ${accountText(account)}`;
  if (dryRun) return { json: { ...json, dryRun }, text: `Would cancel the nonces ${which}.` };
  const receipt = await mined(await ledger.cancel(account, nonces));
  return {
    json: { ...json, transaction: minedJson(receipt) },
    text: `Cancelled the nonces ${which}.\n${minedText(receipt)}`,
  };
}

async function raiseEpoch(
  session: Session,
  { actor, account, dryRun }: Cancelling,
): Promise<Report> {
  const ledger = session.ledger.connect(actor);
  const epoch = await ledger.raiseEpoch.staticCall(account);
  const json = { account: idOf(account), epoch: Number(epoch) };
  const what = `every order that ${accountText(account)} signed before epoch ${epoch}`;
  if (dryRun) return { json: { ...json, dryRun }, text: `Would cancel ${what}.` };
  const receipt = await mined(await ledger.raiseEpoch(account));
  return {
    json: { ...json, transaction: minedJson(receipt) },
    text: `Cancelled ${what}.\n${minedText(receipt)}`,
  };
}
