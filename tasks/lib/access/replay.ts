import type { LogDescription } from "ethers";

import { ADMIN } from "../../../deploy/roles.ts";

/** A value that changes, at once or from a time on. */
export interface Change {
  readonly seconds: number;
  readonly from: bigint;
}

/** What a member is after the events. */
export interface Grant {
  /** 0 once it was revoked. */
  readonly since: bigint;
  readonly delay: Change;
}

/** An operation after the events. */
export interface Scheduled {
  readonly id: string;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
  readonly from: bigint;
}

/** What the events of an access manager come to. */
export interface Replayed {
  readonly firstAdmin: string;
  readonly labels: Map<bigint, string>;
  /** Everybody who ever had a role, by role and account. */
  readonly grants: Map<bigint, Map<string, Grant>>;
  readonly admins: Map<bigint, bigint>;
  readonly guardians: Map<bigint, bigint>;
  readonly grantDelays: Map<bigint, Change>;
  readonly functions: Map<string, Map<string, bigint>>;
  readonly closed: Map<string, boolean>;
  readonly adminDelays: Map<string, Change>;
  /** Those that were neither executed nor cancelled. */
  readonly operations: Map<string, Scheduled>;
}

/** Values of all events by their names; an event has some of them. */
interface Values {
  readonly roleId: bigint;
  readonly account: string;
  readonly delay: bigint;
  readonly since: bigint;
  readonly newMember: boolean;
  readonly label: string;
  readonly admin: bigint;
  readonly guardian: bigint;
  readonly target: string;
  readonly selector: string;
  readonly closed: boolean;
  readonly operationId: string;
  readonly schedule: bigint;
  readonly caller: string;
  readonly data: string;
}

/** One handler an event; events that change nothing have none. */
const HANDLERS: Readonly<Record<string, (state: Replayed, values: Values) => void>> = {
  RoleGranted({ grants }, { roleId, account, delay, since, newMember }) {
    const members = inner(grants, roleId);
    const before = members.get(account)?.since ?? 0n;
    // A change of a member's delay says when that takes effect, and leaves the membership as it is.
    const change = { seconds: Number(delay), from: newMember ? 0n : since };
    members.set(account, { since: newMember ? since : before, delay: change });
  },
  RoleRevoked({ grants }, { roleId, account }) {
    inner(grants, roleId).set(account, { since: 0n, delay: { seconds: 0, from: 0n } });
  },
  RoleLabel({ labels }, { roleId, label }) {
    labels.set(roleId, label);
  },
  RoleAdminChanged({ admins }, { roleId, admin }) {
    admins.set(roleId, admin);
  },
  RoleGuardianChanged({ guardians }, { roleId, guardian }) {
    guardians.set(roleId, guardian);
  },
  RoleGrantDelayChanged({ grantDelays }, { roleId, delay, since }) {
    grantDelays.set(roleId, { seconds: Number(delay), from: since });
  },
  TargetFunctionRoleUpdated({ functions }, { target, selector, roleId }) {
    inner(functions, target).set(selector, roleId);
  },
  TargetClosed({ closed: targets }, { target, closed }) {
    targets.set(target, closed);
  },
  TargetAdminDelayUpdated({ adminDelays }, { target, delay, since }) {
    adminDelays.set(target, { seconds: Number(delay), from: since });
  },
  OperationScheduled({ operations }, { operationId: id, schedule: from, caller, target, data }) {
    operations.set(id, { id, caller, target, data, from });
  },
  OperationExecuted({ operations }, { operationId }) {
    operations.delete(operationId);
  },
  OperationCanceled({ operations }, { operationId }) {
    operations.delete(operationId);
  },
};

function inner<Key, Inner, Value>(outer: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = outer.get(key) ?? new Map<Inner, Value>();
  outer.set(key, known);
  return known;
}

/** Replays the events of an access manager, from its creation on. */
export function replay(events: readonly Pick<LogDescription, "name" | "args">[]): Replayed {
  const [created] = events;
  const isFirst = created?.name === "RoleGranted" && created.args["roleId"] === ADMIN;
  if (!isFirst) throw new Error("the events do not begin with the first administrator");
  const state: Replayed = {
    firstAdmin: created.args["account"] as string,
    labels: new Map(),
    grants: new Map(),
    admins: new Map(),
    guardians: new Map(),
    grantDelays: new Map(),
    functions: new Map(),
    closed: new Map(),
    adminDelays: new Map(),
    operations: new Map(),
  };
  for (const { name, args } of events) {
    HANDLERS[name]?.(state, args.toObject() as unknown as Values);
  }
  return state;
}
