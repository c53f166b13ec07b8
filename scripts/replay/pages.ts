import { keccakText } from "@certus/model";

import { toWord } from "../lib/abi.ts";
import { NodeError, Reorganised, RpcError } from "./errors.ts";
import type { BlockRef, ChainNode, Header, RpcLog } from "./node.ts";

/** The logs of a range of blocks, as one branch of the chain has them. */
export interface Page {
  readonly from: number;
  /** The last block of the range. */
  readonly end: BlockRef;
  readonly logs: readonly RpcLog[];
  /** Times of the blocks in which an event carries one. */
  readonly times: ReadonlyMap<number, bigint>;
}

/** What is to be read. */
export interface Reading {
  /** Whose logs, in small letters. */
  readonly addresses: readonly string[];
  readonly from: number;
  /** The block before the first, if it was read already. */
  readonly before: BlockRef | undefined;
  /** The last block. */
  readonly target: BlockRef;
}

/** Blocks of the first page, and of the largest. */
const FIRST_PAGE = 2_000;
const LARGEST_PAGE = 200_000;
/** Logs of a page that are aimed at: enough to be quick, few enough that nodes answer. */
const LOGS_WANTED = 4_000;
/** The last blocks make a page of their own: a fork there costs little. */
const LAST_BLOCKS = 64;

/** Events that carry the time of their block, which the model holds them to. */
const TIMED: ReadonlySet<string> = new Set(
  [
    "GuardSet(uint256,uint8,uint40,uint112,uint40)",
    "AccountOperatorSet(uint256,address,uint8,uint40,uint40)",
  ].map((signature) => `0x${toWord(keccakText(signature))}`),
);

/** Reads logs page by page; the size of a page follows how many logs there are and what the node bears. */
export class PageReader {
  readonly #node: ChainNode;
  #size = FIRST_PAGE;
  /** A page failed already: pages grow slowly from then on. */
  #careful = false;

  constructor(node: ChainNode) {
    this.#node = node;
  }

  /** The pages of a reading, in order; the next one is asked for while one is worked on. */
  async *read(reading: Reading): AsyncGenerator<Page, void, void> {
    const { from, target } = reading;
    if (from > target.number) return;
    let pending = this.#page(reading, from, reading.before);
    for (;;) {
      const page = await pending;
      const next = page.end.number + 1;
      if (next <= target.number) {
        pending = this.#page(reading, next, page.end);
        // Whoever stops reading before it is there never hears of its failure.
        pending.catch(() => undefined);
      }
      yield page;
      if (next > target.number) return;
    }
  }

  async #page(reading: Reading, from: number, before: BlockRef | undefined): Promise<Page> {
    const { addresses, target } = reading;
    for (;;) {
      const to = this.#end(from, target.number);
      // The end is looked up before its logs are asked for, and again with the next page or at the very end: if it is the
      // same block both times, no other branch came between, and the logs are of this one.
      const end = await this.#link(to, before);
      if (to === target.number && end.hash !== target.hash) throw new Reorganised(`block ${to}`);
      let logs: readonly RpcLog[];
      try {
        logs = await this.#node.logs(addresses, from, to);
      } catch (error) {
        if (from === to || !(error instanceof RpcError || error instanceof NodeError)) throw error;
        this.#careful = true;
        this.#size = Math.max(1, Math.floor((to - from + 1) / 2));
        continue;
      }
      this.#adapt(to - from + 1, logs.length);
      check(logs, addresses, from, end);
      return { from, end, logs, times: await this.#times(logs) };
    }
  }

  /** The block of a number, if the chain still holds the block that was read before it. */
  async #link(to: number, before: BlockRef | undefined): Promise<Header> {
    const [end, same] = await this.#node.headers(before ? [to, before.number] : [to]);
    if (before !== undefined && same?.hash !== before.hash) {
      throw new Reorganised(`block ${before.number}`);
    }
    if (end === undefined) throw new Reorganised(`block ${to}`);
    return end;
  }

  #end(from: number, target: number): number {
    const old = target - LAST_BLOCKS;
    return Math.min(from + this.#size - 1, from <= old ? old : target);
  }

  #adapt(blocks: number, logs: number): void {
    const growth = this.#careful ? 1.25 : 4;
    const wanted = Math.floor((blocks * LOGS_WANTED) / Math.max(1, logs));
    const most = Math.min(LARGEST_PAGE, Math.ceil(this.#size * growth));
    this.#size = Math.max(1, Math.min(wanted, most));
  }

  async #times(logs: readonly RpcLog[]): Promise<ReadonlyMap<number, bigint>> {
    const timed = logs.filter(({ topics }) => TIMED.has(topics[0] ?? ""));
    const times = new Map<number, bigint>();
    const asked = new Map<number, string>();
    for (const { blockNumber, blockHash, blockTimestamp } of timed) {
      const block = Number(blockNumber);
      if (blockTimestamp === undefined) asked.set(block, blockHash);
      else times.set(block, BigInt(blockTimestamp));
    }
    const numbers = [...asked.keys()];
    const headers = numbers.length === 0 ? [] : await this.#node.headers(numbers);
    numbers.forEach((number, index) => {
      const header = headers[index];
      if (header?.hash !== asked.get(number)) throw new Reorganised(`block ${number}`);
      times.set(number, header?.time ?? 0n);
    });
    return times;
  }
}

/** Refuses logs that nobody asked for, and logs of two branches. */
function check(
  logs: readonly RpcLog[],
  addresses: readonly string[],
  from: number,
  end: BlockRef,
): void {
  const hashes = new Map<number, string>([[end.number, end.hash]]);
  for (const { address, blockNumber, blockHash, removed } of logs) {
    const block = Number(blockNumber);
    if (!(block >= from && block <= end.number) || !addresses.includes(address.toLowerCase())) {
      throw new NodeError(
        `eth_getLogs of blocks ${from} to ${end.number} gives a log of ${address} in ${block}`,
      );
    }
    const known = hashes.get(block);
    if (removed === true || (known !== undefined && known !== blockHash)) {
      throw new Reorganised(`block ${block}`);
    }
    hashes.set(block, blockHash);
  }
}
