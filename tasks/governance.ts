import { task } from "hardhat/config";

import { common, optional } from "./lib/arguments.ts";

const KNOWN = "default: that of the deployment's file";

/** `access:audit` */
export const accessAudit = common(
  task(
    "access:audit",
    "Compares every role, member, delay and restricted function of the chain with deploy/roles.ts; fails on a difference",
  ),
)
  .addOption(optional("manager", "Address of the access manager; default: the ledger's authority"))
  .addOption(optional("hub", `Address of the oracle hub; ${KNOWN}`))
  .addOption(optional("breaker", `Address of the circuit breaker; ${KNOWN}`))
  .addOption(optional("bounties", `Address of the bounties; ${KNOWN}`))
  .addOption(optional("safe", `Address of the Safe that should be administrator; ${KNOWN}`))
  .addOption(optional("guardian", `Address of the guardian's account; ${KNOWN}`))
  .addOption(optional("steward", `Address of the steward; ${KNOWN}`))
  .setAction(() => import("./actions/access-audit.ts"))
  .build();
