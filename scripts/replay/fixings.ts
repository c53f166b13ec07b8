import type { Fixing, OracleEvent } from "@certus/model";

import { HistoryFault } from "./errors.ts";

/** The fixings of one single-feed oracle, by id. */
export type Fixings = Map<bigint, Fixing>;

/** Applies an event of the oracle, as `ChainlinkSettlement` of the model writes what it emits. */
export function applyFixing(fixings: Fixings, { name, args }: OracleEvent): void {
  const { fixing } = args;
  const known = fixings.get(fixing);
  if (name === "FixingOpened") {
    if (known !== undefined) throw new HistoryFault("the fixing is open already");
    const { mark, markTime, decimals, phase } = args;
    fixings.set(fixing, { price: 0n, mark, markTime, decimals, phase, step: 0n });
    return;
  }
  if (known === undefined) throw new HistoryFault("the fixing is not open");
  if (name === "MarkRefreshed") {
    const { mark, markTime, roundId } = args;
    const phase = roundId >> 64n > known.phase ? roundId >> 64n : known.phase;
    fixings.set(fixing, { ...known, mark, markTime, phase });
    return;
  }
  if (known.price !== 0n) throw new HistoryFault("the fixing has a price already");
  fixings.set(fixing, { ...known, price: args.price, step: args.step });
}
