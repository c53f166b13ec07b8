import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { guardedAmong, guardedBy } from "../lib/breaker/breakers.ts";
import type { Guarded } from "../lib/breaker/breakers.ts";
import { watchedAt } from "../lib/breaker/status.ts";
import { watchedJson } from "../lib/breaker/statusJson.ts";
import {
  strangerRow,
  WATCHED_COLUMNS,
  watchedRow,
  watchedText,
} from "../lib/breaker/statusText.ts";
import { allMarkets, marketLabel } from "../lib/markets.ts";
import { table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends CommonArguments {
  readonly market: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    if (args.market === undefined) return everyMarket(session);
    const guarded = await guardedBy(session, "--market", args.market);
    const watched = await watchedAt(session, guarded);
    if (watched === undefined) {
      const text = `Market ${marketLabel(guarded)} is not watched by its breaker ${guarded.breaker.address} yet: breaker:observe with --enroll begins.`;
      return { json: strangerJson(guarded), text };
    }
    return {
      json: await watchedJson(session, watched),
      text: await watchedText(session, watched),
    };
  });

async function everyMarket(session: Session) {
  const guarded = await guardedAmong(session, await allMarkets(session));
  if (guarded.length === 0) {
    throw new UsageError("No market of this ledger is guarded by a circuit breaker.");
  }
  const found = await Promise.all(
    guarded.map(async (one) => ({ one, watched: await watchedAt(session, one) })),
  );
  const json = await Promise.all(
    found.map(async ({ one, watched }) =>
      watched === undefined ? strangerJson(one) : watchedJson(session, watched),
    ),
  );
  const rows = found.map(({ one, watched }) =>
    watched === undefined ? strangerRow(one) : watchedRow(watched),
  );
  return { json: { markets: json }, text: table(WATCHED_COLUMNS, rows) };
}

function strangerJson({ market, number, breaker }: Guarded) {
  return {
    market: idOf(market),
    number,
    breaker: breaker.address,
    hub: breaker.hubAddress,
    level: null,
  };
}
