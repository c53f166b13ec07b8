import {
  applyEvent,
  createState,
  findAccount,
  keyOf,
  legSlotWords,
  requireSettled,
} from "@certus/model";
import type { Fixing, Genesis, LedgerEvent, State } from "@certus/model";

import { nameOfPlace, placesOf } from "../lib/ledger-places.ts";
import type { Place } from "../lib/ledger-places.ts";
import type { Call } from "./calls.ts";
import { tellAt } from "./calls.ts";
import { HistoryFault } from "./errors.ts";
import { applyFixing } from "./fixings.ts";
import type { Fixings } from "./fixings.ts";
import type { BlockRef } from "./node.ts";

/** What events of a ledger and of its oracles lead to. */
export interface Replicated {
  readonly state: State;
  /** By oracle. */
  readonly fixings: Map<bigint, Fixings>;
  /** The access manager. */
  authority: bigint;
  /** Events so far, those of the oracles among them. */
  events: number;
  /** The same by name. */
  readonly kinds: Map<string, number>;
}

/** The calls of a page, decoded. */
export interface ReadCalls {
  readonly end: BlockRef;
  readonly calls: readonly Call[];
  readonly times: ReadonlyMap<number, bigint>;
}

/** Is told of every event of the ledger before it is applied, with the state that it meets. */
export type Onlooker = (event: LedgerEvent, state: State, call: Call) => void;

/** Everything that any event had to do with: what must be compared, also where nothing stands any more. */
export class Touched {
  readonly places = new Map<string, Place>();
  /** Most leg slots that a position ever had in use, by the name of its place. */
  readonly legSlots = new Map<string, number>();

  /** Adds a place. Answers its name. */
  add(state: State, place: Place): string {
    const name = nameOfPlace(place);
    this.places.set(name, place);
    this.#measure(state, place, name);
    return name;
  }

  #measure(state: State, place: Place, name: string): void {
    if (place.kind !== "position") return;
    const { account, book } = place;
    const position = findAccount(state, account)?.positions.get(keyOf(book));
    const used = position ? legSlotWords(position).length : 0;
    if (used > (this.legSlots.get(name) ?? 0)) this.legSlots.set(name, used);
  }
}

/** Blocks within which a fork is undone without reading everything again. */
const KEPT_BLOCKS = 512;

/** The model's state, rebuilt from events; goes back to an earlier block if the chain does. */
export class Replica {
  readonly #genesis: Genesis;
  readonly #oracles: readonly bigint[];
  /** What older pages lead to; younger ones are kept. */
  #base: Replicated;
  #baseEnd: BlockRef | undefined;
  #kept: ReadCalls[] = [];
  #tip: Replicated;
  /** Also of branches that were given up: what they touched must be as the new one leaves it. */
  readonly touched = new Touched();

  constructor(genesis: Genesis, oracles: readonly bigint[]) {
    this.#genesis = genesis;
    this.#oracles = oracles;
    this.#base = this.#start();
    this.#tip = this.#start();
  }

  #start(): Replicated {
    return {
      state: createState(this.#genesis),
      fixings: new Map(this.#oracles.map((oracle) => [oracle, new Map<bigint, Fixing>()])),
      authority: 0n,
      events: 0,
      kinds: new Map(),
    };
  }

  /** The present. */
  get now(): Replicated {
    return this.#tip;
  }

  /** The last block that was read, and the ends of the pages that are kept, youngest first. */
  get ends(): readonly BlockRef[] {
    const kept = this.#kept.map(({ end }) => end).reverse();
    return this.#baseEnd ? [...kept, this.#baseEnd] : kept;
  }

  /**
   * Applies the calls of the next page. Throws a `HistoryFault` that names the event which cannot be.
   *
   * @returns All that the page's events had to do with, by name.
   */
  add(page: ReadCalls, onlooker?: Onlooker): ReadonlyMap<string, Place> {
    const places = new Map<string, Place>();
    applyPage(this.#tip, page, {
      event: onlooker,
      place: (state, place) => places.set(this.touched.add(state, place), place),
    });
    this.#kept.push(page);
    for (;;) {
      const [oldest] = this.#kept;
      if (oldest === undefined || oldest.end.number > page.end.number - KEPT_BLOCKS) return places;
      this.#kept.shift();
      applyPage(this.#base, oldest);
      this.#baseEnd = oldest.end;
    }
  }

  /** Goes back to the end of a page that is kept, or to the start if it is none. Answers the block it stands at. */
  rewind(to: BlockRef | undefined): BlockRef | undefined {
    const isKept = to !== undefined && this.ends.some(({ hash }) => hash === to.hash);
    if (!isKept) {
      this.#base = this.#start();
      this.#baseEnd = undefined;
    }
    this.#kept = isKept ? this.#kept.filter(({ end }) => end.number <= to.number) : [];
    this.#tip = structuredClone(this.#base);
    for (const page of this.#kept) applyPage(this.#tip, page);
    return isKept ? to : undefined;
  }
}

/** What is told while events are applied. */
interface Telling {
  readonly event?: Onlooker | undefined;
  readonly place?: (state: State, place: Place) => void;
}

function applyPage(to: Replicated, { calls, times }: ReadCalls, telling: Telling = {}): void {
  for (const call of calls) applyCall(to, call, times.get(call.block) ?? 0n, telling);
}

/** Applies what one transaction told: the model's `applyCall`, event by event, so that a fault names its event. */
function applyCall(to: Replicated, call: Call, time: bigint, telling: Telling): void {
  const { state } = to;
  const { block, transaction, events, logs, others, fixings } = call;
  const at = (log = 0): string => tellAt({ block, transaction, log });
  for (const [index, event] of events.entries()) {
    if (to.events === 0 && event.name !== "TreasurySet") {
      throw new HistoryFault(
        `${event.name} (${at(logs[index])}) is the first event: a ledger begins with TreasurySet, in its constructor`,
      );
    }
    count(to, event.name);
    attempt(
      () => {
        telling.event?.(event, state, call);
        applyEvent(state, event, time);
      },
      `${event.name} (${at(logs[index])})`,
    );
    if (telling.place) for (const place of placesOf(state, event)) telling.place(state, place);
  }
  attempt(() => requireSettled(state, events), `the end of transaction ${transaction}`);
  for (const other of others) {
    if (other.name === "AuthorityUpdated") to.authority = other.args.authority;
  }
  for (const { oracle, log, event } of fixings) {
    count(to, event.name);
    const known = to.fixings.get(oracle);
    if (known) attempt(() => applyFixing(known, event), `${event.name} (${at(log)})`);
  }
}

function count(to: Replicated, name: string): void {
  to.events++;
  to.kinds.set(name, (to.kinds.get(name) ?? 0) + 1);
}

function attempt(work: () => void, what: string): void {
  try {
    work();
  } catch (error) {
    throw new HistoryFault(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
