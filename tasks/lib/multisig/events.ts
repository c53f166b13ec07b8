import type { Interface, Log } from "ethers";

import { ABIS } from "./calls.ts";
import { fieldsText, withoutCalls } from "./values.ts";

/** What a Safe says whatever it executes. */
const USUAL = ["SafeMultiSigTransaction", "ExecutionSuccess"];

/** Events in words, but for those that every transaction of a Safe has. */
export function eventTexts(logs: readonly Log[], names: ReadonlyMap<string, string>): string[] {
  return logs
    .filter((log) => !USUAL.includes(parsed(ABIS.safe, log)?.name ?? ""))
    .map((log) => eventText(log, names));
}

function eventText(log: Log, names: ReadonlyMap<string, string>): string {
  const by = names.get(log.address) ?? log.address;
  for (const calls of Object.values<Interface>(ABIS)) {
    const found = parsed(calls, log);
    if (found === null) continue;
    return `${by}: ${found.name}(${fieldsText(found.fragment.inputs, found.args.toArray(), withoutCalls)})`;
  }
  return `${by}: unknown event ${log.topics[0] ?? ""}`;
}

function parsed(calls: Interface, log: Log) {
  try {
    return calls.parseLog(log);
  } catch {
    // The same name and types with others of them indexed, as tokens do.
    return null;
  }
}
