import { ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { guardedAmong } from "../lib/breaker/breakers.ts";
import type { Breaker, Guarded } from "../lib/breaker/breakers.ts";
import { bringFirst } from "../lib/breaker/readings.ts";
import type { ReadingArguments } from "../lib/breaker/readings.ts";
import { enrolled, isBehind, watchedAt } from "../lib/breaker/status.ts";
import { stepJson, take } from "../lib/breaker/steps.ts";
import type { Step } from "../lib/breaker/steps.ts";
import { allMarkets, marketLabel } from "../lib/markets.ts";
import { feedBy, NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import type { Feed, FeedArguments } from "../lib/oracle/hubs.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { actorOf } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, FeedArguments, ReadingArguments {
  readonly enroll: boolean;
}

/** What each step is done with. */
interface Work {
  readonly session: Session;
  readonly actor: Acting;
  readonly dryRun: boolean;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const feed = await feedBy(session, args);
    const markets = await guardedAmong(session, await allMarkets(session));
    const own = markets.filter(
      ({ breaker, view }) =>
        breaker.hubAddress === feed.hubAddress && view.terms.feed.toLowerCase() === feed.id,
    );
    const breakers = [...new Map(own.map(({ breaker }) => [breaker.address, breaker])).values()];
    if (breakers.length === 0) {
      throw new UsageError(
        `--feed: no market of ${feed.name} is guarded by a circuit breaker that looks at the hub ${feed.hubAddress}.`,
      );
    }
    const actor = await actorOf(session, args);
    await bringFirst(session, feed, args, actor);
    const work = { session, actor, dryRun: args.dryRun };
    const steps: Step[] = [];
    if (args.enroll) for (const market of own) steps.push(...(await enroll(work, market)));
    for (const breaker of breakers) steps.push(await observe(work, feed, breaker));
    for (const market of own) steps.push(...(await adapt(work, market)));
    const refused = steps.filter(({ outcome }) => outcome === "refused").map(({ what }) => what);
    return {
      json: { feed: { id: feed.id, name: feed.name }, steps: steps.map(stepJson) },
      text: steps.map(({ text }) => text).join("\n"),
      // Whoever runs this by a timer looks at the exit code alone.
      ...(refused.length === 0
        ? {}
        : { failure: { name: "StepsRefused", message: `Refused: ${refused.join(", ")}.` } }),
    };
  });

async function observe({ session, actor, dryRun }: Work, { id, name }: Feed, breaker: Breaker) {
  const contract = breaker.contract.connect(actor);
  const call = {
    what: `observe ${name}`,
    simulate: () => contract.observe.staticCall(id, NEXT_BLOCK),
    send: () => contract.observe(id),
  };
  return take(session, call, dryRun);
}

/** Begins to watch a market, or takes the feed that its hub has by now. */
async function enroll({ session, actor, dryRun }: Work, guarded: Guarded): Promise<Step[]> {
  const watch = await enrolled(guarded);
  if (watch !== undefined && watch.feed !== ZeroHash) return [];
  const { market, breaker } = guarded;
  const contract = breaker.contract.connect(actor);
  const call = {
    what: `enroll market ${marketLabel(guarded)}`,
    simulate: () => contract.enroll.staticCall(market, NEXT_BLOCK),
    send: () => contract.enroll(market),
  };
  return [await take(session, call, dryRun)];
}

/** Adapts a market to the stress, and writes what the ledger's word is behind with. */
async function adapt({ session, actor, dryRun }: Work, guarded: Guarded): Promise<Step[]> {
  if ((await enrolled(guarded)) === undefined) return [];
  const { market, breaker } = guarded;
  const contract = breaker.contract.connect(actor);
  const label = marketLabel(guarded);
  const adapted = await take(
    session,
    {
      what: `adapt market ${label}`,
      simulate: () => contract.adapt.staticCall(market, NEXT_BLOCK),
      send: () => contract.adapt(market),
    },
    dryRun,
  );
  const watched = await watchedAt(session, guarded);
  if (adapted.outcome === "would be done" || watched === undefined || !isBehind(watched)) {
    return [adapted];
  }
  const call = {
    what: `sync market ${label}`,
    simulate: () => contract.sync.staticCall(market, NEXT_BLOCK),
    send: () => contract.sync(market),
  };
  return [adapted, await take(session, call, dryRun)];
}
