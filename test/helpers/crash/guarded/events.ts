import type { Interface } from "ethers";

import type { Receipt } from "../../../../scripts/demo/chain.ts";

/** Arguments of the first event of a name in a receipt's logs, if there is one. */
export function eventIn(
  calls: Interface,
  logs: Receipt["logs"],
  name: string,
): readonly unknown[] | undefined {
  for (const log of logs) {
    const event = calls.parseLog(log);
    if (event?.name === name) return [...event.args] as readonly unknown[];
  }
  return undefined;
}
