import { ADMIN } from "../../../deploy/roles.ts";
import type { Role } from "../../../deploy/roles.ts";
import { iso } from "../times.ts";
import { differs, judge } from "./difference.ts";
import type { Compared, Difference } from "./difference.ts";
import type { Parties } from "./read.ts";
import type { AccessState, MemberState, RoleState } from "./state.ts";
import { delayText, roleText } from "./text.ts";

/** A role against what it should be. */
export function compareRole(
  state: AccessState,
  found: RoleState,
  role: Role,
  roles: readonly Role[],
  { holders }: Parties,
): Compared {
  const { name, id } = role;
  const guardian = roles.find((each) => each.name === role.guardian)?.id ?? ADMIN;
  const label = id === ADMIN ? undefined : name;
  const delay = judge(found.grantDelay, role.grantDelay);
  const delays = [delayText(found.grantDelay), delayText({ now: role.grantDelay })] as const;
  return {
    differences: [
      ...differs("label", `label of ${name}`, found.label ?? "none", label ?? "none"),
      ...differs(
        "role admin",
        `admin of ${name}`,
        roleText(found.admin, roles),
        roleText(ADMIN, roles),
      ),
      ...differs(
        "role guardian",
        `guardian of ${name}`,
        roleText(found.guardian, roles),
        roleText(guardian, roles),
      ),
      ...(delay === "wrong" ? differs("grant delay", `grant delay of ${name}`, ...delays) : []),
      ...compareMembers(state, found, role, holders[role.holder]),
    ],
    underway: delay === "underway" ? [`grant delay of ${name}: ${delays[0]}`] : [],
  };
}

/** A role that nobody planned. */
export function unknownRole({ id, label, members }: RoleState): Compared {
  const accounts = members.map(({ account }) => account).join(", ");
  const named = label === undefined ? "" : ` ${JSON.stringify(label)}`;
  const found = members.length === 0 ? "there, without members" : `of ${accounts}`;
  const what = `role ${id}${named}`;
  return {
    differences: [{ kind: "role not expected", what, found, expected: "no such role" }],
    underway: [],
  };
}

function compareMembers(
  { firstAdmin, time }: AccessState,
  { members }: RoleState,
  { name, id, delay }: Role,
  holder: string,
): Difference[] {
  const member = members.find(({ account }) => account === holder);
  const others = members.filter(({ account }) => account !== holder);
  const missing = { kind: "member missing", what: `${holder} in ${name}` } as const;
  return [
    ...(member === undefined
      ? [{ ...missing, found: "no member", expected: `member, delay ${delayText({ now: delay })}` }]
      : compareMember(member, name, delay, time)),
    ...others.map(({ account, delay: other }): Difference => {
      const isFirst = id === ADMIN && account === firstAdmin;
      return {
        kind: isFirst ? "first administrator" : "member not expected",
        what: `${account} in ${name}${isFirst ? ", from the beginning" : ""}`,
        found: `member, delay ${delayText(other)}`,
        expected: "no member",
      };
    }),
  ];
}

function compareMember(
  { account, since, delay }: MemberState,
  name: string,
  expected: number,
  time: bigint,
): Difference[] {
  const waiting: Difference = {
    kind: "member waiting",
    what: `${account} in ${name}`,
    found: `member from ${iso(since)}`,
    expected: "member now",
  };
  // Until a longer delay takes effect the member may act sooner than it should.
  const verdict = judge(delay, expected);
  const delays = [delayText(delay), delayText({ now: expected })] as const;
  return [
    ...(since > time ? [waiting] : []),
    ...(verdict === "right"
      ? []
      : differs("member delay", `delay of ${account} in ${name}`, ...delays)),
  ];
}
