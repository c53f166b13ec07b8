import type { TransactionResponse } from "ethers";
import { network } from "hardhat";

/** 2026-01-01 00:00 UTC, a Thursday: the first block of every run. */
const START = 1_767_225_600n;
const ACCOUNTS = 40;
/** Seconds between the first block of what is deployed and the first one after it. */
const DEPLOYING = 20n;

type Connection = Awaited<ReturnType<typeof network.create>>;
type Send = () => Promise<TransactionResponse>;

/** An account of the chain that sends and signs. */
export type Trader = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/**
 * An in-process chain whose every block is told its time, so that a run's calldata, addresses and gas are always the
 * same. One transaction a block.
 */
export class Chain {
  readonly #connection: Connection;
  #now = START;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Starts a chain. */
  static async start(): Promise<Chain> {
    const connection = await network.create({
      network: "default",
      override: {
        chainId: 31_337,
        hardfork: "osaka",
        initialDate: new Date(Number(START) * 1_000).toISOString(),
        accounts: { count: ACCOUNTS },
      },
    });
    return new Chain(connection);
  }

  /** Ends the chain. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Time of the last block. */
  get now(): bigint {
    return this.#now;
  }

  /** The chain as ethers speaks to it. */
  get ethers(): Connection["ethers"] {
    return this.#connection.ethers;
  }

  /** The chain's funded accounts, from Hardhat's well-known mnemonic. */
  traders(): Promise<Trader[]> {
    return this.#connection.ethers.getSigners();
  }

  /** Mines one transaction in a block of its own, a second after the last or at `time`; answers the gas it used. */
  async send(transaction: Send, time: bigint = this.#now + 1n): Promise<bigint> {
    this.#now = time;
    await this.#request("evm_setNextBlockTimestamp", `0x${time.toString(16)}`);
    const response = await transaction();
    const receipt = await response.wait();
    if (receipt?.status !== 1) throw new Error(`transaction ${response.hash} failed`);
    return receipt.gasUsed;
  }

  /** Lets time pass: the next block comes so many seconds later. */
  pass(seconds: bigint): void {
    this.#now += seconds;
  }

  /** Lets `deploy` mine its blocks by the machine's clock; it is a fixed time afterwards, however long that took. */
  async deploying<T>(deploy: () => Promise<T>): Promise<T> {
    this.#now += 1n;
    await this.#request("evm_setNextBlockTimestamp", `0x${this.#now.toString(16)}`);
    const result = await deploy();
    this.#now += DEPLOYING;
    const block = await this.#connection.ethers.provider.getBlock("latest");
    if (BigInt(block?.timestamp ?? 0) > this.#now) throw new Error("deploying took too long");
    return result;
  }

  /** Runs `scenario` and takes back everything it did. */
  async isolated<T>(scenario: () => Promise<T>): Promise<T> {
    const before = this.#now;
    const id = await this.#request("evm_snapshot");
    try {
      return await scenario();
    } finally {
      await this.#request("evm_revert", id);
      this.#now = before;
    }
  }

  #request(method: string, ...params: unknown[]): Promise<unknown> {
    return this.#connection.provider.request({ method, params });
  }
}
