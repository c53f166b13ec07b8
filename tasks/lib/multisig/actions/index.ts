import { BOUNTY_ACTIONS } from "./bounties.ts";
import { BREAKER_ACTIONS } from "./breaker.ts";
import { HUB_ACTIONS } from "./hub.ts";
import { LEDGER_ACTIONS } from "./ledger.ts";
import { MANAGER_ACTIONS } from "./manager.ts";
import { OWNER_ACTIONS } from "./owners.ts";
import { RAW_ACTIONS } from "./raw.ts";
import type { Action, Desk } from "./types.ts";

/** Everything that a proposal can be asked for by name. */
export const ACTIONS: Readonly<Record<string, Action<Desk>>> = {
  ...LEDGER_ACTIONS,
  ...HUB_ACTIONS,
  ...BREAKER_ACTIONS,
  ...BOUNTY_ACTIONS,
  ...MANAGER_ACTIONS,
  ...OWNER_ACTIONS,
  ...RAW_ACTIONS,
};
