import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { expanded } from "../lib/files.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { guardianAccount, nextNonce, signerText } from "../lib/guardian/account.ts";
import type { GuardianAccount } from "../lib/guardian/account.ts";
import { etherText, payingOf, payingText } from "../lib/guardian/gas.ts";
import { lastOutcome } from "../lib/guardian/outcome.ts";
import { nonceOf, toldCalls } from "../lib/guardian/proposal.ts";
import type { GuardianProposal } from "../lib/guardian/proposal.ts";
import { filesOf } from "../lib/guardian/proposalFile.ts";
import { trustedFile } from "../lib/guardian/trust.ts";
import { callJson } from "../lib/multisig/proposalFile.ts";
import { callLines } from "../lib/multisig/review.ts";
import { merged } from "../lib/multisig/signatures.ts";
import { facts, paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { listed } from "../lib/usage.ts";

interface Arguments extends CommonArguments, GovernedArguments {
  readonly nonceKey: string | undefined;
  readonly file: string | undefined;
}

const MOST_KEY = (1n << 192n) - 1n;

/** A nonce key, and the number of its next operation. */
interface Turn {
  readonly key: bigint;
  readonly next: bigint;
}

/** An operation with all files that hold it. */
interface Listed {
  readonly proposal: GuardianProposal;
  readonly paths: readonly string[];
  readonly state: string;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const account = await guardianAccount(session, governed);
    const keys = listed("--nonce-key", args.nonceKey ?? "0", ",");
    const turns = await Promise.all(
      keys.map((text) => turnOf(session, account, parseWhole("--nonce-key", text, 0n, MOST_KEY))),
    );
    const paths = args.file === undefined ? [] : await expanded(filesOf(args.file));
    const operations = await listedIn(session, account, paths);
    return {
      json: {
        ...accountJson(account),
        nonces: turns.map(({ key, next }) => ({ nonceKey: key, next })),
        operations: operations.map((entry) => listedJson(account, entry)),
      },
      text: paragraphs(
        accountText(account, turns),
        ...operations.map((entry) => listedText(account, entry, governed.names)),
        args.file === undefined ? "Files of operations are shown with --file." : undefined,
      ),
    };
  });

async function turnOf(session: Session, account: GuardianAccount, key: bigint): Promise<Turn> {
  const nonce = await nextNonce(session, account, key);
  return { key, next: nonce & ((1n << 64n) - 1n) };
}

async function listedIn(
  session: Session,
  account: GuardianAccount,
  paths: readonly string[],
): Promise<Listed[]> {
  const byHash = new Map<string, { proposals: GuardianProposal[]; paths: string[] }>();
  for (const path of paths) {
    const proposal = await trustedFile(session, account, path);
    const entry = byHash.get(proposal.hash) ?? { proposals: [], paths: [] };
    entry.proposals.push(proposal);
    entry.paths.push(path);
    byHash.set(proposal.hash, entry);
  }
  return Promise.all(
    [...byHash.values()].map(async ({ proposals, paths: files }) => {
      const proposal = merged(proposals, files);
      return { proposal, paths: files, state: await stateOf(session, account, proposal) };
    }),
  );
}

async function stateOf(
  session: Session,
  account: GuardianAccount,
  proposal: GuardianProposal,
): Promise<string> {
  const { key, sequence } = nonceOf(proposal);
  const { next } = await turnOf(session, account, key);
  if (sequence < next) {
    const outcome = await lastOutcome(session, proposal);
    if (outcome === undefined) return "its nonce was used by another operation";
    return outcome.succeeded ? "done" : "used up, none of its calls was made";
  }
  const lacking = account.threshold - proposal.signatures.size;
  if (lacking > 0) return `lacks ${lacking} of ${account.threshold} signatures`;
  if (sequence > next) return `ready, once number ${sequence} of nonce key ${key} is next`;
  return payingOf(account, proposal).lacking === 0n
    ? "ready: guardian:send"
    : "signed, but the deposit does not pay for it";
}

function accountJson({
  address,
  entryPoint,
  signers,
  threshold,
  deposit,
  balance,
}: GuardianAccount) {
  return { guardian: address, entryPoint, signers, threshold, deposit, balance };
}

function accountText(account: GuardianAccount, turns: readonly Turn[]): string {
  const { address, entryPoint, signers, threshold, deposit, balance } = account;
  return facts([
    ["guardian", address],
    ["entry point", entryPoint],
    ["signers", `${threshold} of ${signers.length}: ${signers.map(signerText).join(", ")}`],
    ["deposit", etherText(deposit)],
    ["own ether", balance === 0n ? undefined : etherText(balance)],
    ...turns.map(({ key, next }) => [`nonce key ${key}`, `next is number ${next}`] as const),
  ]);
}

function listedJson(account: GuardianAccount, { proposal, paths, state }: Listed) {
  const { key, sequence } = nonceOf(proposal);
  return {
    files: paths,
    nonceKey: key,
    sequence,
    operationHash: proposal.hash,
    state,
    signatures: [...proposal.signatures.keys()],
    payment: payingOf(account, proposal),
    calls: toldCalls(proposal).map(callJson),
  };
}

function listedText(
  account: GuardianAccount,
  { proposal, paths, state }: Listed,
  names: ReadonlyMap<string, string>,
): string {
  const { key, sequence } = nonceOf(proposal);
  const lines = toldCalls(proposal).flatMap((call, i) => callLines(call, names, `${i + 1}. `));
  return [
    facts([
      ["files", paths.join(", ")],
      ["nonce key", `${key}, number ${sequence}`],
      ["operation hash", proposal.hash],
      ["state", state],
      ["signed", [...proposal.signatures.keys()].map(signerText).join(", ") || "by nobody yet"],
      ["payment", payingText(account, proposal)],
    ]),
    ...lines,
  ].join("\n");
}
