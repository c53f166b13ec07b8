/** Milliseconds between two tries at a node that does not answer. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** How long a node has been silent, and its chain still; by a clock in milliseconds. */
export class Patience {
  readonly #clock: () => number;
  #answered: number;
  #moved: number;
  #wait = FIRST_WAIT;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#answered = clock();
    this.#moved = clock();
  }

  /** The node answered; whether it had anything new. */
  heard(isNew: boolean): void {
    this.#answered = this.#clock();
    this.#wait = FIRST_WAIT;
    if (isNew) this.#moved = this.#answered;
  }

  /** Milliseconds since the node answered. */
  get silence(): number {
    return this.#clock() - this.#answered;
  }

  /** Seconds since the chain had a new block. */
  get stillness(): number {
    return (this.#clock() - this.#moved) / 1_000;
  }

  /** Milliseconds to wait until the next try: twice as long each time. */
  next(): number {
    const wait = this.#wait;
    this.#wait = Math.min(2 * wait, LONGEST_WAIT);
    return wait;
  }
}
