import { endAtClosing, endEarly, slotOf } from "@certus/model";
import type { LadderEnding, Mark, Samples } from "@certus/model";
import { ZeroAddress } from "ethers";

import {
  OracleHub__factory,
  SettlementOracle__factory,
} from "../../types/ethers-contracts/index.ts";
import {
  PROFILES,
  SOURCE,
  around,
  encodeProofs,
  proofsFor,
  pulledPayloads,
} from "../lib/oracle/threeClasses.ts";
import type { ProofInput, PulledPayloads, Signed } from "../lib/oracle/threeClasses.ts";
import type { Chain } from "./chain.ts";
import { price, span } from "./format.ts";
import type { Basis, Pricing, Step } from "./pricing.ts";
import { indexFrom } from "./series.ts";
import type { Round } from "./series.ts";
import { profileOf } from "./terms.ts";
import type { Market } from "./venue.ts";

const hubCalls = OracleHub__factory.createInterface();
const oracleCalls = SettlementOracle__factory.createInterface();

const HOUR = 3_600n;
const DAY = 24n * HOUR;
/** What every class says of a time is the last close up to it, if it is no older: as a push feed does. */
const REACH = 3_900n;
const STEPS: readonly Step[] = ["F0", "F1", "F2", "F3", "F4"];
const CLOSINGS = [1n, 2n, 3n, 4n];

/** Addresses and names of a feed with three classes, and by which kind of profile each market settles. */
export interface MultiSourceSetup extends Signed {
  readonly oracle: string;
  readonly hub: string;
  readonly feed: string;
  readonly kinds: Readonly<Record<Market["name"], number>>;
}

/** What the three classes say of a time, 8 decimals. */
interface Said {
  readonly push: bigint;
  readonly redstone: bigint;
  readonly own: bigint;
}

/**
 * Prices from three classes: the push feed, packages of RedStone and own signers, all of whom see the closes of one
 * history. Someone brings readings before books open, moves the mark day by day and an hour before the expiry, and
 * proves the price.
 */
export class MultiSource implements Pricing {
  readonly oracle: string;
  readonly feed: string;
  readonly lines: readonly string[];
  // Every day, for a gap is not known beforehand; and so near to the expiry that the price is seldom off the mark.
  readonly marks = [...[6n, 5n, 4n, 3n, 2n, 1n].map((days) => days * DAY), HOUR];
  readonly #chain: Chain;
  readonly #keeper: string;
  readonly #setup: MultiSourceSetup;
  readonly #rounds: Round[] = [];
  /** By time: a reading of the expiry is signed again in its proof. */
  readonly #payloads = new Map<bigint, PulledPayloads>();
  /** Fixings whose values were handed in, by profile and expiry. */
  readonly #kept = new Set<string>();
  #brought = 0n;

  /** @param keeper - Who brings readings, moves marks and proves. */
  constructor(chain: Chain, keeper: string, setup: MultiSourceSetup) {
    this.#chain = chain;
    this.#keeper = keeper;
    this.#setup = setup;
    this.oracle = setup.oracle;
    this.feed = setup.feed;
    this.lines = [
      `oracle    ${setup.oracle}: three classes of sources`,
      `hub       ${setup.hub}: spot from a push feed, RedStone and own signers`,
    ];
  }

  profileOf(market: Market["name"]): string {
    return profileOf(this.#setup.kinds[market]);
  }

  published(round: Round): void {
    this.#rounds.push(round);
  }

  async bring(): Promise<void> {
    const { time } = this.#chain;
    if (this.#brought === time) return;
    const payloads = this.#payloadsAt(time);
    // Nobody has anything to say: the readings that are in grow old.
    if (payloads === undefined) return;
    const { hub, feed } = this.#setup;
    const poke = hubCalls.encodeFunctionData("poke", [feed]);
    await this.#send("poke", hub, poke);
    for (const name of ["redstone", "own"] as const) {
      const args = [feed, SOURCE[name], payloads[name] ?? "0x"] as const;
      await this.#send(`update: ${name}`, hub, hubCalls.encodeFunctionData("update", [...args]));
    }
    this.#brought = time;
  }

  async moveMark(profile: string, expiry: bigint): Promise<void> {
    await this.bring();
    const args = [this.feed, profile, expiry] as const;
    const data = oracleCalls.encodeFunctionData("refreshMark", [...args]);
    await this.#send("refreshMark", this.oracle, data);
  }

  async proofOf(profile: string, expiry: bigint): Promise<string> {
    if (this.#kept.has(`${profile} ${expiry}`)) return "0x";
    const proofs = await this.#proofs(profile, expiry);
    return proofs.length === 0 ? "0x" : encodeProofs(proofs);
  }

  async keep(profile: string, expiry: bigint): Promise<void> {
    const id = `${profile} ${expiry}`;
    if (this.#kept.has(id)) return;
    this.#kept.add(id);
    const proofs = await this.#proofs(profile, expiry);
    if (proofs.length === 0) return;
    const data = oracleCalls.encodeFunctionData("submit", [
      this.feed,
      profile,
      expiry,
      [...proofs],
      ZeroAddress,
    ]);
    await this.#send("submit", this.oracle, data);
  }

  async basisOf(profile: string, expiry: bigint): Promise<Basis> {
    const mark = await this.#markOf(profile, expiry);
    const samples = this.#samplesOf(profile, expiry, mark);
    const ending = endingOf(samples);
    const step = STEPS[Number(ending.step) - 1] ?? "F4";
    const byMark = step === "F4";
    const count = samples.slots.length;
    const what = count === 1 ? "three classes" : `the mean of ${count} samples of three classes`;
    const text = byMark ? `the mark, ${span(expiry - mark.time)} old` : what;
    return {
      price: ending.price,
      step,
      observed: byMark ? mark.time : expiry,
      text: `${price(ending.price)} by ${text}, ${step}`,
    };
  }

  async #send(action: string, to: string, data: string): Promise<void> {
    await this.#chain.send(action, { from: this.#keeper, to, data });
  }

  #proofs(profile: string, expiry: bigint): Promise<readonly ProofInput[]> {
    const fixing = { expiry, kind: kindOf(profile) };
    return proofsFor(this.#setup, this.#chain, fixing, (time) => this.#payloadsAt(time) ?? {});
  }

  /** The mark of a fixing must be the middle of what the classes said when it was taken. */
  async #markOf(profile: string, expiry: bigint): Promise<Mark> {
    const args = [this.feed, profile, expiry];
    const state = await this.#chain.read(this.oracle, oracleCalls, "price", args);
    const time = state.getValue("markTime") as bigint;
    const said = this.#saidAt(time);
    if (said === undefined) throw new Error(`a mark of ${time} rests on nothing`);
    return { price: middleOf(said), time };
  }

  #samplesOf(profile: string, expiry: bigint, mark: Mark): Samples {
    const { slots, step } = PROFILES[kindOf(profile)] ?? PROFILES[0];
    const said = Array.from({ length: slots }, (_, k) => this.#saidAt(expiry - BigInt(k) * step));
    return {
      slots: said.map((each) =>
        slotOf(each === undefined ? [] : Object.values(each), mark, expiry),
      ),
      mark,
      expiry,
      complete: said.every((each) => each !== undefined),
    };
  }

  #payloadsAt(time: bigint): PulledPayloads | undefined {
    const said = this.#saidAt(time);
    if (said === undefined) return undefined;
    let payloads = this.#payloads.get(time);
    if (payloads === undefined) {
      const { signers } = this.#setup;
      const { redstone, own } = said;
      payloads = pulledPayloads(this.#setup, time, {
        redstone: around(redstone, signers.redstone),
        own: around(own, signers.own),
      });
      this.#payloads.set(time, payloads);
    }
    return payloads;
  }

  /** What the classes say of a time; in a gap of the history nobody says anything. */
  #saidAt(time: bigint): Said | undefined {
    const last = this.#rounds[indexFrom(this.#rounds, time + 1n) - 1];
    if (last === undefined || time - last.time > REACH) return undefined;
    const { answer } = last;
    return {
      push: answer,
      redstone: answer + noise(answer, time, 5n),
      own: answer + noise(answer, time, 11n),
    };
  }
}

/** What the rule makes of samples, closing after closing. */
function endingOf(samples: Samples): LadderEnding {
  const early = endEarly(samples);
  if (early !== undefined) return early;
  for (const closing of CLOSINGS) {
    const ending = endAtClosing(samples, closing);
    if (ending !== undefined) return ending;
  }
  throw new Error("the last closing always gives a price");
}

function middleOf({ push, redstone, own }: Said): bigint {
  const none = { price: 0n, time: 0n };
  return slotOf([push, redstone, own], none, 0n).value ?? push;
}

/** Up to 3 bps that a class sees the price elsewhere, the same for the same time. */
function noise(answer: bigint, time: bigint, seed: bigint): bigint {
  return (answer * ((((time / 60n) * seed + seed) % 7n) - 3n)) / 10_000n;
}

function kindOf(profile: string): number {
  return Number(BigInt(profile) & 0xffn);
}
