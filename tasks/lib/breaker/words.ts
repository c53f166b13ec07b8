import { refusalText } from "../refusals.ts";
import type { Session } from "../session.ts";
import { timeOf } from "../shapes.ts";
import { shownTime } from "../times.ts";
import type { Attempt } from "./attempts.ts";
import type { Tried } from "./status.ts";
import { measureText } from "./triggers.ts";

const LEVELS = ["normal", "restricted", "halted"] as const;

/** The name of a level. */
export function levelName(level: bigint): string {
  return LEVELS[Number(level)] ?? `level ${level}`;
}

/** What a trigger would do, in words. */
export async function attemptText(session: Session, { row, attempt }: Tried): Promise<string> {
  switch (attempt.kind) {
    case "trip":
      return `EVIDENCE: ${levelName(attempt.level)} until ${shownTime(attempt.until)} UTC`;
    case "notice":
      return `holds; notice first, trip ${row.noticeMin / 60n} min later`;
    case "wait":
      return `noticed; trip from ${shownTime(attempt.from)} to ${shownTime(attempt.to)} UTC`;
    case "refused": {
      const { name, args } = attempt.error;
      if (name === "TriggerUnavailable") return "not available here";
      const { measured, threshold } = args;
      if (name === "NoEvidence" && typeof measured === "bigint" && typeof threshold === "bigint") {
        return measureText(row, measured, threshold);
      }
      return refusalText(session, attempt.error);
    }
  }
}

/** What a trigger would do, for a document. */
export function attemptJson(attempt: Attempt) {
  switch (attempt.kind) {
    case "trip": {
      const { level, until, hint } = attempt;
      return { can: "trip", level: levelName(level), until: timeOf(until), hint } as const;
    }
    case "notice":
      return { can: "notice" } as const;
    case "wait":
      return { can: "wait", from: timeOf(attempt.from), to: timeOf(attempt.to) } as const;
    case "refused": {
      const { name, args } = attempt.error;
      return { can: null, error: { name, args } } as const;
    }
  }
}
