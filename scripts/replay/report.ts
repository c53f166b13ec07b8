import { toWord } from "../lib/abi.ts";
import { hex } from "../lib/ledger-storage.ts";
import { tellDifference } from "./compare.ts";
import type { Difference } from "./compare.ts";
import { addressText } from "./node.ts";
import type { BlockRef } from "./node.ts";
import type { TokenTotals } from "./solvency.ts";

/** What there is of each kind. */
export interface Counts {
  readonly markets: number;
  readonly books: number;
  readonly accounts: number;
  readonly positions: number;
  readonly packages: number;
  readonly fixings: number;
}

/** What a comparison came to. */
export interface Comparison {
  /** Commitment to the ledger's part of the state, docs/state.md. */
  readonly root: bigint;
  /** Words compared. */
  readonly words: number;
  readonly differences: readonly Difference[];
  readonly counts: Counts;
  readonly tokens: readonly TokenTotals[];
}

/** What a replay came to. */
export interface Report {
  readonly chainId: bigint;
  readonly ledger: string;
  readonly oracles: readonly string[];
  readonly from: number;
  readonly block: BlockRef;
  readonly events: number;
  /** How many of each name. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Seconds in which the events were read and applied. */
  readonly seconds: number;
  /** How often the chain changed meanwhile. */
  readonly reorganisations: number;
  /** Why the events make no history; nothing is compared then. */
  readonly fault?: string;
  readonly comparison?: Comparison;
}

/** Whether ledger and events agree. */
export function isEqual({ comparison }: Report): boolean {
  return comparison !== undefined && comparison.differences.length === 0;
}

/** Differences that are shown; JSON has all. */
const SHOWN = 200;

/** A report as text. */
export function tellReport(report: Report): string {
  const { chainId, ledger, block, events, seconds, fault, comparison } = report;
  const rate = Math.round(events / Math.max(seconds, 0.001));
  const lines = [
    `ledger ${ledger} on chain ${chainId}, block ${block.number} ${block.hash}`,
    `${events} events from block ${report.from} on, in ${seconds.toFixed(1)} s: ${rate} events a second`,
  ];
  if (report.reorganisations > 0) {
    lines.push(`the chain was reorganised ${report.reorganisations} times meanwhile`);
  }
  if (fault !== undefined) lines.push(`FAULT: the events make no history: ${fault}`);
  if (comparison !== undefined) lines.push(...tellComparison(comparison));
  return lines.join("\n");
}

function tellComparison({ root, words, differences, counts, tokens }: Comparison): string[] {
  const all = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  const lines = [all.join(", ")];
  for (const { token, cash, pools, fees, balance } of tokens) {
    const spare = balance - cash - pools - fees;
    const more = spare > 0n ? `, ${spare} of it sent there without a deposit` : "";
    lines.push(
      `token ${addressText(token)}: cash ${cash} + pools ${pools} + fees ${fees}; balance ${balance}${more}`,
    );
  }
  lines.push(`state root 0x${toWord(root)}`);
  for (const difference of differences.slice(0, SHOWN)) {
    lines.push(`DIFFERENT: ${tellDifference(difference)}`);
  }
  if (differences.length > SHOWN) lines.push(`and ${differences.length - SHOWN} more`);
  lines.push(`${words} words compared, ${differences.length} differences`);
  return lines;
}

/** A report as JSON: words as hex, amounts as decimals. */
export function jsonOf(report: Report): string {
  const { comparison } = report;
  const plain = {
    ...report,
    equal: isEqual(report),
    kinds: Object.fromEntries([...report.kinds].sort()),
    comparison: comparison && {
      ...comparison,
      root: `0x${toWord(comparison.root)}`,
      differences: comparison.differences.map((difference) => ({
        ...difference,
        ...(difference.slot === undefined ? {} : { slot: `0x${toWord(difference.slot)}` }),
        expected: hex(difference.expected),
        found: hex(difference.found),
        text: tellDifference(difference),
      })),
      tokens: comparison.tokens.map((totals) => ({ ...totals, token: addressText(totals.token) })),
    },
  };
  return JSON.stringify(
    plain,
    (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
    2,
  );
}
