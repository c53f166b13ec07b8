import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { Contract } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { isContractFault } from "../lib/answers.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { timeOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { shownTime } from "../lib/times.ts";
import { tokenBy } from "../lib/tokenChoice.ts";
import { amountOf, amountText } from "../lib/tokens.ts";
import type { Token } from "../lib/tokens.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly token: string | undefined;
}

const FAUCET = [
  "function SUM() view returns (uint256)",
  "function nextFaucet(address account) view returns (uint256)",
  "function faucet()",
];

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const token = await tokenBy(session, args.token);
    const { sum, next } = await faucetOf(session, token, actor.address);
    if (next > session.now) {
      throw new UsageError(
        `${actor.address} has taken its ${token.symbol} already: it may take again at ${shownTime(next)} UTC. Choose another --from, or come back.`,
      );
    }
    const json = { token: token.address, account: actor.address, amount: amountOf(token, sum) };
    const what = `${amountText(token, sum)} for ${actor.address}`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would take ${what}.` };
    const contract = new Contract(token.address, FAUCET, actor);
    await contract.getFunction("faucet").staticCall();
    const sent: unknown = await contract.getFunction("faucet")();
    const receipt = await mined(sent as ContractTransactionResponse);
    const again = (await faucetOf(session, token, actor.address)).next;
    return {
      json: { ...json, next: timeOf(again), transaction: minedJson(receipt) },
      text: `Took ${what}; again at ${shownTime(again)} UTC.\n${minedText(receipt)}`,
    };
  });

/** What a token's faucet gives, and when it gives it to an account. */
async function faucetOf({ provider }: Session, token: Token, account: string) {
  const contract = new Contract(token.address, FAUCET, provider);
  try {
    const sum: unknown = await contract.getFunction("SUM")();
    const next: unknown = await contract.getFunction("nextFaucet")(account);
    return { sum: BigInt(String(sum)), next: BigInt(String(next)) };
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(
      `${token.symbol} ${token.address} has no faucet: it is none of the tokens that deploy puts on a test network.`,
    );
  }
}
