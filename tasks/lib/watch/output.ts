import { iso } from "../times.ts";
import { alarmJson, alarmText } from "./alarm.ts";
import type { Finding, Severity } from "./alarm.ts";

/** Where and when something was found. */
export interface Found {
  readonly block: number | null;
  /** Unix seconds. */
  readonly time: bigint;
}

/** Exit codes of a watch. */
export const EXIT = { quiet: 0, warned: 1, critical: 2, node: 3 } as const;

/** Writes alarms, a line each, and counts them. */
export class Output {
  readonly #write: (line: string) => void;
  readonly #pretty: boolean;
  readonly #counts: Record<Severity, number> = { info: 0, warning: 0, critical: 0 };

  /** @param write - Takes a line with its end. */
  constructor(write: (line: string) => void, pretty: boolean) {
    this.#write = write;
    this.#pretty = pretty;
  }

  /** How many of each severity were told. */
  get counts(): Readonly<Record<Severity, number>> {
    return this.#counts;
  }

  /** Tells findings. */
  tell(findings: readonly Finding[], { block, time }: Found): void {
    for (const finding of findings) {
      this.#counts[finding.severity]++;
      const alarm = { ...finding, block, time: iso(time) };
      this.#write(`${this.#pretty ? alarmText(alarm) : alarmJson(alarm)}\n`);
    }
  }

  /** What the watch ends with, if it ends as it should. */
  exitCode(strict: boolean): number {
    const { critical, warning } = this.#counts;
    if (critical > 0) return EXIT.critical;
    return strict && warning > 0 ? EXIT.warned : EXIT.quiet;
  }
}
