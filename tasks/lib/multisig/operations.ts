import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import type { AccessManager } from "../../../packages/contracts/src/generated/bindings/AccessManager.ts";
import { eventsSince } from "../logs.ts";
import { NEXT_BLOCK } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";

/** An operation that waits in the access manager. */
export interface Operation {
  readonly id: string;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
  /** When it was scheduled, unix seconds. */
  readonly since: bigint;
  /** When it can be executed. */
  readonly from: bigint;
  /** When it can no longer be. */
  readonly until: bigint;
}

/** The access manager at an address. */
export function managerAt({ provider }: Session, address: string): AccessManager {
  return AccessManager__factory.connect(address, provider);
}

/**
 * What waits in the access manager, the earliest first: scheduled, neither executed nor cancelled, and not expired. Its events say
 * what there was, its own answer what is left.
 */
export async function operationsIn(session: Session, address: string): Promise<Operation[]> {
  const manager = managerAt(session, address);
  const events = await eventsSince(session, (from, to) =>
    manager.queryFilter(manager.filters.OperationScheduled(), from, to),
  );
  // Of an operation that was scheduled again only the last time counts.
  const latest = new Map(events.map((event) => [event.args.operationId, event]));
  const expiration = await manager.expiration();
  const found = await Promise.all(
    [...latest.values()].map(async ({ args, blockNumber }): Promise<Operation[]> => {
      const { operationId: id, caller, target, data } = args;
      const from = await manager.getSchedule(id, NEXT_BLOCK);
      if (from === 0n) return [];
      const block = await session.provider.getBlock(blockNumber);
      const since = BigInt(block?.timestamp ?? 0);
      return [{ id, caller, target, data, since, from, until: from + expiration }];
    }),
  );
  return found.flat().sort((a, b) => Number(a.from - b.from));
}

/** The operation that a text means: its id, or the first digits of it. */
export async function operationBy(
  session: Session,
  manager: string,
  name: string,
  text: string,
): Promise<Operation> {
  const digits = text.trim().toLowerCase();
  const waiting = await operationsIn(session, manager);
  const found = /^0x[\da-f]{4,64}$/.test(digits)
    ? waiting.filter(({ id }) => id.startsWith(digits))
    : [];
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const ids = waiting.map(({ id }) => id.slice(0, 10)).join(", ");
  throw new UsageError(
    `${name}: ${JSON.stringify(text)} is no operation that waits in the access manager ${manager}: ${ids === "" ? "none does" : `there are ${ids}`}; timelock:queue shows them.`,
  );
}
