import {
  MultiSourceSettlement,
  OracleHub,
  bookOf,
  emptyHubWorld,
  maximalForm,
  signersValue,
} from "@certus/model";
import type {
  FixingKey,
  MultiOutcome,
  Reading,
  Spot,
  Value,
  ValueProof,
  VoteReport,
} from "@certus/model";
import { encodeBytes32String } from "ethers";

import Local from "../../../deploy/modules/Local.ts";
import { Chain, Refused, eventsOf, ledgerCalls } from "../../../scripts/demo/chain.ts";
import type { Receipt } from "../../../scripts/demo/chain.ts";
import { marketTerms, profileOf } from "../../../scripts/demo/terms.ts";
import {
  PROFILES,
  SOURCE,
  deployThreeClasses,
  encodeProofs,
  ownPayload,
  proofsFor,
  redstonePayload,
} from "../../../scripts/lib/oracle/threeClasses.ts";
import type { Statements, ThreeClasses } from "../../../scripts/lib/oracle/threeClasses.ts";
import {
  MockV3Aggregator__factory,
  OracleHub__factory,
  SettlementOracle__factory,
} from "../../../types/ethers-contracts/index.ts";

const aggregatorCalls = MockV3Aggregator__factory.createInterface();
const hubCalls = OracleHub__factory.createInterface();
const oracleCalls = SettlementOracle__factory.createInterface();

/** Thirty samples, a minute apart. */
const KIND = 2;
/** Every time on this grid may be an expiry. */
const GRID = 300n;
const GOVERNOR = 1n;
const VOTES = ["push", "redstone", "own"] as const;

/** Name of a class; its number is its place here. */
export type ClassName = (typeof VOTES)[number];

/** The classes in the order of their votes. */
export const CLASS_NAMES: readonly ClassName[] = VOTES;

/** A change of standing, as the hub told it. */
export interface Turn {
  readonly at: bigint;
  readonly vote: ClassName;
  readonly kind: "quarantined" | "released";
  /** What the vote said and the middle of its judges; 0 for a release. */
  readonly price: bigint;
  readonly middle: bigint;
}

/** The hub at a time: what it says, and the twin beside it. */
export interface Sight {
  readonly time: bigint;
  readonly spot: Spot;
  readonly votes: readonly VoteReport[];
  readonly turns: readonly Turn[];
}

/** What a try to fix ended with. */
export type Fixed =
  | { readonly ok: true; readonly price: bigint; readonly step: bigint; readonly flags: bigint }
  | { readonly ok: false; readonly again: bigint };

/** A signature is the same in every run. */
const payloads = new Map<string, string>();

function remembered(key: string, make: () => string): string {
  let payload = payloads.get(key);
  if (payload === undefined) payloads.set(key, (payload = make()));
  return payload;
}

/** How such a feed is set up. */
export interface CrashSetup {
  readonly base: string;
  readonly signers: { readonly redstone: number; readonly own: number };
  /** Time of the chain's first block, unix seconds. */
  readonly start: bigint;
}

/**
 * A feed with three real classes on a chain of its own, a market on it that settles by thirty samples, and the model's
 * twin of both. Whatever happens on the chain happens to the twin, and they must agree.
 */
export class CrashFeed {
  readonly chain: Chain;
  readonly ledger: string;
  readonly market: bigint;
  readonly #classes: ThreeClasses;
  readonly #addresses: Readonly<Record<"hub" | "oracle" | "aggregator" | "governor", string>>;
  readonly #hub: OracleHub;
  readonly #oracle: MultiSourceSettlement;
  /** Answers of the push feed with their times. */
  readonly #rounds: (readonly [time: bigint, answer: bigint])[] = [];
  /** What the signers said of each time. */
  readonly #said = new Map<bigint, Statements>();
  #proofBytes = 0;

  private constructor(
    chain: Chain,
    classes: ThreeClasses,
    addresses: Readonly<Record<"ledger" | "hub" | "oracle" | "aggregator" | "governor", string>>,
    market: bigint,
  ) {
    this.chain = chain;
    this.ledger = addresses.ledger;
    this.market = market;
    this.#classes = classes;
    this.#addresses = addresses;
    this.#hub = twinOf(classes);
    this.#oracle = new MultiSourceSettlement(this.#hub);
  }

  /** Deploys everything on a fresh chain. */
  static async open({ base, signers, start }: CrashSetup): Promise<CrashFeed> {
    const chain = await Chain.start(start);
    const { ethers, ignition } = chain.connection;
    const local = await ignition.deploy(Local);
    const [deployer] = await ethers.getSigners();
    if (deployer === undefined) throw new Error("the network has no accounts");
    const [manager, ledger, token] = await Promise.all([
      local.manager.getAddress(),
      local.ledger.getAddress(),
      local.usdc.getAddress(),
    ]);
    const classes = await deployThreeClasses(ethers, deployer, manager, { base, signers });
    const [hub, oracle, aggregator] = await Promise.all([
      classes.hub.getAddress(),
      classes.oracle.getAddress(),
      classes.aggregator.getAddress(),
    ]);
    await chain.synchronise();
    const governor = deployer.address;
    const terms = marketTerms("linear", {
      feed: classes.feed,
      oracle,
      profile: profileOf(KIND),
      token,
      strikeTick: 10n ** 5n,
      period: GRID,
    });
    const data = ledgerCalls.encodeFunctionData("list", [terms]);
    const receipt = await chain.send("list", { from: governor, to: ledger, data });
    const market = eventsOf(receipt, "MarketListed")[0]?.args.getValue("market") as bigint;
    return new CrashFeed(chain, classes, { ledger, hub, oracle, aggregator, governor }, market);
  }

  /** Size of what was proved last, and the gas of the dearest transaction that brought it. */
  get proving(): { readonly bytes: number; readonly gas: bigint } {
    const [tried = 0n, handedIn = 0n] = ["fixPrice", "submit"].map(
      (action) => this.chain.gas.get(action)?.most ?? 0n,
    );
    return { bytes: this.#proofBytes, gas: tried > handedIn ? tried : handedIn };
  }

  /** The push feed publishes a round. */
  async publish(time: bigint, answer: bigint): Promise<void> {
    this.chain.advance(time);
    const id = BigInt(this.#rounds.length) + 2n;
    const data = aggregatorCalls.encodeFunctionData("updateRoundData", [id, answer, time, time]);
    await this.#send("publish", this.#addresses.aggregator, data);
    this.#rounds.push([time, answer]);
  }

  /** Notes what the signers say of a time, whether or not a reading is made of it. */
  say(time: bigint, said: Statements): void {
    this.#said.set(time, said);
  }

  /** Brings readings of all classes to the hub, and to the twin. */
  async update(time: bigint): Promise<Sight> {
    this.chain.advance(time);
    const { feed } = this.#classes;
    const payload = this.#payloadsAt(time);
    const rounds = new Map([[BigInt(SOURCE.push), this.#roundAt(time)]]);
    const turns = [...(await this.#turns("poke", hubCalls.encodeFunctionData("poke", [feed])))];
    const expected = [...turnsOf(time, this.#hub.poke(time, BigInt(feed), rounds))];
    for (const name of ["redstone", "own"] as const) {
      const args = [feed, SOURCE[name], payload[name]] as const;
      turns.push(...(await this.#turns(name, hubCalls.encodeFunctionData("update", [...args]))));
      const reading = { ...this.#valueAt(name, time), time, confidence: 0n };
      const twin = this.#hub.update(time, BigInt(feed), BigInt(SOURCE[name]), reading);
      expected.push(...turnsOf(time, twin));
    }
    requireEqual("turns", turns, expected);
    return { time, turns, ...(await this.#sight(time)) };
  }

  /** Opens the book of an expiry; false if the spot is degraded. */
  async openBook(expiry: bigint): Promise<boolean> {
    const { time } = this.chain;
    const twin = this.#oracle.open(time, this.#key(expiry));
    const data = ledgerCalls.encodeFunctionData("openBook", [this.market, expiry]);
    return (await this.#agreed(twin, "openBook", this.ledger, data)) !== undefined;
  }

  /** Moves the mark of an expiry; false if the spot is degraded. */
  async moveMark(expiry: bigint): Promise<boolean> {
    const { time } = this.chain;
    const twin = this.#oracle.refreshMark(time, this.#key(expiry));
    const args = [this.#classes.feed, profileOf(KIND), expiry] as const;
    const data = oracleCalls.encodeFunctionData("refreshMark", [...args]);
    return (await this.#agreed(twin, "refreshMark", this.#addresses.oracle, data)) !== undefined;
  }

  /** The mark of an expiry and its time. */
  async markOf(expiry: bigint): Promise<readonly [mark: bigint, time: bigint]> {
    const args = [this.#classes.feed, profileOf(KIND), expiry];
    const state = await this.chain.read(this.#addresses.oracle, oracleCalls, "price", args);
    return [state.getValue("mark") as bigint, state.getValue("markTime") as bigint];
  }

  /** Proves all values of an expiry through the ledger; if it is too early for a price they are handed in as well. */
  async prove(expiry: bigint): Promise<Fixed> {
    const { time } = this.chain;
    const proofs = await proofsFor(this.#classes, this.chain, { expiry, kind: KIND }, (slot) =>
      this.#payloadsAt(slot),
    );
    const values = this.#values(expiry);
    const proof = encodeProofs(proofs);
    this.#proofBytes = (proof.length - 2) / 2;
    const fixed = await this.#fix(expiry, proof, values);
    if (fixed.ok) return fixed;
    required(this.#oracle.submit(time, this.#key(expiry), values, 0n));
    const { ZeroAddress } = this.chain.connection.ethers;
    const data = oracleCalls.encodeFunctionData("submit", [
      this.#classes.feed,
      profileOf(KIND),
      expiry,
      proofs,
      ZeroAddress,
    ]);
    await this.#send("submit", this.#addresses.oracle, data);
    return fixed;
  }

  /** Fixes the price of an expiry on the values that are in. */
  fix(expiry: bigint): Promise<Fixed> {
    return this.#fix(expiry, "0x", []);
  }

  /** Values of every class in every slot, by slot. */
  valuesOf(expiry: bigint): readonly (readonly bigint[])[] {
    return slotTimes(expiry).map((time) => [
      this.#roundAt(time).price,
      this.#valueAt("redstone", time).price,
      this.#valueAt("own", time).price,
    ]);
  }

  /** Ends the chain. */
  close(): Promise<void> {
    return this.chain.close();
  }

  async #fix(expiry: bigint, proof: string, values: readonly ValueProof[]): Promise<Fixed> {
    const { time } = this.chain;
    const key = this.#key(expiry);
    const twin = this.#oracle.fix(time, key, values);
    const book = bookOf(this.market, expiry);
    const data = ledgerCalls.encodeFunctionData("fixPrice", [book, proof]);
    const receipt = await this.#agreed(twin, "fixPrice", this.ledger, data);
    if (receipt === undefined) {
      if (twin.ok || twin.error.name !== "TooEarlyToFix") throw new Error("not to be fixed");
      return { ok: false, again: twin.error.args[1] };
    }
    const state = await this.chain.read(this.ledger, ledgerCalls, "bookOf", [book]);
    const settled = required(twin).events.find((event) => event.name === "PriceSettled");
    if (settled?.name !== "PriceSettled") throw new Error("the twin has settled nothing");
    const { price, step, flags } = settled.args;
    const [told] = receipt.logs
      .map((log) => oracleCalls.parseLog(log))
      .filter((event) => event?.name === "PriceSettled");
    const names = ["price", "step", "flags"];
    requireEqual(
      "the fixing",
      [
        state.getValue("settlementPrice"),
        ...names.map((name): unknown => told?.args.getValue(name)),
      ],
      [price, price, step, flags],
    );
    return { ok: true, price, step, flags };
  }

  /** Sends what the twin has done; both end alike, a refusal (undefined) with the same error. */
  async #agreed(
    twin: MultiOutcome<unknown>,
    action: string,
    to: string,
    data: string,
  ): Promise<Receipt | undefined> {
    let receipt: Receipt;
    try {
      receipt = await this.#send(action, to, data);
    } catch (error) {
      if (!(error instanceof Refused) || twin.ok) throw error;
      requireEqual(action, [error.reason, ...error.args], [twin.error.name, ...argsOf(twin.error)]);
      return undefined;
    }
    if (!twin.ok) throw new Error(`${action}: the twin refuses it with ${twin.error.name}`);
    return receipt;
  }

  #send(action: string, to: string, data: string): Promise<Receipt> {
    return this.chain.send(action, { from: this.#addresses.governor, to, data });
  }

  async #turns(action: string, data: string): Promise<readonly Turn[]> {
    const { logs } = await this.#send(action, this.#addresses.hub, data);
    const at = this.chain.time;
    return logs.flatMap((log): Turn[] => {
      const event = hubCalls.parseLog(log);
      const kind = kindOf(event?.name);
      if (event === null || kind === undefined) return [];
      const vote = VOTES[Number(event.args.getValue("vote"))] ?? "push";
      if (kind === "released") return [{ at, vote, kind, price: 0n, middle: 0n }];
      const price = event.args.getValue("price") as bigint;
      return [{ at, vote, kind, price, middle: event.args.getValue("middle") as bigint }];
    });
  }

  async #sight(time: bigint): Promise<Pick<Sight, "spot" | "votes">> {
    const { feed } = this.#classes;
    const [current, votes] = await this.chain.read(this.#addresses.hub, hubCalls, "report", [feed]);
    const { votes: expected, ...spot } = required(this.#hub.report(time, BigInt(feed))).returned;
    for (const name of ["mid", "low", "high", "live", "faults", "status"] as const) {
      requireEqual(`${name} at ${time}`, (current as Spot)[name], spot[name]);
    }
    const seen = votes as readonly { verdict: bigint; price: bigint; standing: bigint }[];
    expected.forEach(({ store, verdict }, index) => {
      const { price, standing } = seen[index] ?? {};
      requireEqual(
        `vote ${index} at ${time}`,
        [seen[index]?.verdict, price, standing],
        [verdict, store?.price, store?.standing],
      );
    });
    return { spot, votes: expected };
  }

  #key(expiry: bigint): FixingKey {
    return { feed: BigInt(this.#classes.feed), profile: BigInt(profileOf(KIND)), expiry };
  }

  /** What every source says of every slot. */
  #values(expiry: bigint): readonly ValueProof[] {
    return slotTimes(expiry).flatMap((time, index) => {
      const slot = BigInt(index);
      const { price, form } = this.#roundAt(time);
      return [
        { source: BigInt(SOURCE.push), slot, value: { price, form } },
        { source: BigInt(SOURCE.redstone), slot, value: this.#valueAt("redstone", time) },
        { source: BigInt(SOURCE.own), slot, value: this.#valueAt("own", time) },
      ];
    });
  }

  /** The push feed's last round up to a time. */
  #roundAt(time: bigint): Reading {
    const round = this.#rounds.findLast(([at]) => at <= time);
    if (round === undefined) throw new Error(`the feed has no round up to ${time}`);
    return { price: round[1], time: round[0], confidence: 0n, form: maximalForm(1n) };
  }

  #valueAt(name: "redstone" | "own", time: bigint): Value {
    const prices = this.#saidAt(time)[name];
    const standing = (1n << BigInt(prices.length)) - 1n;
    const given = new Map(prices.map((price, index) => [BigInt(index), price]));
    return required(signersValue(given, { standing, threshold: 1n })).returned;
  }

  #saidAt(time: bigint): Statements {
    const said = this.#said.get(time);
    if (said === undefined) throw new Error(`nobody has said anything of ${time}`);
    return said;
  }

  #payloadsAt(time: bigint): { readonly redstone: string; readonly own: string } {
    const said = this.#saidAt(time);
    const { base, addresses } = this.#classes;
    return {
      redstone: remembered(`${base} ${time} ${said.redstone.join()}`, () =>
        redstonePayload(time, said.redstone, base),
      ),
      own: remembered(`${base} ${addresses.own} ${time} ${said.own.join()}`, () =>
        ownPayload(this.#classes, time, said.own),
      ),
    };
  }
}

/** The instants of the thirty samples, the expiry first. */
function slotTimes(expiry: bigint): readonly bigint[] {
  const { slots, step } = PROFILES[KIND];
  return Array.from({ length: slots }, (_, slot) => expiry - BigInt(slot) * step);
}

/** A twin of the hub with the same feed. */
function twinOf({ feed, base }: ThreeClasses): OracleHub {
  const pair = {
    base: BigInt(encodeBytes32String(base)),
    quote: BigInt(encodeBytes32String("USD")),
  };
  const world = emptyHubWorld();
  world.authority.createFeed.add(GOVERNOR);
  const shared = { ...pair, priceExp: 0n };
  const pulled = { ...shared, push: false, maxAge: 300n, maxAhead: 5n };
  world.sources.set(10n, { ...shared, classes: 1n, push: true, maxAge: 3_900n, maxAhead: 0n });
  world.sources.set(11n, { ...pulled, classes: 2n });
  world.sources.set(12n, { ...pulled, classes: 4n });
  const hub = new OracleHub(world);
  const terms = { ...shared, quorum: 3n, dailyVol: 500n };
  const env = { now: 0n, sender: GOVERNOR };
  required(hub.createFeed(env, BigInt(feed), terms, [10n, 11n, 12n]));
  return hub;
}

function turnsOf(at: bigint, outcome: MultiOutcome<unknown>): readonly Turn[] {
  return required(outcome).events.flatMap((event): Turn[] => {
    if (event.name === "VoteReleased") {
      const vote = VOTES[Number(event.args.vote)] ?? "push";
      return [{ at, vote, kind: "released", price: 0n, middle: 0n }];
    }
    if (event.name !== "VoteQuarantined") return [];
    const { vote, price, middle } = event.args;
    return [{ at, vote: VOTES[Number(vote)] ?? "push", kind: "quarantined", price, middle }];
  });
}

function kindOf(event: string | undefined): Turn["kind"] | undefined {
  if (event === "VoteQuarantined") return "quarantined";
  return event === "VoteReleased" ? "released" : undefined;
}

function required<T>(outcome: MultiOutcome<T>) {
  if (outcome.ok) return outcome;
  throw new Error(`the twin refuses: ${outcome.error.name}(${outcome.error.args.join(", ")})`);
}

/** Arguments of a refusal as the chain names them: a feed is 32 bytes there. */
function argsOf({ args, name }: { readonly args: readonly unknown[]; readonly name: string }) {
  if (name !== "SpotDegraded") return args;
  return args.map((arg, index) => (index === 0 ? `0x${(arg as bigint).toString(16)}` : arg));
}

function requireEqual(what: string, seen: unknown, expected: unknown): void {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each));
  if (text(seen) === text(expected)) return;
  throw new Error(`${what}: ${text(seen)} on the chain, ${text(expected)} in the twin`);
}
