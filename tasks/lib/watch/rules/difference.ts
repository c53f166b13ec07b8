import { tellDifference } from "../../../../scripts/replay/compare.ts";
import type { Difference } from "../../../../scripts/replay/compare.ts";
import { idOf } from "../../shapes.ts";
import type { Condition, Finding } from "../alarm.ts";

/** Words of the chain that are not as the replica has them. */
export function differenceConditions(differences: readonly Difference[]): Condition[] {
  return differences.map((difference) => {
    const { what, slot, expected, found, fields } = difference;
    return {
      alarm: "difference",
      severity: "critical",
      // A word that changes again is another difference.
      key: `${what} ${found}`,
      text: tellDifference(difference),
      details: {
        what,
        slot: slot === undefined ? null : idOf(slot),
        expected: idOf(expected),
        found: idOf(found),
        fields,
      },
    };
  });
}

/** Events that make no history: the replica cannot follow them. */
export function faultFinding(message: string): Finding {
  return {
    alarm: "difference",
    severity: "critical",
    text: `the events make no history: ${message}`,
    details: { fault: message },
  };
}
