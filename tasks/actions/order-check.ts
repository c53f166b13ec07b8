import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ActingArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { limitsOf, orUnlimited } from "../lib/limits.ts";
import { orderOf } from "../lib/orderFile.ts";
import { orderText, tokensOf } from "../lib/orderReport.ts";
import { previewOf, previewReport, unitsLeft } from "../lib/preview.ts";
import { paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { accountOf, actorOf } from "../lib/signers.ts";

interface Arguments extends ActingArguments {
  readonly order: string | undefined;
  readonly units: string | undefined;
  readonly maxPay: string | undefined;
  readonly maxDraw: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const signed = await orderOf(session, args.order);
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const tokens = await tokensOf(session, signed.order.parts);
    const left = await unitsLeft(session, signed);
    // Of an order with nothing left the whole is asked for: the refusal says what became of it.
    const units =
      args.units === undefined
        ? left || signed.order.units
        : parseWhole("--units", args.units, 1n, (1n << 64n) - 1n);
    const limits = limitsOf(args, tokens).map(orUnlimited);
    const taking = { caller: actor.address, account, units, limits };
    const preview = await previewOf(session, signed, taking);
    const { json, text } = await previewReport(session, preview, units, tokens);
    return { json: { left, ...json }, text: paragraphs(orderText(signed, tokens), text) };
  });
