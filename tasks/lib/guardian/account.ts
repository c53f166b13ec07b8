import { Contract, getAddress } from "ethers";

import { isContractFault } from "../answers.ts";
import type { Governed } from "../governed.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { ENTRY_POINT, GUARDIAN } from "./abi.ts";

/** The guardian's account as it stands now. */
export interface GuardianAccount {
  readonly address: string;
  /** ERC-4337's entry point, the only way in. */
  readonly entryPoint: string;
  /** What it knows its keys by: an address, or a verifier's address followed by a key; lower case. */
  readonly signers: readonly string[];
  /** Signatures that an operation needs. */
  readonly threshold: number;
  /** What it has at the entry point, wei: operations are paid from it. */
  readonly deposit: bigint;
  /** Ether of the account itself; what the deposit lacks is taken from it. */
  readonly balance: bigint;
}

/** Length of an address in hex. */
const ADDRESS = 42;
const ALL = (1n << 64n) - 1n;

/** Reads the guardian of a deployment. */
export async function guardianAccount(
  { provider }: Session,
  governed: Governed,
): Promise<GuardianAccount> {
  const address = await governed.need("guardian");
  const guardian = new Contract(address, GUARDIAN, provider);
  try {
    const [entryPoint, signers, threshold] = await Promise.all([
      guardian.getFunction("entryPoint")() as Promise<string>,
      guardian.getFunction("getSigners")(0n, ALL) as Promise<string[]>,
      guardian.getFunction("threshold")() as Promise<bigint>,
    ]);
    const contract = new Contract(entryPoint, ENTRY_POINT, provider);
    const deposit = (await contract.getFunction("balanceOf")(address)) as bigint;
    const balance = await provider.getBalance(address);
    return {
      ...{ address, entryPoint, signers: signers.map((signer) => signer.toLowerCase()) },
      ...{ threshold: Number(threshold), deposit, balance },
    };
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(
      `--guardian: the contract ${address} is no guardian: it does not answer as one.`,
    );
  }
}

/** The next nonce of one of the guardian's nonce keys: the key and a number that counts its operations. */
export function nextNonce(
  { provider }: Session,
  { address, entryPoint }: GuardianAccount,
  key: bigint,
): Promise<bigint> {
  const contract = new Contract(entryPoint, ENTRY_POINT, provider);
  return contract.getFunction("getNonce")(address, key) as Promise<bigint>;
}

/** Whether a signer is an address, and no key that a verifier knows. */
export function isAddressSigner(signer: string): boolean {
  return signer.length === ADDRESS;
}

/** A signer in two parts: an address, and the key that the verifier there knows; `0x` if it is the address itself. */
export function partsOf(signer: string): { readonly at: string; readonly key: string } {
  return { at: getAddress(signer.slice(0, ADDRESS)), key: `0x${signer.slice(ADDRESS)}` };
}

/** A signer for people, who know a key by its first digits. */
export function signerText(signer: string): string {
  const { at, key } = partsOf(signer);
  return isAddressSigner(signer) ? at : `key ${key.slice(0, 10)}… of the verifier ${at}`;
}
