import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import { FEED, LOCAL_SIGNERS } from "../../scripts/lib/oracle/localFeed.ts";
import Local from "./Local.ts";

/**
 * Prices from several sources on a local chain: the hub with a feed of three classes and the settlement oracle that rests on
 * it. The push source is the feed of `Local.ts`; RedStone's and the own signers are those of
 * `scripts/lib/oracle/localFeed.ts`, whose keys everybody knows.
 */
export default buildModule("LocalOracle", (m) => {
  const local = m.useModule(Local);
  const { name, base, quote, priceExp, quorum, dailyVol, pushAge, pullAge, ahead } = FEED;
  const { dataFeedId, threshold, valueDecimals } = FEED;

  const push = m.contract("ChainlinkPush", [local.feed, base, quote, priceExp, pushAge]);
  const redstone = m.contract("RedStone", [
    ...[dataFeedId, base, quote, priceExp, pullAge, ahead],
    ...[LOCAL_SIGNERS.redstone, threshold, valueDecimals],
  ]);
  const own = m.contract("SignedFeed", [base, quote, priceExp, pullAge, ahead, LOCAL_SIGNERS.own]);
  const hub = m.contract("OracleHub", [local.manager, ZeroAddress]);
  const settlement = m.contract("SettlementOracle", [hub]);
  const sources = [push, redstone, own];
  m.call(hub, "createFeed", [name, base, quote, priceExp, quorum, dailyVol, sources]);
  return { ...local, push, redstone, own, hub, settlement };
});
