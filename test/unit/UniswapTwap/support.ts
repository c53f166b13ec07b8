import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Contract, ContractFactory } from "ethers";
import type { BaseContract, InterfaceAbi } from "ethers";

import type { HostileFeed, TestToken, UniswapTwap } from "../../../types/ethers-contracts/index.ts";
import { START } from "../../fixtures/connection.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { Unit } from "../../fixtures/sources.ts";
import { Mode, words } from "../ChainlinkSettlement/support.ts";
import { rootPrice } from "./reference.ts";

export const WINDOW = 1_800n;
export const MAX_AGE = 60n;
/** When a pool is made. */
export const MADE = START + 10_000n;
export const MAX_TICK = 887_272n;

/** Selectors of what is read. */
export const selector = {
  token0: "0x0dfe1681",
  token1: "0xd21220a7",
  observe: "0x883bdbfd",
  decimals: "0x313ce567",
};

const FEE = 3_000n;
/** Bounds of a position over all prices, for a spacing of 60. */
const WIDEST = 887_220n;

interface Artifact {
  abi: InterfaceAbi;
  bytecode: string;
}

function artifact(name: string): Artifact {
  const path = `@uniswap/v3-core/artifacts/contracts/${name}.sol/${name}.json`;
  const text = readFileSync(fileURLToPath(import.meta.resolve(path)), "utf8");
  return JSON.parse(text) as Artifact;
}

/** Functions of Uniswap's own contracts that tests call. */
export interface Pool extends BaseContract {
  initialize(sqrtPriceX96: bigint): Promise<unknown>;
  increaseObservationCardinalityNext(next: number): Promise<unknown>;
  slot0(): Promise<{ tick: bigint; observationCardinality: bigint }>;
}

interface Factory extends BaseContract {
  createPool(a: string, b: string, fee: bigint): Promise<unknown>;
  getPool(a: string, b: string, fee: bigint): Promise<string>;
}

/** A token that is to be priced and one that it is priced in; the base is the pool's token0 or not, as a test wants. */
async function makeTokens(
  { ethers }: Connection,
  baseDecimals: number,
  quoteDecimals: number,
  baseFirst: boolean,
): Promise<[base: TestToken, quote: TestToken]> {
  const base = await ethers.deployContract("TestToken", ["Ether", "WETH", baseDecimals]);
  for (;;) {
    const quote = await ethers.deployContract("TestToken", ["Dollar", "USDC", quoteDecimals]);
    const [a, b] = [await base.getAddress(), await quote.getAddress()];
    if (BigInt(a) < BigInt(b) === baseFirst) return [base, quote];
  }
}

/** The real factory, a real pool that is not initialised yet, a source over it and a trader with tokens. */
export async function deployPool(
  connection: Connection,
  { baseDecimals = 18, quoteDecimals = 6, baseFirst = true, priceExp = 0n } = {},
) {
  const { ethers } = connection;
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("the chain has no accounts");
  const { abi, bytecode } = artifact("UniswapV3Factory");
  const made = await new ContractFactory(abi, bytecode, deployer).deploy();
  const factory = new Contract(await made.getAddress(), abi, deployer) as BaseContract as Factory;
  const [base, quote] = await makeTokens(connection, baseDecimals, quoteDecimals, baseFirst);
  const [baseAddress, quoteAddress] = [await base.getAddress(), await quote.getAddress()];
  await factory.createPool(baseAddress, quoteAddress, FEE);
  const poolAddress = await factory.getPool(baseAddress, quoteAddress, FEE);
  const poolAbi = artifact("UniswapV3Pool").abi;
  const pool = new Contract(poolAddress, poolAbi, deployer) as BaseContract as Pool;
  const trader = await ethers.deployContract("PoolTrader");
  for (const token of [base, quote]) await token.mint(trader, 10n ** 36n);
  const source = await makeTwap(connection, poolAddress, baseAddress, priceExp);
  return { base, quote, baseAddress, quoteAddress, pool, poolAddress, trader, source };
}

export type World = Awaited<ReturnType<typeof deployPool>>;

/** A source of ETH in USD over a pool. */
export function makeTwap(
  { ethers }: Connection,
  pool: string,
  baseToken: string,
  priceExp = 0n,
  window = WINDOW,
): Promise<UniswapTwap> {
  const arguments_ = [pool, baseToken, window, Unit.ETH, Unit.USD, priceExp, MAX_AGE] as const;
  return ethers.deployContract("UniswapTwap", [...arguments_]);
}

/** Initialises a pool at a tick, at a time, and gives it liquidity. */
export async function open(
  connection: Connection,
  { pool, poolAddress, trader }: World,
  tick: bigint,
  time = MADE,
): Promise<void> {
  await connection.networkHelpers.time.setNextBlockTimestamp(time);
  await pool.initialize(rootPrice(tick));
  await trader.provide(poolAddress, -WIDEST, WIDEST, 10n ** 15n);
}

/** Trades the pool to a tick in a block of this time. */
export async function trade(
  connection: Connection,
  { pool, poolAddress, trader }: World,
  tick: bigint,
  time: bigint,
): Promise<void> {
  const { tick: before } = await pool.slot0();
  await connection.networkHelpers.time.setNextBlockTimestamp(time);
  await trader.move(poolAddress, tick < before, rootPrice(tick), 10n ** 34n);
}

/** A pool whose words a test sets one by one, of two tokens with these decimals, the base its token0 or not. */
export async function deployHostile(
  connection: Connection,
  { baseDecimals = 18, quoteDecimals = 6, baseFirst = true, priceExp = 0n } = {},
) {
  const { ethers } = connection;
  const pool = await ethers.deployContract("HostileFeed");
  const [base, quote] = await makeTokens(connection, baseDecimals, quoteDecimals, baseFirst);
  const poolAddress = await pool.getAddress();
  const baseAddress = await base.getAddress();
  const tokens = [baseAddress, await quote.getAddress()].map(BigInt);
  const [token0 = 0n, token1 = 0n] = baseFirst ? tokens : tokens.reverse();
  await pool.teach(selector.token0, Mode.Data, words(token0));
  await pool.teach(selector.token1, Mode.Data, words(token1));
  const source = await makeTwap(connection, poolAddress, baseAddress, priceExp);
  return { pool, poolAddress, baseAddress, source };
}

/** What a pool answers for two sums. */
export function sums(from: bigint, to: bigint): string {
  return words(64n, 160n, 2n, from, to, 2n, 0n, 0n);
}

/** The pool answers with these sums. */
export async function teachSums(pool: HostileFeed, from: bigint, to: bigint): Promise<void> {
  await pool.teach(selector.observe, Mode.Data, sums(from, to));
}
