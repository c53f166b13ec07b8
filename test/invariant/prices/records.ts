/**
 * Recorded rounds and answers, read from beside the repository when they are there, and made-up rounds for when they are
 * not.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { root } from "../../../scripts/lib/proc.ts";
import { Dice } from "../generate/dice.ts";

/** Where the recordings lie unless somebody says otherwise; they are no part of the repository. */
export const RECORDINGS = join(root, "../shared/data/oracle");

const ETHER = "chainlink_mainnet_eth_usd_rounds_2023-04_2024-01.csv.gz";
const STABLECOINS = "chainlink_mainnet_stablecoin_rounds_2021-02_2022-11.csv.gz";
const NODES = "ethusd_chainlink_nodes_and_providers_2022-04-17_2022-05-23.csv.gz";

/** The digits of a price at 8 decimals. */
const DECIMALS = 8;

/** A round as a feed published it. */
export interface RecordedRound {
  /** 8 decimals. */
  readonly answer: bigint;
  /** Unix time, seconds. */
  readonly updatedAt: bigint;
}

/** What the nodes of a feed answered at one time. */
export interface NodeAnswers {
  readonly time: bigint;
  /** 8 decimals, in the order of the columns. */
  readonly answers: readonly bigint[];
}

type Row = ReadonlyMap<string, string>;

function readRows(folder: string, name: string): readonly Row[] | undefined {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  const [header = "", ...lines] = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const columns = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return new Map(columns.map((column, at) => [column, cells[at] ?? ""]));
  });
}

function roundOf(row: Row): RecordedRound {
  return {
    answer: BigInt(row.get("answer") ?? 0),
    updatedAt: BigInt(row.get("updatedAt") ?? 0),
  };
}

/** Rounds of ETH in USD of ten months, oldest first; undefined where there is no recording. */
export function etherRounds(folder: string): readonly RecordedRound[] | undefined {
  return readRows(folder, ETHER)?.map(roundOf);
}

/** Rounds of a stablecoin by phase, the first phase first; undefined where there is no recording. */
export function stablecoinPhases(
  folder: string,
  feed: string,
): readonly (readonly RecordedRound[])[] | undefined {
  const rows = readRows(folder, STABLECOINS)?.filter((row) => row.get("feed") === feed);
  if (rows === undefined) return undefined;
  const phases: RecordedRound[][] = [];
  for (const row of rows) (phases[Number(row.get("phaseId")) - 1] ??= []).push(roundOf(row));
  return phases;
}

function priceOf(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0"));
}

/** Answers of the nodes of ETH/USD in the weeks around May 2022; undefined where there is no recording. */
export function nodeAnswers(folder: string): readonly NodeAnswers[] | undefined {
  return readRows(folder, NODES)?.map((row) => ({
    time: BigInt(row.get("ts") ?? 0),
    answers: [...row].flatMap(([name, text]) => (name.startsWith("node_") ? [priceOf(text)] : [])),
  }));
}

/** Time of the first made-up round. */
const MADE_UP_FROM = 1_680_734_315n;
const FIRST_ANSWER = 1_900_00000000n;
const HEARTBEAT = 3_600n;

/** Rounds such as a feed of a 0.5 % deviation and a heartbeat of an hour publishes, out of a seed. */
export function madeUpRounds(seed: number, count: number): readonly RecordedRound[] {
  const dice = new Dice(seed, 77);
  let [answer, updatedAt] = [FIRST_ANSWER, MADE_UP_FROM];
  return Array.from({ length: count }, () => {
    const round = { answer, updatedAt };
    const quiet = dice.chance(0.3);
    const bps = quiet ? dice.between(-40n, 40n) : dice.pick([-1n, 1n]) * dice.between(50n, 80n);
    answer += (answer * bps) / 10_000n;
    updatedAt += quiet ? HEARTBEAT + dice.between(0n, 120n) : dice.between(12n, HEARTBEAT);
    return round;
  });
}

/** What prices did, as the rounds tell it. */
export class PricePath {
  readonly rounds: readonly RecordedRound[];

  /** @param rounds - Oldest first, at least two. */
  constructor(rounds: readonly RecordedRound[]) {
    this.rounds = rounds;
  }

  /** Time of the first round. */
  get begin(): bigint {
    return this.rounds[0]?.updatedAt ?? 0n;
  }

  /** Time of the last round. */
  get end(): bigint {
    return this.rounds.at(-1)?.updatedAt ?? 0n;
  }

  /** How many rounds are not after a time. */
  countAt(time: bigint): number {
    let [low, high] = [0, this.rounds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rounds[middle]?.updatedAt ?? 0n) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last round's answer at a time, or, on the straight line to the next one, what lies between. */
  priceAt(time: bigint, between = false): bigint {
    const count = this.countAt(time);
    const [last, next] = [this.rounds[Math.max(count - 1, 0)], this.rounds[count]];
    if (last === undefined) throw new RangeError("a path has rounds");
    if (!between || next === undefined || count === 0) return last.answer;
    const span = next.updatedAt - last.updatedAt;
    return last.answer + ((next.answer - last.answer) * (time - last.updatedAt)) / span;
  }
}
