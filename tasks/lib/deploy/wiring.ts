import { Contract, getAddress } from "ethers";
import type { Provider } from "ethers";

import { isContractFault } from "../answers.ts";

/** A contract, a function of it that answers with an address, and whose address that has to be. */
export const WIRES: readonly (readonly [contract: string, getter: string, other: string])[] = [
  ["clearinghouse", "annex", "annex"],
  ["clearinghouse", "authority", "accessManager"],
  ["clearinghouse", "treasury", "bounties"],
  ["lens", "ledger", "clearinghouse"],
  ["oracleHub", "authority", "accessManager"],
  ["settlementOracle", "HUB", "oracleHub"],
  ["chainlinkPush", "proxy", "feed"],
  ["circuitBreaker", "LEDGER", "clearinghouse"],
  ["circuitBreaker", "HUB", "oracleHub"],
  ["circuitBreaker", "authority", "accessManager"],
  ["bounties", "LEDGER", "clearinghouse"],
  ["bounties", "TREASURY", "safe"],
  ["bounties", "authority", "accessManager"],
  ["guardian", "entryPoint", "entryPoint"],
];

/** What a getter answers with; nothing if it does not answer. */
export async function wireOf(
  provider: Provider,
  address: string,
  getter: string,
): Promise<string | undefined> {
  const contract = new Contract(address, [`function ${getter}() view returns (address)`], provider);
  try {
    return getAddress(String(await contract.getFunction(getter)()));
  } catch (error) {
    if (!isContractFault(error)) throw error;
    return undefined;
  }
}
