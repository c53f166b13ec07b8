import type { Difference } from "../../../scripts/replay/compare.ts";
import type { Finding } from "./alarm.ts";
import { differenceConditions } from "./rules/difference.ts";

/** Tells each difference once, though every comparison finds it again. */
export class Differences {
  #known = new Set<string>();

  /** Whether anything differs, as far as is known. */
  get any(): boolean {
    return this.#known.size > 0;
  }

  /**
   * What is new among the differences of a comparison.
   *
   * @param full - Whether all was compared: what is not among them is no difference any more.
   */
  news(differences: readonly Difference[], full: boolean): Finding[] {
    const conditions = differenceConditions(differences);
    const fresh = conditions.filter(({ key }) => !this.#known.has(key));
    this.#known = new Set([...(full ? [] : this.#known), ...conditions.map(({ key }) => key)]);
    return fresh.map(({ alarm, severity, text, details }) => ({
      alarm,
      severity,
      text,
      details,
    }));
  }
}
