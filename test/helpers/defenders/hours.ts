import { HOUR, WEEK } from "../../fixtures/units.ts";

/** A look at whether new risk is taken. */
export interface Sample {
  readonly time: bigint;
  readonly shut: boolean;
}

/** Hours during which new risk was shut out: in all, and in the worst seven days. A sample stands for the time to the next. */
export function hoursShut(samples: readonly Sample[]): {
  readonly all: number;
  readonly worstWeek: number;
  /** When it was first shut; undefined if never. */
  readonly first: bigint | undefined;
} {
  const shut = samples.flatMap(({ time, shut: is }, index) => {
    const next = samples[index + 1]?.time ?? time;
    return is ? [{ time, length: next - time }] : [];
  });
  const sum = (some: typeof shut) => some.reduce((total, { length }) => total + length, 0n);
  const weeks = shut.map(({ time }) =>
    sum(shut.filter((each) => each.time >= time && each.time < time + WEEK)),
  );
  const most = weeks.reduce((worst, each) => (each > worst ? each : worst), 0n);
  const hours = (seconds: bigint) => Number(seconds) / Number(HOUR);
  return { all: hours(sum(shut)), worstWeek: hours(most), first: shut[0]?.time };
}
