import { refusalIn } from "../answers.ts";
import type { Fork, Outcome } from "../multisig/fork.ts";
import { failureOfNode, NodeFailure } from "../nodeFailure.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { gasOf } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";

/** How an operation's calls are made without signatures: as the entry point makes them. */
export function executed(
  { provider }: Session,
  { guardian, entryPoint, operation }: GuardianProposal,
) {
  const { callData: data } = operation;
  return {
    act: (fork: Fork): Promise<Outcome> => fork.act(entryPoint, { to: guardian, value: 0n, data }),
    call: async (): Promise<Outcome> => {
      try {
        await provider.call({ from: entryPoint, to: guardian, data });
        return { ok: true, logs: [], storage: [] };
      } catch (error) {
        if (refusalIn(error, data) === undefined) throw error;
        return { ok: false, error };
      }
    },
  };
}

const INTRINSIC = 21_000n;
const OF_BYTE = 16n;
const OF_ZERO = 4n;

/** Refuses an operation whose calls go through, but not with the gas that they would have. */
export async function checkCallGas(
  { provider }: Session,
  proposal: GuardianProposal,
): Promise<void> {
  const { guardian: to, entryPoint: from, operation } = proposal;
  const { callData: data } = operation;
  const { call } = gasOf(proposal);
  // A call of a node pays for its transaction as well; one of the entry point does not.
  const bytes = Buffer.from(data.slice(2), "hex");
  const around = bytes.reduce((sum, byte) => sum + (byte === 0 ? OF_ZERO : OF_BYTE), INTRINSIC);
  try {
    await provider.call({ from, to, data, gasLimit: call + around });
  } catch (error) {
    if (error instanceof NodeFailure || failureOfNode(error) !== undefined) throw error;
    throw new UsageError(
      `Its calls go through, but take more than the ${call} gas that it gives them; sent all the same, it would be used up for nothing: propose it again with more --call-gas.`,
    );
  }
}
