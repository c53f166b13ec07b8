import { Reorganised } from "../../../scripts/replay/errors.ts";
import type { ChainNode, Header, RpcLog } from "../../../scripts/replay/node.ts";
import { PageReader } from "../../../scripts/replay/pages.ts";
import type { Page, Reading } from "../../../scripts/replay/pages.ts";

/** A block in which something was told. */
export interface ToldBlock {
  readonly header: Header;
  readonly logs: readonly RpcLog[];
}

/** Blocks that follow one another, as one branch has them. */
export interface Stretch {
  readonly end: Header;
  readonly logs: readonly RpcLog[];
  /** Those blocks in which something was told; nothing where they are too old to be looked at one by one. */
  readonly blocks: readonly ToldBlock[] | undefined;
  /** Times of blocks whose events carry one. */
  readonly times: ReadonlyMap<number, bigint>;
  /** The last blocks, without a gap. */
  readonly trail: readonly Header[];
}

/** What is wanted of stretches. */
export interface StretchesWanted extends Reading {
  /** Blocks from this one on are to be remembered. */
  readonly trailFrom: number;
  /** Whether the blocks of a stretch, by its last, are looked at one by one. */
  readonly oneByOne: (end: Header) => boolean;
}

/** Reads logs with the heads of their blocks. */
export class StretchReader {
  readonly #node: ChainNode;
  readonly #pages: PageReader;

  constructor(node: ChainNode) {
    this.#node = node;
    this.#pages = new PageReader(node);
  }

  /** The stretches of a reading, in order. */
  async *read(wanted: StretchesWanted): AsyncGenerator<Stretch, void, void> {
    for await (const page of this.#pages.read(wanted)) yield await this.#stretch(page, wanted);
  }

  async #stretch(page: Page, { trailFrom, oneByOne }: StretchesWanted): Promise<Stretch> {
    const { end, logs, times } = page;
    const told = byBlock(logs);
    const trail = range(Math.max(page.from, trailFrom), end.number);
    const known = new Map<number, Header>();
    await this.#learn(known, trail.length === 0 ? [end.number] : trail);
    const last = headerIn(known, end.number, end.hash);
    const detailed = oneByOne(last);
    if (detailed) await this.#learn(known, [...told.keys()]);
    return {
      end: last,
      logs,
      times,
      blocks: detailed
        ? [...told].map(([number, some]) => ({
            header: headerIn(known, number, some[0]?.blockHash),
            logs: some,
          }))
        : undefined,
      trail: trail.map((number) => headerIn(known, number)),
    };
  }

  async #learn(known: Map<number, Header>, numbers: readonly number[]): Promise<void> {
    const wanted = numbers.filter((number) => !known.has(number));
    for (const header of await this.#node.headers(wanted)) {
      if (header !== undefined) known.set(header.number, header);
    }
  }
}

/** A block's head; if it is not the one that was meant, the chain has changed. */
function headerIn(known: ReadonlyMap<number, Header>, number: number, hash?: string): Header {
  const header = known.get(number);
  if (header === undefined || (hash !== undefined && header.hash !== hash)) {
    throw new Reorganised(`block ${number}`);
  }
  return header;
}

function byBlock(logs: readonly RpcLog[]): ReadonlyMap<number, readonly RpcLog[]> {
  const blocks = new Map<number, RpcLog[]>();
  for (const log of logs) {
    const number = Number(log.blockNumber);
    const known = blocks.get(number);
    if (known) known.push(log);
    else blocks.set(number, [log]);
  }
  return blocks;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
