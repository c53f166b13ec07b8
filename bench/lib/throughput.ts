import { existsSync } from "node:fs";
import { join } from "node:path";

import { node, root } from "../../scripts/lib/proc.ts";
import { grouped } from "./table.ts";

/** A script that prints a rate, and how the rate reads. */
interface Source {
  readonly what: string;
  readonly args: readonly [script: string, ...options: string[]];
  /** The rate is the first group. */
  readonly rate: RegExp;
  /** Least rate wanted. */
  readonly target?: number;
}

const SOURCES: readonly Source[] = [
  {
    what: "model events a second",
    args: ["packages/model/bench.ts"],
    rate: /^applyEvent.*?([\d,]+) \/s/m,
    target: 100_000,
  },
  {
    what: "replayed events a second, from a node",
    args: ["bench/replay.ts"],
    rate: /^replay ([\d,]+) events a second/m,
    target: 2_000,
  },
  {
    what: "proofs of an account a second, of 100,000 accounts",
    args: ["bench/proofs.ts"],
    rate: /^proofs ([\d,]+) a second/m,
    // 50 ms each.
    target: 20,
  },
  {
    what: "campaign commands a second",
    args: ["scripts/invariants.ts", "--profile", "quick"],
    rate: /([\d,]+) commands (?:\/ ?s\b|a second|per second)/,
  },
];

/** Runs what measures rates and holds them to their targets; answers whether all is well. */
export async function throughput(): Promise<boolean> {
  const lines: string[] = [];
  let well = true;
  for (const source of SOURCES) {
    const { line, fine } = await measured(source);
    lines.push(line);
    well &&= fine;
  }
  console.log(["", ...lines].join("\n"));
  return well;
}

async function measured(source: Source): Promise<{ line: string; fine: boolean }> {
  const { what, args, rate, target } = source;
  const [script] = args;
  if (!existsSync(join(root, script))) return { line: `${what}: no ${script}`, fine: false };
  const { code, output } = await node(args);
  const [, digits] = rate.exec(output) ?? [];
  if (code !== 0 || digits === undefined) {
    return { line: `${what}: ${script} ended with ${code} and no rate`, fine: false };
  }
  const perSecond = Number(digits.replaceAll(",", ""));
  const wanted = target === undefined ? "" : `, at least ${grouped(target)} wanted`;
  return {
    line: `${what}: ${grouped(perSecond)}${wanted}`,
    fine: perSecond >= (target ?? 0),
  };
}
