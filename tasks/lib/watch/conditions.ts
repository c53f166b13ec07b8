import type { Condition, Finding } from "./alarm.ts";

/** Tells conditions once when they begin and once when they are over. */
export class Conditions {
  readonly #standing = new Map<string, Condition>();

  /**
   * What is new among the conditions of some rules.
   *
   * @param scope - Which rules: what stood of the same scope and is missing now is over.
   * @param conditions - All that holds now.
   */
  changes(scope: string, conditions: readonly Condition[]): Finding[] {
    const now = new Map(conditions.map((one) => [`${scope} ${one.key}`, one]));
    const begun = [...now].filter(([key]) => !this.#standing.has(key));
    const over = [...this.#standing].filter(
      ([key]) => key.startsWith(`${scope} `) && !now.has(key),
    );
    for (const [key] of over) this.#standing.delete(key);
    for (const [key, one] of begun) this.#standing.set(key, one);
    return [...over.map(([, one]) => overOf(one)), ...begun.map(([, one]) => findingOf(one))];
  }
}

function findingOf({ alarm, severity, text, details }: Condition): Finding {
  return { alarm, severity, text, details };
}

function overOf({ alarm, text, details }: Condition): Finding {
  return {
    alarm,
    severity: "info",
    text: `over: ${text}`,
    details: { ...details, over: true },
  };
}
