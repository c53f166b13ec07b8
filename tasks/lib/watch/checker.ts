import { compareAll, comparePlaces } from "../../../scripts/replay/comparison.ts";
import type { BlockRef, ChainNode } from "../../../scripts/replay/node.ts";
import { isShortfall } from "../../../scripts/replay/solvency.ts";
import type { Finding } from "./alarm.ts";
import { Differences } from "./differences.ts";
import type { Replicator } from "./replicator.ts";

/** Compares the replica with the chain: what events had to do with at once, everything now and then. */
export class Checker {
  readonly #node: ChainNode;
  readonly #replicator: Replicator;
  readonly #differences = new Differences();
  #words = 0;
  /** The block of the last comparison of everything. */
  #full: BlockRef | undefined;

  constructor(node: ChainNode, replicator: Replicator) {
    this.#node = node;
    this.#replicator = replicator;
  }

  /** Words compared so far. */
  get words(): number {
    return this.#words;
  }

  /** Whether anything differs. */
  get differs(): boolean {
    return this.#differences.any;
  }

  /** Whether everything is to be compared again: so many blocks after the last time, and after a change of the chain. */
  isDue(block: BlockRef, every: number): boolean {
    return this.#full === undefined || block.number - this.#full.number >= every;
  }

  /** Whether everything was compared at a block. */
  wasFull(block: BlockRef): boolean {
    return this.#full?.hash === block.hash;
  }

  /** Everything is to be compared next time. */
  forget(): void {
    this.#full = undefined;
  }

  /** Compares what events had to do with since the last comparison. */
  async touched(block: BlockRef): Promise<Finding[]> {
    const places = this.#replicator.uncompared;
    if (places.size === 0) return [];
    const compared = { ...this.#replicator.comparing(), node: this.#node, block };
    const { words, differences } = await comparePlaces(compared, places);
    this.#words += words;
    this.#replicator.compared();
    return this.#differences.news(differences, false);
  }

  /** Compares everything. */
  async all(block: BlockRef, progress: (line: string) => void): Promise<Finding[]> {
    const compared = { ...this.#replicator.comparing(), node: this.#node, block };
    const { words, differences } = await compareAll(compared, (done, all) =>
      progress(`${done} of ${all} words compared`),
    );
    this.#words += words;
    this.#full = block;
    this.#replicator.compared();
    // What is missing of a token has an alarm of its own.
    return this.#differences.news(
      differences.filter((difference) => !isShortfall(difference)),
      true,
    );
  }
}
