import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { CHAINS } from "../../deploy/parameters/index.ts";
import { UsageError } from "./usage.ts";

/** Network that is meant where none is named: `npx hardhat node`. */
const USUAL_NETWORK = "localhost";

/** The network that a task is asked for. */
export function networkOf(hre: HardhatRuntimeEnvironment): string {
  return hre.globalOptions.network ?? USUAL_NETWORK;
}

/** Whether a network is a chain that ends with the process. */
export function isInProcess(hre: HardhatRuntimeEnvironment): boolean {
  return hre.config.networks[networkOf(hre)]?.type === "edr-simulated";
}

/**
 * Connects to the node of the network that is asked for, or to that of `--rpc`.
 *
 * @param signing - Whether keys are needed: whoever only looks needs none.
 */
export async function connect(
  { rpc }: { readonly rpc: string | undefined },
  hre: HardhatRuntimeEnvironment,
  signing: boolean,
) {
  const network = networkOf(hre);
  if (isInProcess(hre)) {
    throw new UsageError(
      `The network ${network} is a chain that ends with this task: run npx hardhat node, and pass --network localhost or nothing.`,
    );
  }
  if (rpc !== undefined && !/^https?:\/\/\S+$/.test(rpc)) {
    throw new UsageError(
      `--rpc: ${JSON.stringify(rpc)} is no URL of a node: write http://… or https://….`,
    );
  }
  return hre.network.create({
    network,
    override: {
      ...(rpc === undefined ? {} : { url: rpc }),
      ...(signing ? {} : { accounts: "remote" }),
    },
  });
}

/** Refuses keys that are none; Hardhat looks at them with the first request that needs one. */
export async function checkKeys({ provider }: Pick<NetworkConnection, "provider">): Promise<void> {
  try {
    await provider.request({ method: "eth_accounts" });
  } catch (error) {
    if (error instanceof Error && ("errorCode" in error || "code" in error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The network's accounts cannot be used (${why}): a key is 0x and 64 hex digits, see DEPLOYER_KEY.`,
    );
  }
}

/**
 * Refuses a node of another chain than the network's name says: with a wrong URL a task would reach another ledger. Whoever names a node
 * by `--rpc` means that one.
 */
export function checkChain(
  { rpc }: { readonly rpc: string | undefined },
  hre: HardhatRuntimeEnvironment,
  chainId: bigint,
): void {
  const network = networkOf(hre);
  const meant = CHAINS.find(({ name, local }) => name === network && !local);
  if (rpc !== undefined || meant === undefined || BigInt(meant.chainId) === chainId) return;
  throw new UsageError(
    `The node is of chain ${chainId}, and --network says ${network}, which is ${meant.chainId}: mend its URL, or pass another --network or --rpc.`,
  );
}
