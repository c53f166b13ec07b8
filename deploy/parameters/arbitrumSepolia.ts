import { ZeroAddress } from "ethers";

import { PRIMARY_PROD, SAFE_HEAD } from "./common.ts";
import type { ChainParameters } from "./types.ts";

/** Arbitrum's test network. */
export const arbitrumSepolia: ChainParameters = {
  name: "arbitrumSepolia",
  chainId: 421_614,
  local: false,
  // Contracts see the blocks of the chain below there: their distance says nothing.
  blockTimeMs: 0,
  finality: SAFE_HEAD,
  confirmations: 4,
  feed: {
    proxy: "0xd30e2101a97dcbAeBCBC04F14C3f624E67A35165",
    maxAge: 3_900,
    source: "docs.chain.link/data-feeds/price-feeds/addresses, Arbitrum Sepolia, ETH / USD",
  },
  // docs.chain.link/data-feeds/l2-sequencer-feeds names one of Arbitrum One and none of this network.
  uptimeFeed: ZeroAddress,
  redStone: PRIMARY_PROD,
};
