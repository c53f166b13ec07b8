/**
 * Rebuilds a ledger from its events alone and compares every word with the chain; see docs/replica.md.
 *
 *   npm run replay -- --rpc http://127.0.0.1:8545 --ledger 0x…
 */
import { UsageError } from "./demo/usage.ts";
import { NodeError, Reorganised, RpcError } from "./replay/errors.ts";
import { ChainNode } from "./replay/node.ts";
import { HELP, parseOptions } from "./replay/options.ts";
import { Progress } from "./replay/progress.ts";
import { readProtocol } from "./replay/protocol.ts";
import { isEqual, jsonOf, tellReport } from "./replay/report.ts";
import { RpcClient } from "./replay/rpc.ts";
import { Replay } from "./replay/run.ts";

/** Exit code: equal, different, asked wrongly, the node is of no use. */
const CODES = { equal: 0, different: 1, usage: 2, node: 3 };

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return CODES.equal;
  }
  const node = new ChainNode(new RpcClient(options.rpc));
  const progress = new Progress(process.stderr);
  const replay = new Replay(node, readProtocol(), options, progress);
  const report = await replay.run().finally(() => progress.clear());
  console.log(options.json ? jsonOf(report) : tellReport(report));
  return isEqual(report) ? CODES.equal : CODES.different;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`replay: ${error.message}\nTry npm run replay -- --help.`);
    process.exitCode = CODES.usage;
  } else if (
    error instanceof NodeError ||
    error instanceof RpcError ||
    error instanceof Reorganised
  ) {
    console.error(`replay: ${error.message}`);
    process.exitCode = CODES.node;
  } else {
    throw error;
  }
}
