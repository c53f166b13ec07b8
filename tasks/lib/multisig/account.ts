import { Contract, keccak256 } from "ethers";

import { isContractFault } from "../answers.ts";
import type { Governed } from "../governed.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { MULTI_SEND_HASH, SAFE } from "./safeArtifacts.ts";

/** A Safe as it stands now. */
export interface SafeAccount {
  readonly address: string;
  readonly version: string;
  readonly owners: readonly string[];
  /** Signatures that a transaction needs. */
  readonly threshold: number;
  /** Nonce of the next transaction. */
  readonly nonce: number;
  readonly contract: Contract;
  /** Who can act for it without any signature. */
  readonly modules: readonly string[];
  /** Safe's contract for batches, if it is known of this chain. */
  readonly multiSend: string | undefined;
}

/** Versions whose transactions are hashed with chain and address, as everything here expects. */
const VERSIONS = ["1.3.0", "1.4.1", "1.5.0"];

/** Where Safe's usual deployment puts `MultiSendCallOnly` 1.5.0 on every chain. */
const USUAL_MULTI_SEND = "0xA83c336B20401Af773B6219BA5027174338D1836";

/** First and last of a Safe's list of modules. */
const SENTINEL = "0x0000000000000000000000000000000000000001";
const MODULES = 50;

/** Reads the Safe of a deployment. */
export async function safeAccount(session: Session, governed: Governed): Promise<SafeAccount> {
  const address = await governed.need("safe");
  const contract = new Contract(address, SAFE, session.provider);
  const ask = async <Answer>(name: string, ...values: unknown[]): Promise<Answer> =>
    (await contract.getFunction(name)(...values)) as Answer;
  try {
    const [version, owners, threshold, nonce, [modules]] = await Promise.all([
      ask<string>("VERSION"),
      ask<string[]>("getOwners"),
      ask<bigint>("getThreshold"),
      ask<bigint>("nonce"),
      ask<[string[]]>("getModulesPaginated", SENTINEL, MODULES),
    ]);
    if (!VERSIONS.includes(version)) {
      throw new UsageError(
        `--safe: ${address} is a Safe of version ${version}; these tasks know ${VERSIONS.join(", ")}.`,
      );
    }
    const multiSend = await multiSendAt(session, governed);
    return {
      ...{ address, version, owners: [...owners], threshold: Number(threshold) },
      ...{ nonce: Number(nonce), contract, modules: [...modules], multiSend },
    };
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(`--safe: the contract ${address} is no Safe: it does not answer as one.`);
  }
}

async function multiSendAt(session: Session, governed: Governed): Promise<string | undefined> {
  const named = governed.find("multiSend");
  if (named !== undefined) {
    await checkMultiSend(session, named);
    return named;
  }
  return (await isMultiSend(session, USUAL_MULTI_SEND)) ? USUAL_MULTI_SEND : undefined;
}

async function isMultiSend({ provider }: Session, address: string): Promise<boolean> {
  return keccak256(await provider.getCode(address)) === MULTI_SEND_HASH;
}

/**
 * Refuses any contract but Safe's own for batches: the Safe lends it its identity, so that another one could do anything with the
 * Safe, whatever its call data looks like.
 */
export async function checkMultiSend(session: Session, address: string): Promise<void> {
  if (await isMultiSend(session, address)) return;
  throw new UsageError(
    `${address} is not Safe's contract for batches (MultiSendCallOnly 1.5.0): a Safe that lends it its identity can lose everything. Nobody should sign this.`,
  );
}
