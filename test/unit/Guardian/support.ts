import type { GuardianCall } from "../../../scripts/lib/guardian/userOperation.ts";
import type { AccessManager, IClearinghouse } from "../../../types/ethers-contracts/index.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { deployGuardian } from "../../fixtures/guardian.ts";
import type { Guarded } from "../../fixtures/guardian.ts";
import { deployListed } from "../../fixtures/world.ts";

/** The role that the guardian has here. */
export const ROLE = 2n;

/** A guardian whose role is to retire markets of a real ledger, and one of them. */
export interface Retirer extends Guarded {
  readonly manager: AccessManager;
  readonly ledger: IClearinghouse;
  readonly market: bigint;
  /** The call that retires it. */
  readonly retire: () => Promise<GuardianCall>;
}

export async function deployRetirer(connection: Connection): Promise<Retirer> {
  const { manager, ledger, linear, stranger } = await deployListed(connection);
  const guarded = await deployGuardian(connection, stranger);
  const { selector } = ledger.interface.getFunction("retire");
  await manager.setTargetFunctionRole(ledger, [selector], ROLE);
  await manager.grantRole(ROLE, guarded.address, 0n);
  const retire = async () => ({
    target: await ledger.getAddress(),
    data: ledger.interface.encodeFunctionData("retire", [linear]),
  });
  return { ...guarded, manager, ledger, market: linear, retire };
}
