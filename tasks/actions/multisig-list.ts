import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { expanded } from "../lib/files.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { safeAccount } from "../lib/multisig/account.ts";
import type { SafeAccount } from "../lib/multisig/account.ts";
import { isRejection, toldCalls } from "../lib/multisig/proposal.ts";
import type { Proposal } from "../lib/multisig/proposal.ts";
import { callJson, filesOf, readProposal } from "../lib/multisig/proposalFile.ts";
import { callLines } from "../lib/multisig/review.ts";
import { merged } from "../lib/multisig/signatures.ts";
import { agreed, checkHere } from "../lib/multisig/trust.ts";
import { facts, paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";

interface Arguments extends CommonArguments, GovernedArguments {
  readonly file: string | undefined;
}

/** A transaction with all files that hold it. */
interface Listed {
  readonly proposal: Proposal;
  readonly paths: readonly string[];
  readonly agreed: readonly string[];
  readonly state: string;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const safe = await safeAccount(session, governed);
    const paths = args.file === undefined ? [] : await expanded(filesOf(args.file));
    const listed = await listedIn(session, safe, paths);
    return {
      json: { ...safeJson(safe), proposals: listed.map(listedJson) },
      text: paragraphs(
        safeText(safe),
        ...listed.map((entry) => listedText(entry, governed.names)),
        args.file === undefined ? "Files of proposals are shown with --file." : undefined,
      ),
    };
  });

async function listedIn(
  session: Session,
  safe: SafeAccount,
  paths: readonly string[],
): Promise<Listed[]> {
  const byHash = new Map<string, { proposals: Proposal[]; paths: string[] }>();
  for (const path of paths) {
    const proposal = await readProposal(path);
    await checkHere(session, safe, proposal, path);
    const entry = byHash.get(proposal.hash) ?? { proposals: [], paths: [] };
    byHash.set(proposal.hash, {
      proposals: [...entry.proposals, proposal],
      paths: [...entry.paths, path],
    });
  }
  const listed = await Promise.all(
    [...byHash.values()].map(async ({ proposals, paths: files }): Promise<Listed> => {
      const proposal = merged(proposals, files);
      const { signed, approved } = await agreed(safe, proposal);
      const all = [...signed, ...approved];
      return { proposal, paths: files, agreed: all, state: stateOf(safe, proposal, all.length) };
    }),
  );
  return listed.sort((a, b) => Number(a.proposal.data.nonce) - Number(b.proposal.data.nonce));
}

function stateOf({ nonce, threshold }: SafeAccount, { data }: Proposal, count: number): string {
  if (Number(data.nonce) < nonce) return "its turn is over";
  if (count < threshold) return `lacks ${threshold - count} of ${threshold} signatures`;
  return Number(data.nonce) === nonce
    ? "ready: multisig:execute"
    : `ready, once the Safe's nonce is ${data.nonce}`;
}

function safeJson({ address, version, owners, threshold, nonce, modules }: SafeAccount) {
  return { safe: address, version, owners, threshold, nonce, modules };
}

function safeText({ address, version, owners, threshold, nonce, modules }: SafeAccount): string {
  return facts([
    ["safe", `${address}, version ${version}`],
    ["signers", `${threshold} of ${owners.length}: ${owners.join(", ")}`],
    ["next nonce", String(nonce)],
    [
      "modules",
      modules.length === 0 ? undefined : `act without any signature: ${modules.join(", ")}`,
    ],
  ]);
}

function listedJson({ proposal, paths, agreed: who, state }: Listed) {
  return {
    files: paths,
    nonce: Number(proposal.data.nonce),
    safeTxHash: proposal.hash,
    state,
    agreed: who,
    rejection: isRejection(proposal),
    calls: toldCalls(proposal).map(callJson),
  };
}

function listedText(
  { proposal, paths, agreed: who, state }: Listed,
  names: ReadonlyMap<string, string>,
): string {
  const lines = isRejection(proposal)
    ? ["nothing: it takes the turn of others"]
    : toldCalls(proposal).flatMap((call, i) => callLines(call, names, `${i + 1}. `));
  return [
    facts([
      ["files", paths.join(", ")],
      ["nonce", String(proposal.data.nonce)],
      ["safeTxHash", proposal.hash],
      ["state", state],
      ["agreed", who.join(", ") || "nobody yet"],
    ]),
    ...lines,
  ].join("\n");
}
