import { getAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { Governed } from "../governed.ts";
import { note } from "../print.ts";
import { refusalText } from "../refusals.ts";
import type { Session } from "../session.ts";
import type { SafeAccount } from "./account.ts";
import { ABIS, callOf } from "./calls.ts";
import { eventTexts } from "./events.ts";
import { callOutcome } from "./ethCall.ts";
import { executionBy } from "./execution.ts";
import { openFork } from "./fork.ts";
import type { Fork, Outcome } from "./fork.ts";
import { toldCalls } from "./proposal.ts";
import type { Proposal } from "./proposal.ts";
import type { SlotChange } from "./storage.ts";
import { told } from "./told.ts";
import type { Told } from "./told.ts";
import { changesBetween, valuesNow } from "./watches.ts";
import type { Change } from "./watches.ts";

/** What a call would do. */
export interface Effect {
  /** Why it would be refused; nothing if it goes through. */
  readonly refusal: string | undefined;
  /** What views would say otherwise. */
  readonly changes: readonly Change[];
  readonly events: readonly string[];
  /** Every word of storage that differs. */
  readonly storage: readonly SlotChange[];
}

/** What a scheduled call would do, if nothing else changes until it can be executed. */
export interface LaterEffect extends Effect {
  readonly from: bigint;
  readonly call: Told;
}

/** What a proposal would do: now, and later through what it schedules. */
export interface Simulation extends Effect {
  /** Whether it was tried on a copy of the chain; else only by a call, which tells whether it goes through. */
  readonly onFork: boolean;
  readonly later: readonly LaterEffect[];
}

/** What a simulation needs to know. */
export interface Stage {
  readonly session: Session;
  readonly governed: Governed;
  readonly hre: HardhatRuntimeEnvironment;
}

/** Tries a proposal as if its owners had signed it; nothing of it reaches the chain. */
export function simulated(
  stage: Stage,
  safe: SafeAccount,
  proposal: Proposal,
): Promise<Simulation> {
  return simulatedCalls(stage, {
    calls: toldCalls(proposal),
    act: (fork) => executed(fork, safe, proposal),
    call: () => callOutcome(stage.session, safe, proposal),
  });
}

/** How somebody's calls are tried. */
export interface Trial {
  readonly calls: readonly Told[];
  /** Makes them on a copy of the chain. */
  readonly act: (fork: Fork) => Promise<Outcome>;
  /** Asks the chain itself whether they go through, where it cannot be copied. */
  readonly call: () => Promise<Outcome>;
}

/** Tries calls, those of a Safe or of the guardian; nothing of it reaches the chain. */
export async function simulatedCalls(
  stage: Stage,
  { calls, act, call }: Trial,
): Promise<Simulation> {
  const found = await onFork(stage, async (fork) => {
    let scheduled: Scheduled[] = [];
    const effect = await tried(stage, fork, calls.flatMap(immediate), async () => {
      const outcome = await act(fork);
      scheduled = scheduledIn(outcome);
      return outcome;
    });
    return { ...effect, onFork: true, later: await tryLater(stage, fork, scheduled) };
  });
  if (found !== undefined) return found;
  return { ...(await effectOf(stage, await call(), [])), onFork: false, later: [] };
}

/** Tries operations that wait in the access manager, each when it can be executed, one after the other. */
export function operationsTried(
  stage: Stage,
  operations: readonly Scheduled[],
): Promise<readonly LaterEffect[] | undefined> {
  return onFork(stage, (fork) => tryLater(stage, fork, operations));
}

/** A call that waits in the access manager. */
export interface Scheduled {
  readonly manager: string;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
  readonly from: bigint;
}

/** Works on a copy of the chain; nothing comes of it where the node does not give what that takes. */
async function onFork<Found>(
  { session, hre }: Stage,
  work: (fork: Fork) => Promise<Found>,
): Promise<Found | undefined> {
  let fork: Fork | undefined;
  try {
    fork = await openFork(session, hre);
    return await work(fork);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    note(`This node's chain cannot be copied for a trial, so no differences are shown: ${why}`);
    return undefined;
  } finally {
    await fork?.close();
  }
}

/** The calls that a call makes at once: itself, and what it carries unless that only waits. */
function immediate(call: Told): Told[] {
  const waits = /^(?:schedule|cancel)\(/.test(call.signature ?? "");
  return [call, ...(waits ? [] : call.inner.flatMap(immediate))];
}

/** Lets owners approve the transaction on the copy, as many as it needs, and executes it there. */
async function executed(fork: Fork, safe: SafeAccount, proposal: Proposal): Promise<Outcome> {
  const approvers = safe.owners.slice(0, safe.threshold);
  const { approval, execution } = await executionBy(fork.provider, safe, proposal, approvers);
  for (const owner of approvers) {
    const approved = await fork.act(owner, approval);
    if (!approved.ok) return approved;
  }
  return fork.act(approvers[0] ?? safe.address, execution);
}

async function tried(
  stage: Stage,
  fork: Fork,
  calls: readonly Told[],
  act: () => Promise<Outcome>,
): Promise<Effect> {
  const before = await valuesNow(stage.session, fork.provider, calls);
  const outcome = await act();
  const after = await valuesNow(stage.session, fork.provider, calls);
  return effectOf(stage, outcome, changesBetween(before, after));
}

async function effectOf(
  { session, governed }: Stage,
  outcome: Outcome,
  changes: readonly Change[],
): Promise<Effect> {
  if (!outcome.ok) {
    const refusal = await refusalText(session, decodeError(outcome.error));
    return { refusal, changes: [], events: [], storage: [] };
  }
  const events = eventTexts(outcome.logs, governed.names);
  return { refusal: undefined, changes, events, storage: outcome.storage };
}

function scheduledIn(outcome: Outcome): Scheduled[] {
  if (!outcome.ok) return [];
  return outcome.logs.flatMap((log) => {
    const event = ABIS.manager.parseLog(log);
    if (event?.name !== "OperationScheduled") return [];
    const text = (name: string) => String(event.args.getValue(name));
    return [
      {
        manager: log.address,
        caller: getAddress(text("caller")),
        target: getAddress(text("target")),
        data: text("data"),
        from: BigInt(text("schedule")),
      },
    ];
  });
}

async function tryLater(
  stage: Stage,
  fork: Fork,
  operations: readonly Scheduled[],
): Promise<LaterEffect[]> {
  const later: LaterEffect[] = [];
  const inOrder = [...operations].sort((a, b) => Number(a.from - b.from));
  for (const { manager, caller, target, data, from } of inOrder) {
    await fork.until(from);
    const execution = callOf(manager, ABIS.manager, "execute", [target, data]);
    const call = told({ to: target, value: 0n, data });
    const effect = await tried(stage, fork, [call], () => fork.act(caller, execution));
    later.push({ ...effect, from, call });
  }
  return later;
}
