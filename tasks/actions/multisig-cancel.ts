import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { parseWhole } from "../lib/decimals.ts";
import { governedOf } from "../lib/governed.ts";
import type { Governed, GovernedArguments } from "../lib/governed.ts";
import { safeAccount } from "../lib/multisig/account.ts";
import type { SafeAccount } from "../lib/multisig/account.ts";
import { ACTIONS } from "../lib/multisig/actions/index.ts";
import { draftReport } from "../lib/multisig/draft.ts";
import { Given } from "../lib/multisig/given.ts";
import { dataFor, kitOf, proposed, rejectionFor } from "../lib/multisig/kit.ts";
import type { Kit } from "../lib/multisig/kit.ts";
import type { SafeData } from "../lib/multisig/proposal.ts";
import { checkTurn, trustedProposal } from "../lib/multisig/trust.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends CommonArguments, GovernedArguments {
  readonly file: string | undefined;
  readonly nonce: string | undefined;
  readonly operation: string | undefined;
  readonly out: string | undefined;
}

const MOST_NONCE = BigInt(Number.MAX_SAFE_INTEGER);

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const safe = await safeAccount(session, governed);
    const data = await dataOf(args, { session, governed, safe, kit: await kitOf(session, safe) });
    const draft = { out: args.out, mustSucceed: true };
    return draftReport({ session, governed, hre }, safe, proposed(session, safe, data), draft);
  });

interface Desk {
  readonly session: Session;
  readonly governed: Governed;
  readonly safe: SafeAccount;
  readonly kit: Kit;
}

async function dataOf({ file, nonce, operation }: Arguments, desk: Desk): Promise<SafeData> {
  const { session, safe, kit } = desk;
  if ([file, nonce, operation].filter((it) => it !== undefined).length !== 1) {
    throw new UsageError(
      "Say what to cancel: a proposal by --file or --nonce, or an operation that waits by --operation; one of them.",
    );
  }
  if (operation !== undefined) {
    const given = new Given("--operation", { operation });
    const call = await ACTIONS["cancel"]?.call(desk, given);
    if (call === undefined) throw new Error("there is no action cancel");
    return dataFor(kit, safe, [call], safe.nonce);
  }
  if (nonce !== undefined) {
    return rejectionFor(kit, Number(parseWhole("--nonce", nonce, BigInt(safe.nonce), MOST_NONCE)));
  }
  const proposal = await trustedProposal(session, safe, file);
  checkTurn(safe, proposal);
  return rejectionFor(kit, Number(proposal.data.nonce));
}
