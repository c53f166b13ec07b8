import { buildModule } from "@nomicfoundation/ignition-core";
import type { ContractFuture, IgnitionModule } from "@nomicfoundation/ignition-core";

import { guardIn } from "../parts/guard.ts";
import { marketsIn } from "../parts/markets.ts";
import { oraclesIn } from "../parts/oracles.ts";
import { rolesIn } from "../parts/roles.ts";
import { safeIn } from "../parts/safe.ts";
import { tokensIn } from "../parts/tokens.ts";
import type { Plan } from "../plan.ts";
import Certus from "./Certus.ts";

/** Contracts of a deployment by the names that its file gives them. */
export type Contracts = Readonly<Record<string, ContractFuture<string>>>;

/**
 * A whole deployment as it is planned: the protocol, its prices, guard and governance, collateral of test networks and the first
 * markets. Its last transaction hands everything over to the Safe, the steward and the guardian.
 */
export function deploymentOf(plan: Plan): IgnitionModule<string, string, Contracts> {
  return buildModule("Deployment", (m) => {
    const { manager, ledger, oracle, ...certus } = m.useModule(Certus);
    const { contracts: oracles, created } = oraclesIn(m, plan, manager);
    const { oracleHub } = oracles;
    const guard = guardIn(m, plan, { ledger, oracleHub, manager });
    const safe = safeIn(m, plan);
    const tokens = tokensIn(m);
    const bounties = m.contract("Bounties", [ledger, manager, safe.safe]);
    const treasury = m.call(m.contractAt("IClearinghouse", ledger), "setTreasury", [bounties]);

    const listed = { ...oracles, ...guard, ...tokens, ledger, chainlinkSettlement: oracle };
    const markets = marketsIn(m, listed, plan.ownSigners.length > 0, [created]);
    const targets = { ledger, hub: oracleHub, breaker: guard.circuitBreaker, bounties };
    const holders = { safe: safe.safe, steward: plan.steward, guardian: guard.guardian };
    rolesIn(m, { manager, targets, holders }, plan, [created, treasury, ...markets]);

    return {
      accessManager: manager,
      clearinghouse: ledger,
      chainlinkSettlement: oracle,
      ...certus,
      ...oracles,
      ...guard,
      ...safe,
      bounties,
      ...tokens,
    };
  });
}
