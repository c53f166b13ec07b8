import { facts, paragraphs, table } from "../print.ts";
import { iso, shownTime } from "../times.ts";
import type { SafeAccount } from "./account.ts";
import { hashesOf, isRejection, toldCalls } from "./proposal.ts";
import type { Proposal } from "./proposal.ts";
import { callJson } from "./proposalFile.ts";
import type { Effect, LaterEffect, Simulation } from "./simulate.ts";
import type { Told } from "./told.ts";

/** What a signer sees before he signs. */
export interface Reviewed {
  readonly safe: SafeAccount;
  readonly proposal: Proposal;
  readonly names: ReadonlyMap<string, string>;
  /** What it would do; nothing where that was not tried. */
  readonly simulation: Simulation | undefined;
}

/** The review for a document. */
export function reviewJson({ safe, proposal, simulation }: Reviewed) {
  return {
    safe: safe.address,
    nonce: Number(proposal.data.nonce),
    ...hashesOf(proposal),
    calls: toldCalls(proposal).map(callJson),
    simulation: simulation === undefined ? null : simulationJson(simulation),
    signatures: [...proposal.signatures.keys()],
    threshold: safe.threshold,
  };
}

/** What a proposal would do, for a document. */
export function simulationJson({ onFork, later, ...effect }: Simulation) {
  return { onFork, ...effectJson(effect), later: later.map(laterJson) };
}

/** What a call would do, for a document. */
export function effectJson({ refusal, changes, events, storage }: Effect) {
  return { succeeds: refusal === undefined, refusal: refusal ?? null, changes, events, storage };
}

/** The same of a call that waits. */
export function laterJson({ from, call, ...effect }: LaterEffect) {
  return {
    from: { unix: Number(from), iso: iso(from) },
    call: callJson(call),
    ...effectJson(effect),
  };
}

/** The review for people. */
export function reviewText(reviewed: Reviewed): string {
  const { safe, proposal, names, simulation } = reviewed;
  const { data, signatures } = proposal;
  const calls = toldCalls(proposal).flatMap((call, i) => callLines(call, names, `${i + 1}. `));
  const { safeTxHash, domainHash, messageHash } = hashesOf(proposal);
  return paragraphs(
    facts([
      ["safe", `${safe.address}, version ${safe.version}, chain ${proposal.chainId}`],
      ["nonce", turnText(safe, Number(data.nonce))],
      ["signatures", `${signatures.size} of ${safe.threshold} needed: ${signedText(signatures)}`],
    ]),
    isRejection(proposal)
      ? `It does nothing, so that no other transaction with nonce ${data.nonce} can be executed.`
      : calls.join("\n"),
    simulation === undefined ? undefined : simulationText(simulation, names),
    facts([
      ["safeTxHash", safeTxHash],
      ["domain hash", domainHash],
      ["message hash", messageHash],
    ]),
  );
}

function signedText(signatures: ReadonlyMap<string, string>): string {
  return signatures.size === 0 ? "nobody's yet" : [...signatures.keys()].join(", ");
}

/** Where a nonce stands in the Safe's order. */
export function turnText({ nonce }: SafeAccount, wanted: number): string {
  if (wanted === nonce) return `${wanted}, the next one`;
  if (wanted < nonce) return `${wanted}, used already; the next one is ${nonce}`;
  return `${wanted}, after ${wanted - nonce} other transactions`;
}

/** A call and what it carries, a line each. */
export function callLines(call: Told, names: ReadonlyMap<string, string>, mark: string): string[] {
  const { to, value, text, inner, signature } = call;
  const sent = value === 0n ? "" : `, with ${value} wei`;
  const known = names.get(to);
  const line = `${mark}${known === undefined ? "" : `${known} `}${to}${sent}: ${text}`;
  const indent = " ".repeat(mark.length);
  const lead = CARRIED[signature ?? ""] ?? "- ";
  return [line, ...inner.flatMap((it) => callLines(it, names, `${indent}${lead}`))];
}

/** What becomes of a call that another one carries, where it is not made at once. */
const CARRIED: Readonly<Record<string, string>> = {
  "schedule(address,bytes,uint48)": "later: ",
  "cancel(address,address,bytes)": "no more: ",
};

/** The same for people. */
export function simulationText(
  { onFork, later, ...effect }: Simulation,
  names: ReadonlyMap<string, string>,
): string {
  return paragraphs(
    effectText(effect, onFork ? "Tried on a copy of the chain, it" : "Called as a trial, it"),
    ...later.map((entry) => laterText(entry, names)),
  );
}

/** What a call would do, for people. */
export function effectText({ refusal, changes, events, storage }: Effect, lead: string): string {
  if (refusal !== undefined) return `${lead} would be refused. ${refusal}`;
  const rows = changes.map(({ what, before, after }) => [what, before, after]);
  return paragraphs(
    `${lead} goes through${storage.length === 0 ? "" : `, and changes ${storage.length} words of storage (--json has them)`}.`,
    rows.length === 0 ? undefined : table(["value", "now", "then"], rows),
    events.length === 0 ? undefined : `Events:\n${events.map((text) => `- ${text}`).join("\n")}`,
  );
}

function laterText(entry: LaterEffect, names: ReadonlyMap<string, string>): string {
  const { from, call, ...effect } = entry;
  return paragraphs(
    callLines(call, names, "Later: ").join("\n"),
    effectText(effect, `Executed at ${shownTime(from)} UTC, if nothing else changes, it`),
  );
}
