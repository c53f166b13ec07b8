import { arbitrumSepolia } from "./arbitrumSepolia.ts";
import { baseSepolia } from "./baseSepolia.ts";
import { inProcess } from "./inProcess.ts";
import { localhost } from "./localhost.ts";
import { sepolia } from "./sepolia.ts";
import type { ChainParameters } from "./types.ts";

export { inProcess };
export type { ChainParameters, FinalityRule, KnownFeed, KnownSigners } from "./types.ts";

/** Every chain that can be deployed on through a node. */
export const CHAINS: readonly ChainParameters[] = [
  localhost,
  sepolia,
  arbitrumSepolia,
  baseSepolia,
];

/** The parameters of a chain, if it has some. */
export function parametersOf(chainId: bigint): ChainParameters | undefined {
  return CHAINS.find((chain) => BigInt(chain.chainId) === chainId);
}
