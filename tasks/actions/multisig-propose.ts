import { writeFile } from "node:fs/promises";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { fileReason, readText } from "../lib/files.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { safeAccount } from "../lib/multisig/account.ts";
import { ACTIONS } from "../lib/multisig/actions/index.ts";
import type { Desk } from "../lib/multisig/actions/types.ts";
import { builderJson, parseBuilder } from "../lib/multisig/builder.ts";
import type { Call } from "../lib/multisig/calls.ts";
import { guardedCall } from "../lib/multisig/delays.ts";
import type { Scheduling } from "../lib/multisig/delays.ts";
import { Given } from "../lib/multisig/given.ts";
import { dataFor, kitOf, proposed } from "../lib/multisig/kit.ts";
import { draftReport } from "../lib/multisig/draft.ts";
import { requestsIn } from "../lib/multisig/requests.ts";
import type { Request, RequestArguments } from "../lib/multisig/requests.ts";
import { toJson } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { parseTime } from "../lib/times.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends CommonArguments, GovernedArguments, RequestArguments {
  readonly importBuilder: string | undefined;
  readonly schedule: boolean;
  readonly when: string | undefined;
  readonly nonce: string | undefined;
  readonly out: string | undefined;
  readonly exportBuilder: string | undefined;
}

const MOST_NONCE = BigInt(Number.MAX_SAFE_INTEGER);

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const safe = await safeAccount(session, governed);
    const kit = await kitOf(session, safe);
    const { calls, functions } = await callsFor(args, { session, governed, safe, kit });
    const nonce =
      args.nonce === undefined
        ? safe.nonce
        : Number(parseWhole("--nonce", args.nonce, BigInt(safe.nonce), MOST_NONCE));
    const data = await dataFor(kit, safe, calls, nonce);
    const proposal = proposed(session, safe, data, functions);
    const report = await draftReport({ session, governed, hre }, safe, proposal, {
      out: args.out,
      // What comes before it may change why it would be refused now.
      mustSucceed: args.nonce === undefined,
    });
    if (args.exportBuilder !== undefined) {
      const batch = { ...session, safe: safe.address, name: "Certus", createdAt: session.now };
      await writeBuilder(args.exportBuilder, toJson(builderJson({ ...batch, calls })));
    }
    return report;
  });

interface Wanted {
  readonly calls: readonly Call[];
  readonly functions: readonly string[];
}

async function callsFor(args: Arguments, desk: Desk): Promise<Wanted> {
  const scheduling = schedulingIn(args, desk.session);
  if (args.importBuilder !== undefined) return imported(args.importBuilder, args, desk, scheduling);
  const wanted: (Call & { readonly signature?: string })[] = [];
  for (const request of await requestsIn(args)) {
    wanted.push(await callFor(request, desk, scheduling));
  }
  const functions = wanted.flatMap(({ signature }) => (signature === undefined ? [] : [signature]));
  return { calls: wanted.map(({ to, value, data }) => ({ to, value, data })), functions };
}

function schedulingIn({ schedule, when }: Arguments, { now }: Session): Scheduling {
  if (when !== undefined && !schedule) {
    throw new UsageError("--when belongs to --schedule: pass both or neither.");
  }
  return { schedule, when: when === undefined ? 0n : parseTime("--when", when, now) };
}

async function callFor({ action, values }: Request, desk: Desk, scheduling: Scheduling) {
  const found = ACTIONS[action];
  if (found === undefined) throw new Error(`${action} is no action`);
  const given = new Given(action, values);
  const call = await found.call(desk, given);
  given.done(Object.keys(found.takes).map((name) => name.replace("?", "")));
  const { schedule } = scheduling;
  const { session, governed, safe } = desk;
  if (found.guarded || (schedule && action === "call")) {
    const manager = await governed.need("manager");
    return { ...call, ...(await guardedCall(session, manager, safe.address, call, scheduling)) };
  }
  if (!schedule) return call;
  throw new UsageError(
    `--schedule: ${action} does not go through the access manager: leave it out.`,
  );
}

async function imported(
  path: string,
  args: Arguments,
  { session, governed, safe }: Desk,
  scheduling: Scheduling,
): Promise<Wanted> {
  if (args.action !== undefined || args.to !== undefined) {
    throw new UsageError("--import-builder holds all calls: leave out --action and --to.");
  }
  const content = await readText("--import-builder", path);
  const here = { chainId: session.chainId, safe: safe.address };
  const calls = parseBuilder(path, content, here);
  if (!scheduling.schedule) return { calls, functions: [] };
  const manager = await governed.need("manager");
  const scheduled: Call[] = [];
  for (const call of calls) {
    scheduled.push(await guardedCall(session, manager, safe.address, call, scheduling));
  }
  return { calls: scheduled, functions: [] };
}

async function writeBuilder(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, `${text}\n`);
  } catch (error) {
    throw new UsageError(`--export-builder: ${path} cannot be written: ${fileReason(error)}.`);
  }
}
