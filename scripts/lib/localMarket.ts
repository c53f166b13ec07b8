import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Signer } from "ethers";
import { zeroPadValue } from "ethers";
import { config } from "hardhat";
import { HardhatPluginError } from "hardhat/plugins";
import type { NetworkConnection } from "hardhat/types/network";

import LocalOracle from "../../deploy/modules/LocalOracle.ts";
import {
  IClearinghouse__factory,
  OracleHub__factory,
  TestToken__factory,
} from "../../types/ethers-contracts/index.ts";
import type { IClearinghouse, OracleHub, TestToken } from "../../types/ethers-contracts/index.ts";
import { GRID_ANCHOR, marketTerms } from "../demo/terms.ts";
import { FEED, pulledPayloads, SOURCE } from "./oracle/threeClasses.ts";

const WEEK = 604_800n;
const TEN_DOLLARS = 10n ** 9n;
/** Later than the last hour of trade, and than the least time in which a book may open. */
const AHEAD = 10_800n;

/** Where a local market's prices come from: the push feed alone, or three classes of sources. */
export type LocalPrices = "one feed" | "three classes";

/** What `deploy/modules/LocalOracle.ts` has put on a chain, and how markets are listed there. */
export interface LocalMarkets {
  readonly deployer: Signer;
  readonly ledger: IClearinghouse;
  /** Addresses. */
  readonly lens: string;
  readonly oracle: string;
  readonly aggregator: string;
  readonly usdc: TestToken;
  readonly weth: TestToken;
  /** The spot of three classes, under the name `FEED.name`. */
  readonly hub: OracleHub;
  /** The oracle that settles on them; an address, as those of the sources. */
  readonly settlement: string;
  readonly redstone: string;
  readonly own: string;
  /** Lists a weekly market of ETH, linear in USDC or inverse in WETH; answers its id. */
  readonly list: (style: "linear" | "inverse", prices?: LocalPrices) => Promise<bigint>;
  /** Brings readings of all three classes to the hub; the push feed's price is its own. */
  readonly read: (price: bigint) => Promise<void>;
  /** Mints amounts of a token for the first accounts of the node. */
  readonly mint: (token: TestToken, amount: bigint, accounts: number) => Promise<void>;
}

/** Deploys `deploy/modules/LocalOracle.ts` through a connection, or finds it there by its journal. */
export async function deployLocal(
  connection: NetworkConnection,
  deploymentId?: string,
): Promise<LocalMarkets> {
  const { ignition, ethers, networkConfig } = connection;
  if (networkConfig.type !== "http") {
    throw new HardhatPluginError(
      "certus",
      "This network ends with the process: start npx hardhat node, and pass --network localhost.",
    );
  }
  await forgetGone(connection, deploymentId);
  const options = deploymentId === undefined ? {} : { deploymentId };
  const deployed = await ignition.deploy(LocalOracle, options);
  const signers = await ethers.getSigners();
  const [deployer] = signers;
  if (deployer === undefined) throw new Error("the network has no accounts");
  const ledger = IClearinghouse__factory.connect(await deployed.ledger.getAddress(), deployer);
  const usdc = TestToken__factory.connect(await deployed.usdc.getAddress(), deployer);
  const weth = TestToken__factory.connect(await deployed.weth.getAddress(), deployer);
  const hub = OracleHub__factory.connect(await deployed.hub.getAddress(), deployer);
  const addresses = await addressesIn(deployed, [
    "lens",
    "oracle",
    "aggregator",
    "settlement",
    "redstone",
    "own",
  ]);
  const { oracle, settlement, own } = addresses;
  const feed = zeroPadValue(await deployed.feed.getAddress(), 32);

  const list = async (
    style: "linear" | "inverse",
    prices: LocalPrices = "one feed",
  ): Promise<bigint> => {
    const token = await (style === "linear" ? usdc : weth).getAddress();
    const terms = marketTerms(style, {
      ...(prices === "one feed" ? { feed, oracle } : { feed: FEED.name, oracle: settlement }),
      token,
      strikeTick: TEN_DOLLARS,
      period: WEEK,
    });
    const { market } = await ledger.list.staticCall(terms);
    await (await ledger.list(terms)).wait();
    return market;
  };
  const read = async (price: bigint): Promise<void> => {
    await (await hub.poke(FEED.name)).wait();
    const { chainId } = await ethers.provider.getNetwork();
    const time = BigInt((await ethers.provider.getBlock("latest"))?.timestamp ?? 0);
    const payloads = pulledPayloads({ chainId, addresses: { own } }, time, price);
    await (await hub.update(FEED.name, SOURCE.redstone, payloads.redstone)).wait();
    await (await hub.update(FEED.name, SOURCE.own, payloads.own)).wait();
  };
  const mint = async (token: TestToken, amount: bigint, accounts: number): Promise<void> => {
    for (const { address } of signers.slice(0, accounts)) {
      await (await token.mint(address, amount)).wait();
    }
  };
  return { deployer, ledger, ...addresses, usdc, weth, hub, list, read, mint };
}

/** Addresses of some of a module's contracts, by their names there. */
async function addressesIn<Name extends string>(
  contracts: Readonly<Record<Name, { getAddress(): Promise<string> }>>,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await contracts[name].getAddress()] as const),
  );
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** Removes the journal of a node that was started anew: by it everything would stand deployed, at addresses without code. */
async function forgetGone({ ethers }: NetworkConnection, deploymentId?: string): Promise<void> {
  const { chainId } = await ethers.provider.getNetwork();
  const folder = join(config.paths.ignition, "deployments", deploymentId ?? `chain-${chainId}`);
  const path = join(folder, "deployed_addresses.json");
  if (!existsSync(path)) return;
  const addresses = Object.values(
    JSON.parse(await readFile(path, "utf8")) as Record<string, string>,
  );
  const codes = await Promise.all(addresses.map((address) => ethers.provider.getCode(address)));
  if (codes.includes("0x")) await rm(folder, { recursive: true });
}

/** The first expiry that a book of a local market may have, by the time of a chain's last block. */
export function firstExpiry(timestamp: number): bigint {
  const weeks = (BigInt(timestamp) + AHEAD - GRID_ANCHOR) / WEEK + 1n;
  return GRID_ANCHOR + weeks * WEEK;
}
