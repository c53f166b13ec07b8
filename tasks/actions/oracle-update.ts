import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { feedBy } from "../lib/oracle/hubs.ts";
import type { FeedArguments } from "../lib/oracle/hubs.ts";
import { sourcesOf } from "../lib/oracle/sources.ts";
import { bring, bringings, readingJson, simulated } from "../lib/oracle/updates.ts";
import type { BringingArguments } from "../lib/oracle/updates.ts";
import { run } from "../lib/run.ts";
import { actorOf } from "../lib/signers.ts";

interface Arguments extends SendingArguments, FeedArguments, BringingArguments {}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const feed = await feedBy(session, args);
    const sources = await sourcesOf(session, feed);
    const bringing = await bringings(session, feed, sources, args);
    const actor = await actorOf(session, args);
    const json = {
      feed: { id: feed.id, name: feed.name },
      brings: bringing.map(({ what }) => what),
    };
    if (args.dryRun) {
      for (const one of bringing) await simulated(feed, one, actor);
      const text = `Would bring to ${feed.name}: ${json.brings.join("; ")}.`;
      return { json: { ...json, dryRun: true }, text };
    }
    const { readings, transactions, lines } = await bring(feed, sources, bringing, actor);
    return {
      json: { ...json, readings: readings.map(readingJson), transactions },
      text: lines.join("\n"),
    };
  });
