import type { ModelError, MultiOracleEvent, MultiOutcome } from "@certus/model";

import type { Named, Value } from "../../../scripts/lib/abi.ts";
import type { RawLog, Sent } from "../chain/chain.ts";
import { ensure, same, show } from "../run/difference.ts";
import type { PriceInterfaces } from "./build.ts";

/** The model's word for a source that refuses, whose own error it does not know. */
const FOREIGN = "ForeignCallFailed";

function namedEvent(interfaces: PriceInterfaces, { name, args }: MultiOracleEvent): Named {
  const fields = interfaces.fields.get(name);
  if (fields === undefined) throw new Error(`the contracts have no event ${name}`);
  const values = args as unknown as Readonly<Record<string, Value>>;
  return {
    name,
    args: fields.map((field) => {
      const value = values[field];
      if (value === undefined) throw new Error(`the model's ${name} has no ${field}`);
      return value;
    }),
  };
}

function showAll(events: readonly Named[]): string {
  return events.map(({ name, args }) => `${name}${show(args)}`).join(" ");
}

function compareEvents(
  interfaces: PriceInterfaces,
  what: string,
  logs: readonly RawLog[],
  expected: readonly MultiOracleEvent[],
): void {
  const found = logs.flatMap(({ topics, data }) => interfaces.events.decode(topics, data) ?? []);
  const wanted = expected.map((event) => namedEvent(interfaces, event));
  const alike =
    found.length === wanted.length &&
    found.every(({ name, args }, at) => {
      const other = wanted[at];
      return other !== undefined && other.name === name && same(args, other.args);
    });
  ensure(alike, "events", () => `${what} emits ${showAll(found)}, the model ${showAll(wanted)}`);
}

function compareErrors(
  interfaces: PriceInterfaces,
  what: string,
  data: string,
  error: ModelError,
  foreign: ModelError | undefined,
): void {
  const found = interfaces.errors.decode(data);
  // The sources' own errors are told apart where the model knows them.
  const expected = error.name === FOREIGN ? foreign : error;
  if (expected === undefined) return;
  const alike = found.name === expected.name && same(found.args, expected.args);
  ensure(
    alike,
    "errors",
    () =>
      `${what} reverts with ${found.name}${show(found.args)}, ` +
      `the model refuses with ${expected.name}${show(expected.args)}`,
  );
}

/**
 * Compares how a call ended on either side.
 *
 * @param foreign - What the source that refuses says, where that is known.
 */
export function compareOutcome<T>(
  interfaces: PriceInterfaces,
  what: string,
  sent: Sent,
  outcome: MultiOutcome<T>,
  foreign?: ModelError,
): void {
  if (sent.ok && outcome.ok) return compareEvents(interfaces, what, sent.logs, outcome.events);
  if (!sent.ok && !outcome.ok) {
    return compareErrors(interfaces, what, sent.data, outcome.error, foreign);
  }
  const chain = sent.ok ? "succeeds" : `reverts with ${interfaces.errors.decode(sent.data).name}`;
  const model = outcome.ok ? "succeeds" : `is refused with ${outcome.error.name}`;
  ensure(false, "success", () => `${what} ${chain}, on the model it ${model}`);
}
