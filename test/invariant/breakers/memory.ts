import { findMarket } from "@certus/model";
import type { Guard, MarketWatch } from "@certus/model";

import type { Command } from "./command.ts";
import type { BreakerTwin } from "./twin.ts";

/** What a market was before a command. */
export interface Memory {
  readonly watch: MarketWatch | undefined;
  readonly guard: Guard | undefined;
}

/** The market that a command is about, as the model has it now. */
export function memorise({ breaker, ledger }: BreakerTwin, command: Command): Memory {
  const market = "market" in command ? command.market : 0n;
  const guard = findMarket(ledger.state, market)?.guard;
  return {
    watch: breaker.markets.get(market),
    guard: guard === undefined ? undefined : { ...guard },
  };
}
