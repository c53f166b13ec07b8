import { ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { guardedBy } from "../lib/breaker/breakers.ts";
import { bringFirst } from "../lib/breaker/readings.ts";
import type { ReadingArguments } from "../lib/breaker/readings.ts";
import { levelNow } from "../lib/breaker/status.ts";
import { triggerName } from "../lib/breaker/triggers.ts";
import { levelName } from "../lib/breaker/words.ts";
import { marketLabel } from "../lib/markets.ts";
import { feedAt, NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf, timeOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { shownTime } from "../lib/times.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments, ReadingArguments {
  readonly market: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "breaker:status shows those with a breaker");
    const guarded = await guardedBy(session, "--market", wanted);
    const { breaker, market } = guarded;
    const watch = await breaker.contract.watchOf(market);
    const actor = await actorOf(session, args);
    if (watch.feed !== ZeroHash) {
      await bringFirst(session, feedAt(session, breaker.hubAddress, watch.feed), args, actor);
    }
    const contract = breaker.contract.connect(actor);
    await contract.release.staticCall(market, NEXT_BLOCK);
    const label = marketLabel(guarded);
    const trigger = triggerName(watch.trigger);
    if (args.dryRun) {
      return {
        json: { market: idOf(market), trigger, dryRun: true },
        text: `Market ${label}, tripped for ${trigger}, would be released.`,
      };
    }
    const receipt = await mined(await contract.release(market));
    const after = await breaker.contract.watchOf(market);
    const level = levelNow(after, session.now);
    const rest =
      level === 0n
        ? "It reads normal."
        : `It stays ${levelName(level)} until ${shownTime(after.until)} UTC, for what was firm.`;
    return {
      json: {
        market: idOf(market),
        trigger,
        level: levelName(level),
        until: level === 0n ? null : timeOf(after.until),
        transaction: minedJson(receipt),
      },
      text: `Released market ${label}, tripped for ${trigger}. ${rest}\n${minedText(receipt)}`,
    };
  });
