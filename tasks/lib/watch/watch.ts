import { setTimeout as sleep } from "node:timers/promises";

import { HistoryFault, NodeError, Reorganised, RpcError } from "../../../scripts/replay/errors.ts";
import type { Header } from "../../../scripts/replay/node.ts";
import { Follower } from "./follower.ts";
import { Patience } from "./patience.ts";
import { faultFinding } from "./rules/difference.ts";
import { lagConditions } from "./rules/lag.ts";
import { standingFindings } from "./rules/standing.ts";
import type { Scene } from "./scene.ts";
import { saveState } from "./stateFile.ts";
import { sweep } from "./sweep.ts";

/** A watch from its beginning to its end. */
export class Watch {
  readonly #scene: Scene;
  readonly #follower: Follower;
  readonly #signal: AbortSignal;
  readonly #patience = new Patience(() => performance.now());
  readonly #since: number;
  /** The newest block that was looked at. */
  #newest: Header | undefined;
  #broken = false;

  /**
   * @param since - Alarms are told of blocks after this one.
   * @param signal - Ends the watch.
   */
  constructor(scene: Scene, since: number, signal: AbortSignal) {
    this.#scene = scene;
    this.#since = since;
    this.#follower = new Follower(scene, since);
    this.#signal = signal;
  }

  /** Watches until the end that was asked for. Throws a `NodeError` when patience with the node is at an end. */
  async run(): Promise<void> {
    const { options, output, checker, progress } = this.#scene;
    while (!this.#isOver()) {
      const moved = await this.#attempt();
      this.#lag(true);
      if (moved === false && !this.#isOver()) await this.#pause(options.poll);
    }
    const end = this.#newest;
    if (end === undefined || this.#broken || checker.wasFull(end)) return;
    const found = await checker.all(end, (line) => progress?.update(() => line));
    output.tell(found, { block: end.number, time: end.time });
  }

  #isOver(): boolean {
    const { options, checker } = this.#scene;
    if (this.#signal.aborted || this.#broken) return true;
    if (checker.differs && !options.keepGoing) return true;
    return options.until !== undefined && this.#newest?.number === options.until;
  }

  /** One step; answers whether there was anything new, or nothing if it failed. */
  async #attempt(): Promise<boolean | undefined> {
    try {
      const moved = await this.#follower.step(this.#signal, (end, isNewest) =>
        this.#arrived(end, isNewest),
      );
      this.#patience.heard(moved);
      return moved;
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #arrived(end: Header, isNewest: boolean): Promise<void> {
    const { output, operations, replicator, names, others, options } = this.#scene;
    const at = { block: end.number, time: end.time };
    if (end.number === this.#since && this.#newest === undefined) {
      await names.learn();
      const { state } = replicator.now;
      output.tell(standingFindings(state, operations, end.time, names, others), at);
    }
    this.#follower.flows(end);
    if (isNewest) await sweep(this.#scene, end);
    this.#newest = end;
    if (options.state !== undefined) await saveState(options.state, this.#scene, end);
  }

  async #failed(error: unknown): Promise<undefined> {
    if (!isTrouble(error)) throw error;
    const { trail, node, output } = this.#scene;
    try {
      const fork = await trail.fork(node);
      if (fork !== undefined) {
        this.#follower.rewind(fork);
        return;
      }
      if (error instanceof HistoryFault) {
        this.#broken = true;
        const at = this.#newest ?? { number: null, time: now() };
        output.tell([faultFinding(error.message)], { block: at.number, time: at.time });
        return;
      }
    } catch (another) {
      if (!isTrouble(another)) throw another;
    }
    await this.#bear(error);
  }

  /** Waits for a node that is of no use now, as long as patience lasts. */
  async #bear(error: Error): Promise<void> {
    const { options, say } = this.#scene;
    const left = options.patience - this.#patience.silence;
    if (left <= 0) {
      throw new NodeError(
        `${error.message}; nothing useful came for ${Math.round(this.#patience.silence / 1_000)} s`,
      );
    }
    const wait = Math.min(this.#patience.next(), left);
    say(`${error.message}: trying again in ${(wait / 1_000).toFixed(1)} s`);
    this.#lag(false);
    await this.#pause(wait);
  }

  #lag(answers: boolean): void {
    const { conditions, output, options } = this.#scene;
    const block = this.#newest?.number ?? 0;
    const still = { seconds: this.#patience.stillness, block, answers };
    const changes = conditions.changes("lag", lagConditions(still, options.limits));
    output.tell(changes, { block, time: now() });
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}

/** What a node that fails, lies or changes its mind may lead to. */
function isTrouble(error: unknown): error is Error {
  return (
    error instanceof NodeError ||
    error instanceof RpcError ||
    error instanceof Reorganised ||
    error instanceof HistoryFault
  );
}

/** The watch's own time, unix seconds. */
function now(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
