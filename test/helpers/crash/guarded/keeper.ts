import type { TriggerName } from "@certus/model";

import type { Chain } from "../../../../scripts/demo/chain.ts";
import { Trigger } from "../../../fixtures/breaker.ts";
import { eventIn } from "./events.ts";
import { bpsApart } from "./feed.ts";
import type { LiveFeed, Seen } from "./feed.ts";
import { breakerCalls } from "./world.ts";
import type { GuardedWorld } from "./world.ts";

/** What a keeper has brought about. */
export interface Act {
  readonly kind: "noticed" | "answered" | "tripped" | "released";
  readonly trigger: bigint;
  /** Level, its end, and what was measured; 0n but for a trip. */
  readonly level: bigint;
  readonly until: bigint;
  readonly measured: bigint;
}

interface Observation {
  readonly index: bigint;
  readonly time: bigint;
  readonly healthy: boolean;
  readonly core: Seen["core"];
}

const MINUTE = 60n;
const ADAPT_EVERY = 600n;
const REFERENCE_AGE = 300n;
const QUORUM = 3n;
const HALTED = 2n;
/** Bps from which on a core is none. */
const NO_CORE = 300n;
/** Bps from which on a trip may be worth a try: the tightest thresholds at full tightness. */
const LEAST = { move: 375n, apart: 75n, peg: 9_950n };
const NOTICED: readonly TriggerName[] = ["FewVotes", "NoVotes", "Apart", "Depeg"];
const ANSWERED: readonly TriggerName[] = ["FewVotes", "NoVotes", "Depeg"];

/** Anyone: observes, gives notice, trips whatever can be tripped, and releases; with no role at all. */
export class Keeper {
  readonly #world: GuardedWorld;
  readonly #chain: Chain;
  readonly #feed: LiveFeed;
  readonly #noticed = new Set<TriggerName>();
  #observations: readonly Observation[] = [];
  #count = 0n;
  #adapted = 0n;
  /** Bps, as it was last adapted. */
  tightness = 0n;

  constructor(world: GuardedWorld, feed: LiveFeed) {
    this.#world = world;
    this.#chain = world.chain;
    this.#feed = feed;
  }

  /** Everything that anyone can do for the market at the chain's time. */
  async look(seen: Seen, peg: Seen | undefined, level: bigint): Promise<readonly Act[]> {
    await this.#observe(seen);
    await this.#adapt();
    const acts: Act[] = [];
    const done = (act: Act | undefined) => act !== undefined && acts.push(act);
    for (const name of ANSWERED) {
      if (this.#noticed.has(name)) done(await this.#answer(name));
    }
    const [worth, hint] = this.#worth(seen, peg);
    for (const name of worth) {
      if (!NOTICED.includes(name) || this.#noticed.has(name)) done(await this.#trip(name, hint));
      if (NOTICED.includes(name)) done(await this.#notice(name));
    }
    if (level !== 0n) done(await this.#release());
    // What lasts longer than a halt has to be written once that is over.
    if (level === HALTED) await this.#try("sync", [this.#world.market]);
    return acts;
  }

  /** What may be tripped, the hardest first, and the observation to hold a move against. */
  #worth({ core, votes, apart }: Seen, peg: Seen | undefined): readonly [TriggerName[], bigint] {
    const names: TriggerName[] = [];
    if (apart >= LEAST.apart) names.push("FarApart");
    if (votes < QUORUM) names.push("NoVotes");
    const [index, moved] = this.#furthest(core);
    if (moved >= LEAST.move) names.push("HugeMove", "BigMove", "Move");
    if (votes < QUORUM) names.push("FewVotes");
    if (apart >= LEAST.apart) names.push("Apart");
    if (peg && peg.mid / 10_000n < LEAST.peg) names.push("Depeg");
    return [names, index];
  }

  /** The observation of the last five minutes from whose core this one is furthest, and by how many bps. */
  #furthest([low, high]: Seen["core"]): readonly [index: bigint, bps: bigint] {
    return this.#observations
      .filter(({ time }) => time + REFERENCE_AGE >= this.#chain.time)
      .map(({ index, core: [from, to] }) => {
        const up = low > to ? ((low - to) * 10_000n) / to : 0n;
        const down = from > high ? ((from - high) * 10_000n) / from : 0n;
        return [index, up > down ? up : down] as const;
      })
      .reduce((most, each) => (each[1] > most[1] ? each : most), [0n, 0n] as const);
  }

  /** A healthy look counts a minute after the last healthy one, any other a minute after the last of any kind. */
  async #observe({ core, status }: Seen): Promise<void> {
    const healthy = status === 0n;
    const last = this.#observations.findLast((each) => each.healthy || !healthy)?.time ?? 0n;
    const { time } = this.#chain;
    if (time < last + MINUTE || core[0] === 0n || bpsApart(core) >= NO_CORE) return;
    await this.#send("observe", [this.#feed.name]);
    const kept = this.#observations.filter((each) => each.time + REFERENCE_AGE >= time);
    this.#observations = [...kept, { index: this.#count++, time, healthy, core }];
  }

  async #adapt(): Promise<void> {
    if (this.#chain.time < this.#adapted + ADAPT_EVERY) return;
    const { logs } = await this.#send("adapt", [this.#world.market]);
    this.#adapted = this.#chain.time;
    this.tightness = eventIn(breakerCalls, logs, "Adapted")?.[1] as bigint;
  }

  async #trip(name: TriggerName, hint: bigint): Promise<Act | undefined> {
    const receipt = await this.#try("trip", [this.#world.market, Trigger[name], hint]);
    if (receipt === undefined) return undefined;
    if (NOTICED.includes(name)) this.#noticed.add(name);
    const told = eventIn(breakerCalls, receipt.logs, "Tripped") as readonly bigint[];
    const [, trigger = 0n, level = 0n, until = 0n, measured = 0n] = told;
    return { kind: "tripped", trigger, level, until, measured };
  }

  async #notice(name: TriggerName): Promise<Act | undefined> {
    const receipt = await this.#try("notice", [this.#world.market, Trigger[name]]);
    if (receipt === undefined) return undefined;
    this.#noticed.add(name);
    return this.#act("noticed", Trigger[name]);
  }

  async #answer(name: TriggerName): Promise<Act | undefined> {
    const receipt = await this.#try("answer", [this.#world.market, Trigger[name]]);
    if (receipt === undefined) return undefined;
    this.#noticed.delete(name);
    return this.#act("answered", Trigger[name]);
  }

  async #release(): Promise<Act | undefined> {
    const receipt = await this.#try("release", [this.#world.market]);
    if (receipt === undefined) return undefined;
    const told = eventIn(breakerCalls, receipt.logs, "Released");
    return this.#act("released", told?.[1] as bigint);
  }

  #act(kind: Act["kind"], trigger: bigint): Act {
    return { kind, trigger, level: 0n, until: 0n, measured: 0n };
  }

  /** Sends what would pass, and nothing else. */
  async #try(name: string, args: readonly unknown[]) {
    const call = this.#call(name, args);
    return (await this.#chain.ask(name, call)) === undefined
      ? this.#chain.send(name, call)
      : undefined;
  }

  #send(name: string, args: readonly unknown[]) {
    return this.#chain.send(name, this.#call(name, args));
  }

  #call(name: string, args: readonly unknown[]) {
    const data = breakerCalls.encodeFunctionData(name as "observe", args as [string]);
    return { from: this.#world.keeper, to: this.#world.breaker, data };
  }
}
