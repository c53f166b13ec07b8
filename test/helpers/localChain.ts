import { rm } from "node:fs/promises";
import { join } from "node:path";

import { JsonRpcProvider, parseEther, Wallet, zeroPadValue } from "ethers";
import { config, network } from "hardhat";

import Local from "../../deploy/modules/Local.ts";
import { accountId, bookId } from "../../packages/contracts/src/ids.ts";
import { GRID_ANCHOR, marketTerms } from "../../scripts/demo/terms.ts";
import { IClearinghouse__factory, TestToken__factory } from "../../types/ethers-contracts/index.ts";

const WEEK = 604_800n;
/** Later than the last hour of trade, and than the least time in which a book may open. */
const AHEAD = 10_800n;
/** Free cash of everyone, 6 decimals. */
const FUNDS = 1_000_000_000n;

/** A chain that other processes reach, with an open book and two people who have free cash. */
export interface LocalChain {
  readonly url: string;
  readonly ledger: string;
  readonly book: bigint;
  readonly maker: Wallet;
  readonly taker: Wallet;
  readonly close: () => Promise<void>;
}

/** Starts a node, deploys `deploy/modules/Local.ts` on it over HTTP, lists a market and funds the two. */
export async function startLocalChain(): Promise<LocalChain> {
  const server = await network.createServer(undefined, "127.0.0.1");
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url } });
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 });
  // Ignition keeps a journal of chains that it reaches over HTTP; this chain is gone in a minute.
  const deploymentId = `package-${process.pid}`;
  const journal = join(config.paths.ignition, "deployments", deploymentId);
  const close = async () => {
    provider.destroy();
    await connection.close();
    await server.close();
    await rm(journal, { recursive: true, force: true });
  };
  try {
    const deployed = await connection.ignition.deploy(Local, { deploymentId });
    const [deployer] = await connection.ethers.getSigners();
    if (deployer === undefined) throw new Error("the network has no accounts");
    const token = TestToken__factory.connect(await deployed.usdc.getAddress(), deployer);
    const ledger = IClearinghouse__factory.connect(await deployed.ledger.getAddress(), deployer);

    const terms = marketTerms("linear", {
      feed: zeroPadValue(await deployed.feed.getAddress(), 32),
      oracle: await deployed.oracle.getAddress(),
      token: await token.getAddress(),
      strikeTick: 10n ** 9n,
      period: WEEK,
    });
    const { market } = await ledger.list.staticCall(terms);
    await ledger.list(terms);
    const { timestamp } = (await provider.getBlock("latest")) ?? { timestamp: 0 };
    const weeks = (BigInt(timestamp) + AHEAD - GRID_ANCHOR) / WEEK + 1n;
    const expiry = GRID_ANCHOR + weeks * WEEK;
    await ledger.openBook(market, expiry);

    const fund = async (): Promise<Wallet> => {
      const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
      await deployer.sendTransaction({ to: wallet, value: parseEther("10") });
      await token.mint(wallet, FUNDS);
      const approved = await token.connect(wallet).approve(ledger, FUNDS);
      await approved.wait();
      const account = accountId(wallet.address);
      const paid = await ledger.connect(wallet).deposit(account, token, FUNDS);
      await paid.wait();
      return wallet;
    };
    const [maker, taker] = [await fund(), await fund()];
    const book = bookId(market, expiry);
    return { url, ledger: await ledger.getAddress(), book, maker, taker, close };
  } catch (error) {
    await close();
    throw error;
  }
}
