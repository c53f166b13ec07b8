import { CallReader } from "./calls.ts";
import { compareAll } from "./comparison.ts";
import { HistoryFault, Reorganised, RpcError } from "./errors.ts";
import type { BlockRef, ChainNode } from "./node.ts";
import type { ReplayOptions } from "./options.ts";
import { PageReader } from "./pages.ts";
import type { Progress } from "./progress.ts";
import type { Protocol } from "./protocol.ts";
import { Replica } from "./replica.ts";
import type { Comparison, Report } from "./report.ts";
import { asNodeError, chooseAgain, chooseStart, chooseTarget, forkOf } from "./target.ts";

/** Most changes of the chain, or contradictions of the node, that a replay lives through. */
const MOST_RESTARTS = 24;

/** One replay: reads, rebuilds, compares, and starts over from where the chain forks if it changes meanwhile. */
export class Replay {
  readonly #node: ChainNode;
  readonly #protocol: Protocol;
  readonly #options: ReplayOptions;
  readonly #progress: Progress;
  readonly #pages: PageReader;
  readonly #calls: CallReader;

  constructor(node: ChainNode, protocol: Protocol, options: ReplayOptions, progress: Progress) {
    this.#node = node;
    this.#protocol = protocol;
    this.#options = options;
    this.#progress = progress;
    this.#pages = new PageReader(node);
    const { ledgerAbi, oracleAbi } = protocol;
    this.#calls = new CallReader(options.ledger, { ledger: ledgerAbi, oracle: oracleAbi });
  }

  /** Reads, rebuilds and compares. Throws a `NodeError` if the node is of no use. */
  async run(): Promise<Report> {
    const { ledger, oracles } = this.#options;
    const chainId = await this.#node.chainId();
    let target = await chooseTarget(this.#node, this.#options);
    const from = await chooseStart(this.#node, this.#options, target);
    const genesis = { chainId, ledger: BigInt(ledger), treasury: 0n };
    const replica = new Replica(genesis, oracles.map(BigInt));
    const start = this.#progress.seconds;
    let reorganisations = 0;
    for (let restarts = 0; ; restarts++) {
      let seconds = 0;
      const report = (outcome: Pick<Report, "fault" | "comparison">): Report => {
        const { events, kinds } = replica.now;
        const head = { chainId, ledger, oracles, from, block: target, events, kinds, seconds };
        return { ...head, reorganisations, ...outcome };
      };
      let failure: unknown;
      try {
        await this.#read(replica, from, target);
        seconds = this.#progress.seconds - start;
        const comparison = await this.#compare(replica, target);
        if ((await forkOf(this.#node, target, [])) === "same") return report({ comparison });
        failure = new Reorganised(`block ${target.number}`);
      } catch (error) {
        failure = error;
      }
      if (!mayBeFork(failure)) throw failure;
      const fork = await forkOf(this.#node, target, replica.ends);
      if (fork === "same") {
        if (failure instanceof HistoryFault) return report({ fault: failure.message });
        if (!(failure instanceof Reorganised)) throw asNodeError(failure);
      }
      if (restarts >= MOST_RESTARTS) throw asNodeError(failure);
      if (fork !== "same") reorganisations++;
      target = await this.#goBack(replica, fork, from);
    }
  }

  /** Takes the replica back to a page that stands and is not after the new target. Answers that target. */
  async #goBack(
    replica: Replica,
    fork: Awaited<ReturnType<typeof forkOf>>,
    start: number,
  ): Promise<BlockRef> {
    const target = await chooseAgain(this.#node, this.#options);
    const standing = fork === "same" ? target.number : (fork?.number ?? -1);
    const [last] = replica.ends;
    const end = replica.ends.find(({ number }) => number <= Math.min(standing, target.number));
    if (fork === "same" && end === last) return target;
    const kept = replica.rewind(end);
    const from = kept ? kept.number + 1 : start;
    this.#progress.say(`the chain was reorganised: reading again from block ${from} on`);
    return target;
  }

  async #read(replica: Replica, start: number, target: BlockRef): Promise<void> {
    const { ledger, oracles } = this.#options;
    const [before] = replica.ends;
    const from = before ? before.number + 1 : start;
    const addresses = [ledger, ...oracles];
    const begun = { seconds: this.#progress.seconds, events: replica.now.events };
    for await (const page of this.#pages.read({ addresses, from, before, target })) {
      replica.add({ end: page.end, times: page.times, calls: this.#calls.read(page.logs) });
      this.#progress.update(() => {
        const { events } = replica.now;
        const rate = (events - begun.events) / (this.#progress.seconds - begun.seconds);
        const done = (page.end.number - start + 1) / (target.number - start + 1);
        return (
          `${events} events, ${Math.round(rate)} events/s, block ${page.end.number} of ` +
          `${target.number}, ${Math.floor(100 * done)} %`
        );
      });
    }
  }

  #compare(replica: Replica, block: BlockRef): Promise<Comparison> {
    const compared = {
      node: this.#node,
      protocol: this.#protocol,
      ledger: this.#options.ledger,
      replica,
      block,
    };
    return compareAll(compared, (done, all) =>
      this.#progress.update(() => `${done} of ${all} words compared`),
    );
  }
}

/** Whether a fork of the chain would explain a failure. */
function mayBeFork(failure: unknown): boolean {
  return (
    failure instanceof Reorganised || failure instanceof HistoryFault || failure instanceof RpcError
  );
}
