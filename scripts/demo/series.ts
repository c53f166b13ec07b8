/** One observation of a price, as the feed will publish it. */
export interface Round {
  /** When it is published, unix seconds. */
  readonly time: bigint;
  /** Price of one unit of the underlying, 8 decimals. */
  readonly answer: bigint;
}

const MINUTE = 60n;
const HOURS_A_YEAR = 8_760;

/** A made-up history: a geometric random walk by the hour. */
export interface Walk {
  /** Time of the first round, unix seconds. */
  readonly start: bigint;
  /** First price, in whole quote units. */
  readonly price: number;
  /** Number of hours after the first round. */
  readonly hours: number;
  /** Annualised volatility, 0.6 for 60 %. */
  readonly vol: number;
  /** Which of the walks; the same seed gives the same walk. */
  readonly seed: number;
}

/** The rounds of a walk, one an hour, the first at its start. */
export function walk({ start, price, hours, vol, seed }: Walk): readonly Round[] {
  const uniform = mulberry32(seed);
  const deviation = vol / Math.sqrt(HOURS_A_YEAR);
  const rounds: Round[] = [];
  let log = Math.log(price);
  for (let hour = 0; hour <= hours; hour++) {
    rounds.push({
      time: start + BigInt(hour) * 3_600n,
      answer: BigInt(Math.round(Math.exp(log) * 1e8)),
    });
    log += deviation * gauss(uniform) - (deviation * deviation) / 2;
  }
  return rounds;
}

/** The rounds with one a minute from a time on, each on the line between the rounds around it. */
export function byMinute(rounds: readonly Round[], from: bigint): readonly Round[] {
  return rounds.flatMap((round, index) => {
    const before = rounds[index - 1];
    if (before === undefined || round.time <= from) return [round];
    const minutes: Round[] = [];
    const first = before.time > from ? before.time + MINUTE : from;
    for (let time = first; time < round.time; time += MINUTE) {
      const part = (round.answer - before.answer) * (time - before.time);
      minutes.push({ time, answer: before.answer + part / (round.time - before.time) });
    }
    return [...minutes, round];
  });
}

/** The rounds without those in [from, to): what a feed shows that fell silent. */
export function silence(rounds: readonly Round[], from: bigint, to: bigint): readonly Round[] {
  return rounds.filter(({ time }) => time < from || time >= to);
}

/** The lowest answer of a history. */
export function lowestOf(rounds: readonly Round[]): bigint {
  const [first] = rounds;
  if (first === undefined) throw new Error("a history without rounds has no lowest price");
  return rounds.reduce((low, { answer }) => (answer < low ? answer : low), first.answer);
}

/** Index of the first round at or after a time. */
export function indexFrom(rounds: readonly Round[], time: bigint): number {
  let [low, high] = [0, rounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rounds[middle]?.time ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One normal deviate out of two uniform ones (Box and Muller). */
function gauss(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

/** A small generator of numbers in [0, 1) that runs the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
