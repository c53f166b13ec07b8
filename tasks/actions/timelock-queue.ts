import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { operationsIn } from "../lib/multisig/operations.ts";
import type { Operation } from "../lib/multisig/operations.ts";
import { callJson } from "../lib/multisig/proposalFile.ts";
import { callLines, effectJson, effectText } from "../lib/multisig/review.ts";
import { operationsTried } from "../lib/multisig/simulate.ts";
import type { LaterEffect } from "../lib/multisig/simulate.ts";
import { told } from "../lib/multisig/told.ts";
import { facts, paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { timeOf } from "../lib/shapes.ts";
import { shownTime } from "../lib/times.ts";

type Arguments = CommonArguments & GovernedArguments;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const manager = await governed.need("manager");
    const waiting = await operationsIn(session, manager);
    const scheduled = waiting.map((operation) => ({ ...operation, manager }));
    const effects =
      waiting.length === 0 ? [] : await operationsTried({ session, governed, hre }, scheduled);
    const { names } = governed;
    return {
      json: {
        manager,
        operations: waiting.map((operation, i) =>
          operationJson(operation, effects?.[i], session.now),
        ),
      },
      text: paragraphs(
        ...waiting.map((operation, i) =>
          operationText(operation, effects?.[i], session.now, names),
        ),
        waiting.length === 0 ? `Nothing waits in the access manager ${manager}.` : undefined,
      ),
    };
  });

function callOf({ target, data }: Operation) {
  return told({ to: target, value: 0n, data });
}

function operationJson(operation: Operation, effect: LaterEffect | undefined, now: bigint) {
  const { id, caller, since, from, until } = operation;
  return {
    ...{ operation: id, caller, ready: from <= now },
    ...{ since: timeOf(since), from: timeOf(from), until: timeOf(until) },
    call: callJson(callOf(operation)),
    effect: effect === undefined ? null : effectJson(effect),
  };
}

function operationText(
  operation: Operation,
  effect: LaterEffect | undefined,
  now: bigint,
  names: ReadonlyMap<string, string>,
): string {
  const { id, caller, since, from, until } = operation;
  const known = names.get(caller);
  return paragraphs(
    facts([
      ["operation", id],
      ["scheduled by", known === undefined ? caller : `${known} ${caller}`],
      ["since", `${shownTime(since)} UTC`],
      ["executable", from <= now ? "now" : `from ${shownTime(from)} UTC`],
      ["until", `${shownTime(until)} UTC`],
    ]),
    callLines(callOf(operation), names, "").join("\n"),
    effect === undefined
      ? undefined
      : effectText(effect, "Executed then, if nothing else changes, it"),
  );
}
