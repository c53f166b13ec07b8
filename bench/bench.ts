/**
 * Gas of every operation, beside a floor and beside peers; see docs/benchmarks.md.
 */
import { parseArgs } from "node:util";

import hre from "hardhat";

const HELP = `Measures the gas of every operation on an in-process chain.

  npm run bench                        measures, prints, writes bench/results.json and docs/benchmarks.md
  npm run bench -- --check             compares with what is kept and writes nothing
  npm run bench -- --only <substring>  measures what matches and writes nothing
  npm run bench -- --docs              writes docs/benchmarks.md from bench/results.json, measures nothing
  npm run bench -- --throughput        measures events and commands a second instead of gas
  npm run bench -- --no-compile        takes the contracts as they were last built
  npm run bench -- --help              prints this

Ends with 1 if a target is missed that no row says why, if --check finds a difference, or if anything fails.`;

const OPTIONS = {
  check: { type: "boolean", default: false },
  docs: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
  "no-compile": { type: "boolean", default: false },
  only: { type: "string" },
  throughput: { type: "boolean", default: false },
} as const;

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return true;
  }
  if (!values["no-compile"]) await hre.tasks.getTask("build").run({ quiet: true });
  // What follows imports contract types, which the build writes.
  if (values.throughput) return (await import("./lib/throughput.ts")).throughput();
  const { gas, writeDocs } = await import("./lib/gas.ts");
  if (values.docs) return writeDocs();
  return gas({ check: values.check, only: values.only });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
