import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { rolesIn } from "../parts/roles.ts";

/**
 * Hands a protocol that stands over to those who govern it; the deployer must be the access manager's administrator. Fees
 * go to the bounties from then on, and from there to their treasury.
 *
 * Parameters, addresses all of them: `manager`, `ledger`, `hub`, `breaker`, `bounties`, and who governs: `safe`, `steward`,
 * `guardian`.
 */
export default buildModule("Governance", (m) => {
  const at = (name: string) => m.getParameter<string>(name);
  const manager = m.contractAt("AccessManager", at("manager"));
  const ledger = m.contractAt("IClearinghouse", at("ledger"));
  const bounties = at("bounties");

  const treasury = m.call(ledger, "setTreasury", [bounties]);
  const targets = { ledger, hub: at("hub"), breaker: at("breaker"), bounties };
  const holders = { safe: at("safe"), steward: at("steward"), guardian: at("guardian") };
  rolesIn(m, { manager, targets, holders }, { deployer: m.getAccount(0) }, [treasury]);
  return { manager, ledger };
});
