import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { NodeError } from "../../scripts/replay/errors.ts";
import { ChainNode } from "../../scripts/replay/node.ts";
import { Progress } from "../../scripts/replay/progress.ts";
import { RpcClient } from "../../scripts/replay/rpc.ts";
import { parseWhole } from "../lib/decimals.ts";
import { note } from "../lib/print.ts";
import { runOn } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { readOptions } from "../lib/watch/options.ts";
import type { WatchArguments, WatchOptions } from "../lib/watch/options.ts";
import { EXIT, Output } from "../lib/watch/output.ts";
import { openScene } from "../lib/watch/scene.ts";
import type { Scene } from "../lib/watch/scene.ts";
import { loadState } from "../lib/watch/stateFile.ts";
import { Watch } from "../lib/watch/watch.ts";

export default async (args: WatchArguments, hre: HardhatRuntimeEnvironment) => {
  if (await isSilent(args, hre)) {
    process.exitCode = EXIT.node;
    return;
  }
  return runOn(args, hre, async (session) => {
    const options = await readOptions(args);
    process.exitCode = await watched(session, args, options);
  });
};

/** Whether no node answers where one is meant to be; what else may be wrong with the network is told by `runOn`. */
async function isSilent(args: WatchArguments, hre: HardhatRuntimeEnvironment): Promise<boolean> {
  const network = hre.config.networks[hre.globalOptions.network ?? "localhost"];
  if (network?.type !== "http" || (args.rpc !== undefined && !/^https?:/.test(args.rpc)))
    return false;
  try {
    const url = args.rpc ?? (await network.url.getUrl());
    await new ChainNode(new RpcClient(url)).chainId();
    return false;
  } catch (error) {
    if (!(error instanceof NodeError)) return false;
    note(`The node is of no use: ${error.message}.`);
    return true;
  }
}

/** Watches to the end. Answers the exit code. */
async function watched(
  session: Session,
  args: WatchArguments,
  options: WatchOptions,
): Promise<number> {
  const output = new Output((line) => process.stdout.write(line), args.pretty);
  const progress = process.stderr.isTTY ? new Progress(process.stderr) : undefined;
  const ending = endings(options);
  try {
    const from = fromBlock(args);
    const scene = await openScene({ session, options, output, progress, from });
    const since = await sinceOf(scene);
    for (const oracle of scene.contracts.strange) {
      note(`the oracle ${oracle} is none that is known here: its fixings are not compared`);
    }
    note(`watching ${scene.ledger} on chain ${scene.chainId}, alarms from block ${since + 1} on`);
    await new Watch(scene, since, ending.signal).run();
    scene.say(summary(scene));
    return output.exitCode(args.strict);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    progress?.clear();
    note(`The node is of no use: ${error.message}.`);
    return output.counts.critical > 0 ? EXIT.critical : EXIT.node;
  } finally {
    ending.clear();
  }
}

/** Ends the watch on signals, when its time is over, and when nobody reads any more. */
function endings({ time }: WatchOptions) {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = time === undefined ? undefined : setTimeout(end, time);
  // A second signal ends the process as usual.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdout.once("error", end);
  const clear = () => {
    clearTimeout(timer);
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
    process.stdout.off("error", end);
  };
  return { signal: controller.signal, clear };
}

function fromBlock({ fromBlock: text }: WatchArguments): number | undefined {
  if (text === undefined) return undefined;
  return Number(parseWhole("--from-block", text, 0n, BigInt(Number.MAX_SAFE_INTEGER)));
}

/** The last block of which nothing is told: what was asked for, what was watched before, or the newest. */
async function sinceOf(scene: Scene): Promise<number> {
  const { options, node } = scene;
  const { since, state, confirmations, until } = options;
  const known = since ?? (state === undefined ? undefined : await loadState(state, scene));
  const newest = Math.max(0, (await node.head()) - confirmations);
  return Math.min(known ?? newest, newest, until ?? newest);
}

function summary({ replicator, checker, output }: Scene): string {
  const { info, warning, critical } = output.counts;
  const { number } = replicator.end ?? { number: 0 };
  return (
    `watched up to block ${number}: ${replicator.now.events} events, ${checker.words} words compared; ` +
    `${critical} critical alarms, ${warning} warnings, ${info} remarks`
  );
}
