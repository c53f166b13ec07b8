/** Something that happened in a block and is summed over time. */
interface Dated {
  readonly block: number;
  /** Unix seconds. */
  readonly time: bigint;
}

/** Tokens that left the ledger. */
export interface Outflow extends Dated {
  readonly token: bigint;
  /** Base units. */
  readonly amount: bigint;
}

/** What a fill did in one book of a market. */
export interface Trade extends Dated {
  readonly market: bigint;
  /** That changed hands, whoever paid it; base units. */
  readonly premium: bigint;
  /** Base units. */
  readonly fees: bigint;
  /** By how much open interest rose, lots; negative where it fell. */
  readonly opened: bigint;
}

/** Seconds that `volume` looks back beyond its window. */
export const DAY_BEFORE = 86_400n;

/** What happened of late: as long as any rule looks back. */
export class Activity {
  readonly #span: bigint;
  #outflows: Outflow[] = [];
  #trades: Trade[] = [];

  /** @param window - Seconds of the window of outflow and volume. */
  constructor(window: bigint) {
    this.#span = window + DAY_BEFORE;
  }

  /** What left. */
  get outflows(): readonly Outflow[] {
    return this.#outflows;
  }

  /** What was traded. */
  get trades(): readonly Trade[] {
    return this.#trades;
  }

  /** The first second that any rule looks at. */
  horizon(now: bigint): bigint {
    return now - this.#span;
  }

  /** Keeps what left. */
  left(outflow: Outflow): void {
    this.#outflows.push(outflow);
  }

  /** Keeps what was traded. */
  traded(trade: Trade): void {
    this.#trades.push(trade);
  }

  /** Forgets what no rule looks at any more. */
  age(now: bigint): void {
    const from = this.horizon(now);
    const [outflow] = this.#outflows;
    const [trade] = this.#trades;
    // In order of time: nothing is to be done as long as the first one counts.
    if (outflow && outflow.time <= from) this.#outflows = this.#outflows.filter(after(from));
    if (trade && trade.time <= from) this.#trades = this.#trades.filter(after(from));
  }

  /** Forgets what happened in blocks that are no more. */
  rewind(block: number): void {
    this.#outflows = this.#outflows.filter((one) => one.block <= block);
    this.#trades = this.#trades.filter((one) => one.block <= block);
  }
}

function after(from: bigint) {
  return ({ time }: Dated): boolean => time > from;
}
