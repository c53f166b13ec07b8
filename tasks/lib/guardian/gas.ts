import type { OperationGas } from "../../../scripts/lib/guardian/userOperation.ts";
import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
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
/** Gas of a call that cannot be estimated, as it would be refused now. */
const OF_CALL = 500_000n;
/** What an estimate is raised by: the chain may stand otherwise by then. The entry point charges a tenth of what is left. */
const ROOM = 3n;
const ROOM_OF = 2n;

/** Below the most that a transaction may have since Osaka, 2^24, with what is around it. */
const MOST = 16_000_000n;
const GWEI = 9;
const ETHER = 18;
const MOST_FEE = (1n << 80n) - 1n;

/** Gas of an operation that makes these calls: as it is asked for, else enough for any keys and what gas costs now, twice. */
export async function gasFor(
  session: Session,
  account: GuardianAccount,
  calls: readonly Call[],
  args: GasArguments,
): Promise<OperationGas> {
  const { maxFeePerGas, gasPrice, maxPriorityFeePerGas } = await session.provider.getFeeData();
  const maxFee = feeIn("--max-fee", args.maxFee) ?? maxFeePerGas ?? gasPrice ?? 0n;
  const tip = feeIn("--priority-fee", args.priorityFee) ?? maxPriorityFeePerGas ?? maxFee;
  const gas = {
    verification: wholeIn("--verification-gas", args.verificationGas) ?? verificationFor(account),
    call: wholeIn("--call-gas", args.callGas) ?? (await callGasFor(session, account, calls)),
    preVerification: wholeIn("--pre-verification-gas", args.preVerificationGas) ?? AROUND,
    maxFee,
    priorityFee: tip < maxFee ? tip : maxFee,
  };
  if (transactionGas(gas) <= MOST) return gas;
  throw new UsageError(
    `The operation takes up to ${transactionGas(gas)} gas, more than a transaction may have: make several of it, or say less by --call-gas.`,
  );
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
  try {
    const used = await provider.estimateGas({ from, to, data: callDataOf(calls) });
    return (used * ROOM) / ROOM_OF;
  } catch (error) {
    if (decodeError(error).kind === "none") throw error;
    return BigInt(calls.length) * OF_CALL;
  }
}

/** Gas that whoever sends an operation gives the transaction: all that it may use, and what the entry point keeps back. */
export function transactionGas({
  verification,
  call,
  preVerification,
}: Pick<OperationGas, "verification" | "call" | "preVerification">): bigint {
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
  const { verification, call, preVerification, maxFee } = gasOf(proposal);
  const needed = (verification + call + preVerification) * maxFee;
  const lacking = needed - deposit - balance;
  return { needed, lacking: lacking > 0n ? lacking : 0n };
}

/** The same in words. */
export function payingText(account: GuardianAccount, proposal: GuardianProposal): string {
  const { needed, lacking } = payingOf(account, proposal);
  const { maxFee } = gasOf(proposal);
  if (maxFee === 0n) return "nothing: who sends it pays, at any price of gas";
  const most = `at most ${etherText(needed)} at ${formatDecimal(maxFee, GWEI)} gwei`;
  const has = `the deposit has ${etherText(account.deposit)}`;
  return lacking === 0n
    ? `${most}; ${has}`
    : `${most}; ${has}, which LACKS ${etherText(lacking)}: guardian:deposit --amount ${formatDecimal(lacking, ETHER)}`;
}

/** Wei in words. */
export function etherText(wei: bigint): string {
  return `${formatDecimal(wei, ETHER)} ether`;
}
