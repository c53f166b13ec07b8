import { readFile } from "node:fs/promises";

import type { Chain } from "./chain.ts";
import type { Operation } from "./operation.ts";
import type { Scenes } from "./scene.ts";

/** Bare figures of the same kind as a peer's, from contracts without rules: beside them nobody is better. */
const BARE = /^bare /;

/** An operation as `results.json` keeps it. */
export interface Row {
  readonly op: string;
  readonly gas: number;
  /** Most gas it may use, or null. */
  readonly target: number | null;
  /** Gas of the same call on the floor, or null. */
  readonly floor: number | null;
  /** gas / floor, two decimals, or null. */
  readonly ratio: number | null;
  readonly warm: string;
  /** Gas of what is nearest to it elsewhere. */
  readonly peers: Readonly<Record<string, number>>;
  /** Why a missed target is accepted; only where it is missed. */
  readonly why?: string;
}

/** Gas of peers by operation. */
export type Peers = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The cheapest peer of a row, contracts without rules left out. */
export function bestPeer({ peers }: Row): { name: string; gas: number } | undefined {
  return Object.entries(peers)
    .filter(([name]) => !BARE.test(name))
    .map(([name, gas]) => ({ name, gas }))
    .sort((a, b) => a.gas - b.gas)[0];
}

/** True if a row misses its target. */
export const isMissed = ({ gas, target }: Row): boolean => target !== null && gas > target;

/** Reads `peers.json`; every entry must belong to an operation. */
export async function readPeers(path: string, operations: readonly Operation[]): Promise<Peers> {
  const peers = JSON.parse(await readFile(path, "utf8")) as Peers;
  const stray = Object.keys(peers).find((op) => !operations.some((one) => one.op === op));
  if (stray !== undefined)
    throw new Error(`${path} names an operation that is not measured: ${stray}`);
  return peers;
}

/** Measures operations one after the other, each from the same state, on Certus and on the floor. */
export async function measure(
  chain: Chain,
  { certus, floor, wideFloor }: Scenes,
  operations: readonly Operation[],
  peers: Peers,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { op, target: ceiling, atMost, warm, why, run, floorless, wide } of operations) {
    const gas = await chain.isolated(() => run(certus));
    const base = atMost === undefined ? null : await chain.isolated(() => atMost.of.run(certus));
    const target = base === null || atMost === undefined ? (ceiling ?? null) : atMost.times * base;
    const bare =
      floorless === true
        ? null
        : await chain.isolated(() => run(wide === true ? wideFloor : floor));
    const row = {
      op,
      gas: Number(gas),
      target: target === null ? null : Number(target),
      floor: bare === null ? null : Number(bare),
      ratio: bare === null ? null : Math.round((100 * Number(gas)) / Number(bare)) / 100,
      warm,
      peers: peers[op] ?? {},
    };
    rows.push(why !== undefined && isMissed(row) ? { ...row, why } : row);
  }
  return rows;
}
