import { AccessManager__factory } from "../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { eventsSince } from "./logs.ts";
import type { Session } from "./session.ts";
import type { Acting } from "./signers.ts";
import { UsageError } from "./usage.ts";

/** Refuses whom the access manager does not let list markets, and says who may. */
export async function checkLister(session: Session, { address }: Acting): Promise<void> {
  const { ledger, ledgerAddress, provider } = session;
  const manager = AccessManager__factory.connect(await ledger.authority(), provider);
  const { selector } = ledger.interface.getFunction("list");
  const { immediate, delay } = await manager.canCall(address, ledgerAddress, selector);
  if (immediate) return;
  const at = `the access manager ${await manager.getAddress()}`;
  if (delay > 0n) {
    throw new UsageError(
      `${address} may list only ${delay} s after it has said so: schedule the call at ${at}, and execute it there.`,
    );
  }
  const role = await manager.getTargetFunctionRole(ledgerAddress, selector);
  const granted = await eventsSince(session, (from, to) =>
    manager.queryFilter(manager.filters.RoleGranted(role), from, to),
  );
  const named = [...new Set(granted.map(({ args }) => args.account))];
  const has = await Promise.all(named.map((account) => manager.hasRole(role, account)));
  const holders = named.filter((_, i) => has[i]?.isMember);
  throw new UsageError(
    `${address} may not list markets: that takes role ${role} of ${at}, which ${holders.join(", ") || "nobody known here"} has. Choose another --from, or have an administrator grant it, as deploy/modules/Lister.ts does.`,
  );
}
