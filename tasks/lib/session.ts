import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { join } from "node:path";

import { ILens__factory } from "../../packages/contracts/src/generated/bindings/factories/ILens__factory.ts";
import { IClearinghouse__factory } from "../../packages/contracts/src/generated/bindings/factories/IClearinghouse__factory.ts";
import type { IClearinghouse } from "../../packages/contracts/src/generated/bindings/IClearinghouse.ts";
import type { ILens } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { parseAddress } from "./accounts.ts";
import { isContractFault } from "./answers.ts";
import type { LocatedArguments } from "./arguments.ts";
import { parseWhole } from "./decimals.ts";
import { checkChain, checkKeys, connect } from "./connection.ts";
import { deployedOn, HOW_TO_DEPLOY, HOW_TO_REDEPLOY } from "./deployment.ts";
import type { Deployed, Places } from "./deployment.ts";
import { foldersOf } from "./deploymentFile.ts";
import { obey, usualRule } from "./finality.ts";
import { UsageError } from "./usage.ts";

type Ethers = NetworkConnection["ethers"];

/** A ledger on a chain, and what a task needs to talk to it. */
export interface Session {
  readonly ethers: Ethers;
  readonly provider: Ethers["provider"];
  /** URL of the node. */
  readonly url: string;
  readonly chainId: bigint;
  /** Time of the latest block, unix seconds. */
  readonly blockTime: bigint;
  /** Time of the next block: later by as long as nothing was mined, on a node that mines only what it is sent. */
  readonly now: bigint;
  /** Events are looked for from this block on. */
  readonly fromBlock: number;
  readonly ledger: IClearinghouse;
  readonly ledgerAddress: string;
  readonly lens: ILens;
  readonly close: () => Promise<void>;
}

/** Connects to the network that is asked for and finds the ledger and the lens there. */
export async function openSession(
  args: LocatedArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Session> {
  const connection = await connect(args, hre, "from" in args);
  try {
    const { ethers } = connection;
    if ("from" in args) await checkKeys(connection);
    const { chainId } = await ethers.provider.getNetwork();
    checkChain(args, hre, chainId);
    const { root, ignition } = hre.config.paths;
    const files = foldersOf(root, args.deployments);
    const places = { files, journals: join(ignition, "deployments") };
    const found = await locate(args, ethers, chainId, places);
    obey(ethers.provider, found.finality ?? usualRule(chainId));
    const blockTime = BigInt((await ethers.provider.getBlock("latest"))?.timestamp ?? 0);
    const next = await nextTime(ethers.provider);
    return {
      ethers,
      provider: ethers.provider,
      url: await urlOf(connection),
      chainId,
      blockTime,
      now: next > blockTime ? next : blockTime,
      fromBlock: firstBlock(args, found),
      ledger: IClearinghouse__factory.connect(found.ledger, ethers.provider),
      ledgerAddress: found.ledger,
      lens: ILens__factory.connect(found.lens, ethers.provider),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function urlOf({ networkConfig }: NetworkConnection): Promise<string> {
  if (networkConfig.type !== "http") throw new UsageError("The network is none that has a URL.");
  return networkConfig.url.getUrl();
}

/** Time of the pending block; 0 of a node that tells none. ethers reads no block without a number. */
async function nextTime(provider: Ethers["provider"]): Promise<bigint> {
  const block: unknown = await provider
    .send("eth_getBlockByNumber", ["pending", false])
    .catch(() => null);
  const time = (block as { readonly timestamp?: unknown } | null)?.timestamp;
  return typeof time === "string" ? BigInt(time) : 0n;
}

function firstBlock({ fromBlock }: LocatedArguments, { block }: Deployed): number {
  if (fromBlock === undefined) return block;
  return Number(parseWhole("--from-block", fromBlock, 0n, BigInt(Number.MAX_SAFE_INTEGER)));
}

async function locate(
  args: LocatedArguments,
  ethers: Ethers,
  chainId: bigint,
  places: Places,
): Promise<Deployed & { readonly lens: string }> {
  const known = await named(args, ethers, chainId, places);
  const { ledger, lens, source } = known;
  if (lens === undefined) {
    throw new UsageError(`No lens is known of the ledger ${ledger}: pass its address with --lens.`);
  }
  await checkCode(ethers, "ledger", ledger, source);
  const seen = await ledgerOf(ethers, lens, source);
  if (seen === ledger) return { ...known, lens };
  throw new UsageError(
    `The lens ${lens} looks at the ledger ${seen}, not at ${ledger}: pass --ledger and --lens of one deployment.`,
  );
}

async function named(
  args: LocatedArguments,
  ethers: Ethers,
  chainId: bigint,
  places: Places,
): Promise<Deployed> {
  const ledger = args.ledger === undefined ? undefined : parseAddress("--ledger", args.ledger);
  const lens = args.lens === undefined ? undefined : parseAddress("--lens", args.lens);
  if (lens !== undefined) {
    const source = "--lens";
    return { ledger: ledger ?? (await ledgerOf(ethers, lens, source)), lens, block: 0, source };
  }
  if (ledger === undefined) return deployedOn(chainId, places);
  const known = await deployedOn(chainId, places).catch(() => undefined);
  if (known?.ledger === ledger) return known;
  return { ledger, lens: undefined, block: 0, source: "--ledger" };
}

async function ledgerOf(ethers: Ethers, lens: string, source: string): Promise<string> {
  await checkCode(ethers, "lens", lens, source);
  try {
    return await ILens__factory.connect(lens, ethers.provider).ledger();
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(`The contract ${lens} is no lens: it does not answer ledger().`);
  }
}

async function checkCode(ethers: Ethers, what: string, address: string, source: string) {
  if ((await ethers.provider.getCode(address)) !== "0x") return;
  const next = source.startsWith("--") ? HOW_TO_DEPLOY : HOW_TO_REDEPLOY;
  throw new UsageError(`There is no ${what} at ${address} (from ${source}) on this chain. ${next}`);
}
