import { ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { guardedBy } from "../lib/breaker/breakers.ts";
import { bringFirst } from "../lib/breaker/readings.ts";
import type { ReadingArguments } from "../lib/breaker/readings.ts";
import { triggerBy } from "../lib/breaker/triggers.ts";
import { tripped } from "../lib/breaker/trips.ts";
import { feedAt } from "../lib/oracle/hubs.ts";
import { run } from "../lib/run.ts";
import { actorOf } from "../lib/signers.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments, ReadingArguments {
  readonly market: string | undefined;
  readonly trigger: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "breaker:status shows those with a breaker");
    const row = triggerBy("--trigger", args.trigger);
    const guarded = await guardedBy(session, "--market", wanted);
    const { breaker, market } = guarded;
    const watch = await breaker.contract.watchOf(market);
    const actor = await actorOf(session, args);
    const feed = row.name === "Depeg" ? watch.tokenFeed : watch.feed;
    if (feed !== ZeroHash) {
      await bringFirst(session, feedAt(session, breaker.hubAddress, feed), args, actor);
    }
    return tripped({ session, guarded, row, actor, dryRun: args.dryRun });
  });
