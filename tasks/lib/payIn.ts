import type { ContractTransactionResponse } from "ethers";

import { begun } from "./send.ts";
import type { Session } from "./session.ts";
import type { Acting } from "./signers.ts";
import { amountText, tokenContract, walletBalance } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { UsageError } from "./usage.ts";

/** Refuses to pay in more than a wallet has, before anything is sent. */
export async function checkWallet(
  session: Session,
  actor: Acting,
  token: Token,
  amount: bigint,
): Promise<void> {
  const balance = await walletBalance(session, token, actor.address);
  if (balance >= amount) return;
  throw new UsageError(
    `--amount: ${actor.address} has ${amountText(token, balance)}: pay in at most that, or choose another --from.`,
  );
}

/** Lets the ledger take just this amount, unless it may already. */
export async function approve(
  { ledgerAddress }: Session,
  actor: Acting,
  token: Token,
  amount: bigint,
): Promise<void> {
  const contract = tokenContract(token.address, actor);
  const allowed: unknown = await contract.getFunction("allowance")(actor.address, ledgerAddress);
  if (BigInt(String(allowed)) >= amount) return;
  const sent: unknown = await contract.getFunction("approve")(ledgerAddress, amount);
  await begun(sent as ContractTransactionResponse);
}
