import type { FunctionFragment, Interface } from "ethers";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import {
  AccessManager__factory,
  Guardian__factory,
  IClearinghouse__factory,
} from "../../../types/ethers-contracts/index.ts";
import type { Connection } from "../../fixtures/connection.ts";

const manager = AccessManager__factory.createInterface();
const guardian = Guardian__factory.createInterface();
const ledger = IClearinghouse__factory.createInterface();

/** Revert data of every way to be told that it is somebody else's call. */
export const refusedBy = {
  managed: (caller: string) => ledger.encodeErrorResult("AccessManagedUnauthorized", [caller]),
  managerRole: (caller: string, role: bigint) =>
    manager.encodeErrorResult("AccessManagerUnauthorizedAccount", [caller, role]),
  notScheduled: (operation: string) =>
    manager.encodeErrorResult("AccessManagerNotScheduled", [operation]),
  account: (caller: string) => guardian.encodeErrorResult("AccountUnauthorized", [caller]),
  owner: (account: bigint, caller: string) =>
    ledger.encodeErrorResult("NotOwner", [account, caller]),
  scope: (account: bigint, caller: string, scope: bigint) =>
    ledger.encodeErrorResult("NotPermitted", [account, caller, scope]),
  guard: (market: bigint, caller: string) => ledger.encodeErrorResult("NotGuard", [market, caller]),
} as const;

/** Selectors of an ABI's errors. */
function selectors(abi: Interface, pick: (name: string) => boolean): string[] {
  const found: string[] = [];
  abi.forEachError(({ name, selector }) => {
    if (pick(name)) found.push(selector);
  });
  return found;
}

const MANAGED = ["AccessManagedUnauthorized", "AccessManagedRequiredDelay"];
const OF_LEDGER = ["NotOwner", "NotPermitted", "NotGuard"];

/** Every refusal for who calls, whoever says so. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...selectors(ledger, (name) => [...MANAGED, ...OF_LEDGER].includes(name)),
  ...selectors(manager, (name) => name.startsWith("AccessManager")),
  ...selectors(guardian, (name) => name === "AccountUnauthorized"),
]);

/** Revert data of a call that is not sent; nothing if it succeeds. */
export async function refusalOf(
  { ethers }: Connection,
  call: { readonly from: string; readonly to: string; readonly data: string },
): Promise<string | undefined> {
  try {
    await ethers.provider.call(call);
    return undefined;
  } catch (error) {
    const { kind, data } = decodeError(error);
    if (kind === "none") throw error;
    return data;
  }
}

/** Whether revert data refuses for who calls. */
export const isRefusal = (data: string | undefined): boolean =>
  data !== undefined && REFUSALS.has(data.slice(0, 10));

/** Functions of an ABI that may change something. */
export function changing(abi: Interface): FunctionFragment[] {
  const fragments: FunctionFragment[] = [];
  abi.forEachFunction((fragment) => {
    if (!fragment.constant) fragments.push(fragment);
  });
  return fragments;
}
