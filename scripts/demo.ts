/**
 * Shows Certus at work on a chain in this process: a built-in week, or any price history from a file.
 *
 *   npm run demo
 *   npm run demo -- --data prices.csv --max 52
 */
import { join } from "node:path";

import { HELP, parseOptions } from "./demo/options.ts";
import { UsageError } from "./demo/usage.ts";
import { root } from "./lib/proc.ts";

/** Returns the number of checks that failed. */
async function main(args: readonly string[]): Promise<number> {
  const { help, oracle, replay } = parseOptions(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (replay) {
    const { replayFile } = await import("./demo/historyReport.ts");
    return replayFile(replay);
  }
  const { story } = await import("./demo/story.ts");
  return story(join(root, "out/demo"), console.log, oracle);
}

try {
  const failed = await main(process.argv.slice(2));
  if (failed > 0) {
    console.error(`\n${failed} checks failed.`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`demo: ${error.message}\nTry npm run demo -- --help.`);
  process.exitCode = 2;
}
