import { ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { guardedBy } from "../lib/breaker/breakers.ts";
import { bringFirst } from "../lib/breaker/readings.ts";
import type { ReadingArguments } from "../lib/breaker/readings.ts";
import { ANSWERABLE, triggerBy } from "../lib/breaker/triggers.ts";
import { marketLabel } from "../lib/markets.ts";
import { feedAt, NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, ReadingArguments {
  readonly market: string | undefined;
  readonly trigger: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "breaker:status shows notices");
    const { index, name } = triggerBy("--trigger", args.trigger);
    if (!ANSWERABLE.some((row) => row.index === index)) {
      const names = ANSWERABLE.map((row) => row.name).join(", ");
      throw new UsageError(
        `--trigger: a notice of ${name} is not answered, it lapses; those of ${names} are.`,
      );
    }
    const guarded = await guardedBy(session, "--market", wanted);
    const { breaker, market } = guarded;
    const { feed } = await breaker.contract.watchOf(market, NEXT_BLOCK);
    const actor = await actorOf(session, args);
    if (feed !== ZeroHash) {
      await bringFirst(session, feedAt(session, breaker.hubAddress, feed), args, actor);
    }
    const contract = breaker.contract.connect(actor);
    await contract.answer.staticCall(market, index, NEXT_BLOCK);
    const what = `the notice of ${name} in market ${marketLabel(guarded)}`;
    const json = { market: idOf(market), trigger: name };
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would take back ${what}.` };
    const receipt = await mined(await contract.answer(market, index));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `Took back ${what}.\n${minedText(receipt)}`,
    };
  });
