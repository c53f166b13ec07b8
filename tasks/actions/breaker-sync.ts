import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { guardedBy } from "../lib/breaker/breakers.ts";
import { enrolled } from "../lib/breaker/status.ts";
import { levelName } from "../lib/breaker/words.ts";
import { marketLabel } from "../lib/markets.ts";
import { NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf, timeOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { shownTime } from "../lib/times.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly market: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "breaker:status shows those with a breaker");
    const guarded = await guardedBy(session, "--market", wanted);
    const { breaker, market, token } = guarded;
    const actor = await actorOf(session, args);
    const contract = breaker.contract.connect(actor);
    // Markets without a feed are watched as well, and breaker:observe comes by none of them.
    const begins = (await enrolled(guarded)) === undefined;
    const call = begins ? contract.enroll : contract.sync;
    await call.staticCall(market, NEXT_BLOCK);
    const label = marketLabel(guarded);
    const json = { market: idOf(market), enrolled: begins };
    if (args.dryRun) {
      const text = begins
        ? `Would begin to watch market ${label}.`
        : `Would write market ${label}.`;
      return { json: { ...json, dryRun: true }, text };
    }
    const receipt = await mined(await call(market));
    const { level, until, ceiling } = await session.ledger.guardOf(market);
    const since = level === 0n || until <= session.now;
    const now = since ? "normal" : `${levelName(level)} until ${shownTime(until)} UTC`;
    return {
      json: {
        ...json,
        level: levelName(since ? 0n : level),
        until: since ? null : timeOf(until),
        ceiling: amountOf(token, ceiling),
        transaction: minedJson(receipt),
      },
      text: `${begins ? "Watches" : "Wrote"} market ${label}: ${now}, ceiling ${amountText(token, ceiling)}.\n${minedText(receipt)}`,
    };
  });
