import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import pc from "picocolors";

import { root } from "../../scripts/lib/proc.ts";
import { Chain } from "./chain.ts";
import { withFigures } from "./docs.ts";
import { GROWTH } from "./growth.ts";
import { GUARDS } from "./guards.ts";
import { OPERATIONS } from "./operations.ts";
import { PRICES } from "./prices.ts";
import { REFRESH, drift, encode, readResults } from "./results.ts";
import { isMissed, measure, readPeers, type Row } from "./rows.ts";
import { setTheScene } from "./scene.ts";
import { render } from "./table.ts";

const PEERS = join(root, "bench/peers.json");
const RESULTS = join(root, "bench/results.json");
const PAGE = join(root, "docs/benchmarks.md");

/** What a run of the gas benchmark is asked for. */
export interface GasOptions {
  /** Compare with what is kept rather than write it. */
  readonly check: boolean;
  /** Measure only operations whose name has this in it. */
  readonly only?: string | undefined;
}

const isGrowth = ({ op }: Row): boolean => GROWTH.some((one) => one.op === op);

/** Measures and prints; writes or compares the results. Answers whether all is well. */
export async function gas({ check, only }: GasOptions): Promise<boolean> {
  const rows = await measured(only);
  const [operations, growth] = [rows.filter((row) => !isGrowth(row)), rows.filter(isGrowth)];
  for (const group of [operations, growth]) if (group.length > 0) console.log(render(group));
  const problems = rows.filter((row) => isMissed(row) && row.why === undefined).map(overrun);
  if (check) problems.push(...(await stale(rows, only)));
  else if (only === undefined) await write(rows);
  for (const problem of problems) console.error(pc.red(problem));
  return problems.length === 0;
}

/** Writes the figures of the kept results into the page. */
export async function writeDocs(): Promise<boolean> {
  await writeFile(PAGE, await page(await readResults(RESULTS)));
  return true;
}

async function measured(only: string | undefined): Promise<Row[]> {
  const all = [...OPERATIONS, ...PRICES, ...GUARDS, ...GROWTH];
  const peers = await readPeers(PEERS, all);
  const chosen = all.filter(({ op }) => op.includes(only ?? ""));
  if (chosen.length === 0) throw new Error(`no operation has "${only}" in its name`);
  const chain = await Chain.start();
  try {
    return await measure(chain, await setTheScene(chain), chosen, peers);
  } finally {
    await chain.close();
  }
}

async function write(rows: readonly Row[]): Promise<void> {
  const text = await page(rows);
  await writeFile(RESULTS, encode(rows));
  await writeFile(PAGE, text);
}

/** What differs from the results and the page that are kept. */
async function stale(rows: readonly Row[], only: string | undefined): Promise<string[]> {
  const kept = (await readResults(RESULTS)).filter(({ op }) => op.includes(only ?? ""));
  const found = drift(kept, rows).map((line) => `bench/results.json: ${line}`);
  if (only === undefined && (await page(rows)) !== (await readFile(PAGE, "utf8"))) {
    found.push("docs/benchmarks.md: not what the results say");
  }
  return found.length === 0 ? [] : [...found, `If that is meant, refresh with \`${REFRESH}\`.`];
}

async function page(rows: readonly Row[]): Promise<string> {
  const [operations, growth] = [rows.filter((row) => !isGrowth(row)), rows.filter(isGrowth)];
  return withFigures(PAGE, await readFile(PAGE, "utf8"), operations, growth);
}

function overrun({ op, gas: used, target }: Row): string {
  const over = used - (target ?? 0);
  return `${op}: ${over.toLocaleString("en-US")} gas above its target`;
}
