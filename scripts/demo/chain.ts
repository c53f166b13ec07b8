import { decodeBytes32String, isHexString, toQuantity } from "ethers";
import type { ErrorDescription, Interface, LogDescription } from "ethers";
import { network } from "hardhat";

import {
  ChainlinkSettlement__factory,
  CircuitBreaker__factory,
  IClearinghouse__factory,
  OracleHub__factory,
  SettlementOracle__factory,
} from "../../types/ethers-contracts/index.ts";
import type { RoundReader } from "../lib/roundHints.ts";

/** A connection to a Hardhat network. */
export type Connection = Awaited<ReturnType<typeof network.create>>;

/** A transaction to send. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** What a mined transaction left. */
export interface Receipt {
  readonly gasUsed: bigint;
  readonly logs: readonly { readonly topics: string[]; readonly data: string }[];
}

/** Gas of the transactions of one kind. */
export interface GasUse {
  readonly count: number;
  readonly total: bigint;
  readonly most: bigint;
}

/** The ledger's functions, events and errors. */
export const ledgerCalls = IClearinghouse__factory.createInterface();

/** Whose errors a transaction may end with, by selector: to look through an interface takes a hash an error. */
const refusing = new Map(
  [
    ledgerCalls,
    ...[
      ChainlinkSettlement__factory,
      SettlementOracle__factory,
      OracleHub__factory,
      CircuitBreaker__factory,
    ].map((factory) => factory.createInterface()),
  ].flatMap((calls) => {
    const selectors: [selector: string, calls: Interface][] = [];
    calls.forEachError(({ selector }) => selectors.push([selector, calls]));
    return selectors;
  }),
);

/** Plenty for every call here; explicit, so that nothing is estimated. Bounded reads of a feed need 172,380 left. */
const GAS = toQuantity(16_000_000);

/** A transaction that a contract refused, with the error it named. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** Name of the contract's error. */
  readonly reason: string;
  /** Its arguments. */
  readonly args: readonly unknown[];
  /** The error as it would be written in Solidity. */
  readonly text: string;

  constructor(action: string, error: ErrorDescription | null, data: string) {
    const reason = error?.name ?? "unknown error";
    const text = error ? `${reason}(${error.args.map(written).join(", ")})` : data;
    super(`${action} refused: ${text}`);
    this.reason = reason;
    this.args = error ? [...error.args] : [];
    this.text = text;
  }
}

/**
 * A chain in this process whose clock only moves when told. Speaks to the node directly: a history of many thousand
 * rounds goes through it.
 */
export class Chain implements RoundReader {
  readonly connection: Connection;
  readonly #gas = new Map<string, GasUse>();
  #time: bigint;
  #sent = 0;

  private constructor(connection: Connection, time: bigint) {
    this.connection = connection;
    this.#time = time;
  }

  /** A fresh chain whose first block has this time, unix seconds. */
  static async start(time: bigint): Promise<Chain> {
    const initialDate = new Date(Number(time) * 1_000);
    return new Chain(await network.create({ override: { initialDate } }), time);
  }

  /** A chain that is there already, at this time. */
  static over(connection: Connection, time: bigint): Chain {
    return new Chain(connection, time);
  }

  /** Time of the block that is mined next, unix seconds. */
  get time(): bigint {
    return this.#time;
  }

  /** Number of transactions sent, refused ones included. */
  get sent(): number {
    return this.#sent;
  }

  /** Gas by kind of transaction, in the order of their first one. */
  get gas(): ReadonlyMap<string, GasUse> {
    return this.#gas;
  }

  /** Moves the clock forward to this time; it never goes back. */
  advance(time: bigint): void {
    if (time > this.#time) this.#time = time;
  }

  /** Moves the clock to where the chain is, after others have sent transactions. */
  async synchronise(): Promise<void> {
    this.advance(BigInt(await this.connection.networkHelpers.time.latest()));
  }

  /** Sends and mines a transaction at the chain's time and names what it is about. */
  async send(action: string, call: Call): Promise<Receipt> {
    const hash = await this.#mine(action, call);
    const provider = this.connection.provider;
    const receipt = (await provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as { gasUsed: string; logs: Receipt["logs"] };
    const gasUsed = BigInt(receipt.gasUsed);
    const { count, total, most } = this.#gas.get(action) ?? { count: 0, total: 0n, most: 0n };
    this.#gas.set(action, {
      count: count + 1,
      total: total + gasUsed,
      most: gasUsed > most ? gasUsed : most,
    });
    return { gasUsed, logs: receipt.logs };
  }

  /** Like `send`, for transactions of which nothing more is asked than that they succeed. */
  async push(action: string, call: Call): Promise<void> {
    await this.#mine(action, call);
  }

  /** Asks what a transaction would be refused with now, and sends nothing; undefined if it would pass. */
  async ask(action: string, { from, to, data }: Call): Promise<Refused | undefined> {
    const params = [{ from, to, data, gas: GAS }, "latest"];
    try {
      await this.connection.provider.request({ method: "eth_call", params });
      return undefined;
    } catch (error) {
      const refused = refusal(action, error);
      if (refused === undefined) throw error;
      return refused;
    }
  }

  /** Reads without sending. */
  async call(request: { to: string; data: string }): Promise<string> {
    const { to, data } = request;
    const params = [{ to, data, gas: GAS }, "latest"];
    return (await this.connection.provider.request({ method: "eth_call", params })) as string;
  }

  /** Reads one function of a contract. */
  async read(to: string, calls: Interface, name: string, args: readonly unknown[]) {
    const data = calls.encodeFunctionData(name, args);
    return calls.decodeFunctionResult(name, await this.call({ to, data }));
  }

  /** Ends the chain. */
  close(): Promise<void> {
    return this.connection.close();
  }

  async #mine(action: string, { from, to, data }: Call): Promise<unknown> {
    const { provider } = this.connection;
    const time = toQuantity(this.#time);
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
    this.#sent++;
    try {
      const params = [{ from, to, data, gas: GAS }];
      return await provider.request({ method: "eth_sendTransaction", params });
    } catch (error) {
      throw refusal(action, error) ?? error;
    }
  }
}

/** The events of one name in a receipt of the ledger. */
export function eventsOf(receipt: Receipt, name: string): readonly LogDescription[] {
  return receipt.logs
    .map((log) => ledgerCalls.parseLog(log))
    .filter((event) => event !== null && event.name === name) as LogDescription[];
}

/** A revert as the contract meant it; anything else is no refusal. */
function refusal(action: string, error: unknown): Refused | undefined {
  if (!(error instanceof Error) || !("data" in error)) return undefined;
  const data = revertData(error.data);
  if (data === undefined) return undefined;
  const selector = data.slice(0, 10);
  // Whoever reverts without a word names no error.
  const named = selector.length === 10;
  const known = named ? (refusing.get(selector) ?? ledgerCalls).parseError(data) : null;
  return new Refused(action, known, data);
}

/** An argument of an error; a word that holds a name as that name. */
function written(argument: unknown): string {
  const named = isHexString(argument, 32) && /^0x([2-7].)+(00)+$/.test(argument);
  return named ? decodeBytes32String(argument) : String(argument);
}

/** Hardhat hands the data over as it is, or in an object beside the message. */
function revertData(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  if (typeof data !== "object" || data === null || !("data" in data)) return undefined;
  return typeof data.data === "string" ? data.data : undefined;
}
