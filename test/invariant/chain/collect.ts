import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as NodeJS.GCFunction;

/**
 * Drops young garbage. An answer of the chain holds the trace of its transaction, megabytes that the engine cannot see
 * and would keep for minutes.
 */
export function dropGarbage(): void {
  void collect({ type: "minor" });
}
