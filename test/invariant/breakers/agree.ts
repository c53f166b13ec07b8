/**
 * How a call of the breaker ended, on the contract and on the model.
 *
 * @module
 */
import { TRIGGERS, policyValues } from "@certus/model";
import type { BreakerEvent, BreakerOutcome, Policy, TriggerName } from "@certus/model";

import type { Named, Value } from "../../../scripts/lib/abi.ts";
import type { RawLog, Sent } from "../chain/chain.ts";
import { ensure, same, show } from "../run/difference.ts";
import type { BreakerInterfaces } from "./build.ts";

/** Number of a trigger in the contract. */
export function triggerIndex(trigger: TriggerName): bigint {
  return BigInt(TRIGGERS.find(({ name }) => name === trigger)?.index ?? 0);
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === "object" && value !== null && "apart" in value;
}

function namedEvent({ fields }: BreakerInterfaces, { name, args }: BreakerEvent): Named {
  const names = fields.get(name);
  if (names === undefined) throw new Error(`the contracts have no event ${name}`);
  const values = args as unknown as Readonly<Record<string, Value | Policy>>;
  return {
    name,
    args: names.map((field) => {
      const value = values[field];
      if (value === undefined) throw new Error(`the model's ${name} has no ${field}`);
      return isPolicy(value) ? policyValues(value) : value;
    }),
  };
}

function showAll(events: readonly Named[]): string {
  return events.map(({ name, args }) => `${name}${show(args)}`).join(" ");
}

function compareEvents(
  interfaces: BreakerInterfaces,
  what: string,
  logs: readonly RawLog[],
  expected: readonly BreakerEvent[],
): void {
  const found = logs.map(
    ({ topics, data }) => interfaces.events.decode(topics, data) ?? { name: "unknown", args: [] },
  );
  const wanted = expected.map((event) => namedEvent(interfaces, event));
  const alike =
    found.length === wanted.length &&
    found.every(({ name, args }, at) => {
      const other = wanted[at];
      return other !== undefined && other.name === name && same(args, other.args);
    });
  ensure(alike, "events", () => `${what} emits ${showAll(found)}, the model ${showAll(wanted)}`);
}

/** What a call returns: on the model, and on the chain where it was asked. */
export interface Returned {
  readonly values: readonly Value[];
  readonly returned: readonly Value[] | undefined;
}

/** Compares how a call ended on either side: success, error and its arguments, events, what it returns. */
export function compareOutcome(
  interfaces: BreakerInterfaces,
  what: string,
  sent: Sent,
  outcome: BreakerOutcome<unknown>,
  { values, returned }: Returned,
): void {
  if (sent.ok && outcome.ok) {
    compareEvents(interfaces, what, sent.logs, outcome.events);
    const alike = values.length === 0 || (returned !== undefined && same(returned, values));
    const detail = (): string => `${what} returns ${show(returned)}, the model ${show(values)}`;
    return ensure(alike, "return value", detail);
  }
  const found = sent.ok ? undefined : interfaces.errors.decode(sent.data);
  const chain = found === undefined ? "succeeds" : `reverts with ${found.name}${show(found.args)}`;
  const { error } = outcome.ok ? { error: undefined } : outcome;
  const model =
    error === undefined ? "succeeds" : `is refused with ${error.name}${show(error.args)}`;
  const alike =
    found !== undefined &&
    error !== undefined &&
    found.name === error.name &&
    same(found.args, error.args);
  const about = found === undefined || error === undefined ? "success" : "errors";
  ensure(alike, about, () => `${what} ${chain}, on the model it ${model}`);
}
