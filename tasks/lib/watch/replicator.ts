import { CallReader } from "../../../scripts/replay/calls.ts";
import type { Call } from "../../../scripts/replay/calls.ts";
import type { BlockRef, Header, RpcLog } from "../../../scripts/replay/node.ts";
import type { Protocol } from "../../../scripts/replay/protocol.ts";
import { Replica } from "../../../scripts/replay/replica.ts";
import type { Replicated } from "../../../scripts/replay/replica.ts";
import type { Place } from "../../../scripts/lib/ledger-places.ts";
import type { Contracts } from "./contracts.ts";
import type { EventOnlooker } from "./onlooker.ts";
import type { Stretch, ToldBlock } from "./stretches.ts";

/** Which ledger is replicated. */
export interface Ledger {
  readonly chainId: bigint;
  /** In small letters. */
  readonly address: string;
}

/** Applies what blocks told to a replica, block by block, and remembers what is to be compared. */
export class Replicator {
  readonly #ledger: Ledger;
  readonly #protocol: Protocol;
  readonly #contracts: Contracts;
  readonly #onlooker: EventOnlooker;
  readonly #calls: CallReader;
  #replica: Replica;
  #uncompared = new Map<string, Place>();

  constructor(ledger: Ledger, protocol: Protocol, contracts: Contracts, onlooker: EventOnlooker) {
    this.#ledger = ledger;
    this.#protocol = protocol;
    this.#contracts = contracts;
    this.#onlooker = onlooker;
    const abis = { ledger: protocol.ledgerAbi, oracle: protocol.oracleAbi };
    this.#calls = new CallReader(ledger.address, abis);
    this.#replica = this.#fresh();
  }

  #fresh(): Replica {
    const { chainId, address } = this.#ledger;
    const genesis = { chainId, ledger: BigInt(address), treasury: 0n };
    return new Replica(genesis, this.#contracts.single.map(BigInt));
  }

  get replica(): Replica {
    return this.#replica;
  }

  /** What the events lead to. */
  get now(): Replicated {
    return this.#replica.now;
  }

  /** The block that the replica stands at. */
  get end(): BlockRef | undefined {
    return this.#replica.ends[0];
  }

  /** What events had to do with since the last comparison. */
  get uncompared(): ReadonlyMap<string, Place> {
    return this.#uncompared;
  }

  /** Takes note that all was compared that events had to do with. */
  compared(): void {
    this.#uncompared = new Map();
  }

  /** Applies a stretch whose blocks are too old to be looked at one by one. */
  applyAll({ end, logs, times }: Stretch): void {
    this.#apply(end, times, this.#read(logs), () => 0n);
  }

  /** Applies a block. Answers what its transactions told. */
  applyBlock({ header, logs }: ToldBlock): readonly Call[] {
    const { number, time } = header;
    const calls = this.#read(logs);
    this.#apply(header, new Map([[number, time]]), calls, () => time);
    return calls;
  }

  /** Goes on to a block after which nothing was told. */
  advance(end: Header): void {
    if (this.end?.number !== end.number) this.#apply(end, new Map(), [], () => end.time);
  }

  #read(logs: readonly RpcLog[]): readonly Call[] {
    const own = logs.filter(({ address }) => this.#contracts.isReplicated(address.toLowerCase()));
    return this.#calls.read(own);
  }

  #apply(
    { number, hash }: BlockRef,
    times: ReadonlyMap<number, bigint>,
    calls: readonly Call[],
    timeOf: () => bigint,
  ): void {
    const page = { end: { number, hash }, times, calls };
    const places = this.#replica.add(page, (event, state, { block, transaction }) =>
      this.#onlooker.see(event, state, { block, time: timeOf(), transaction }),
    );
    for (const [name, place] of places) this.#uncompared.set(name, place);
  }

  /**
   * Goes back to a block, or to the last one before it that can be gone back to.
   *
   * @param number - The last block that stands.
   * @returns The block that the replica stands at now, if any.
   */
  rewind(number: number): BlockRef | undefined {
    const end = this.#replica.ends.find((each) => each.number <= number);
    this.compared();
    return this.#replica.rewind(end);
  }

  /** Begins anew, with the oracles that are known by now. */
  restart(): void {
    this.#replica = this.#fresh();
    this.compared();
  }

  /** What a comparison at a block needs of it. */
  comparing() {
    const { address: ledger } = this.#ledger;
    return { protocol: this.#protocol, ledger, replica: this.#replica };
  }
}
