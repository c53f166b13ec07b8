import { TRIGGERS } from "@certus/model";
import type { TriggerRow } from "@certus/model";

import { formatDecimal } from "../decimals.ts";
import { required, UsageError } from "../usage.ts";

/** Triggers that anyone may use. */
export const OPEN_TRIGGERS: readonly TriggerRow[] = TRIGGERS.filter(({ who }) => who === "anyone");

/** Triggers whose notice can be taken back. */
export const ANSWERABLE: readonly TriggerRow[] = OPEN_TRIGGERS.filter(({ name }) =>
  ["FewVotes", "NoVotes", "Depeg"].includes(name),
);

/** Triggers whose evidence is a way from an observation. */
const MOVES: ReadonlySet<string> = new Set(["Move", "BigMove", "HugeMove"]);
/** Decimals of a peg. */
const PEG_DECIMALS = 4;

/** Whether a trigger compares with an observation. */
export function isMove({ name }: TriggerRow): boolean {
  return MOVES.has(name);
}

/** The trigger that is meant. */
export function triggerBy(name: string, text: string | undefined): TriggerRow {
  const known = OPEN_TRIGGERS.map((row) => row.name).join(", ");
  const wanted = required(name, text, `it is one of ${known}`).trim().toLowerCase();
  const found = TRIGGERS.find((row) => row.name.toLowerCase() === wanted);
  if (found?.who === "anyone") return found;
  throw new UsageError(
    found === undefined
      ? `${name}: ${JSON.stringify(text)} is no trigger: write one of ${known}.`
      : `${name}: ${found.name} needs no evidence and is the guardian's alone: guardian:propose --action halt asks for it.`,
  );
}

/** The name of a trigger by the contract's number. */
export function triggerName(trigger: bigint): string {
  return TRIGGERS.find(({ index }) => index === Number(trigger))?.name ?? "None";
}

/** What was measured, and what would be evidence, in the unit of a trigger. */
export function measureText({ name }: TriggerRow, measured: bigint, threshold: bigint): string {
  switch (name) {
    case "FewVotes":
    case "NoVotes":
      return `${measured} votes are or were good, fewer than ${threshold} would be evidence`;
    case "Apart":
    case "FarApart":
      return `votes of this minute are ${bps(measured)} apart, ${bps(threshold)} would be evidence`;
    case "Move":
    case "BigMove":
    case "HugeMove":
      return `prices moved by ${bps(measured)}, ${bps(threshold)} would be evidence`;
    case "Sequencer":
      return "the sequencer is up, and its grace is over";
    case "Depeg":
      return `the collateral is worth ${peg(measured)}, less than ${peg(threshold)} would be evidence`;
    case "Shortfall":
    case "Guardian":
      return `${measured}, where more than ${threshold} would be evidence`;
  }
}

/** `3.25 %`. */
export function bps(value: bigint): string {
  return `${formatDecimal(value, 2)} %`;
}

function peg(value: bigint): string {
  return formatDecimal(value, PEG_DECIMALS);
}
