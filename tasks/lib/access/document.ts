import { timeOf } from "../shapes.ts";
import type { Compared } from "./difference.ts";
import { callText, dataText } from "./names.ts";
import type { NameOf } from "./names.ts";
import type { AccessState, Delay, OperationState, RoleState, TargetState } from "./state.ts";
import { roleText } from "./text.ts";

/** What the audit found, as a document. */
export function accessDocument(
  { manager, block, time, roles, targets, operations }: AccessState,
  { differences, underway }: Compared,
  nameOf: NameOf,
) {
  return {
    manager,
    block,
    time: timeOf(time),
    roles: roles.map(roleJson),
    targets: targets.map((target) => targetJson(target, nameOf)),
    operations: operations.map(operationJson),
    underway,
    differences,
  };
}

const delayJson = ({ now, next }: Delay) => ({
  seconds: now,
  next: next === undefined ? null : { seconds: next.seconds, from: timeOf(next.from) },
});

function roleJson({ id, label, admin, guardian, grantDelay, members }: RoleState) {
  return {
    id,
    name: roleText(id),
    label: label ?? null,
    admin: roleText(admin),
    guardian: roleText(guardian),
    grantDelay: delayJson(grantDelay),
    members: members.map(({ account, since, delay }) => ({
      account,
      since: timeOf(since),
      delay: delayJson(delay),
    })),
  };
}

function targetJson(
  { address, authority, closed, adminDelay, functions }: TargetState,
  nameOf: NameOf,
) {
  return {
    name: nameOf(address),
    address,
    authority: authority ?? null,
    closed,
    adminDelay: delayJson(adminDelay),
    functions: [...functions].map(([selector, role]) => ({
      selector,
      name: callText(nameOf(address), selector),
      role: roleText(role),
    })),
  };
}

function operationJson({ id, caller, target, data, from, until, standing }: OperationState) {
  const times = { from: timeOf(from), until: timeOf(until) };
  return { id, caller, target, call: dataText(data), data, ...times, standing };
}
