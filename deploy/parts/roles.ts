import type {
  ArgumentType,
  CallableContractFuture,
  Future,
  IgnitionModuleBuilder,
} from "@nomicfoundation/ignition-core";

import { ADMIN, ROLES, TARGETS, TARGET_ADMIN_DELAY, roleNamed } from "../roles.ts";
import type { Holder, Target } from "../roles.ts";
import { selectorsOf } from "../selectors.ts";

/** Whom and what roles are about. */
export interface Governed {
  readonly manager: CallableContractFuture<string>;
  readonly targets: Readonly<Record<Target, ArgumentType>>;
  readonly holders: Readonly<Record<Holder, ArgumentType>>;
}

/**
 * Hands everything over in one transaction, after which the deployer can do nothing any more: labels, functions, delays and
 * role guardians as `deploy/roles.ts` has them, every role to its holder, and the deployer's own renounced last.
 *
 * @param deployer - The administrator until then: who sends the transaction.
 * @param after - What the deployer has to do before.
 */
export function rolesIn(
  m: IgnitionModuleBuilder,
  { manager, targets, holders }: Governed,
  { deployer }: { readonly deployer: ArgumentType },
  after: Future[],
) {
  const calls: ArgumentType[] = [];
  const then = (name: string, id: string, args: ArgumentType[]) =>
    calls.push(m.encodeFunctionCall(manager, name, args, { id: `${name}${id}` }));

  for (const role of ROLES) {
    const { id, name, holder, delay, guardian, grantDelay } = role;
    if (id !== ADMIN) then("labelRole", name, [id, name]);
    for (const [target, selectors] of selectorsOf(role)) {
      then("setTargetFunctionRole", `${name}${target}`, [targets[target], [...selectors], id]);
    }
    if (guardian !== undefined) then("setRoleGuardian", name, [id, roleNamed(guardian).id]);
    then("grantRole", name, [id, holders[holder], delay]);
    if (grantDelay !== 0) then("setGrantDelay", name, [id, grantDelay]);
  }
  for (const target of TARGETS) {
    then("setTargetAdminDelay", target, [targets[target], TARGET_ADMIN_DELAY]);
  }
  then("renounceRole", "", [ADMIN, deployer]);
  return m.call(manager, "multicall", [calls], { id: "handOver", after });
}
