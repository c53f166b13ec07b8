import { ZeroAddress } from "ethers";

import { PRIMARY_PROD, SAFE_HEAD } from "./common.ts";
import type { ChainParameters } from "./types.ts";

/** Base's test network. */
export const baseSepolia: ChainParameters = {
  name: "baseSepolia",
  chainId: 84_532,
  local: false,
  blockTimeMs: 2_000,
  finality: SAFE_HEAD,
  confirmations: 2,
  feed: {
    proxy: "0x4aDC67696bA383F43DD60A9e78F2C97Fbbfc7cb1",
    maxAge: 3_900,
    source: "docs.chain.link/data-feeds/price-feeds/addresses, Base Sepolia, ETH / USD",
  },
  // docs.chain.link/data-feeds/l2-sequencer-feeds names one of Base and none of this network.
  uptimeFeed: ZeroAddress,
  redStone: PRIMARY_PROD,
};
