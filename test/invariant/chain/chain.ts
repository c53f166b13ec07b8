import {
  CallKind,
  ContractDecoder,
  EdrContext,
  IncludeTraces,
  L1_CHAIN_TYPE,
  MineOrdering,
  OSAKA,
  l1GenesisState,
  l1HardforkFromString,
  l1ProviderFactory,
} from "@nomicfoundation/edr";
import type { CallTrace, LogTrace, Provider, Response } from "@nomicfoundation/edr";

import { LENS } from "./bytecode.ts";
import { dropGarbage } from "./collect.ts";

/** A log as it was emitted. Topics and data are hex digits. */
export interface RawLog {
  readonly address: bigint;
  readonly topics: readonly string[];
  readonly data: string;
}

/** How a transaction ended: with its output and logs, or with the data of its revert. All hex digits. */
export type Sent =
  | { readonly ok: true; readonly output: string; readonly logs: readonly RawLog[] }
  | { readonly ok: false; readonly data: string };

interface Reply {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

/** Gas of every transaction: just below the cap of a transaction. */
const GAS = "0xf42400";
/** Gas of every call: that of a block. */
const BLOCK_GAS = "0x3938700";
/** What a sender has where a base fee is charged, wei. */
const PURSE = quantity(1n << 120n);

/** Time of the genesis block. */
export const GENESIS_TIME = 1_900_000_000n;
/** Chain id. */
export const CHAIN_ID = 31_337n;

/** A number as JSON-RPC writes it. */
export function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** An address as JSON-RPC writes it. */
export function address(value: bigint): string {
  return `0x${value.toString(16).padStart(40, "0")}`;
}

/** Transactions between two collections of garbage. */
const COLLECT_EVERY = 8;

/** How a chain differs from the usual one. */
export interface ChainOptions {
  /** Time of its genesis block; `GENESIS_TIME` if absent. */
  readonly time?: bigint;
  /** Keeps no traces: quicker by far, but a transaction tells its logs alone, with an empty output. */
  readonly lean?: boolean;
}

interface Receipt {
  readonly contractAddress: string | null;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
}

let contexts: Promise<EdrContext> | undefined;

async function createContext(): Promise<EdrContext> {
  const context = new EdrContext();
  await context.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory());
  return context;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Logs of a call in the order in which they were emitted; a library's are its caller's. */
function collectLogs(call: CallTrace, emitter: bigint, logs: RawLog[]): void {
  for (const child of call.children) {
    if (isCall(child)) {
      if (!child.success) continue;
      collectLogs(
        child,
        child.kind === CallKind.DelegateCall ? emitter : BigInt(child.address),
        logs,
      );
      continue;
    }
    if (!Array.isArray(child.parameters)) throw new Error("a log was decoded by the chain");
    const words = child.parameters.map(hexOf);
    logs.push({ address: emitter, topics: words.slice(0, -1), data: words.at(-1) ?? "" });
  }
}

/** A log as a receipt has it. */
function rawLog({ address, topics, data }: Receipt["logs"][number]): RawLog {
  return {
    address: BigInt(address),
    topics: topics.map((topic) => topic.slice(2)),
    data: data.slice(2),
  };
}

function isCall(child: CallTrace | LogTrace): child is CallTrace {
  return "children" in child;
}

/** A revert's data, or the message of any other failure as a text that no error has. */
function revertData({ message, data }: NonNullable<Reply["error"]>): string {
  const found = typeof data === "object" && data !== null && "data" in data ? data.data : undefined;
  if (typeof found === "string") return found.slice(2);
  throw new Error(`the chain failed: ${message}`);
}

/** A chain of its own in this process, driven without any layer between. Every account can be sent from. */
export class Chain {
  readonly #provider: Provider;
  readonly #lean: boolean;
  readonly #senders = new Set<bigint>();
  /** Base fee of every block from now on, wei; none is asked for, and none is charged, unless it is set. */
  baseFee: bigint | undefined;
  /** Transactions so far: a provider keeps something of each, so it is thrown away after a few thousand. */
  transactions = 0;

  private constructor(provider: Provider, lean: boolean) {
    this.#provider = provider;
    this.#lean = lean;
  }

  /** Starts a chain. */
  static async create({ time = GENESIS_TIME, lean = false }: ChainOptions = {}): Promise<Chain> {
    contexts ??= createContext();
    const context = await contexts;
    const blockGasLimit = BigInt(BLOCK_GAS);
    const provider = await context.createProvider(
      L1_CHAIN_TYPE,
      {
        allowBlocksWithSameTimestamp: true,
        allowUnlimitedContractSize: true, // compiled without the optimiser, a mutant is too large
        bailOnCallFailure: true,
        bailOnTransactionFailure: true,
        chainId: CHAIN_ID,
        coinbase: new Uint8Array(20),
        defaultTransactionGasLimit: BigInt(GAS),
        genesisState: l1GenesisState(l1HardforkFromString(OSAKA)),
        hardfork: OSAKA,
        initialBaseFeePerGas: 0n,
        minGasPrice: 0n,
        mining: { autoMine: true, blockGasLimit, memPool: { order: MineOrdering.Fifo } },
        network: { genesisBlockGasLimit: blockGasLimit, genesisBlockTime: time },
        networkId: CHAIN_ID,
        observability: { includeCallTraces: lean ? IncludeTraces.None : IncludeTraces.All },
        ownedAccounts: [],
        precompileOverrides: [],
        transactionGasCap: false,
      },
      {
        enable: false,
        decodeConsoleLogInputsCallback: () => [],
        printLineCallback: () => undefined,
      },
      { subscriptionCallback: () => undefined },
      new ContractDecoder(),
    );
    return new Chain(provider, lean);
  }

  async #ask(method: string, params: readonly unknown[]): Promise<[Reply, Response]> {
    const request = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await this.#provider.handleRequest(request);
    const data: unknown = response.data;
    return [(typeof data === "string" ? JSON.parse(data) : data) as Reply, response];
  }

  /** One JSON-RPC request; throws if it fails. */
  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [{ result, error }] = await this.#ask(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** The next block's time. */
  async setTime(now: bigint): Promise<void> {
    await this.request("evm_setNextBlockTimestamp", quantity(now));
  }

  /** Sends a transaction in a block of its own. Without `to` it deploys. */
  async send(from: bigint, to: bigint | undefined, data: string): Promise<Sent> {
    if (!this.#senders.has(from)) {
      await this.request("hardhat_impersonateAccount", address(from));
      this.#senders.add(from);
    }
    const gasPrice = quantity(this.baseFee ?? 0n);
    if (this.baseFee !== undefined) {
      await this.request("hardhat_setBalance", address(from), PURSE);
      await this.request("hardhat_setNextBlockBaseFeePerGas", gasPrice);
    }
    this.transactions++;
    if (!this.#lean && this.transactions % COLLECT_EVERY === 0) dropGarbage();
    const target = to === undefined ? {} : { to: address(to) };
    const transaction = {
      from: address(from),
      ...target,
      data: `0x${data}`,
      gas: GAS,
      gasPrice,
    };
    const [{ result, error }, response] = await this.#ask("eth_sendTransaction", [transaction]);
    if (error !== undefined) return { ok: false, data: revertData(error) };
    if (this.#lean) {
      const { logs } = await this.#receipt(String(result));
      return { ok: true, output: "", logs: logs.map(rawLog) };
    }
    if (to === undefined) return { ok: true, output: "", logs: [] };
    const call = response.callTraces()[0];
    if (call === undefined || !(call.outputs instanceof Uint8Array)) {
      throw new Error("the chain left no trace of a transaction");
    }
    const logs: RawLog[] = [];
    collectLogs(call, to, logs);
    return { ok: true, output: hexOf(call.outputs), logs };
  }

  async #receipt(hash: string): Promise<Receipt> {
    return (await this.request("eth_getTransactionReceipt", hash)) as Receipt;
  }

  /** Sends a transaction that must succeed. */
  async mustSend(from: bigint, to: bigint | undefined, data: string): Promise<void> {
    const sent = await this.send(from, to, data);
    if (!sent.ok) throw new Error(`a transaction of the set-up reverted with 0x${sent.data}`);
  }

  /** Calls a view; hex digits of its output. */
  async call(to: bigint, data: string): Promise<string> {
    const result = await this.request("eth_call", { to: address(to), data: `0x${data}` }, "latest");
    return String(result).slice(2);
  }

  /** Calls a view in the block that the next transaction would be in, at its time. */
  async callNext(from: bigint, to: bigint, data: string): Promise<Sent> {
    const call = { from: address(from), to: address(to), data: `0x${data}`, gas: BLOCK_GAS };
    const [{ result, error }] = await this.#ask("eth_call", [call, "pending"]);
    if (error !== undefined) return { ok: false, data: revertData(error) };
    return { ok: true, output: String(result).slice(2), logs: [] };
  }

  /** Words of slots, in one call: a lens stands in for the contract's code meanwhile. Slots and words are hex digits. */
  async slots(contract: bigint, slots: string): Promise<string> {
    const to = address(contract);
    const result = await this.request(
      "eth_call",
      { to, data: `0x${slots}`, gas: BLOCK_GAS },
      "latest",
      { [to]: { code: `0x${LENS}` } },
    );
    return String(result).slice(2);
  }

  /** The code at an address, as hex digits. */
  async code(target: bigint): Promise<string> {
    return String(await this.request("eth_getCode", address(target), "latest")).slice(2);
  }

  /** Puts code at an address. */
  async setCode(target: bigint, code: string): Promise<void> {
    await this.request("hardhat_setCode", address(target), `0x${code}`);
  }

  /** Writes a slot of a contract. Slot and word are hex digits. */
  async setSlot(contract: bigint, slot: string, word: string): Promise<void> {
    const short = slot.replace(/^0+(?=.)/, "");
    await this.request("hardhat_setStorageAt", address(contract), `0x${short}`, `0x${word}`);
  }

  /** Keeps the present state; answers its name. */
  async snapshot(): Promise<string> {
    return String(await this.request("evm_snapshot"));
  }

  /** Goes back to a state, whose name is used up. */
  async revert(name: string): Promise<void> {
    if ((await this.request("evm_revert", name)) !== true) {
      throw new Error(`there is no snapshot ${name}`);
    }
  }
}
