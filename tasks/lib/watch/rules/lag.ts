import type { Condition } from "../alarm.ts";
import type { Limits } from "../limits.ts";

/** A chain that stands still, as the watch sees it. */
export interface Stillness {
  /** Seconds since the last new block came, by the watch's clock. */
  readonly seconds: number;
  /** The last block. */
  readonly block: number;
  /** Whether the node answers. */
  readonly answers: boolean;
}

/** A node whose chain no longer moves. */
export function lagConditions(still: Stillness, { lag }: Limits): Condition[] {
  const { seconds, block, answers } = still;
  if (lag === undefined || seconds <= Number(lag)) return [];
  const why = answers ? "the node answers, and has no newer block" : "the node does not answer";
  return [
    {
      alarm: "lag",
      severity: "warning",
      key: "head",
      text: `no new block for ${lag} s: ${why}`,
      details: { lastBlock: block, limitSeconds: Number(lag), answers },
    },
  ];
}
