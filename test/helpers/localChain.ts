import { rm } from "node:fs/promises";
import { join } from "node:path";

import { JsonRpcProvider, parseEther, Wallet } from "ethers";
import { config, network } from "hardhat";

import { accountId, bookId } from "../../packages/contracts/src/ids.ts";
import { deployLocal, firstExpiry } from "../../scripts/lib/localMarket.ts";

/** Free cash of everyone, 6 decimals. */
const FUNDS = 1_000_000_000n;

/** A chain that other processes reach, with an open book and two people who have free cash. */
export interface LocalChain {
  readonly url: string;
  readonly ledger: string;
  readonly lens: string;
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
    const { deployer, ledger, lens, usdc, list } = await deployLocal(connection, deploymentId);
    const market = await list("linear");
    const { timestamp } = (await provider.getBlock("latest")) ?? { timestamp: 0 };
    const expiry = firstExpiry(timestamp);
    await ledger.openBook(market, expiry);

    const fund = async (): Promise<Wallet> => {
      const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
      await deployer.sendTransaction({ to: wallet, value: parseEther("10") });
      await usdc.mint(wallet, FUNDS);
      const approved = await usdc.connect(wallet).approve(ledger, FUNDS);
      await approved.wait();
      const account = accountId(wallet.address);
      const paid = await ledger.connect(wallet).deposit(account, usdc, FUNDS);
      await paid.wait();
      return wallet;
    };
    const [maker, taker] = [await fund(), await fund()];
    const book = bookId(market, expiry);
    return { url, ledger: await ledger.getAddress(), lens, book, maker, taker, close };
  } catch (error) {
    await close();
    throw error;
  }
}
