import { ZeroAddress } from "ethers";

import { AT_ONCE } from "./common.ts";
import type { ChainParameters } from "./types.ts";

/** A node on this machine, `npx hardhat node`, which mines every transaction at once. */
export const localhost: ChainParameters = {
  name: "localhost",
  chainId: 31_337,
  local: true,
  // Blocks come with transactions, so their distance says nothing.
  blockTimeMs: 0,
  finality: AT_ONCE,
  confirmations: 1,
  feed: undefined,
  uptimeFeed: ZeroAddress,
  redStone: undefined,
};
