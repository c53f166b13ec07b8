import type { MemberState, RoleState } from "./state.ts";
import { confirm, delayOf } from "./views.ts";
import type { Asked } from "./views.ts";

/**
 * A role as the views have it.
 *
 * @param held - Accounts that are asked for whether or not an event names them.
 */
export async function roleOf(
  asked: Asked,
  id: bigint,
  held: readonly string[],
): Promise<RoleState> {
  const { contract, block: blockTag, replayed } = asked;
  const at = { blockTag };
  const [admin, guardian, grantDelay] = await Promise.all([
    contract.getRoleAdmin(id, at),
    contract.getRoleGuardian(id, at),
    contract.getRoleGrantDelay(id, at),
  ]);
  confirm(asked, `admin of role ${id}`, admin, replayed.admins.get(id) ?? 0n);
  confirm(asked, `guardian of role ${id}`, guardian, replayed.guardians.get(id) ?? 0n);
  const accounts = new Set([...(replayed.grants.get(id)?.keys() ?? []), ...held]);
  const members = await Promise.all([...accounts].map((account) => memberOf(asked, id, account)));
  return {
    id,
    label: replayed.labels.get(id),
    admin,
    guardian,
    grantDelay: delayOf(
      asked,
      `grant delay of role ${id}`,
      grantDelay,
      replayed.grantDelays.get(id),
    ),
    members: members.filter((member) => member !== undefined),
  };
}

async function memberOf(
  asked: Asked,
  role: bigint,
  account: string,
): Promise<MemberState | undefined> {
  const { contract, block, replayed } = asked;
  const access = await contract.getAccess(role, account, { blockTag: block });
  const { since, currentDelay, pendingDelay, effect } = access;
  const grant = replayed.grants.get(role)?.get(account);
  const what = `role ${role} of ${account}`;
  confirm(asked, `${what}, since`, since, grant?.since ?? 0n);
  if (since === 0n) return undefined;
  const last = effect === 0n ? currentDelay : pendingDelay;
  confirm(asked, `${what}, delay`, Number(last), grant?.delay.seconds ?? 0);
  const next = { seconds: Number(pendingDelay), from: effect };
  const delay = { now: Number(currentDelay), ...(effect === 0n ? {} : { next }) };
  return { account, since, delay };
}
