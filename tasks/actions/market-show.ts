import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { marketBy } from "../lib/markets.ts";
import { marketFacts, marketJson } from "../lib/marketReport.ts";
import { facts } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends CommonArguments {
  readonly market: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "market:list shows the markets there are");
    const market = await marketBy(session, "--market", wanted);
    return { json: marketJson(market), text: facts(marketFacts(market)) };
  });
