import type { Header } from "../../../../scripts/replay/node.ts";
import type { Finding } from "../alarm.ts";
import type { Limits } from "../limits.ts";

/** A change of the chain. */
export interface Fork {
  /** The block that was the last one, and is no more. */
  readonly last: Header;
  /** The last block that both branches have; undefined if none of those that are remembered. */
  readonly common: Header | undefined;
  /** Blocks that are remembered. */
  readonly remembered: number;
}

/** Blocks that a fork gave up; as far as is remembered. */
export function depthOf({ last, common, remembered }: Fork): number {
  return common === undefined ? remembered : last.number - common.number;
}

/** A reorganisation: deeper than the limit, it is worse than what chains do by themselves. */
export function reorgFinding(fork: Fork, { reorgDepth }: Limits): Finding {
  const depth = depthOf(fork);
  const { last, common } = fork;
  const blocks = `${depth} ${depth === 1 ? "block" : "blocks"}${common ? "" : " or more"}`;
  return {
    alarm: "reorg",
    severity: depth > reorgDepth || common === undefined ? "critical" : "warning",
    text: `the chain gave up ${blocks}${common ? ` after ${common.number}` : ""}; the replica follows`,
    details: { depth, gaveUp: named(last), common: common ? named(common) : null },
  };
}

function named({ number, hash }: Header) {
  return { number, hash };
}
