import type { LogDescription, Provider } from "ethers";

import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { between } from "../logs.ts";
import { UsageError } from "../usage.ts";

/** How far a first look back goes; each further one goes twice as far. */
const FIRST_STEP = 1_000;

const abi = AccessManager__factory.createInterface();

/**
 * Every event of an access manager from its creation up to a block, in their order. A member whose grant is not seen is not
 * seen either, so the search goes back from where it was to begin until it meets the creation.
 */
export async function historyOf(
  provider: Provider,
  manager: string,
  from: number,
  to: number,
): Promise<LogDescription[]> {
  const logsOf = (fromBlock: number, toBlock: number) =>
    provider.getLogs({ address: manager, fromBlock, toBlock });
  let first = Math.min(from, to);
  let logs = await between(logsOf, first, to);
  for (let step = FIRST_STEP; !(await isCreation(provider, manager, logs[0])); step *= 2) {
    if (first === 0) {
      throw noManager(manager);
    }
    const earlier = Math.max(0, first - step);
    logs = [...(await between(logsOf, earlier, first - 1)), ...logs];
    first = earlier;
  }
  const events = logs.map((log) => abi.parseLog(log)).filter((event) => event !== null);
  if (events[0]?.name === "RoleGranted") return events;
  throw noManager(manager);
}

function noManager(address: string): UsageError {
  return new UsageError(
    `The events of ${address} do not begin with an administrator: it is no access manager, or the node does not have all of its events.`,
  );
}

/** Whether an event is of the transaction, or at least the block, that created the manager. */
async function isCreation(
  provider: Provider,
  manager: string,
  log: { readonly transactionHash: string; readonly blockNumber: number } | undefined,
): Promise<boolean> {
  if (log === undefined) return false;
  const receipt = await provider.getTransactionReceipt(log.transactionHash);
  if (receipt?.contractAddress === manager) return true;
  if (log.blockNumber === 0) return true;
  // Created by a factory; nodes that keep no old state cannot tell.
  const before = await provider.getCode(manager, log.blockNumber - 1).catch(() => undefined);
  return before === "0x";
}
