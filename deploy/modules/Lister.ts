import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import Certus from "./Certus.ts";

/** Role of the access manager that lists and retires markets. The treasury stays with the administrator. */
export const LISTER_ROLE = 1n;

/**
 * Lets one account list and retire markets. The deployer must be the access manager's administrator.
 *
 * Parameter: `lister`, the deployer if left out.
 */
export default buildModule("Lister", (m) => {
  const { manager, listing, annex, ledger, oracle, lens } = m.useModule(Certus);
  const lister = m.getParameter("lister", m.getAccount(0));

  const { selector: list } = IClearinghouse__factory.createInterface().getFunction("list");
  const { selector: retire } = IClearinghouse__factory.createInterface().getFunction("retire");
  const executionDelay = 0;
  m.call(manager, "setTargetFunctionRole", [ledger, [list, retire], LISTER_ROLE]);
  m.call(manager, "grantRole", [LISTER_ROLE, lister, executionDelay]);
  return { manager, listing, annex, ledger, oracle, lens };
});
