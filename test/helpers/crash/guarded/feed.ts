import type { Chain } from "../../../../scripts/demo/chain.ts";
import {
  SOURCE,
  encodeProofs,
  proofsFor,
  pulledPayloads,
} from "../../../../scripts/lib/oracle/threeClasses.ts";
import type { PairSources, Statements } from "../../../../scripts/lib/oracle/threeClasses.ts";
import {
  MockV3Aggregator__factory,
  OracleHub__factory,
} from "../../../../types/ethers-contracts/index.ts";
import { isDue, statementsOf } from "../run.ts";
import type { Crash, Lie } from "../run.ts";

const aggregatorCalls = MockV3Aggregator__factory.createInterface();

const BPS = 10_000n;

/** The hub's functions and events. */
export const hubCalls = OracleHub__factory.createInterface();

/** A feed as the hub tells it. Prices have 8 decimals. */
export interface Seen {
  /** Median of the live votes; 0 without one. */
  readonly mid: bigint;
  readonly status: bigint;
  /** Votes not in quarantine whose reading is good. */
  readonly votes: bigint;
  /** Distance of the votes of this minute, bps of the lowest. */
  readonly apart: bigint;
  /** Ends of those of them that are nearest together. */
  readonly core: readonly [low: bigint, high: bigint];
}

/** Distance of two prices, bps of the lower one. */
export function bpsApart([low, high]: readonly [low: bigint, high: bigint]): bigint {
  return low === 0n ? 0n : ((high - low) * BPS) / low;
}

/** A feed of three real classes that follow recorded venues, with lies on top if there are any. */
export class LiveFeed {
  readonly #chain: Chain;
  readonly #hub: string;
  readonly #classes: PairSources;
  readonly #seen: Pick<Crash, "venues" | "signers">;
  readonly #lies: readonly Lie[];
  readonly #said = new Map<bigint, Statements>();
  #round = 1n;
  #looks = 0;
  #last: readonly [time: bigint, price: bigint] | undefined;

  constructor(
    { chain, hub }: { readonly chain: Chain; readonly hub: string },
    classes: PairSources,
    venues: Crash["venues"],
    lies: readonly Lie[] = [],
  ) {
    this.#chain = chain;
    this.#hub = hub;
    this.#classes = classes;
    this.#seen = { venues, signers: classes.signers };
    this.#lies = lies;
  }

  /** Name of the feed in the hub. */
  get name(): string {
    return this.#classes.feed;
  }

  /** The push feed publishes if it is due, and the hub gets what all classes say at the chain's time. */
  async bring(from: string): Promise<void> {
    const { time } = this.#chain;
    await this.#publish(from, time);
    const said = statementsOf(this.#seen, time, this.#lies);
    this.#said.set(time, said);
    const payloads = pulledPayloads(this.#classes, time, said);
    const poke = hubCalls.encodeFunctionData("poke", [this.name]);
    const updates = (["redstone", "own"] as const).map((name) =>
      hubCalls.encodeFunctionData("update", [this.name, SOURCE[name], payloads[name]]),
    );
    // Who comes first is judged by what the others said a look ago, or by nobody. So the pulled classes take turns, and what is
    // pushed comes once more.
    if ((this.#looks++ & 1) === 1) updates.reverse();
    const calls = [poke, ...updates, poke];
    for (const data of calls) await this.#chain.push("reading", { from, to: this.#hub, data });
  }

  /** What the hub says at the chain's time. */
  async seen(): Promise<Seen> {
    const read = (name: string, args: readonly unknown[]) =>
      this.#chain.read(this.#hub, hubCalls, name, args);
    const [spot] = await read("spot", [this.name]);
    const [, votes] = await read("dispersion", [this.name, this.#chain.time]);
    const { mid, status } = spot as Pick<Seen, "mid" | "status">;
    const { lowest, highest, coreLow, coreHigh, seen } = votes as Record<string, bigint>;
    const apart = bpsApart([lowest ?? 0n, highest ?? 0n]);
    return { mid, status, votes: seen ?? 0n, apart, core: [coreLow ?? 0n, coreHigh ?? 0n] };
  }

  /** What all classes prove of an expiry of which they have spoken, for a profile of a single sample. */
  async proof(expiry: bigint): Promise<string> {
    const said = this.#said.get(expiry);
    if (said === undefined) throw new Error(`nobody has said anything of ${expiry}`);
    const proofs = await proofsFor(this.#classes, this.#chain, { expiry, kind: 0 }, () =>
      pulledPayloads(this.#classes, expiry, said),
    );
    return encodeProofs(proofs);
  }

  async #publish(from: string, time: bigint): Promise<void> {
    const price = this.#seen.venues.push(time);
    if (price === undefined || !isDue(this.#last, time, price)) return;
    const data = aggregatorCalls.encodeFunctionData("updateRoundData", [
      ++this.#round,
      price,
      time,
      time,
    ]);
    const to = await this.#classes.aggregator.getAddress();
    await this.#chain.push("publish", { from, to, data });
    this.#last = [time, price];
  }
}
