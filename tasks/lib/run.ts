import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import type { DecodedError } from "../../packages/contracts/src/errors/decode.ts";
import type { CommonArguments, LocatedArguments } from "./arguments.ts";
import { HOW_TO_START } from "./deployment.ts";
import { note, paragraphs, toJson } from "./print.ts";
import type { Report } from "./print.ts";
import { Refused, refusalText } from "./refusals.ts";
import { openSession } from "./session.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** Why a task failed, as `--json` tells it. */
interface Failure {
  readonly name: string;
  readonly args?: DecodedError["args"];
  readonly message: string;
}

/**
 * The body of a task: connects, works, prints the report. What the user can do something about, reverts above all, is
 * shown as a sentence and makes the command fail; anything else passes through.
 */
export function run<Arguments extends CommonArguments>(
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
  work: (session: Session, args: Arguments) => Promise<Report>,
): Promise<Result<undefined, Failure>> {
  return told(args.json, () => worked(args, hre, (session) => work(session, args)));
}

/** The body of a task that prints as it goes; failures are treated as by `run`. */
export function runOn(
  args: LocatedArguments,
  hre: HardhatRuntimeEnvironment,
  work: (session: Session) => Promise<void>,
): Promise<Result<undefined, Failure>> {
  return attempted(false, async () => {
    await worked(args, hre, work);
    return undefined;
  });
}

/** The body of a task that is about no ledger that stands: whatever it connects to, it closes. */
export function told(
  json: boolean,
  work: () => Promise<Report>,
): Promise<Result<undefined, Failure>> {
  return attempted(json, async () => {
    const report = await work();
    process.stdout.write(`${json ? toJson(report.json) : report.text}\n`);
    return report.failure;
  });
}

async function attempted(
  json: boolean,
  work: () => Promise<Failure | undefined>,
): Promise<Result<undefined, Failure>> {
  try {
    const failure = await work();
    if (failure === undefined) return { success: true, value: undefined };
    note(failure.message);
    return { success: false, error: failure };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    note(failure.message);
    if (json) process.stdout.write(`${toJson({ error: failure })}\n`);
    return { success: false, error: failure };
  }
}

async function worked<Answer>(
  args: LocatedArguments,
  hre: HardhatRuntimeEnvironment,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  const session = await openSession(args, hre);
  try {
    return await work(session);
  } catch (error) {
    throw await explained(session, error);
  } finally {
    await session.close();
  }
}

/** A refusal, its sentence made while the chain can still be asked. */
class Explained extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function explained(session: Session, error: unknown): Promise<unknown> {
  if (error instanceof UsageError) return error;
  const decoded = decodeError(error);
  if (decoded.kind === "none") return error;
  const { name, args } = decoded;
  const { tokens, remark } = error instanceof Refused ? error : { tokens: [], remark: "" };
  const sentence = await refusalText(session, decoded, tokens);
  return new Explained({ name, args, message: paragraphs(sentence, remark) });
}

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof Explained) return error.failure;
  if (error instanceof UsageError) return { name: error.name, message: error.message };
  // Hardhat's and ethers' own errors, of nodes and wallets, carry a code or a number; a bug does not.
  if (!(error instanceof Error)) return undefined;
  const told = "errorCode" in error || "code" in error || "number" in error;
  if (!told || error instanceof TypeError) return undefined;
  return { name: error.name, message: messageOf(error) };
}

/** Sentences for what Hardhat says of networks, where it does not say what to do here. */
const BY_CODE: Readonly<Record<string, (message: string) => string>> = {
  HHE7: (message) => {
    const [, name = ""] = /"(\w+)"/.exec(message) ?? [];
    return `${name} is not set, which the network needs: npx hardhat keystore set ${name}, or an environment variable of that name.`;
  },
  HHE703: (message) => {
    const [, network = ""] = /"(\w+)"/.exec(message) ?? [];
    return `No node answers for the network ${network}: say where one is by --rpc or --network, or ${HOW_TO_START}`;
  },
};

function messageOf(error: Error): string {
  const code = "errorCode" in error ? String(error.errorCode) : "";
  return (
    BY_CODE[code]?.(error.message) ??
    ("shortMessage" in error ? String(error.shortMessage) : error.message)
  );
}
