import type { OperationGas } from "../../../scripts/lib/guardian/userOperation.ts";
import { formatDecimal, parseDecimal, parseWhole } from "../decimals.ts";
import type { Call } from "../multisig/calls.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { isAddressSigner } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import { callDataOf, gasOf } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";

/** What options say of an operation's gas. */
export interface GasArguments {
  readonly maxFee: string | undefined;
  readonly priorityFee: string | undefined;
  readonly callGas: string | undefined;
  readonly verificationGas: string | undefined;
  readonly preVerificationGas: string | undefined;
}

/** Gas of checking a signature: of a key where P-256 is no precompile, of an address that may be a contract; and of the rest. */
const OF_KEY = 350_000n;
const OF_ADDRESS = 60_000n;
const OF_ACCOUNT = 80_000n;
/** Gas of the transaction around an operation that the entry point does not measure. */
const AROUND = 50_000n;
/** Gas of a call that cannot be estimated. */
const OF_CALL = 500_000n;
/** What an estimate is raised by: the chain may stand otherwise by then. The entry point charges a tenth of what is left. */
const ROOM = 3n;
const ROOM_OF = 2n;

/** Below the most that a transaction may have since Osaka, 2^24, with what is around it. */
const MOST = 16_000_000n;
const GWEI = 9;
const ETHER = 18;
const MOST_FEE = (1n << 80n) - 1n;

/**
 * Gas of an operation that makes these calls: as it is asked for, else enough for any keys. Its price, if none is asked for, is
 * twice what gas costs now; or 0, so that it needs no deposit, if it is to be kept or the deposit would not do.
 */
export async function gasFor(
  session: Session,
  account: GuardianAccount,
  calls: readonly Call[],
  args: GasArguments,
  kept: boolean,
): Promise<OperationGas> {
  const limits = {
    verification: wholeIn("--verification-gas", args.verificationGas) ?? verificationFor(account),
    call: wholeIn("--call-gas", args.callGas) ?? (await callGasFor(session, account, calls)),
    preVerification: wholeIn("--pre-verification-gas", args.preVerificationGas) ?? AROUND,
  };
  if (transactionGas(limits) > MOST) {
    throw new UsageError(
      `The operation takes up to ${transactionGas(limits)} gas, more than a transaction may have: make several of it, or say less by --call-gas.`,
    );
  }
  const { maxFeePerGas, gasPrice, maxPriorityFeePerGas } = await session.provider.getFeeData();
  const usual = kept ? 0n : (maxFeePerGas ?? gasPrice ?? 0n);
  const paid = costOf(limits, usual) <= account.deposit + account.balance;
  const maxFee = feeIn("--max-fee", args.maxFee) ?? (paid ? usual : 0n);
  const tip = feeIn("--priority-fee", args.priorityFee) ?? maxPriorityFeePerGas ?? maxFee;
  return { ...limits, maxFee, priorityFee: tip < maxFee ? tip : maxFee };
}

type Limits = Omit<OperationGas, "maxFee" | "priorityFee">;

/** What the entry point takes beforehand. */
function costOf({ verification, call, preVerification }: Limits, maxFee: bigint): bigint {
  return (verification + call + preVerification) * maxFee;
}

function feeIn(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const fee = parseDecimal(option, text, GWEI);
  if (fee >= 0n && fee <= MOST_FEE) return fee;
  throw new UsageError(`${option}: ${text} is no price of gas: write gwei, 0 or more.`);
}

function wholeIn(option: string, text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : parseWhole(option, text, 1n, MOST);
}

/** Enough for the dearest signers that can sign. */
function verificationFor({ signers, threshold }: GuardianAccount): bigint {
  const costs = signers.map((signer) => (isAddressSigner(signer) ? OF_ADDRESS : OF_KEY));
  const dearest = costs.toSorted((a, b) => Number(b - a)).slice(0, threshold);
  return dearest.reduce((sum, cost) => sum + cost, OF_ACCOUNT);
}

async function callGasFor(
  { provider }: Session,
  { address: to, entryPoint: from }: GuardianAccount,
  calls: readonly Call[],
): Promise<bigint> {
  const data = callDataOf(calls);
  try {
    return ((await provider.estimateGas({ from, to, data })) * ROOM) / ROOM_OF;
  } catch {
    // Refused now, or by a node that estimates nothing for a contract; what is wrong with either is told when it is tried.
    return BigInt(calls.length) * OF_CALL;
  }
}

/** Gas that whoever sends an operation gives the transaction: all that it may use, and what the entry point keeps back. */
export function transactionGas({ verification, call, preVerification }: Limits): bigint {
  const kept = (call * 64n) / 63n + 100_000n;
  return verification + preVerification + kept;
}

/** Whether the guardian can pay for an operation at its worst, in wei. */
export interface Paying {
  /** What the entry point takes beforehand and gives back but for what was used. */
  readonly needed: bigint;
  /** What the deposit and the account's ether lack. */
  readonly lacking: bigint;
}

/** Whether deposit and ether pay for an operation. */
export function payingOf(
  { deposit, balance }: GuardianAccount,
  proposal: GuardianProposal,
): Paying {
  const gas = gasOf(proposal);
  const needed = costOf(gas, gas.maxFee);
  const lacking = needed - deposit - balance;
  return { needed, lacking: lacking > 0n ? lacking : 0n };
}

/** The same in words. */
export function payingText(account: GuardianAccount, proposal: GuardianProposal): string {
  const { needed, lacking } = payingOf(account, proposal);
  const { maxFee } = gasOf(proposal);
  if (maxFee === 0n) return "none of the guardian: who sends it pays";
  const most = `at most ${etherText(needed)} of the deposit, which has ${etherText(account.deposit)}`;
  return lacking === 0n ? most : `${most}: ${etherText(lacking)} ARE LACKING, see guardian:deposit`;
}

/** Wei in words. */
export function etherText(wei: bigint): string {
  return `${formatDecimal(wei, ETHER)} ether`;
}
