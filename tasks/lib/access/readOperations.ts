import type { OperationState } from "./state.ts";
import { confirm } from "./views.ts";
import type { Asked } from "./views.ts";

/** What is scheduled and was neither executed nor cancelled, the earliest first. */
export async function operationsOf(asked: Asked): Promise<OperationState[]> {
  const { contract, block: blockTag, time, replayed } = asked;
  const week = await contract.expiration({ blockTag });
  const found = await Promise.all(
    [...replayed.operations.values()].map(async ({ id, caller, target, data, from }) => {
      const until = from + week;
      const standing = time < from ? "waiting" : time < until ? "ready" : "expired";
      const viewed = await contract.getSchedule(id, { blockTag });
      confirm(asked, `operation ${id}`, viewed, standing === "expired" ? 0n : from);
      return { id, caller, target, data, from, until, standing } as const;
    }),
  );
  return found.sort((a, b) => (a.from < b.from ? -1 : 1));
}
