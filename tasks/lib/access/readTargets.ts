import { ROLES } from "../../../deploy/roles.ts";
import type { Target } from "../../../deploy/roles.ts";
import { selectorsOf } from "../../../deploy/selectors.ts";
import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import type { TargetState } from "./state.ts";
import { confirm, delayOf } from "./views.ts";
import type { Asked } from "./views.ts";

/**
 * A target as the views have it.
 *
 * @param target - Which it should be; nothing for one that only events name.
 */
export async function targetOf(
  asked: Asked,
  address: string,
  target: Target | undefined,
): Promise<TargetState> {
  const { contract, block: blockTag, replayed } = asked;
  const at = { blockTag };
  const known = replayed.functions.get(address);
  const expected = ROLES.flatMap((role) =>
    target === undefined ? [] : [...(selectorsOf(role).get(target) ?? [])],
  );
  const selectors = [...new Set([...(known?.keys() ?? []), ...expected])];
  const [authority, closed, adminDelay, roles] = await Promise.all([
    authorityOf(asked, address),
    contract.isTargetClosed(address, at),
    contract.getTargetAdminDelay(address, at),
    Promise.all(selectors.map((selector) => contract.getTargetFunctionRole(address, selector, at))),
  ]);
  confirm(asked, `${address} closed`, closed, replayed.closed.get(address) ?? false);
  const functions = new Map<string, bigint>();
  for (const [i, selector] of selectors.entries()) {
    const role = roles[i] ?? 0n;
    confirm(asked, `role of ${selector} of ${address}`, role, known?.get(selector) ?? 0n);
    functions.set(selector, role);
  }
  const change = replayed.adminDelays.get(address);
  const delay = delayOf(asked, `admin delay of ${address}`, adminDelay, change);
  return { address, authority, closed, adminDelay: delay, functions };
}

/** Whom a contract asks; the hub's binding stands for every managed contract. */
async function authorityOf({ provider, block }: Asked, address: string) {
  const managed = OracleHub__factory.connect(address, provider);
  return managed.authority({ blockTag: block }).catch(() => undefined);
}
