import { ZeroAddress } from "ethers";

import { PRIMARY_PROD, SAFE_HEAD } from "./common.ts";
import type { ChainParameters } from "./types.ts";

/** Ethereum's test network. */
export const sepolia: ChainParameters = {
  name: "sepolia",
  chainId: 11_155_111,
  local: false,
  blockTimeMs: 12_000,
  finality: SAFE_HEAD,
  confirmations: 2,
  feed: {
    proxy: "0x694AA1769357215DE4FAC081bf1f309aDC325306",
    maxAge: 3_900,
    source: "docs.chain.link/data-feeds/price-feeds/addresses, Sepolia, ETH / USD",
  },
  // A layer 1 has no sequencer.
  uptimeFeed: ZeroAddress,
  redStone: PRIMARY_PROD,
};
