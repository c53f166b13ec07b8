import { timeOf } from "../../shapes.ts";
import { iso } from "../../times.ts";
import type { Finding, Severity } from "../alarm.ts";
import { addressName } from "../names.ts";

/** What an access manager told. */
export interface ManagerTold {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How calls are called. */
export interface CallNames {
  /** What a call does: `retire(…) of 0x…`. */
  call(target: string, data: string): string;
  /** A function by its selector. */
  functionName(selector: string): string;
}

/** An operation that was scheduled, for the events that name it by its id alone. */
export interface Operation {
  readonly target: string;
  readonly caller: string;
  readonly data: string;
  /** From when on it can be executed, unix seconds. */
  readonly schedule: bigint;
}

/** Operations that were scheduled, by their ids. */
export type Operations = ReadonlyMap<string, Operation>;

/**
 * What changed about who may do what: operations scheduled, cancelled and executed, roles and their delays.
 *
 * @param operations - Those scheduled so far, with those of these events.
 */
export function pendingFindings(
  told: readonly ManagerTold[],
  operations: Operations,
  calls: CallNames,
): Finding[] {
  return told.map(({ name, args }) => {
    const [severity, text] = sentence(name, args, operations, calls);
    return { alarm: "pending", severity, text, details: { what: name, ...plain(args) } };
  });
}

/** A standing operation, for whoever begins to watch. */
export function standingFinding(id: string, operation: Operation, calls: CallNames): Finding {
  const { target, caller, data, schedule } = operation;
  return {
    alarm: "pending",
    severity: "warning",
    text: `${calls.call(target, data)} waits to be executed, from ${iso(schedule)} on`,
    details: {
      what: "OperationScheduled",
      operationId: id,
      schedule: timeOf(schedule),
      caller,
      target,
      data,
    },
  };
}

/** The ledger hangs on another access manager, or its fees go elsewhere. */
export function authorityFinding(name: string, before: bigint, now: bigint): Finding {
  const [severity, what]: [Severity, string] =
    name === "TreasurySet" ? ["warning", "treasury"] : ["critical", "access manager"];
  return {
    alarm: "pending",
    severity,
    text: `the ledger's ${what} is ${addressName(now)} now`,
    details: { what: name, before: addressName(before), now: addressName(now) },
  };
}

/** What is said of an event. */
type Sentence = (said: Said) => readonly [Severity, string];

/** What sentences are made of. */
interface Said {
  readonly arg: (key: string) => string;
  /** A time, as people read it. */
  readonly time: (key: string) => string;
  readonly is: (key: string) => boolean;
  /** The call that the event is about. */
  readonly call: string;
  readonly functionName: (selector: string) => string;
}

const SENTENCES: Readonly<Record<string, Sentence>> = {
  OperationScheduled: ({ arg, time, call }) => [
    "warning",
    `${arg("caller")} schedules ${call}, from ${time("schedule")} on`,
  ],
  OperationExecuted: ({ call }) => ["info", `${call} was executed`],
  OperationCanceled: ({ call }) => ["info", `${call} was cancelled`],
  RoleGranted: ({ arg, time, is }) => [
    "warning",
    `${arg("account")} ${is("newMember") ? "gets" : "has another delay in"} role ${arg("roleId")}: ` +
      `delay ${arg("delay")} s, from ${time("since")} on`,
  ],
  RoleRevoked: ({ arg }) => ["warning", `${arg("account")} loses role ${arg("roleId")}`],
  RoleLabel: ({ arg }) => ["info", `role ${arg("roleId")} is called ${arg("label")}`],
  RoleAdminChanged: ({ arg }) => [
    "warning",
    `role ${arg("roleId")} is granted by role ${arg("admin")} from now on`,
  ],
  RoleGuardianChanged: ({ arg }) => [
    "warning",
    `operations of role ${arg("roleId")} are cancelled by role ${arg("guardian")} from now on`,
  ],
  RoleGrantDelayChanged: ({ arg, time }) => [
    "warning",
    `grants of role ${arg("roleId")} wait ${arg("delay")} s from ${time("since")} on`,
  ],
  TargetFunctionRoleUpdated: ({ arg, functionName }) => [
    "warning",
    `${functionName(arg("selector"))} of ${arg("target")} wants role ${arg("roleId")} from now on`,
  ],
  TargetAdminDelayUpdated: ({ arg, time }) => [
    "warning",
    `changes of who may call ${arg("target")} wait ${arg("delay")} s from ${time("since")} on`,
  ],
  TargetClosed: ({ arg, is }) => [
    "warning",
    `restricted functions of ${arg("target")} are ${is("closed") ? "closed" : "open again"}`,
  ],
};

function sentence(
  name: string,
  args: ManagerTold["args"],
  operations: Operations,
  calls: CallNames,
): readonly [Severity, string] {
  const arg = (key: string): string => String(args[key]);
  const known = operations.get(arg("operationId"));
  const said: Said = {
    arg,
    time: (key) => iso(args[key] as bigint),
    is: (key) => args[key] === true,
    call: known ? calls.call(known.target, known.data) : `operation ${arg("operationId")}`,
    functionName: (selector) => calls.functionName(selector),
  };
  return SENTENCES[name]?.(said) ?? ["warning", `the access manager says ${name}`];
}

function plain(args: ManagerTold["args"]): Record<string, unknown> {
  const times = new Set(["schedule", "since"]);
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      times.has(key) && typeof value === "bigint" ? timeOf(value) : value,
    ]),
  );
}
