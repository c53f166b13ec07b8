import type { ChainNode, Header } from "../../../scripts/replay/node.ts";
import type { Fork } from "./rules/reorg.ts";

/** The last blocks that were read: where the chain forks, if it does. */
export class Trail {
  readonly #size: number;
  #headers: Header[] = [];

  /** @param size - Blocks that are remembered. */
  constructor(size: number) {
    this.#size = size;
  }

  /** The last block that was read. */
  get last(): Header | undefined {
    return this.#headers.at(-1);
  }

  /** The first block that is worth remembering when an end is. */
  from(end: number): number {
    return Math.max(0, end - this.#size + 1);
  }

  /** Remembers blocks that follow one another; where they do not follow on what is known, that is forgotten. */
  add(headers: readonly Header[]): void {
    const [first] = headers;
    if (first === undefined) return;
    this.cut(first.number - 1);
    const follows = this.last === undefined || this.last.number + 1 === first.number;
    this.#headers = [...(follows ? this.#headers : []), ...headers].slice(-this.#size);
  }

  /** Forgets the blocks after one. */
  cut(number: number): void {
    this.#headers = this.#headers.filter((header) => header.number <= number);
  }

  /** Whether the node's chain, up to its head, still has the last block, or what it had at that height. */
  async stands(node: ChainNode, head: number): Promise<boolean> {
    const known = this.#headers.findLast(({ number }) => number <= head);
    if (known === undefined) return this.#headers.length === 0;
    const [header] = await node.headers([known.number]);
    // A node that lacks the block is behind; it has no other one.
    return header === undefined || header.hash === known.hash;
  }

  /** Where the node's chain left the one that was read; nothing if it did not. */
  async fork(node: ChainNode): Promise<Fork | undefined> {
    const { last } = this;
    if (last === undefined) return undefined;
    const now = await node.headers(this.#headers.map(({ number }) => number));
    const differs = (index: number): boolean =>
      now[index] !== undefined && now[index].hash !== this.#headers[index]?.hash;
    if (!this.#headers.some((_, index) => differs(index))) return undefined;
    const common = this.#headers.findLast((_, index) => !differs(index) && now[index]);
    return { last, common, remembered: this.#headers.length };
  }
}
