/** Things to do, each at its time; of equal times the one added first. */
export class Agenda {
  readonly #entries: { readonly at: bigint; readonly task: () => Promise<void> }[] = [];

  /** Whether nothing is left to do. */
  get empty(): boolean {
    return this.#entries.length === 0;
  }

  /** Time of the next thing to do. */
  get due(): bigint | undefined {
    return this.#entries[0]?.at;
  }

  /** Notes something to do. */
  add(at: bigint, task: () => Promise<void>): void {
    const place = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(place < 0 ? this.#entries.length : place, 0, { at, task });
  }

  /** Takes the next thing to do out. */
  take(): () => Promise<void> {
    const entry = this.#entries.shift();
    if (entry === undefined) throw new Error("nothing is left to do");
    return entry.task;
  }
}
