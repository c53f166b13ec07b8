import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { fillOne } from "../lib/fillOne.ts";
import { fillSeveral } from "../lib/fillSeveral.ts";
import { ordersOf } from "../lib/orderFile.ts";
import { run } from "../lib/run.ts";
import { accountOf, actorOf } from "../lib/signers.ts";

interface Arguments extends SendingArguments {
  readonly order: string | undefined;
  readonly units: string | undefined;
  readonly minUnits: string | undefined;
  readonly maxUnits: string | undefined;
  readonly maxPay: string | undefined;
  readonly maxDraw: string | undefined;
  readonly account: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const orders = await ordersOf(session, args.order);
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const [only, ...others] = orders;
    return only !== undefined && others.length === 0
      ? fillOne(session, { args, actor, account }, only)
      : fillSeveral(session, { args, actor, account }, orders);
  });
