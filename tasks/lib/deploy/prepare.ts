import { Contract, formatEther } from "ethers";
import type { Provider } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CHAINS, inProcess, parametersOf } from "../../../deploy/parameters/index.ts";
import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import type { Plan } from "../../../deploy/plan.ts";
import { isInProcess, networkOf } from "../connection.ts";
import { UsageError } from "../usage.ts";
import { settingsOf } from "./arguments.ts";
import type { DeployArguments } from "./arguments.ts";
import { governorsOf } from "./governors.ts";
import { sharedOn } from "./shared.ts";

/** The parameters of the chain that a node is of; they have to be those of the network that was asked for. */
export function chainOf(hre: HardhatRuntimeEnvironment, chainId: bigint): ChainParameters {
  if (isInProcess(hre)) return { ...inProcess, chainId: Number(chainId) };
  const network = networkOf(hre);
  const chain = parametersOf(chainId);
  if (chain === undefined) {
    const known = CHAINS.map((each) => `${each.name} (${each.chainId})`).join(", ");
    throw new UsageError(
      `The node is of chain ${chainId}, of which there are no parameters: there are those of ${known}. Others go into deploy/parameters.`,
    );
  }
  if (chain.name === network) return chain;
  throw new UsageError(
    `The node is of chain ${chainId}, ${chain.name}, and --network says ${network}: pass --network ${chain.name}, or another --rpc.`,
  );
}

/** The plan that options and environment make. */
export async function planned(
  args: DeployArguments,
  chain: ChainParameters,
  deployer: string,
  provider: Provider,
): Promise<Plan> {
  const governing = governorsOf(settingsOf(args, process.env), chain, deployer, args.solo);
  return {
    chain,
    deployer,
    ...governing,
    shared: await sharedOn(provider),
  };
}

/** Whether options and environment are silent about who governs. */
export function saysNothing(args: DeployArguments): boolean {
  const settings = Object.values(settingsOf(args, process.env));
  return !args.solo && settings.every((each) => each === undefined);
}

/** Refuses options that would make another deployment of one that was begun. */
export function checkSame(begun: Plan, fresh: Plan, folder: string): void {
  const parts = ["safe", "steward", "guardian", "ownSigners"] as const;
  const other = parts.filter((part) => JSON.stringify(begun[part]) !== JSON.stringify(fresh[part]));
  if (other.length === 0) return;
  throw new UsageError(
    `The deployment was begun with another ${other.join(", ")}: leave those options out, and it goes on as it began. Its plan is in ${folder}/plan.json.`,
  );
}

const ROUND = [
  "function decimals() view returns (uint8)",
  "function latestRoundData() view returns (uint80 round, int256 answer, uint256 start, uint256 updated, uint80 answered)",
];

/** Refuses what would fail half-way: a feed that does not answer. */
export async function checkFeed(
  provider: Provider,
  { feed, name }: ChainParameters,
): Promise<void> {
  if (feed === undefined) return;
  const contract = new Contract(feed.proxy, ROUND, provider);
  try {
    await contract.getFunction("decimals")();
    await contract.getFunction("latestRoundData")();
  } catch {
    throw new UsageError(
      `The feed ${feed.proxy} (${feed.source}) does not answer on this chain: is the node one of ${name}?`,
    );
  }
}

/** Refuses to begin what the deployer cannot pay to the end. */
export async function checkBalance(
  provider: Provider,
  deployer: string,
  needed: bigint,
): Promise<void> {
  const balance = await provider.getBalance(deployer);
  if (balance >= needed) return;
  throw new UsageError(
    `${deployer} has ${formatEther(balance)} ETH, and the deployment takes about ${formatEther(needed)} ETH at today's price: send it some, or wait for a lower price.`,
  );
}
