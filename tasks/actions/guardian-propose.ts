import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { operationOf } from "../../scripts/lib/guardian/userOperation.ts";
import type { CommonArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { guardianAccount, nextNonce } from "../lib/guardian/account.ts";
import { GUARDIAN_ACTIONS } from "../lib/guardian/actions.ts";
import type { GuardianDesk } from "../lib/guardian/actions.ts";
import { gasFor } from "../lib/guardian/gas.ts";
import type { GasArguments } from "../lib/guardian/gas.ts";
import { callDataOf, proposalOf } from "../lib/guardian/proposal.ts";
import { proposalJson, writeProposal } from "../lib/guardian/proposalFile.ts";
import { reviewed, reviewJson, reviewText } from "../lib/guardian/review.ts";
import { checkCallGas } from "../lib/guardian/simulate.ts";
import type { Call } from "../lib/multisig/calls.ts";
import { Given } from "../lib/multisig/given.ts";
import { requestsIn } from "../lib/multisig/requests.ts";
import type { Request, RequestArguments } from "../lib/multisig/requests.ts";
import { note, toJson } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends CommonArguments, GovernedArguments, RequestArguments, GasArguments {
  readonly nonceKey: string | undefined;
  readonly out: string | undefined;
}

const MOST_KEY = (1n << 192n) - 1n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const account = await guardianAccount(session, governed);
    const desk = { session, governed, account };
    const wanted: (Call & { readonly signature?: string })[] = [];
    for (const request of await requestsIn(args, GUARDIAN_ACTIONS)) {
      wanted.push(await callFor(request, desk));
    }
    const calls = wanted.map(({ to, value, data }) => ({ to, value, data }));
    const key = parseWhole("--nonce-key", args.nonceKey ?? "0", 0n, MOST_KEY);
    const nonce = await nextNonce(session, account, key);
    const gas = await gasFor(session, account, calls, args, args.nonceKey !== undefined);
    const { address: guardian, entryPoint } = account;
    const proposal = proposalOf(
      { chainId: session.chainId, guardian, entryPoint },
      operationOf(guardian, nonce, callDataOf(calls), gas),
      wanted.flatMap(({ signature }) => (signature === undefined ? [] : [signature])),
    );
    const review = await reviewed({ session, governed, hre }, account, proposal);
    const { refusal } = review.simulation;
    if (refusal === undefined) await checkCallGas(session, proposal);
    else if (args.nonceKey === undefined) throw refusedNow(refusal);
    const text = reviewText(review);
    const file = proposalJson(proposal);
    if (args.out === undefined) {
      // Without a file the document is the result itself, so that the output can be kept as one.
      note(text);
      return { json: file, text: toJson(file) };
    }
    await writeProposal(args.out, proposal);
    return {
      json: { ...reviewJson(review), file: args.out },
      text: `${text}\n\nWritten to ${args.out}.`,
    };
  });

function refusedNow(refusal: string): UsageError {
  return new UsageError(
    `The operation would be refused, so nothing is written; one that is to be kept gets a --nonce-key of its own. ${refusal}`,
  );
}

async function callFor({ action, values }: Request, desk: GuardianDesk) {
  const found = GUARDIAN_ACTIONS[action];
  if (found === undefined) throw new Error(`${action} is no action`);
  const given = new Given(action, values);
  const call = await found.call(desk, given);
  given.done(Object.keys(found.takes).map((name) => name.replace("?", "")));
  return call;
}
