import { Reorganised } from "../../../scripts/replay/errors.ts";
import type { BlockRef, Header } from "../../../scripts/replay/node.ts";
import { blockFindings, readTold } from "./blockFindings.ts";
import { namedIn } from "./contracts.ts";
import { outflowConditions } from "./rules/outflow.ts";
import { depthOf, reorgFinding } from "./rules/reorg.ts";
import type { Fork } from "./rules/reorg.ts";
import { volumeConditions } from "./rules/volume.ts";
import type { Scene } from "./scene.ts";
import { StretchReader } from "./stretches.ts";
import type { Stretch, ToldBlock } from "./stretches.ts";

/** Blocks below the newest at which any node can be asked for storage. */
const FRESH_BLOCKS = 64;

/** Follows the chain: applies its blocks to the replica and tells what is alarming about their events. */
export class Follower {
  readonly #scene: Scene;
  readonly #reader: StretchReader;
  /** Nothing is told of blocks up to this one. */
  #silentTo: number;
  /** Markets or an access manager came that nobody has looked at yet. */
  #stranger = false;

  constructor(scene: Scene, since: number) {
    this.#scene = scene;
    this.#reader = new StretchReader(scene.node);
    this.#silentTo = since;
  }

  /** The block that the replica stands at. */
  get end(): BlockRef | undefined {
    return this.#scene.replicator.end;
  }

  /**
   * Reads what is new.
   *
   * @param arrived - Is called at the end of each stretch of which is told.
   * @returns Whether there was anything new.
   */
  async step(
    signal: AbortSignal,
    arrived: (end: Header, isNewest: boolean) => Promise<void>,
  ): Promise<boolean> {
    const { node, options, trail, contracts, activity, start } = this.#scene;
    const head = await node.head();
    if (!(await trail.stands(node, head))) throw new Reorganised("the last block that was read");
    const newest = Math.min(head - options.confirmations, options.until ?? head);
    const before = this.end;
    const from = before === undefined ? start : before.number + 1;
    // The silent part has an end of its own.
    const number = from <= this.#silentTo ? Math.min(this.#silentTo, newest) : newest;
    if (number < from) return false;
    const [target] = await node.headers([number]);
    if (target === undefined) throw new Reorganised(`block ${number}`);
    const horizon = activity.horizon(target.time);
    const wanted = {
      addresses: contracts.addresses,
      from,
      before,
      target,
      trailFrom: trail.from(newest),
      oneByOne: (end: Header) => end.number > this.#silentTo || end.time > horizon,
    };
    for await (const stretch of this.#reader.read(wanted)) {
      await this.#take(stretch, newest);
      const isTold = stretch.end.number >= this.#silentTo;
      if (isTold) await arrived(stretch.end, stretch.end.number === newest);
      if (signal.aborted || (await this.#meet(stretch.end))) break;
    }
    return true;
  }

  async #take(stretch: Stretch, newest: number): Promise<void> {
    const { trail, replicator, onlooker, activity } = this.#scene;
    trail.add(stretch.trail);
    if (stretch.blocks === undefined) {
      replicator.applyAll(stretch);
      this.#followManager(stretch);
      onlooker.take();
    } else {
      for (const block of stretch.blocks) await this.#takeBlock(block, newest);
      replicator.advance(stretch.end);
    }
    activity.age(stretch.end.time);
    this.#say(stretch.end, newest);
  }

  #followManager({ logs }: Stretch): void {
    const { contracts, others, operations } = this.#scene;
    for (const log of logs) {
      if (!contracts.isManager(log.address.toLowerCase())) continue;
      const told = others.manager(log);
      if (told) operations.follow(told, Number(log.blockNumber));
    }
  }

  async #takeBlock(block: ToldBlock, newest: number): Promise<void> {
    const { header, logs } = block;
    const { contracts, others, operations, replicator, onlooker, checker } = this.#scene;
    const { output, options, names } = this.#scene;
    const { number, time } = header;
    const before = replicator.now.authority;
    const calls = replicator.applyBlock(block);
    const manager = readTold(
      logs,
      (address) => contracts.isManager(address),
      (log) => others.manager(log),
    );
    for (const told of manager) operations.follow(told, number);
    this.#stranger ||= calls.some(
      ({ events, others: more }) =>
        events.some(({ name }) => name === "MarketListed") || more.length > 0,
    );
    const seen = onlooker.take();
    if (number <= this.#silentTo) return;
    await names.learn();
    const told = {
      time,
      seen,
      manager,
      breaker: readTold(
        logs,
        (address) => contracts.isGuard(address),
        (log) => others.breaker(log),
      ),
      authority: [before, replicator.now.authority] as const,
      operations: operations.all,
    };
    output.tell(blockFindings(told, options.limits, names, others), { block: number, time });
    this.flows(header);
    if (newest - number > FRESH_BLOCKS) return;
    output.tell(await checker.touched(header), { block: number, time });
  }

  /** Tells what is alarming about the flows of late. */
  flows({ number, time }: Header): void {
    const { activity, conditions, names, options, output, replicator } = this.#scene;
    const { held } = replicator.now.state;
    const found = [
      ...conditions.changes(
        "outflow",
        outflowConditions(activity.outflows, held, time, options.limits, names),
      ),
      ...conditions.changes(
        "volume",
        volumeConditions(activity.trades, time, options.limits, names),
      ),
    ];
    output.tell(found, { block: number, time });
  }

  /** Looks at contracts that are new. Answers whether their events change what is to be read. */
  async #meet(end: Header): Promise<boolean> {
    if (!this.#stranger) return false;
    this.#stranger = false;
    const { contracts, node, replicator, activity, operations, checker, say } = this.#scene;
    const { state, authority } = replicator.now;
    contracts.manage(authority);
    if (!(await contracts.learn(node, namedIn(state), end))) return true;
    say("reading again: the fixings of another oracle are compared from now on");
    replicator.restart();
    activity.rewind(-1);
    operations.rewind(-1);
    checker.forget();
    this.#silentTo = Math.max(this.#silentTo, end.number);
    return true;
  }

  /** Goes back to where the chain forks, and tells of it. */
  rewind(fork: Fork): void {
    const { output, options, trail, replicator, activity, operations, checker } = this.#scene;
    const { last, common } = fork;
    output.tell([reorgFinding(fork, options.limits)], { block: last.number, time: last.time });
    const stands = common?.number ?? last.number - depthOf(fork);
    const kept = replicator.rewind(common?.number ?? -1);
    activity.rewind(kept?.number ?? -1);
    operations.rewind(kept?.number ?? -1);
    trail.cut(common?.number ?? -1);
    checker.forget();
    this.#silentTo = stands;
  }

  #say(end: Header, newest: number): void {
    const { progress, replicator, checker, output } = this.#scene;
    const { info, warning, critical } = output.counts;
    progress?.update(
      () =>
        `block ${end.number} of ${newest}, ${replicator.now.events} events, ` +
        `${checker.words} words compared, ${info + warning + critical} alarms`,
    );
  }
}
