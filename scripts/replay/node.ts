import { toWord } from "../lib/abi.ts";
import { NodeError, RpcError } from "./errors.ts";
import type { Request, RpcClient } from "./rpc.ts";

/** A block by number and hash. */
export interface BlockRef {
  readonly number: number;
  readonly hash: string;
}

/** A block's head. */
export interface Header extends BlockRef {
  /** Unix seconds. */
  readonly time: bigint;
}

/** A log as nodes write it, as far as it is read. */
export interface RpcLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: string;
  /** Some nodes give it. */
  readonly blockTimestamp?: string;
  readonly removed?: boolean;
}

/** Tries of the first request: a wrong address should show at once. */
const FIRST_TRIES = 2;
const BALANCE_OF = "0x70a08231";

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}

/** An address as nodes write it. */
export function addressText(address: bigint): string {
  return `0x${address.toString(16).padStart(40, "0")}`;
}

function headerOf(block: unknown): Header | undefined {
  if (block === null || typeof block !== "object") return undefined;
  const { number, hash, timestamp } = block as Readonly<Record<string, unknown>>;
  if (typeof number !== "string" || typeof hash !== "string" || typeof timestamp !== "string") {
    return undefined;
  }
  return { number: Number(number), hash, time: BigInt(timestamp) };
}

/** What a replay asks of a node. */
export class ChainNode {
  readonly #rpc: RpcClient;
  /** Whether the node takes a block's hash where it takes a number (EIP-1898); undefined: not known yet. */
  #byHash: boolean | undefined;

  constructor(rpc: RpcClient) {
    this.#rpc = rpc;
  }

  /** Id of the chain. Fails soon if nothing answers. */
  async chainId(): Promise<bigint> {
    return BigInt(String(await this.#rpc.call("eth_chainId", [], FIRST_TRIES)));
  }

  /** Number of the newest block. */
  async head(): Promise<number> {
    return Number(await this.#rpc.call("eth_blockNumber", []));
  }

  /** Heads of blocks; undefined where the node's chain has no such block. */
  async headers(numbers: readonly number[]): Promise<readonly (Header | undefined)[]> {
    const blocks = await this.#rpc.all(
      numbers.map((number) => ({
        method: "eth_getBlockByNumber",
        params: [quantity(number), false],
      })),
    );
    return blocks.map(headerOf);
  }

  /** Logs of some contracts in a range of blocks. Does not insist: a smaller range may do. */
  async logs(addresses: readonly string[], from: number, to: number): Promise<readonly RpcLog[]> {
    const filter = { address: addresses, fromBlock: quantity(from), toBlock: quantity(to) };
    const found = await this.#rpc.call("eth_getLogs", [filter], from < to ? 2 : undefined);
    if (!Array.isArray(found)) throw new NodeError("eth_getLogs gives no list");
    return found as readonly RpcLog[];
  }

  /** The code at an address at a block, hex digits after 0x. */
  async code(address: string, block: number): Promise<string> {
    return String(await this.#rpc.call("eth_getCode", [address, quantity(block)]));
  }

  /** Whether there is code at an address at a block. */
  async hasCode(address: string, block: number): Promise<boolean> {
    return (await this.code(address, block)).length > 2;
  }

  /** What a contract answers at a block. Throws an `RpcError` if it reverts. */
  async ask(contract: string, data: string, block: BlockRef): Promise<string> {
    const [answer] = await this.#at(
      [{ method: "eth_call", params: [{ to: contract, data }] }],
      block,
    );
    return String(answer);
  }

  /** Words of slots of a contract at a block. */
  async words(
    contract: string,
    slots: readonly bigint[],
    block: BlockRef,
  ): Promise<readonly bigint[]> {
    const [first] = slots;
    if (first === undefined) return [];
    const asked = (slot: bigint): Request => ({
      method: "eth_getStorageAt",
      params: [contract, `0x${toWord(slot)}`],
    });
    const results = await this.#at(slots.map(asked), block);
    return results.map((word) => BigInt(String(word)));
  }

  /** Balance of a token at a block. */
  async balance(token: string, holder: bigint, block: BlockRef): Promise<bigint> {
    const word = await this.ask(token, `${BALANCE_OF}${toWord(holder)}`, block);
    if (word.length !== 66) throw new NodeError(`token ${token} tells no balance`);
    return BigInt(word);
  }

  /** Requests whose last parameter is the block, by its hash if the node can. */
  async #at(requests: readonly Request[], block: BlockRef): Promise<readonly unknown[]> {
    const tagged = (tag: unknown): readonly Request[] =>
      requests.map(({ method, params }) => ({ method, params: [...params, tag] }));
    const byHash = { blockHash: block.hash, requireCanonical: true };
    if (this.#byHash === undefined) this.#byHash = await this.#takesHash(tagged(byHash)[0]);
    return this.#rpc.all(tagged(this.#byHash ? byHash : quantity(block.number)));
  }

  /** Whether a request that names its block by hash is understood. A hash that is no longer known is understood too. */
  async #takesHash(request: Request | undefined): Promise<boolean> {
    if (request === undefined) return true;
    try {
      await this.#rpc.call(request.method, request.params);
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return error.code !== -32602;
    }
  }
}
