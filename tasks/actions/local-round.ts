import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { Contract, dataSlice, getAddress } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import type { SendingArguments } from "../lib/arguments.ts";
import { formatDecimal, parseAmount } from "../lib/decimals.ts";
import { marketBy } from "../lib/markets.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { timeOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { parseTime, shownTime } from "../lib/times.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly market: string | undefined;
  readonly price: string | undefined;
  readonly time: string | undefined;
}

const FEED = [
  "function aggregator() view returns (address)",
  "function decimals() view returns (uint8)",
  "function updateAnswer(int256 answer)",
];

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const wanted = required("--market", args.market, "market:list shows the markets there are");
    const text = required("--price", args.price, "say what the feed answers, as in 2350.5");
    const { view } = await marketBy(session, "--market", wanted);
    const actor = await actorOf(session, args);
    const { aggregator, decimals } = await feedOf(actor, view.terms.feed);
    const answer = parseAmount("--price", text, decimals);
    const time = timeAfter(session, args.time);
    const json = { aggregator: await aggregator.getAddress(), answer, time: timeOf(time) };
    const what = `a round of ${formatDecimal(answer, decimals)} at ${shownTime(time)} UTC`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would publish ${what}.` };
    await setClock(session, time);
    const sent: unknown = await aggregator.getFunction("updateAnswer")(answer);
    const receipt = await mined(sent as ContractTransactionResponse);
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `Published ${what}.\n${minedText(receipt)}`,
    };
  });

/** The aggregator behind a market's feed, which must be one that anyone may write. */
async function feedOf(actor: Acting, feed: string) {
  const proxy = getAddress(dataSlice(feed, 12));
  try {
    const found: unknown = await new Contract(proxy, FEED, actor).getFunction("aggregator")();
    const aggregator = new Contract(String(found), FEED, actor);
    const decimals: unknown = await aggregator.getFunction("decimals")();
    await aggregator.getFunction("updateAnswer").staticCall(1n);
    return { aggregator, decimals: Number(decimals) };
  } catch {
    throw new UsageError(
      `The feed ${proxy} is none that anyone may write: this task is for the one that deploy puts on a local chain.`,
    );
  }
}

function timeAfter({ now, blockTime }: Session, text: string | undefined): bigint {
  if (text === undefined) return now + 1n;
  const time = parseTime("--time", text, now);
  if (time > blockTime) return time;
  throw new UsageError(`--time: the chain is at ${shownTime(blockTime)} UTC: write a later time.`);
}

async function setClock({ provider }: Session, time: bigint): Promise<void> {
  try {
    await provider.send("evm_setNextBlockTimestamp", [Number(time)]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Only a local node lets its clock be set; this one says: ${why}`);
  }
}
