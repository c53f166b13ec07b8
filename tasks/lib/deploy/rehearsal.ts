import { AbiCoder, concat, keccak256, ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { deploymentOf } from "../../../deploy/modules/Deployment.ts";
import {
  ENTRY_POINT_ARTIFACT,
  packagedArtifact,
  SAFE_ARTIFACTS,
} from "../../../deploy/parts/packaged.ts";
import type { SafeContract } from "../../../deploy/parts/packaged.ts";
import type { Plan } from "../../../deploy/plan.ts";
import { carryOut } from "./carryOut.ts";
import { ENTRY_POINT_FACTORY, ENTRY_POINT_SALT, SAFE_FACTORY } from "./shared.ts";

/** What a deployment takes. */
export interface Rehearsed {
  readonly transactions: number;
  readonly gas: bigint;
  /** Gas of the most expensive one: a chain bounds it. */
  readonly largest: bigint;
}

type Connection = Pick<NetworkConnection, "ethers" | "provider" | "networkHelpers">;

const ETHER = 10n ** 18n;
/** What a feed that is put in place answers, 8 decimals. */
const ANSWER = 2_500n * 10n ** 8n;
const PROXY = "DataFeedsLegacyAggregatorProxy";
/** Where the phase proxy keeps its owner, its phase with the aggregator, and the aggregator of the first phase. */
const PROXY_SLOTS = [
  ...[0n, 4n],
  BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint16", "uint256"], [1, 3]))),
];
/** Code of the factories that deploy by salt and code: a call's data are the salt and then the code. */
const FACTORY_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

/** Carries a plan out on a chain of its own, inside this process, and measures it. */
export async function rehearse(hre: HardhatRuntimeEnvironment, plan: Plan): Promise<Rehearsed> {
  const { chainId } = plan.chain;
  const connection = await hre.network.create({ network: "default", override: { chainId } });
  try {
    const { ethers, networkHelpers } = connection;
    await furnish(connection, plan);
    await networkHelpers.impersonateAccount(plan.deployer);
    await networkHelpers.setBalance(plan.deployer, 1_000n * ETHER);
    const first = (await ethers.provider.getBlockNumber()) + 1;
    const module = deploymentOf(plan);
    const { deployer } = plan;
    const order = { hre, connection, module, folder: undefined, deployer, confirmations: 1 };
    const { sent } = await carryOut({ ...order, poll: 50, quiet: true });
    const last = await ethers.provider.getBlockNumber();
    let [gas, largest] = [0n, 0n];
    for (let number = first; number <= last; number++) {
      const used = (await ethers.provider.getBlock(number))?.gasUsed ?? 0n;
      [gas, largest] = [gas + used, used > largest ? used : largest];
    }
    return { transactions: sent, gas, largest };
  } finally {
    await connection.close();
  }
}

/** Puts what a plan takes for granted on a chain that can be written at will: shared contracts, and the feed with a price. */
export async function furnish(
  connection: Connection,
  { chain, shared }: Pick<Plan, "chain" | "shared">,
): Promise<void> {
  for (const name of Object.keys(shared.safe ?? {})) {
    const { bytecode } = packagedArtifact(SAFE_ARTIFACTS[name as SafeContract]);
    await place(connection, SAFE_FACTORY, ZeroHash, bytecode);
  }
  if (shared.entryPoint !== undefined) {
    const { bytecode } = packagedArtifact(ENTRY_POINT_ARTIFACT);
    await place(connection, ENTRY_POINT_FACTORY, ENTRY_POINT_SALT, bytecode);
  }
  if (chain.feed !== undefined) await placeFeed(connection, chain.feed.proxy);
}

/** Deploys through a factory of fixed address, as it is done on every chain. */
async function place(
  { ethers, networkHelpers }: Connection,
  factory: string,
  salt: string,
  bytecode: string,
): Promise<void> {
  const signer = await furnisher(ethers);
  await networkHelpers.setCode(factory, FACTORY_CODE);
  await (await signer.sendTransaction({ to: factory, data: concat([salt, bytecode]) })).wait();
}

/** Puts the real phase proxy at an address, with a mock aggregator behind it that has answered; tells its address. */
export async function placeFeed(
  { ethers, networkHelpers }: Connection,
  address: string,
): Promise<string> {
  const signer = await furnisher(ethers);
  const aggregator = await ethers.deployContract("MockV3Aggregator", [8, ANSWER], signer);
  const proxy = await ethers.deployContract(PROXY, [aggregator], signer);
  const made = await proxy.getAddress();
  await networkHelpers.setCode(address, await ethers.provider.getCode(made));
  for (const slot of PROXY_SLOTS) {
    const word = await ethers.provider.getStorage(made, slot);
    await networkHelpers.setStorageAt(address, slot, word);
  }
  return aggregator.getAddress();
}

/** An account that deploys nothing else. */
async function furnisher(ethers: Connection["ethers"]) {
  const signer = (await ethers.getSigners()).at(-1);
  if (signer === undefined) throw new Error("the network has no accounts");
  return signer;
}
