import type { ContractFuture, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

import { FEED, LOCAL_SIGNERS } from "../../scripts/lib/oracle/localFeed.ts";
import type { Plan } from "../plan.ts";

/** Dollars an ether has on a feed of one's own before anybody writes it, 8 decimals. */
const FIRST_ANSWER = 2_500n * 10n ** 8n;
const ANSWER_DECIMALS = 8;

/**
 * The feed of ETH in USD that the chain has, or one that anyone may write; the hub with the sources that vote there; and the
 * oracle that settles on them.
 */
export function oraclesIn(
  m: IgnitionModuleBuilder,
  { chain, ownSigners }: Plan,
  manager: ContractFuture<string>,
) {
  const { name, base, quote, priceExp, quorum, dailyVol, pullAge, ahead } = FEED;
  const { feed, ...written } = feedIn(m, chain.feed?.proxy);
  const { signers, threshold } = chain.redStone ?? {
    signers: LOCAL_SIGNERS.redstone,
    threshold: FEED.threshold,
  };
  const chainlinkPush = m.contract("ChainlinkPush", [
    ...[feed, base, quote, priceExp],
    chain.feed?.maxAge ?? FEED.pushAge,
  ]);
  const redStone = m.contract("RedStone", [
    ...[FEED.dataFeedId, base, quote, priceExp, pullAge, ahead],
    ...[[...signers], threshold, FEED.valueDecimals],
  ]);
  const own =
    ownSigners.length === 0
      ? {}
      : {
          signedFeed: m.contract("SignedFeed", [
            ...[base, quote, priceExp, pullAge, ahead],
            [...ownSigners],
          ]),
        };
  const sources = { chainlinkPush, redStone, ...own };
  const oracleHub = m.contract("OracleHub", [manager, chain.uptimeFeed]);
  const settlementOracle = m.contract("SettlementOracle", [oracleHub]);
  const created = m.call(oracleHub, "createFeed", [
    ...[name, base, quote, priceExp, quorum, dailyVol],
    Object.values(sources),
  ]);
  return { contracts: { feed, ...written, ...sources, oracleHub, settlementOracle }, created };
}

/** A feed that the chain has, or else the real phase proxy over an aggregator that anyone may write. */
function feedIn(m: IgnitionModuleBuilder, proxy: string | undefined) {
  if (proxy !== undefined) {
    return { feed: m.contractAt("DataFeedsLegacyAggregatorProxy", proxy) };
  }
  const aggregator = m.contract("MockV3Aggregator", [ANSWER_DECIMALS, FIRST_ANSWER]);
  return { feed: m.contract("DataFeedsLegacyAggregatorProxy", [aggregator]), aggregator };
}
