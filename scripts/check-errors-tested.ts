/**
 * Fails if an error that the contracts declare is not asserted under test/ by its name and with all of its arguments.
 *
 *   node scripts/check-errors-tested.ts
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { assertedErrors } from "./lib/asserted-errors.ts";
import { buildOutputOf, contractNames } from "./lib/build-output.ts";
import { root } from "./lib/proc.ts";

interface Declared {
  readonly contract: string;
  readonly name: string;
  readonly count: number;
}

async function declaredErrors(): Promise<Declared[]> {
  const declared: Declared[] = [];
  for (const contract of await contractNames()) {
    const { ast } = await buildOutputOf(contract);
    for (const { nodeType, name = "", parameters } of ast.nodes ?? []) {
      if (nodeType !== "ErrorDefinition") continue;
      declared.push({ contract, name, count: parameters?.parameters.length ?? 0 });
    }
  }
  return declared;
}

/** Error → the numbers of arguments it is asserted with, over all tests. */
function asserted(): Map<string, Set<number>> {
  const all = new Map<string, Set<number>>();
  for (const file of globSync("test/**/*.ts", { cwd: root }).sort()) {
    for (const [name, counts] of assertedErrors(readFileSync(join(root, file), "utf8"))) {
      all.set(name, new Set([...(all.get(name) ?? []), ...counts]));
    }
  }
  return all;
}

const tests = asserted();
const errors = await declaredErrors();
if (errors.length === 0) throw new Error("the contracts declare no error");
const untested = errors.filter(({ name, count }) => tests.get(name)?.has(count) !== true);
for (const { contract, name, count } of untested) {
  console.error(`${contract}: no test asserts ${name} with its ${count} arguments`);
}
console.log(
  untested.length === 0
    ? `errors tested: all ${errors.length}`
    : `errors tested: FAILED, ${untested.length} of ${errors.length} are not`,
);
process.exitCode = untested.length === 0 ? 0 : 1;
