import type { Provider } from "ethers";

import type { AccessManager } from "../../../packages/contracts/src/generated/bindings/AccessManager.ts";
import type { Change, Replayed } from "./replay.ts";
import type { Delay } from "./state.ts";

/** A manager that is asked, as of one block, beside what its events come to. */
export interface Asked {
  readonly provider: Provider;
  readonly contract: AccessManager;
  readonly block: number;
  /** Of that block, unix seconds. */
  readonly time: bigint;
  readonly replayed: Replayed;
  /** Grows wherever views and events differ. */
  readonly contradictions: string[];
}

/** Notes it if a view does not say what the events do. */
export function confirm(
  { contradictions }: Asked,
  what: string,
  viewed: bigint | number | boolean,
  replayed: bigint | number | boolean,
): void {
  if (viewed === replayed) return;
  contradictions.push(`${what}: ${viewed} by the view, ${replayed} by the events`);
}

/** A delay of which the view says what it is now, and only the events what it will be. */
export function delayOf(
  asked: Asked,
  what: string,
  viewed: bigint,
  change: Change = { seconds: 0, from: 0n },
): Delay {
  const now = Number(viewed);
  const { seconds, from } = change;
  if (from > asked.time) return { now, next: { seconds, from } };
  confirm(asked, what, now, seconds);
  return { now };
}
