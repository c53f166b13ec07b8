import { fixingIdOf, keccakWords } from "@certus/model";
import type { FixingKey, Reading } from "@certus/model";

import { toWord, wordAt } from "../../../scripts/lib/abi.ts";
import type { Value } from "../../../scripts/lib/abi.ts";
import { Chain, quantity } from "../chain/chain.ts";
import type { Sent } from "../chain/chain.ts";
import { PriceInterfaces } from "./build.ts";
import type { Part, PriceBuild } from "./build.ts";
import { ownContext, signObservation } from "./keys.ts";
import type { OwnContext } from "./keys.ts";
import {
  ANYONE,
  AT,
  DATA_FEED,
  DEPLOYED,
  DEPLOYER,
  FEEDS,
  NODES,
  OWN,
  PAIR,
  PHASES,
  REDSTONE,
  RELAY,
  SCRIPTED,
  TERMS,
  UPTIME,
  aggregatorAt,
} from "./places.ts";
import type { Place } from "./places.ts";
import type { RecordedRound } from "./records.ts";
import { PriceTwin } from "./twin.ts";
import type { TwinState, UptimeRound } from "./twin.ts";
import { compareOutcome } from "./agree.ts";

/** A state of both sides to which one can go back. */
export interface Kept {
  snapshot: string;
  readonly twin: TwinState;
}

/** Rounds that fit the gas of one transaction. */
const ROUNDS_AT_ONCE = 150;

const { base, quote, priceExp } = PAIR;

function creationArguments(): Readonly<Record<Place, readonly [part: Part, args: Value[]]>> {
  const addresses = (list: readonly { readonly address: bigint }[]): bigint[] =>
    list.map(({ address }) => address);
  const { push, redstone, own } = TERMS;
  const unit = [base, quote, priceExp];
  const pulled = (terms: typeof own): bigint[] => [...unit, terms.maxAge, terms.maxAhead];
  const scripted = Object.fromEntries(
    SCRIPTED.map((place) => {
      const { classes, push: pushed, maxAge, maxAhead } = TERMS[place];
      return [place, ["scripted", [[classes, pushed, priceExp, maxAge, maxAhead, base, quote]]]];
    }),
  ) as unknown as Readonly<Record<(typeof SCRIPTED)[number], readonly [Part, Value[]]>>;
  const { signers, threshold } = REDSTONE;
  return {
    manager: ["manager", [DEPLOYER]],
    proxy: ["proxy", [aggregatorAt(1n)]],
    push: ["push", [AT.proxy, ...unit, push.maxAge]],
    redstone: ["redstone", [DATA_FEED, ...pulled(redstone), addresses(signers), threshold, 8n]],
    own: ["own", [...pulled(own), addresses(OWN.signers)]],
    nodes: ["own", [...pulled(own), addresses(NODES.signers)]],
    ...scripted,
    hub: ["hub", [AT.manager, UPTIME]],
    oracle: ["oracle", [AT.hub]],
  };
}

/** Hub, fixings, the three classes and what stands around them, on the chain and on the model. */
export class PriceWorld {
  readonly chain: Chain;
  readonly interfaces: PriceInterfaces;
  readonly twin = new PriceTwin();
  readonly ownContext: OwnContext = ownContext(AT.own, base, quote, priceExp);
  readonly #build: PriceBuild;
  /** Transactions so far. */
  transactions = 0;

  private constructor(chain: Chain, build: PriceBuild) {
    this.chain = chain;
    this.interfaces = new PriceInterfaces(build);
    this.#build = build;
  }

  /** Deploys everything at a time. */
  static async create(build: PriceBuild, time: bigint): Promise<PriceWorld> {
    const chain = await Chain.create({ time, lean: true });
    const world = new PriceWorld(chain, build);
    await world.#deploy(time + 1n);
    return world;
  }

  async #deploy(now: bigint): Promise<void> {
    const { contracts } = this.#build;
    const feeds = [
      ...Array.from({ length: PHASES }, (_, at) => aggregatorAt(BigInt(at + 1))),
      UPTIME,
    ];
    for (const at of feeds) {
      await this.chain.setCode(at, contracts.aggregator.deployedBytecode);
      await this.chain.setSlot(at, "0", toWord(8n));
    }
    await this.chain.setCode(RELAY, contracts.relay.deployedBytecode);
    const codes = creationArguments();
    for (const place of DEPLOYED) {
      const [part, args] = codes[place];
      const code = this.interfaces.creation(this.#build, part, args);
      await this.#mustSend(now, DEPLOYER, undefined, code);
    }
    await this.setUptime(now, { answer: 0n, startedAt: now - 100_000n });
    for (const { name, quorum, dailyVol, sources } of FEEDS) {
      const addresses = sources.map((place) => AT[place]);
      const args = [name, base, quote, priceExp, quorum, dailyVol, addresses];
      const sent = await this.send(now, AT.hub, "hub", "createFeed", args, DEPLOYER);
      const env = { now, sender: DEPLOYER };
      const terms = { ...PAIR, quorum, dailyVol };
      const outcome = this.twin.hub.createFeed(env, name, terms, addresses);
      compareOutcome(this.interfaces, "createFeed", sent, outcome);
    }
  }

  /** Sends a call at a time, from anyone unless somebody is named. */
  async send(
    now: bigint,
    to: bigint,
    part: Part,
    name: string,
    args: readonly Value[],
    from = ANYONE,
  ): Promise<Sent> {
    this.transactions++;
    await this.chain.setTime(now);
    return this.chain.send(from, to, this.interfaces.method(part, name).encode(args));
  }

  async #mustSend(now: bigint, from: bigint, to: bigint | undefined, data: string): Promise<void> {
    this.transactions++;
    await this.chain.setTime(now);
    await this.chain.mustSend(from, to, data);
  }

  /* AROUND THEM */

  /** Publishes rounds in the phase in force. */
  async publish(now: bigint, rounds: readonly RecordedRound[]): Promise<void> {
    const update = this.interfaces.method("aggregator", "updateRoundData");
    const run = this.interfaces.method("relay", "run");
    const aggregator = aggregatorAt(this.twin.feed.current);
    let number = this.twin.latestRound;
    for (let from = 0; from < rounds.length; from += ROUNDS_AT_ONCE) {
      const calls = rounds.slice(from, from + ROUNDS_AT_ONCE).map(({ answer, updatedAt }) => {
        number += 1n;
        return update.encode([number, answer, updatedAt, updatedAt]);
      });
      await this.#mustSend(now, ANYONE, RELAY, run.encode([calls.map(() => aggregator), calls]));
    }
    this.twin.publish(rounds);
  }

  /** Puts the next aggregator behind the proxy. */
  async nextPhase(now: bigint): Promise<void> {
    const next = [aggregatorAt(this.twin.feed.current + 1n)];
    for (const name of ["proposeAggregator", "confirmAggregator"]) {
      const data = this.interfaces.method("proxy", name).encode(next);
      await this.#mustSend(now, DEPLOYER, AT.proxy, data);
    }
    this.twin.nextPhase();
  }

  /** Writes the next round of the uptime feed. */
  async setUptime(now: bigint, { answer, startedAt }: UptimeRound): Promise<void> {
    const roundId = this.twin.latestUptime + 1n;
    const update = this.interfaces.method("aggregator", "updateRoundData");
    const data = update.encode([roundId, answer, startedAt, startedAt]);
    await this.#mustSend(now, ANYONE, UPTIME, data);
    this.twin.setUptime(roundId, { answer, startedAt });
  }

  /** Shows two prices that an own signer signed for one time. */
  async proveEquivocation(
    now: bigint,
    index: number,
    time: bigint,
    prices: readonly [bigint, bigint],
  ): Promise<void> {
    const key = OWN.signers[index]?.key ?? 0n;
    const words = prices.flatMap((price) => [
      price,
      ...signObservation(this.ownContext, key, time, price),
    ]);
    const { selector } = this.interfaces.method("own", "proveEquivocation");
    const data = selector + [BigInt(index), time, ...words].map(toWord).join("");
    await this.#mustSend(now, ANYONE, AT.own, data);
    this.twin.removed.set(BigInt(index), now);
  }

  /** Tells a source what to say without a payload. */
  async tell(now: bigint, place: (typeof SCRIPTED)[number], reading: Reading): Promise<void> {
    const { price, time, confidence, form } = reading;
    const say = this.interfaces.method("scripted", "say");
    await this.#mustSend(now, ANYONE, AT[place], say.encode([[price, time, confidence, form]]));
    this.twin.tell(place, { ok: true, returned: reading });
  }

  /** Breaks a source that says what it is told, or mends it; a state that is kept does not hold this. */
  async setBroken(now: bigint, place: (typeof SCRIPTED)[number], broken: boolean): Promise<void> {
    const data = this.interfaces.method("scripted", "setBroken").encode([broken]);
    await this.#mustSend(now, ANYONE, AT[place], data);
    if (broken) this.twin.broken.add(place);
    else this.twin.broken.delete(place);
  }

  /* STATES */

  /** Keeps the present state of both sides. */
  async keep(): Promise<Kept> {
    return { snapshot: await this.chain.snapshot(), twin: this.twin.keep() };
  }

  /** Goes back to a state, which stays kept. */
  async restore(kept: Kept): Promise<void> {
    await this.chain.revert(kept.snapshot);
    kept.snapshot = await this.chain.snapshot();
    this.twin.restore(kept.twin);
  }

  /** Words of a fixing: its header, and so many words of lanes. */
  async fixingWords(
    { feed, profile, expiry }: FixingKey,
    lanes: number,
  ): Promise<readonly bigint[]> {
    const id = fixingIdOf(feed, profile, expiry);
    const first = keccakWords([id, this.#build.fixingsSlot]);
    return this.#words(AT.oracle, first, 1 + lanes);
  }

  /** Words of a feed's stores, by vote. */
  storeWords(feed: bigint, votes: number): Promise<readonly bigint[]> {
    const first = this.#feedSlot(feed) + this.#build.storesOffset;
    return this.#words(AT.hub, first, votes);
  }

  /** Words of the shadows of a feed's sources, by index. */
  shadowWords(feed: bigint, sources: number): Promise<readonly bigint[]> {
    const first = this.#feedSlot(feed) + this.#build.shadowsOffset;
    return this.#words(AT.hub, first, sources);
  }

  #feedSlot(feed: bigint): bigint {
    return keccakWords([feed, this.#build.feedsSlot]);
  }

  /** Calls a view of the hub or of the oracle as of the last block; answers what it returns. */
  async view(
    part: "hub" | "oracle",
    name: string,
    args: readonly Value[],
  ): Promise<readonly Value[]> {
    const method = this.interfaces.method(part, name);
    return method.decode(await this.chain.call(AT[part], method.encode(args)));
  }

  /** Passes the time without a call. */
  async wait(now: bigint): Promise<void> {
    await this.chain.request("evm_mine", quantity(now));
  }

  async #words(contract: bigint, first: bigint, count: number): Promise<readonly bigint[]> {
    const slots = Array.from({ length: count }, (_, at) => toWord(first + BigInt(at))).join("");
    const words = await this.chain.slots(contract, slots);
    return Array.from({ length: count }, (_, at) => wordAt(words, at * 64));
  }
}
