import type { Build } from "../chain/build.ts";
import type { Chain } from "../chain/chain.ts";
import { Interfaces, deployWorld } from "../world/deploy.ts";
import type { Command } from "./command.ts";
import { Difference } from "./difference.ts";
import { Lockstep } from "./lockstep.ts";
import type { Step } from "./lockstep.ts";
import { LedgerStorage } from "./storage.ts";

/** A chain keeps something of every transaction: after so many it is replaced. */
const MOST_TRANSACTIONS = 4_000;

/** Where a sequence of commands fails. */
export interface Failure {
  readonly difference: Difference;
  /** Commands up to and with the one that shows it. */
  readonly commands: readonly Command[];
}

/** Deploys once and starts every run from there. */
export class Host {
  readonly #build: Build;
  readonly #interfaces: Interfaces;
  readonly #storage: LedgerStorage;
  #chain: Chain | undefined;
  #snapshot = "";

  constructor(build: Build) {
    this.#build = build;
    this.#interfaces = new Interfaces(build);
    this.#storage = new LedgerStorage(build.ledgerSlots);
  }

  /** Chain and model as they are after the set-up. */
  async fresh(): Promise<Lockstep> {
    let chain = this.#chain;
    if (chain === undefined || chain.transactions > MOST_TRANSACTIONS) {
      chain = await deployWorld(this.#build, this.#interfaces);
      this.#chain = chain;
    } else {
      await chain.revert(this.#snapshot);
    }
    this.#snapshot = await chain.snapshot();
    const [build, interfaces, storage] = [this.#build, this.#interfaces, this.#storage];
    return new Lockstep({ chain, build, interfaces, storage });
  }

  /**
   * Runs a sequence from the start.
   *
   * @param watch - Told of every step.
   * @returns Where it fails, or nothing.
   */
  async play(
    commands: Iterable<Command>,
    watch: (command: Command, step: Step) => void = () => undefined,
  ): Promise<Failure | undefined> {
    return this.playOn(await this.fresh(), commands, watch);
  }

  /** Runs a sequence on a run of `fresh` that has not begun. */
  async playOn(
    run: Lockstep,
    commands: Iterable<Command>,
    watch: (command: Command, step: Step) => void,
  ): Promise<Failure | undefined> {
    const played: Command[] = [];
    try {
      for (const command of commands) {
        played.push(command);
        watch(command, await run.step(command));
      }
      await run.finish();
    } catch (thrown) {
      if (thrown instanceof Difference) return { difference: thrown, commands: played };
      throw thrown;
    }
    return undefined;
  }
}
