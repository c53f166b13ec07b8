import { getBytes, type TransactionResponse } from "ethers";

import {
  PROFILES,
  SOURCE,
  deployThreeClasses,
  profileOf,
  proofsFor,
  pulledPayloads,
  type ProofInput,
  type ThreeClasses,
} from "../../scripts/lib/oracle/threeClasses.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/index.ts";
import { usd, type Scene } from "./scene.ts";

const PRICE = usd(2_800);
const CEILING = 10n ** 24n;
const LEAD = 7_200n;
const TRANSACTION = 21_000n;

/** A feed of three classes on the scene's chain, and how it is fed. */
export class PriceScene {
  readonly #scene: Scene;
  readonly classes: ThreeClasses;
  #round = 0n;

  private constructor(scene: Scene, classes: ThreeClasses) {
    this.#scene = scene;
    this.classes = classes;
  }

  static async start(scene: Scene): Promise<PriceScene> {
    const { chain, taker } = scene;
    const classes = await chain.deploying(async () => {
      const manager = await new AccessManager__factory(taker).deploy(taker.address);
      return deployThreeClasses(chain.ethers, taker, await manager.getAddress());
    });
    const prices = new PriceScene(scene, classes);
    await prices.feed();
    return prices;
  }

  /** A new round, and new readings of all three classes, at a price; answers what the push class took. */
  async feed(price = PRICE): Promise<bigint> {
    const { chain } = this.#scene;
    const { hub, feed } = this.classes;
    await this.#publish(chain.now + 30n, price);
    const { redstone, own } = pulledPayloads(this.classes, chain.now, price);
    await chain.send(() => hub.update(feed, SOURCE.redstone, redstone));
    await chain.send(() => hub.update(feed, SOURCE.own, own));
    return this.inside(() => hub.update(feed, SOURCE.push, "0x"));
  }

  /** All three classes say the truth, then the own signers say `price`. */
  async lie(price: bigint): Promise<void> {
    // Twice: the first reading after a while has nobody to agree with.
    await this.feed();
    await this.feed();
    const { chain } = this.#scene;
    const { hub, feed } = this.classes;
    const { own } = pulledPayloads(this.classes, chain.now, price);
    await chain.send(() => hub.update(feed, SOURCE.own, own));
  }

  /** Opens a fixing and waits until its values can be proven. */
  async expired(kind: number): Promise<{ expiry: bigint; profile: string; proofs: ProofInput[] }> {
    const { chain } = this.#scene;
    const { oracle, feed } = this.classes;
    const profile = profileOf(kind, CEILING);
    const expiry = chain.now + LEAD;
    await chain.send(() => oracle.open(feed, profile, expiry));
    const window = BigInt((PROFILES[kind]?.slots ?? 1) - 1) * (PROFILES[kind]?.step ?? 0n);
    // As many rounds as real feeds have at an expiry: one in about two minutes.
    for (let time = expiry - window - 100n; time < expiry; time += 100n) await this.#publish(time);
    await this.#publish(expiry + 35n);
    const proofs = await proofsFor(
      this.classes,
      chain.ethers.provider,
      { expiry, kind },
      () => PRICE,
    );
    return { expiry, profile, proofs };
  }

  /** Gas of what a transaction runs, without the transaction itself and its calldata. */
  async inside(send: () => Promise<TransactionResponse>): Promise<bigint> {
    let data = "0x";
    const used = await this.#scene.chain.send(async () => {
      const response = await send();
      data = response.data;
      return response;
    });
    const calldata = getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
    return used - TRANSACTION - calldata;
  }

  async #publish(time: bigint, price = PRICE): Promise<void> {
    const { chain } = this.#scene;
    const round = ++this.#round;
    await chain.send(() => this.classes.aggregator.updateRoundData(round, price, time, time), time);
  }
}
