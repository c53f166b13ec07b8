import type { CallOf, Command, InnerCall } from "./command.ts";

type Fill = CallOf<"fill">;
type FillMany = CallOf<"fillMany">;

/** The same fill with a part or a leg less, or simply of one unit. */
function* simplerFills<F extends Fill>(command: F): Generator<F> {
  const { order, limits } = command;
  const { parts } = order;
  for (const [at, part] of parts.entries()) {
    if (parts.length > 1) {
      const fewer = { ...order, parts: parts.toSpliced(at, 1) };
      yield { ...command, order: fewer, limits: limits.toSpliced(at, 1) };
    }
    for (const leg of part.legs.keys()) {
      const legs = part.legs.toSpliced(leg, 1);
      yield { ...command, order: { ...order, parts: parts.with(at, { ...part, legs }) } };
    }
  }
  if (command.units > 1n) {
    yield { ...command, units: 1n, order: { ...order, units: 1n, minFill: 0n } };
  }
}

/** The same call with an order less, or a part less of all of them. */
function* simplerMany<F extends FillMany>(command: F): Generator<F> {
  const { fills, limits } = command;
  for (const at of fills.keys()) {
    if (fills.length > 1) yield { ...command, fills: fills.toSpliced(at, 1) };
  }
  for (const at of limits.keys()) {
    if (limits.length === 1) break;
    const fewer = fills.map((fill) => ({
      ...fill,
      order: { ...fill.order, parts: fill.order.parts.toSpliced(at, 1) },
    }));
    yield { ...command, fills: fewer, limits: limits.toSpliced(at, 1) };
  }
}

/** The same calls with one less. */
function* fewerCalls<C extends InnerCall>(calls: readonly C[]): Generator<readonly C[]> {
  for (const at of calls.keys()) {
    if (calls.length > 1) yield calls.toSpliced(at, 1);
  }
}

/** Commands that are a little simpler than one. */
export function* simpler(command: Command): Generator<Command> {
  if (command.kind === "fill") yield* simplerFills(command);
  if (command.kind === "fillMany") yield* simplerMany(command);
  if (command.kind === "batch") {
    for (const calls of fewerCalls(command.calls)) yield { ...command, calls };
  }
  if (command.kind === "sequence") {
    for (const calls of fewerCalls(command.calls)) yield { ...command, calls };
  }
}
