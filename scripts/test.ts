/**
 * Runs the test suites one after another and ends with their sum, `N passed, N failed`, alone on
 * the last line.
 *
 *   node scripts/test.ts                 all of them
 *   node scripts/test.ts contracts model those named
 *
 * A suite that is missing, finds no test, skips one or dies before it has counted is a failure,
 * never a gap.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bin, node, type Outcome, root } from "./lib/proc.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const scratch = mkdtempSync(join(tmpdir(), "certus-test-"));

/**
 * One more failure than what was counted: for whatever went wrong outside of the tests themselves.
 */
function broken(suite: string, why: string, counts: Counts = { passed: 0, failed: 0 }): Counts {
  console.error(`\n${suite}: ${why}`);
  return { passed: counts.passed, failed: counts.failed + 1 };
}

/** What a suite reports must agree with how it ended. */
function agreed(suite: string, counts: Counts, code: number): Counts {
  if (counts.passed + counts.failed === 0) return broken(suite, "no test was run.");
  if (code !== 0 && counts.failed === 0) {
    return broken(suite, `ended with exit code ${code} though no test failed.`, counts);
  }
  if (code === 0 && counts.failed > 0) {
    return broken(suite, "ended with exit code 0 though tests failed.", counts);
  }
  return counts;
}

/** A mocha run that leaves its counts in a file, see `lib/count-reporter.cjs`. */
async function mocha(suite: string, args: readonly string[]): Promise<Counts> {
  const path = join(scratch, `${suite}.json`);
  const { code } = await node(args, { CERTUS_TEST_COUNTS: path });
  if (!existsSync(path)) return broken(suite, "died before it had counted its tests.");
  return agreed(suite, JSON.parse(readFileSync(path, "utf8")) as Counts, code);
}

let built: Promise<Outcome> | undefined;

/** Builds once, for the suites that need artifacts and types. */
async function build(): Promise<boolean> {
  built ??= node([bin.hardhat, "build"]);
  return (await built).code === 0;
}

async function contracts(): Promise<Counts> {
  const solidity = globSync("{contracts,test}/**/*.t.sol", { cwd: root });
  if (solidity.length > 0) {
    return broken("contracts", `no suite here runs Solidity tests: ${solidity.join(", ")}`);
  }
  if (!(await build())) return broken("contracts", "the contracts do not compile.");
  return mocha("contracts", [bin.hardhat, "test", "mocha", "--no-compile"]);
}

async function model(): Promise<Counts> {
  const files = globSync("packages/*/test/**/*.test.ts", { cwd: root }).sort();
  if (files.length === 0) return broken("model", "there are no tests under packages/*/test.");
  const reporter = join(root, "scripts/lib/count-reporter.cjs");
  const options = ["--reporter", reporter, "--timeout", "60000"];
  return mocha("model", [bin.mocha, ...options, "--forbid-only", "--forbid-pending", ...files]);
}

/** The small profile of the invariant campaign; it counts its properties on its own last line. */
async function invariants(): Promise<Counts> {
  const script = "scripts/invariants.ts";
  if (!existsSync(join(root, script))) return broken("invariants", `${script} does not exist.`);
  if (!(await build())) return broken("invariants", "the contracts do not compile.");
  const { code, output } = await node([script, "--profile", "quick"]);
  const lines = output.trimEnd().split("\n");
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? "") ?? [];
  if (passed === undefined || failed === undefined) {
    return broken("invariants", "did not end with its counts.");
  }
  return agreed("invariants", { passed: Number(passed), failed: Number(failed) }, code);
}

const suites: ReadonlyMap<string, () => Promise<Counts>> = new Map([
  ["model", model],
  ["contracts", contracts],
  ["invariants", invariants],
]);

async function main(names: readonly string[]): Promise<number> {
  let passed = 0;
  let failed = 0;
  const rows: string[] = [];
  for (const name of names.length > 0 ? names : suites.keys()) {
    const suite = suites.get(name);
    if (suite === undefined) throw new Error(`no suite ${name}: ${[...suites.keys()].join(", ")}`);
    console.log(`\n== ${name} ==`);
    const counts = await suite();
    passed += counts.passed;
    failed += counts.failed;
    rows.push(`${name}: ${counts.passed} passed, ${counts.failed} failed`);
  }
  console.log(`\n${rows.join("\n")}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}

try {
  process.exitCode = (await main(process.argv.slice(2))) === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}
