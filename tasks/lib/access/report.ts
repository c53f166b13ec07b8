import { paragraphs, table } from "../print.ts";
import type { Report } from "../print.ts";
import { shownTime } from "../times.ts";
import type { Compared } from "./difference.ts";
import { accessDocument } from "./document.ts";
import { callText, dataText, namesOf } from "./names.ts";
import type { NameOf } from "./names.ts";
import type { Parties } from "./read.ts";
import type { AccessState, OperationState, RoleState, TargetState } from "./state.ts";
import { delayText, roleText } from "./text.ts";

/** What the audit found, as a document and as tables. */
export function accessReport(state: AccessState, parties: Parties, compared: Compared): Report {
  const nameOf = namesOf(state, parties);
  const { differences, underway } = compared;
  const { manager: address, block, time, roles, targets, operations } = state;
  return {
    json: accessDocument(state, compared, nameOf),
    text: paragraphs(
      `Access manager ${address}, block ${block}, ${shownTime(time)} UTC`,
      table(
        ROLE_COLUMNS,
        roles.map((role) => roleRow(role, targets, nameOf)),
      ),
      table(
        TARGET_COLUMNS,
        targets.map((target) => targetRow(target, nameOf, address)),
      ),
      operations.length === 0
        ? "Nothing is scheduled."
        : table(
            OPERATION_COLUMNS,
            operations.map((each) => operationRow(each, nameOf)),
          ),
      underway.length === 0
        ? undefined
        : `Set, and not yet in effect:\n${underway.map((text) => `- ${text}`).join("\n")}`,
      differences.length === 0
        ? "All is as in deploy/roles.ts."
        : table(
            DIFFERENCE_COLUMNS,
            differences.map(({ kind, what, found, expected }) => [kind, what, found, expected]),
          ),
    ),
  };
}

const ROLE_COLUMNS = [
  "role",
  "held by",
  "delay",
  "granted by",
  "cancelled by",
  "grant delay",
  "functions",
];
const TARGET_COLUMNS = ["target", "address", "authority", "closed", "admin delay"];
const OPERATION_COLUMNS = ["scheduled", "by", "of", "from, UTC", "until, UTC", "now"];
const DIFFERENCE_COLUMNS = ["difference", "of", "found", "expected"];

function roleRow(role: RoleState, targets: readonly TargetState[], nameOf: NameOf): string[] {
  const { id, admin, guardian, grantDelay, members } = role;
  const functions = targets.flatMap(({ address, functions: given }) =>
    [...given].flatMap(([selector, of]) =>
      of === id ? [callText(nameOf(address), selector)] : [],
    ),
  );
  return [
    `${id} ${roleText(id)}`,
    members.map(({ account }) => nameOf(account)).join("\n"),
    members.map(({ delay }) => delayText(delay)).join("\n"),
    roleText(admin),
    roleText(guardian),
    delayText(grantDelay),
    functions.join("\n"),
  ];
}

function targetRow(
  { address, authority, closed, adminDelay }: TargetState,
  nameOf: NameOf,
  of: string,
): string[] {
  const asks = authority === of ? "the manager" : (authority ?? "none");
  return [nameOf(address), address, asks, closed ? "yes" : "no", delayText(adminDelay)];
}

function operationRow(
  { caller, target, data, from, until, standing }: OperationState,
  nameOf: NameOf,
): string[] {
  const times = [shownTime(from), shownTime(until)];
  return [dataText(data), nameOf(caller), nameOf(target), ...times, standing];
}
