import * as protocolKit from "@safe-global/protocol-kit";

import type { TransactionReceipt } from "ethers";

import { minedAt } from "../send.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import type { SafeAccount } from "./account.ts";
import type { Call } from "./calls.ts";
import { executionOf } from "./execution.ts";
import { OPERATION, proposalOf } from "./proposal.ts";
import type { Proposal, SafeData } from "./proposal.ts";

// The package's types are written for require, where a default export sits one level deeper than it does here.
const Safe = protocolKit.default as unknown as typeof protocolKit.default.default;
const { EthSafeSignature } = protocolKit;

/** Safe's kit on a Safe. */
export type Kit = Awaited<ReturnType<typeof Safe.init>>;

/**
 * Opens the kit. Whoever signs does so through the network, be it an account that the node keeps or a key of its configuration: the
 * kit only knows the address.
 */
export function kitOf(session: Session, safe: SafeAccount, signer?: string): Promise<Kit> {
  const { provider, chainId } = session;
  const request = async ({ method, params }: { method: string; params?: unknown }) =>
    (await provider.send(method, (params ?? []) as unknown[])) as unknown;
  // It wants to know both contracts for batches. It makes none with the first; without the second `dataFor` makes none.
  const multiSend = safe.multiSend ?? safe.address;
  return Safe.init({
    provider: { request },
    safeAddress: safe.address,
    ...(signer === undefined ? {} : { signer }),
    contractNetworks: {
      [chainId.toString()]: { multiSendAddress: multiSend, multiSendCallOnlyAddress: multiSend },
    },
  });
}

/** The transaction that does one call, or several as a batch. */
export async function dataFor(
  kit: Kit,
  safe: SafeAccount,
  calls: readonly Call[],
  nonce: number,
): Promise<SafeData> {
  if (calls.length > 1 && safe.multiSend === undefined) {
    throw new UsageError(
      "Several calls need Safe's contract for batches (MultiSendCallOnly 1.5.0), and none is known on this chain: pass its address with --multi-send, or propose the calls one by one.",
    );
  }
  const transactions = calls.map(({ to, value, data }) => ({
    ...{ to, value: value.toString(), data, operation: OPERATION.call },
  }));
  return (await kit.createTransaction({ transactions, options: { nonce } })).data;
}

/** The transaction that does nothing, with a nonce that nothing else can then use. */
export async function rejectionFor(kit: Kit, nonce: number): Promise<SafeData> {
  return (await kit.createRejectionTransaction(nonce)).data;
}

/** A proposal of this Safe. */
export function proposed(
  { chainId }: Session,
  { address, version }: SafeAccount,
  data: SafeData,
  functions: readonly string[] = [],
): Proposal {
  return proposalOf({ chainId, safe: address, version }, data, functions);
}

type KitTransaction = Awaited<ReturnType<Kit["createTransaction"]>>;

/** A proposal as the kit takes it, with its signatures. */
export async function kitTransaction(kit: Kit, proposal: Proposal): Promise<KitTransaction> {
  const { data, signatures } = proposal;
  const transaction = await kit.createTransaction({ transactions: [data], options: data });
  for (const [owner, signature] of signatures) {
    transaction.addSignature(new EthSafeSignature(owner, signature));
  }
  return transaction;
}

/** The signature of the kit's signer. */
export async function signatureOf(kit: Kit, proposal: Proposal, signer: string): Promise<string> {
  const signed = await kit.signTransaction(
    await kitTransaction(kit, { ...proposal, signatures: new Map() }),
    "eth_signTypedData_v4",
  );
  const signature = signed.getSignature(signer);
  if (signature === undefined) throw new UsageError(`${signer} has not signed: try again.`);
  return signature.data.toLowerCase();
}

/** Tries a signed proposal as the one who is to send it, so that a refusal is told with its reason and nothing is paid for it. */
export async function trySigned(
  { provider }: Session,
  kit: Kit,
  safe: SafeAccount,
  proposal: Proposal,
  from: string,
): Promise<void> {
  const transaction = await withApprovals(kit, proposal);
  const call = executionOf(safe.address, proposal.data, transaction.encodedSignatures());
  await provider.call({ from, to: call.to, data: call.data });
}

/** Executes a proposal that has its signatures, and waits for it. */
export async function executedBy(
  { provider }: Session,
  kit: Kit,
  proposal: Proposal,
): Promise<TransactionReceipt> {
  const { hash } = await kit.executeTransaction(await kitTransaction(kit, proposal));
  return minedAt(provider, hash);
}

/** The kit's transaction with signatures, and with the marks of owners who have agreed at the Safe itself. */
async function withApprovals(kit: Kit, proposal: Proposal): Promise<KitTransaction> {
  const transaction = await kitTransaction(kit, proposal);
  for (const owner of await kit.getOwnersWhoApprovedTx(proposal.hash)) {
    if (!proposal.signatures.has(owner)) {
      transaction.addSignature(protocolKit.generatePreValidatedSignature(owner));
    }
  }
  return transaction;
}
