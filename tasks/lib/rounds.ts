import type { RoundReader } from "../../scripts/lib/roundHints.ts";
import type { Session } from "./session.ts";

/** Where rounds of Chainlink feeds are read. */
export function readerOf({ provider }: Session): RoundReader {
  return { call: (request) => provider.call(request) };
}
