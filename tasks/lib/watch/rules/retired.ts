import type { Finding } from "../alarm.ts";
import { marketName } from "../names.ts";
import type { Names } from "../names.ts";

/** Markets that were retired: no new books and no new risk, for good. */
export function retiredFindings(markets: readonly bigint[], names: Names): Finding[] {
  return markets.map((market) => ({
    alarm: "retired",
    severity: "warning",
    text: `market ${names.market(market)} was retired: it takes no new risk any more`,
    details: marketName(names, market),
  }));
}
