import { decodeBytes32String, encodeBytes32String, isHexString } from "ethers";

import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import { SettlementOracle__factory } from "../../../packages/contracts/src/generated/bindings/factories/SettlementOracle__factory.ts";
import type { OracleHub } from "../../../packages/contracts/src/generated/bindings/OracleHub.ts";
import { parseAddress } from "../accounts.ts";
import { isContractFault } from "../answers.ts";
import { eventsSince } from "../logs.ts";
import { allMarkets } from "../markets.ts";
import type { Session } from "../session.ts";
import { required, UsageError } from "../usage.ts";

/** Calls are made on the block to come: on a node that mines only what it is sent, the latest one may be long past. */
export const NEXT_BLOCK = { blockTag: "pending" } as const;

/** A feed of a hub. */
export interface Feed {
  readonly hub: OracleHub;
  readonly hubAddress: string;
  /** 32 bytes, as contracts take it. */
  readonly id: string;
  readonly name: string;
}

/** Which feed is meant, as options say it. */
export interface FeedArguments {
  readonly feed: string | undefined;
  readonly hub: string | undefined;
}

/** The feed that options mean; the hub must have it. */
export async function feedBy(session: Session, args: FeedArguments): Promise<Feed> {
  const hubAddress = await hubBy(session, args.hub);
  const hub = OracleHub__factory.connect(hubAddress, session.provider);
  const names = await feedsOf(session, hub, hubAddress);
  const listed = names.length === 0 ? "it has none" : `it has ${names.map(feedName).join(", ")}`;
  const text = required("--feed", args.feed, `name a feed of the hub ${hubAddress}: ${listed}`);
  const id = feedIdIn(text.trim());
  if (id !== undefined && names.includes(id)) return { hub, hubAddress, id, name: feedName(id) };
  throw new UsageError(
    `--feed: ${JSON.stringify(text)} is no feed of the hub ${hubAddress}: ${listed}.`,
  );
}

/** A feed that a market names. */
export function feedAt(session: Session, hubAddress: string, id: string): Feed {
  const hub = OracleHub__factory.connect(hubAddress, session.provider);
  return { hub, hubAddress, id, name: feedName(id) };
}

/** The hub behind a settlement oracle; nothing if the oracle has none. */
export async function hubBehind(session: Session, oracle: string): Promise<string | undefined> {
  try {
    return await SettlementOracle__factory.connect(oracle, session.provider).HUB();
  } catch (error) {
    if (!isContractFault(error)) throw error;
    return undefined;
  }
}

/** A feed's name in the hub, as people read it. */
export function feedName(id: string): string {
  try {
    return decodeBytes32String(id);
  } catch {
    return id;
  }
}

/** A feed's name as the hub takes it, from its name or its 32 bytes. */
export function feedIdIn(text: string): string | undefined {
  if (isHexString(text, 32)) return text.toLowerCase();
  try {
    return encodeBytes32String(text);
  } catch {
    return undefined;
  }
}

/** Address of the hub that an option names, or that the ledger's markets rest on. */
export async function hubBy(session: Session, option: string | undefined): Promise<string> {
  if (option !== undefined) return parseAddress("--hub", option);
  const markets = await allMarkets(session);
  const oracles = [...new Set(markets.map(({ view }) => view.terms.oracle))];
  const found = await Promise.all(oracles.map((oracle) => hubBehind(session, oracle)));
  const hubs = [...new Set(found.filter((hub) => hub !== undefined))];
  const [only] = hubs;
  if (only !== undefined && hubs.length === 1) return only;
  throw new UsageError(
    hubs.length === 0
      ? "No market of this ledger settles on several sources: pass the hub's address with --hub."
      : `The ledger's markets rest on several hubs (${hubs.join(", ")}): choose one with --hub.`,
  );
}

/** Names of the hub's feeds, in the order of their making. */
async function feedsOf(session: Session, hub: OracleHub, address: string): Promise<string[]> {
  if ((await session.provider.getCode(address)) === "0x") {
    throw new UsageError(`--hub: there is no contract at ${address} on this chain.`);
  }
  try {
    // A contract that is no hub may well answer a query for events, with none.
    await hub.sequencer(NEXT_BLOCK);
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(`--hub: the contract ${address} is no hub: it does not answer.`);
  }
  const filter = hub.filters.FeedCreated();
  const events = await eventsSince(session, (from, to) => hub.queryFilter(filter, from, to));
  return events.map(({ args }) => args.feed);
}
