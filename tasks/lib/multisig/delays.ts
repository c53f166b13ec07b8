import { dataSlice, getAddress, ZeroAddress } from "ethers";

import { NEXT_BLOCK } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { iso } from "../times.ts";
import { UsageError } from "../usage.ts";
import { ABIS, callOf } from "./calls.ts";
import type { Call } from "./calls.ts";
import { managerAt } from "./operations.ts";
import { told } from "./told.ts";

/** How a call that the access manager guards is meant. */
export interface Scheduling {
  /** Whether it is to be scheduled, not made. */
  readonly schedule: boolean;
  /** When at the earliest it is to be executed; 0 for as soon as it may. */
  readonly when: bigint;
}

/** Whether somebody may make a call, at once or after a delay in seconds; neither if not at all. */
interface Permission {
  readonly immediate: boolean;
  readonly delay: bigint;
  readonly role: bigint;
}

const ADMIN = 0n;
/** Functions of the manager whose delay is that of the target they are about. */
const ABOUT_TARGET = ["updateAuthority", "setTargetClosed", "setTargetFunctionRole"];
/** Functions of the manager that are for whoever administers the role they are about. */
const ABOUT_ROLE = ["grantRole", "revokeRole"];

/** What the manager says of a call; of its own functions it is worked out, as its answer is only about others. */
async function permissionOf(
  session: Session,
  managerAddress: string,
  caller: string,
  { to, data }: Call,
): Promise<Permission> {
  const manager = managerAt(session, managerAddress);
  const selector = dataSlice(data, 0, 4);
  if (to !== managerAddress) {
    const [immediate, delay] = await manager.canCall(caller, to, selector, NEXT_BLOCK);
    return { immediate, delay, role: await manager.getTargetFunctionRole(to, selector) };
  }
  const parsed = ABIS.manager.parseTransaction({ data });
  const name = parsed?.name ?? "";
  const first: unknown = parsed?.args[0];
  const role = ABOUT_ROLE.includes(name) ? await manager.getRoleAdmin(first as bigint) : ADMIN;
  const target = ABOUT_TARGET.includes(name) ? getAddress(String(first)) : ZeroAddress;
  const [{ isMember, executionDelay }, targetDelay] = await Promise.all([
    manager.hasRole(role, caller, NEXT_BLOCK),
    manager.getTargetAdminDelay(target, NEXT_BLOCK),
  ]);
  if (!isMember) return { immediate: false, delay: 0n, role };
  const delay = targetDelay > executionDelay ? targetDelay : executionDelay;
  return { immediate: delay === 0n, delay, role };
}

/**
 * The call that the Safe has to make so that a guarded call happens: itself where the manager lets it through at once, its
 * scheduling where it has to wait, its execution once it has waited.
 */
export async function guardedCall(
  session: Session,
  managerAddress: string,
  safe: string,
  call: Call,
  { schedule, when }: Scheduling,
): Promise<Call> {
  const manager = managerAt(session, managerAddress);
  const { immediate, delay, role } = await permissionOf(session, managerAddress, safe, call);
  const { to, data } = call;
  const text = `${told(call).text.replace(/\(.*/s, "")} of ${to}`;
  if (immediate) {
    if (!schedule) return call;
    throw new UsageError(`--schedule: the Safe may call ${text} at once: leave it out.`);
  }
  if (delay === 0n) {
    throw new UsageError(
      `The Safe ${safe} may not call ${text}: that takes role ${role} of the access manager ${managerAddress}. Have it granted, or propose by a Safe that has it (--safe).`,
    );
  }
  const id = await manager.hashOperation(safe, to, data);
  const from = await manager.getSchedule(id, NEXT_BLOCK);
  if (schedule) {
    if (from === 0n) {
      return callOf(managerAddress, ABIS.manager, "schedule", [to, data, when]);
    }
    throw new UsageError(
      `--schedule: the call of ${text} waits already, until ${iso(from)}: propose it without --schedule then.`,
    );
  }
  if (from === 0n) {
    throw new UsageError(
      `The Safe may call ${text} only ${delay} s after it has said so: propose it with --schedule first, and without it once the time has passed.`,
    );
  }
  if (from <= session.now) {
    return callOf(managerAddress, ABIS.manager, "execute", [to, data], call.value);
  }
  throw new UsageError(
    `The call of ${text} is scheduled and waits until ${iso(from)}: propose it again then.`,
  );
}
