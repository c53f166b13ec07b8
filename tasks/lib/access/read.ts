import type { Provider } from "ethers";

import { PUBLIC, ROLES, TARGETS } from "../../../deploy/roles.ts";
import type { Holder, Target } from "../../../deploy/roles.ts";
import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { historyOf } from "./history.ts";
import { operationsOf } from "./readOperations.ts";
import { roleOf } from "./readRoles.ts";
import { targetOf } from "./readTargets.ts";
import { replay } from "./replay.ts";
import type { Replayed } from "./replay.ts";
import type { AccessState } from "./state.ts";
import type { Asked } from "./views.ts";

/** Whose access is looked at. */
export interface Parties {
  readonly manager: string;
  readonly targets: Readonly<Record<Target, string>>;
  readonly holders: Readonly<Record<Holder, string>>;
}

/**
 * Reads all that an access manager says, as of the latest block: the events tell what there is to ask for, the views what of it
 * is so.
 *
 * @param fromBlock - Where its events begin, or later.
 */
export async function readAccess(
  provider: Provider,
  { manager, targets, holders }: Parties,
  fromBlock: number,
): Promise<AccessState> {
  const block = await provider.getBlockNumber();
  const time = BigInt((await provider.getBlock(block))?.timestamp ?? 0);
  const replayed = replay(await historyOf(provider, manager, fromBlock, block));
  const contract = AccessManager__factory.connect(manager, provider);
  const asked: Asked = { provider, contract, block, time, replayed, contradictions: [] };

  const held = Object.values(holders);
  const roles = await Promise.all(rolesIn(replayed).map((id) => roleOf(asked, id, held)));
  const expected = new Map(TARGETS.map((target) => [targets[target], target]));
  const addresses = new Set([...expected.keys(), ...targetsIn(replayed)]);
  const read = await Promise.all(
    [...addresses].map((address) => targetOf(asked, address, expected.get(address))),
  );
  const operations = await operationsOf(asked);
  const { firstAdmin } = replayed;
  const { contradictions } = asked;
  return { manager, block, time, firstAdmin, roles, targets: read, operations, contradictions };
}

/** Every role that anybody ever spoke of, in order. */
function rolesIn({
  grants,
  labels,
  admins,
  guardians,
  grantDelays,
  functions,
}: Replayed): bigint[] {
  const ids = new Set(ROLES.map(({ id }) => id));
  for (const map of [grants, labels, admins, guardians, grantDelays]) {
    for (const id of map.keys()) ids.add(id);
  }
  for (const id of [...admins.values(), ...guardians.values()]) ids.add(id);
  for (const selectors of functions.values()) for (const id of selectors.values()) ids.add(id);
  ids.delete(PUBLIC);
  return [...ids].sort((a, b) => (a < b ? -1 : 1));
}

/** Every contract of which anybody ever spoke. */
function targetsIn({ functions, closed, adminDelays }: Replayed): string[] {
  return [...functions.keys(), ...closed.keys(), ...adminDelays.keys()];
}
