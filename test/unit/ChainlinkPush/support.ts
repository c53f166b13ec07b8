import type {
  ChainlinkPush,
  HostileFeed,
  MockV3Aggregator,
} from "../../../types/ethers-contracts/index.ts";
import { START } from "../../fixtures/connection.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { Unit, setNow } from "../../fixtures/sources.ts";
import { Mode, roundId, roundWords, selector, usd, words } from "../ChainlinkSettlement/support.ts";

/** Heartbeat of one hour, and some. */
export const HEARTBEAT = 3_900n;
/** The time that values are asked for: a week after the chain's first second. */
export const TIME = START + 604_800n;

/** A real phase proxy over one mock aggregator of phase 1, and a source that reads it. */
export async function deployPush(connection: Connection) {
  const { ethers } = connection;
  const aggregator = await ethers.deployContract("MockV3Aggregator", [8, usd(2_000)]);
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [aggregator]);
  const source = await makePush(connection, await proxy.getAddress());
  return { aggregator, proxy, source };
}

/** A source of ETH in USD. */
export function makePush(
  { ethers }: Connection,
  proxy: string,
  priceExp = 0n,
): Promise<ChainlinkPush> {
  const arguments_ = [proxy, Unit.ETH, Unit.USD, priceExp, HEARTBEAT] as const;
  return ethers.deployContract("ChainlinkPush", [...arguments_]);
}

/** A feed whose words a test sets one by one, with 8 decimals and in phase 3, and a source that reads it. */
export async function deployHostile(connection: Connection, priceExp = 0n, decimals = 8n) {
  const feed = await connection.ethers.deployContract("HostileFeed");
  await teach(feed, selector.decimals, words(decimals));
  await teach(feed, selector.phaseId, words(3n));
  const feedAddress = await feed.getAddress();
  const source = await makePush(connection, feedAddress, priceExp);
  return { feed, feedAddress, source };
}

/** The feed answers a call with these words. */
export async function teach(feed: HostileFeed, call: string, data: string): Promise<void> {
  await feed.teach(call, Mode.Data, data);
}

/** The feed's latest round: round 7 of phase 3, unless it says otherwise. */
export async function teachLatest(
  feed: HostileFeed,
  answer: bigint,
  updatedAt: bigint,
  id = roundId(3, 7),
): Promise<void> {
  await teach(feed, selector.latestRoundData, roundWords(id, answer, updatedAt));
}

/** Rounds 2, 3, … of the aggregator at these times after TIME; dollars 2,002, 2,003, … */
export async function rounds(aggregator: MockV3Aggregator, offsets: bigint[]): Promise<void> {
  for (const [i, offset] of offsets.entries()) {
    const time = TIME + offset;
    await aggregator.updateRoundData(i + 2, usd(2_002 + i), time, time);
  }
}

/** Long enough after TIME for every value of it to be given. */
export async function settle(connection: Connection): Promise<void> {
  await setNow(connection, TIME + 86_400n);
}
