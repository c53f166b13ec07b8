import { ADMIN, ROLES, TARGETS, TARGET_ADMIN_DELAY } from "../../../../deploy/roles.ts";
import { selectorsOf } from "../../../../deploy/selectors.ts";
import type { Parties } from "../../../../tasks/lib/access/read.ts";
import type { AccessState, RoleState, TargetState } from "../../../../tasks/lib/access/state.ts";

const address = (digit: string): string => `0x${digit.repeat(40)}`;

/** Who takes part here. */
export const PARTIES: Parties = {
  manager: address("1"),
  targets: {
    ledger: address("2"),
    hub: address("3"),
    breaker: address("4"),
    bounties: address("5"),
  },
  holders: { safe: address("6"), steward: address("7"), guardian: address("8") },
};

export const DEPLOYER = address("9");
export const STRANGER = `0x${"20".repeat(20)}`;
/** Time of the state below, unix seconds. */
export const NOW = 1_800_000_000n;

/** An access manager that says exactly what deploy/roles.ts does. */
export function rightState(): AccessState {
  const roles = ROLES.map(({ id, name, holder, delay, guardian, grantDelay }): RoleState => ({
    id,
    label: id === ADMIN ? undefined : name,
    admin: ADMIN,
    guardian: ROLES.find((role) => role.name === guardian)?.id ?? ADMIN,
    grantDelay: { now: grantDelay },
    members: [{ account: PARTIES.holders[holder], since: 1n, delay: { now: delay } }],
  }));
  const targets = TARGETS.map((target): TargetState => {
    const functions = ROLES.flatMap((role) =>
      (selectorsOf(role).get(target) ?? []).map((selector) => [selector, role.id] as const),
    );
    return {
      address: PARTIES.targets[target],
      authority: PARTIES.manager,
      closed: false,
      adminDelay: { now: TARGET_ADMIN_DELAY },
      functions: new Map(functions),
    };
  });
  return {
    manager: PARTIES.manager,
    block: 7,
    time: NOW,
    firstAdmin: DEPLOYER,
    roles,
    targets,
    operations: [],
    contradictions: [],
  };
}

/** The same with one role changed. */
export function withRole(name: string, change: (role: RoleState) => Partial<RoleState>) {
  const state = rightState();
  const changed = ROLES.find((role) => role.name === name)?.id;
  const roles = state.roles.map((role) =>
    role.id === changed ? { ...role, ...change(role) } : role,
  );
  return { ...state, roles };
}

/** The same with one target changed. */
export function withTarget(
  name: keyof Parties["targets"],
  change: (target: TargetState) => Partial<TargetState>,
) {
  const state = rightState();
  const targets = state.targets.map((target) =>
    target.address === PARTIES.targets[name] ? { ...target, ...change(target) } : target,
  );
  return { ...state, targets };
}
