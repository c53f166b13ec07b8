import { createPrivateKey } from "node:crypto";

import { Signature } from "ethers";

import { p256Key } from "../../../scripts/lib/guardian/keys.ts";
import { OPERATION_TYPES, operationDomain } from "../../../scripts/lib/guardian/userOperation.ts";
import type { SignedBy } from "../../../scripts/lib/guardian/userOperation.ts";
import { readText } from "../files.ts";
import type { Session } from "../session.ts";
import { actorOf } from "../signers.ts";
import { UsageError } from "../usage.ts";
import { isAddressSigner, partsOf, signerText } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import { assertionSignature } from "./assertion.ts";
import { p256PointOf, p256SecretOf } from "./pem.ts";
import type { GuardianProposal } from "./proposal.ts";
import { isGood } from "./signatures.ts";

/** By which key an operation is signed; by that of an account if none is named. */
export interface SigningArguments {
  readonly from: string;
  readonly p256: string | undefined;
  readonly assertion: string | undefined;
}

/** Holds the passphrase of an encrypted PEM file. */
const PASSPHRASE = "GUARDIAN_PASSPHRASE";

/** Who would sign, found out before anybody looks at what: nothing of an assertion, which does not say whose it is. */
export async function signersMeant(
  session: Session,
  account: GuardianAccount,
  { from, p256, assertion }: SigningArguments,
): Promise<readonly string[]> {
  if (p256 !== undefined && assertion !== undefined) {
    throw new UsageError("--p256 and --assertion are two keys: sign with one after the other.");
  }
  if (assertion !== undefined) return account.signers.filter((it) => !isAddressSigner(it));
  if (p256 !== undefined) {
    const point = p256PointOf("--p256", p256, await privateKey(p256));
    const found = account.signers.filter((signer) => partsOf(signer).key === point);
    if (found.length > 0) return found;
    throw stranger(account, `The key of ${p256} (${point.slice(0, 10)}…)`);
  }
  const { address } = await actorOf(session, { from });
  if (account.signers.includes(address.toLowerCase())) return [address.toLowerCase()];
  throw stranger(account, address);
}

function stranger({ address, signers }: GuardianAccount, who: string): UsageError {
  return new UsageError(
    `${who} is no signer of the guardian ${address}: choose --from, --p256 or --assertion among ${signers.map(signerText).join(", ")}.`,
  );
}

/** The signature of the key that is named, which the guardian would take. */
export async function signed(
  session: Session,
  account: GuardianAccount,
  proposal: GuardianProposal,
  args: SigningArguments,
): Promise<SignedBy> {
  const signers = await signersMeant(session, account, args);
  const signatures = await signaturesBy(session, proposal, signers, args);
  for (const one of signatures) {
    if (await isGood(session, one.signer, proposal.hash, one.signature)) return one;
  }
  throw new UsageError(
    `The guardian would not take this signature from any of ${signers.map(signerText).join(", ") || "its keys"}: nothing is written. Is it the right key, and its verifier the right one?`,
  );
}

async function signaturesBy(
  session: Session,
  { hash, chainId, entryPoint, operation }: GuardianProposal,
  signers: readonly string[],
  { from, p256, assertion }: SigningArguments,
): Promise<readonly SignedBy[]> {
  if (assertion !== undefined) {
    const signature = await imported(assertion, hash);
    return signers.map((signer) => ({ signer, signature }));
  }
  if (p256 !== undefined) {
    const secret = p256SecretOf("--p256", p256, await privateKey(p256));
    return signers.map((signer) => p256Key(partsOf(signer).at, secret).sign(hash));
  }
  const [signer = ""] = signers;
  const actor = await actorOf(session, { from });
  const domain = operationDomain(chainId, entryPoint);
  const made = await actor.signTypedData(domain, OPERATION_TYPES, operation);
  // Some wallets count the last byte from 0; the guardian takes 27 and 28.
  return [{ signer, signature: Signature.from(made).serialized }];
}

async function privateKey(path: string) {
  const key = await readText("--p256", path);
  const passphrase = process.env[PASSPHRASE];
  if (passphrase === undefined && key.includes("ENCRYPTED")) {
    throw new UsageError(`--p256: ${path} is encrypted: put its passphrase into ${PASSPHRASE}.`);
  }
  return () => createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
}

async function imported(path: string, hash: string): Promise<string> {
  const content = await readText("--assertion", path);
  try {
    return assertionSignature(content, hash);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--assertion: ${path} does not sign this operation: ${why}.`);
  }
}
