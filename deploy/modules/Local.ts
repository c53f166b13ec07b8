import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Lister from "./Lister.ts";

/**
 * Everything a local chain needs: the protocol with the deployer as lister, two tokens that anyone may mint, and a
 * Chainlink feed, which is the real phase proxy over a mock aggregator that anyone may write.
 *
 * Parameter: `initialAnswer`, the feed's first answer with 8 decimals.
 */
export default buildModule("Local", (m) => {
  const { manager, ledger, oracle, lens } = m.useModule(Lister);
  const initialAnswer = m.getParameter("initialAnswer", 2_500n * 10n ** 8n);

  const usdc = m.contract("TestToken", ["Test USD Coin", "USDC", 6], { id: "USDC" });
  const weth = m.contract("TestToken", ["Test Wrapped Ether", "WETH", 18], { id: "WETH" });
  const feedDecimals = 8;
  const aggregator = m.contract("MockV3Aggregator", [feedDecimals, initialAnswer]);
  const feed = m.contract("DataFeedsLegacyAggregatorProxy", [aggregator]);
  return { manager, ledger, oracle, lens, usdc, weth, aggregator, feed };
});
