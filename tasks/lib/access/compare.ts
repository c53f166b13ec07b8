import { ROLES } from "../../../deploy/roles.ts";
import type { Role } from "../../../deploy/roles.ts";
import { compareRole, unknownRole } from "./compareRoles.ts";
import { compareTarget, unknownTarget } from "./compareTargets.ts";
import type { Compared, Difference } from "./difference.ts";
import type { Parties } from "./read.ts";
import type { AccessState } from "./state.ts";

/** Compares what an access manager says with the roles, their holders and the targets as they should be. */
export function compareAccess(
  state: AccessState,
  parties: Parties,
  roles: readonly Role[] = ROLES,
): Compared {
  const contradictions = state.contradictions.map((text): Difference => ({
    kind: "contradiction",
    what: text,
    found: "events and views that differ",
    expected: "the same",
  }));
  const known = new Map(roles.map((role) => [role.id, role]));
  const results = [
    ...state.roles.map((found) => {
      const role = known.get(found.id);
      return role === undefined
        ? unknownRole(found)
        : compareRole(state, found, role, roles, parties);
    }),
    ...state.targets.map((found) => {
      const named = Object.entries(parties.targets).find(([, at]) => at === found.address);
      return named === undefined
        ? unknownTarget(found, roles)
        : compareTarget(state, found, named[0] as keyof Parties["targets"], roles);
    }),
  ];
  return {
    differences: [...contradictions, ...results.flatMap(({ differences }) => differences)],
    underway: results.flatMap(({ underway }) => underway),
  };
}
