import {
  MultiSourceSettlement,
  OracleHub,
  createFeed,
  emptyHubWorld,
  publish,
  readsOf,
  signersValue,
  standingAt,
  startPhase,
} from "@certus/model";
import type {
  Feed,
  FeedReads,
  HubFeed,
  ModelError,
  MultiFixing,
  PushFeed,
  Reading,
  Round,
  UptimeReads,
  Value,
} from "@certus/model";

import type { Said } from "./keys.ts";
import { AT, DEPLOYER, OWN, REDSTONE, TERMS, aggregatorAt } from "./places.ts";
import type { FeedPlan, SourcePlace } from "./places.ts";
import type { RecordedRound } from "./records.ts";

/** What a source says of a time, or why it says nothing. */
export type Answer<T> =
  { readonly ok: true; readonly returned: T } | { readonly ok: false; readonly error: ModelError };

/** A round of the uptime feed. */
export interface UptimeRound {
  readonly answer: bigint;
  readonly startedAt: bigint;
}

/** Where the model stood. */
export interface TwinState {
  readonly phases: ReadonlyMap<bigint, bigint>;
  readonly feeds: ReadonlyMap<bigint, HubFeed>;
  readonly fixings: ReadonlyMap<bigint, MultiFixing>;
  readonly removed: ReadonlyMap<bigint, bigint>;
  readonly uptime: ReadonlyMap<bigint, UptimeRound>;
  readonly latestUptime: bigint;
  readonly told: ReadonlyMap<SourcePlace, Answer<Reading>>;
}

/** What a source that was told nothing says. */
const NOTHING: Reading = { price: 0n, time: 0n, confidence: 0n, form: 0n };

/** What a source that is broken says. */
export const BROKEN: Answer<never> = {
  ok: false,
  // The mock's own error, which the model need not know.
  error: { name: "Broken", args: [] } as unknown as ModelError,
};

const PLACE_AT: ReadonlyMap<bigint, SourcePlace> = new Map(
  Object.keys(TERMS).map((place) => [AT[place as SourcePlace], place as SourcePlace]),
);

function refill<K, V>(map: Map<K, V>, entries: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function copyFixing(fixing: MultiFixing): MultiFixing {
  return { ...fixing, lanes: new Map(fixing.lanes) };
}

function copyFixings(fixings: ReadonlyMap<bigint, MultiFixing>): Map<bigint, MultiFixing> {
  return new Map([...fixings].map(([id, fixing]) => [id, copyFixing(fixing)]));
}

/** The model's side: hub, fixings, and what stands around them. */
export class PriceTwin {
  readonly hub: OracleHub;
  readonly oracle: MultiSourceSettlement;
  readonly feed: Feed = { ...createFeed(8n, aggregatorAt(1n)) };
  readonly push: PushFeed;
  /** Sources that revert whatever they are asked. */
  readonly broken = new Set<SourcePlace>();
  /** When own signers were removed, by index. */
  readonly removed = new Map<bigint, bigint>();
  readonly #told = new Map<SourcePlace, Answer<Reading>>();
  readonly #uptime = new Map<bigint, UptimeRound>();
  #latestUptime = 0n;

  constructor() {
    this.feed.phases.forEach((phase) => (phase.missing = "zeros"));
    const world = emptyHubWorld(this.#uptimeReads());
    for (const allowed of Object.values(world.authority)) allowed.add(DEPLOYER);
    for (const [place, terms] of Object.entries(TERMS)) {
      world.sources.set(AT[place as SourcePlace], terms);
    }
    this.hub = new OracleHub(world);
    this.oracle = new MultiSourceSettlement(this.hub);
    this.push = { proxy: AT.proxy, reads: this.#pushReads(), decimals: 8n, priceExp: 0n };
  }

  /** Reads of the push feed, whose mock answers a round that it does not have with its own number and zeros. */
  #pushReads(): FeedReads {
    const reads = readsOf(this.feed);
    const zeros = { answer: 0n, startedAt: 0n, updatedAt: 0n };
    const getRoundData = (id: bigint): Round | undefined => {
      const round = reads.getRoundData(id);
      return round?.roundId === 0n ? { roundId: id, ...zeros, answeredInRound: id } : round;
    };
    return {
      ...reads,
      getRoundData,
      latestRoundData: () => getRoundData(reads.latestRound() ?? 0n),
    };
  }

  #uptimeReads(): UptimeReads {
    const roundOf = (roundId: bigint): Round => {
      const { answer, startedAt } = this.#uptime.get(roundId) ?? { answer: 0n, startedAt: 0n };
      return { roundId, answer, startedAt, updatedAt: startedAt, answeredInRound: roundId };
    };
    return { latestRoundData: () => roundOf(this.#latestUptime), getRoundData: roundOf };
  }

  /** Publishes rounds in the phase in force. */
  publish(rounds: readonly RecordedRound[]): void {
    for (const { answer, updatedAt } of rounds) publish(this.feed, answer, updatedAt);
  }

  /** Number of the last round of the phase in force. */
  get latestRound(): bigint {
    return this.feed.phases.get(this.feed.current)?.latest ?? 0n;
  }

  /** Puts the next aggregator behind the proxy. */
  nextPhase(): void {
    startPhase(this.feed, aggregatorAt(this.feed.current + 1n));
    const phase = this.feed.phases.get(this.feed.current);
    if (phase !== undefined) phase.missing = "zeros";
  }

  /** Writes a round of the uptime feed and makes it the latest. */
  setUptime(roundId: bigint, round: UptimeRound): void {
    this.#uptime.set(roundId, round);
    this.#latestUptime = roundId;
  }

  /** Number of the uptime feed's latest round. */
  get latestUptime(): bigint {
    return this.#latestUptime;
  }

  /** Names of a feed's sources, by index. */
  placesOf({ name }: FeedPlan): readonly SourcePlace[] {
    const { sources } = this.hub.requireFeed(name);
    return sources.map(({ address }) => PLACE_AT.get(address) ?? "push");
  }

  /** What a source that says what it is told says without a payload. */
  told(place: SourcePlace): Answer<Reading> {
    if (this.broken.has(place)) return BROKEN;
    return this.#told.get(place) ?? { ok: true, returned: NOTHING };
  }

  /** Tells a source what to say without a payload. */
  tell(place: SourcePlace, answer: Answer<Reading>): void {
    this.#told.set(place, answer);
  }

  /** What a set of RedStone's signers says. */
  redstoneValue(said: Said): Answer<Value> {
    const standing = (1n << BigInt(REDSTONE.signers.length)) - 1n;
    return signersValue(byIndex(said), { standing, threshold: REDSTONE.threshold });
  }

  /** What a set of own signers says of a time. */
  ownValue(said: Said, time: bigint): Answer<Value> {
    const standing = standingAt(BigInt(OWN.signers.length), this.removed, time);
    return signersValue(byIndex(said), { standing, threshold: OWN.threshold });
  }

  /** Where it stands now. */
  keep(): TwinState {
    return {
      phases: new Map([...this.feed.phases].map(([id, { latest }]) => [id, latest ?? 0n])),
      feeds: new Map(this.hub.feeds),
      fixings: copyFixings(this.oracle.fixings),
      removed: new Map(this.removed),
      uptime: new Map(this.#uptime),
      latestUptime: this.#latestUptime,
      told: new Map(this.#told),
    };
  }

  /** Goes back to where it stood: rounds and phases are only ever added. */
  restore(state: TwinState): void {
    for (const [id, phase] of [...this.feed.phases]) {
      const latest = state.phases.get(id);
      if (latest === undefined) this.feed.phases.delete(id);
      else {
        for (let round = phase.latest ?? 0n; round > latest; round--) phase.rounds.delete(round);
        phase.latest = latest;
      }
    }
    this.feed.current = BigInt(state.phases.size);
    refill(this.hub.feeds, state.feeds);
    refill(this.oracle.fixings, copyFixings(state.fixings));
    refill(this.removed, state.removed);
    refill(this.#uptime, state.uptime);
    refill(this.#told, state.told);
    this.#latestUptime = state.latestUptime;
  }
}

function byIndex(said: Said): Map<bigint, bigint> {
  return new Map([...said].map(([index, price]) => [BigInt(index), price]));
}
