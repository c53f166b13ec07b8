import type { Provider } from "ethers";

import { compareAccess } from "./compare.ts";
import type { Compared } from "./difference.ts";
import { readAccess } from "./read.ts";
import type { Parties } from "./read.ts";
import type { AccessState } from "./state.ts";

/** What an access manager says, and how that differs from `deploy/roles.ts`. */
export interface Audit extends Compared {
  readonly state: AccessState;
}

/**
 * Audits a deployment. Deploying does so at its end, `access:audit` whenever somebody asks.
 *
 * @param fromBlock - Where events are looked for first; the audit goes back to the manager's creation by itself.
 */
export async function auditAccess(
  provider: Provider,
  parties: Parties,
  fromBlock: number,
): Promise<Audit> {
  const state = await readAccess(provider, parties, fromBlock);
  return { state, ...compareAccess(state, parties) };
}
