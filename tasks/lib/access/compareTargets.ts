import { ADMIN, TARGET_ADMIN_DELAY } from "../../../deploy/roles.ts";
import type { Role, Target } from "../../../deploy/roles.ts";
import { selectorsOf } from "../../../deploy/selectors.ts";
import { differs, judge } from "./difference.ts";
import type { Compared, Difference } from "./difference.ts";
import type { AccessState, TargetState } from "./state.ts";
import { delayText, functionText, roleText } from "./text.ts";

/** A target against what it should be. */
export function compareTarget(
  { manager }: AccessState,
  { authority, closed, adminDelay, functions }: TargetState,
  target: Target,
  roles: readonly Role[],
): Compared {
  const delay = judge(adminDelay, TARGET_ADMIN_DELAY);
  const delays = [delayText(adminDelay), delayText({ now: TARGET_ADMIN_DELAY })] as const;
  const expected = new Map(
    roles.flatMap((role) =>
      (selectorsOf(role).get(target) ?? []).map((selector) => [selector, role.id] as const),
    ),
  );
  const selectors = new Set([...functions.keys(), ...expected.keys()]);
  return {
    differences: [
      ...differs("authority", `authority of the ${target}`, authority ?? "none", manager),
      ...differs("closed", `the ${target}`, closed ? "closed" : "open", "open"),
      ...(delay === "wrong"
        ? differs("target delay", `admin delay of the ${target}`, ...delays)
        : []),
      ...[...selectors].flatMap((selector) =>
        differs(
          expected.has(selector) ? "function role" : "function not expected",
          functionText(target, selector),
          roleText(functions.get(selector) ?? ADMIN, roles),
          roleText(expected.get(selector) ?? ADMIN, roles),
        ),
      ),
    ],
    underway: delay === "underway" ? [`admin delay of the ${target}: ${delays[0]}`] : [],
  };
}

/** A contract that nobody planned to guard. */
export function unknownTarget(
  { address, functions, closed }: TargetState,
  roles: readonly Role[],
): Compared {
  const given = [...functions].map(([selector, role]) => `${selector} to ${roleText(role, roles)}`);
  const found = [...given, ...(closed ? ["closed"] : [])].join(", ");
  const difference: Difference = {
    kind: "target not expected",
    what: address,
    found: found === "" ? "named in events" : found,
    expected: "no such target",
  };
  return { differences: [difference], underway: [] };
}
