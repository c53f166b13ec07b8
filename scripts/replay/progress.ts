/** Milliseconds between two lines: of a terminal, whose line is written over, and of anything else. */
const EVERY = { terminal: 200, other: 5_000 };

/** Where lines of progress go. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells how far a replay is: one line that is written over on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #sink: Sink;
  readonly #every: number;
  readonly #start = performance.now();
  #last = performance.now();
  #open = false;

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#every = sink.isTTY === true ? EVERY.terminal : EVERY.other;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1_000;
  }

  /** Says something now and then. */
  update(line: () => string): void {
    if (performance.now() - this.#last < this.#every) return;
    this.#last = performance.now();
    if (this.#sink.isTTY === true) {
      this.#sink.write(`\r\u001b[K${line()}`);
      this.#open = true;
    } else {
      this.#sink.write(`${line()}\n`);
    }
  }

  /** Says something that stays. */
  say(line: string): void {
    this.clear();
    this.#sink.write(`${line}\n`);
  }

  /** Takes the line away that would be written over. */
  clear(): void {
    if (this.#open) this.#sink.write("\r\u001b[K");
    this.#open = false;
  }
}
