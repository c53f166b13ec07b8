import { getBytes, ZeroAddress, type TransactionResponse } from "ethers";

import {
  PROFILES,
  SOURCE,
  deployThreeClasses,
  encodeProofs,
  profileOf,
  proofsFor,
  pulledPayloads,
  type ProofInput,
  type ThreeClasses,
} from "../../scripts/lib/oracle/threeClasses.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/index.ts";
import type { Operation } from "./operation.ts";
import { usd, type Scene } from "./scene.ts";

const PRICE = usd(2_800);
const CEILING = 10n ** 24n;
const LEAD = 7_200n;
const TRANSACTION = 21_000n;
/** What a contract pays for its first call of another one; a transaction does not. */
const COLD_CALL = 2_600n;
const POINT = 0;
const THIRTY = 2;
const SUBMIT_GAS = { gasLimit: 16_000_000n };

/** A feed of three classes on the scene's chain, and how it is fed. */
class PriceScene {
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

  /** A new round, and new readings of all three classes; answers what the push class took. */
  async feed(): Promise<bigint> {
    const { chain } = this.#scene;
    const { hub, feed } = this.classes;
    await this.#publish(chain.now + 30n);
    const { redstone, own } = pulledPayloads(this.classes, chain.now, PRICE);
    await chain.send(() => hub.update(feed, SOURCE.redstone, redstone));
    await chain.send(() => hub.update(feed, SOURCE.own, own));
    return this.inside(() => hub.update(feed, SOURCE.push, "0x"));
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

  async #publish(time: bigint): Promise<void> {
    const { chain } = this.#scene;
    const round = ++this.#round;
    await chain.send(() => this.classes.aggregator.updateRoundData(round, PRICE, time, time), time);
  }
}

async function spot(scene: Scene): Promise<bigint> {
  const prices = await PriceScene.start(scene);
  const { hub, feed } = prices.classes;
  const to = await hub.getAddress();
  const data = hub.interface.encodeFunctionData("spot", [feed]);
  return (await prices.inside(() => scene.taker.sendTransaction({ to, data }))) + COLD_CALL;
}

async function push(scene: Scene): Promise<bigint> {
  const prices = await PriceScene.start(scene);
  return (await prices.feed()) + COLD_CALL;
}

async function fixPoint(scene: Scene): Promise<{ total: bigint; inside: bigint }> {
  const prices = await PriceScene.start(scene);
  const { oracle, feed } = prices.classes;
  const { expiry, profile, proofs } = await prices.expired(POINT);
  let total = 0n;
  const inside = await prices.inside(async () => {
    const response = await oracle.fix(feed, profile, expiry, encodeProofs(proofs));
    total = (await response.wait())?.gasUsed ?? 0n;
    return response;
  });
  return { total, inside };
}

async function thirty(scene: Scene): Promise<{ total: bigint; finalise: bigint }> {
  const prices = await PriceScene.start(scene);
  const { oracle, feed } = prices.classes;
  const { expiry, profile, proofs } = await prices.expired(THIRTY);
  let total = 0n;
  for (const source of Object.values(SOURCE)) {
    const own = proofs.filter((proof) => proof.source === source);
    total += await scene.chain.send(() =>
      oracle.submit(feed, profile, expiry, own, ZeroAddress, SUBMIT_GAS),
    );
  }
  const finalise = await scene.chain.send(() => oracle.finalise(feed, profile, expiry));
  return { total: total + finalise, finalise };
}

const CLASSES = "Chainlink push behind its phase proxy, RedStone of 5 signers, own signers of 4";

/** Prices from several sources. */
export const PRICES: readonly Operation[] = [
  {
    op: "spot from 3 stores, as called by a contract",
    target: 25_000n,
    warm: "three stores, all fresh; no sequencer",
    run: spot,
    floorless: true,
  },
  {
    op: "read and store a push class, as called by a contract",
    target: 45_000n,
    why:
      "the package's mock aggregator reads four slots for a round where production ones pack it into one or two (2,100 gas each), " +
      "and all is cold: two more stores to judge by, proxy and aggregator twice (decimals and round)",
    warm: "the store has a reading; two others are fresh and judge it",
    run: push,
    floorless: true,
  },
  {
    op: "fix a point of 3 classes at once, without transaction and calldata",
    target: 200_000n,
    warm: `an open fixing without values; ${CLASSES}, every proof maximal`,
    run: async (scene) => (await fixPoint(scene)).inside,
    floorless: true,
  },
  {
    op: "fix a point of 3 classes at once, whole transaction",
    warm: "the same, with 21,000 and the calldata of 13 signatures",
    run: async (scene) => (await fixPoint(scene)).total,
    floorless: true,
  },
  {
    op: "finalise 30 samples of 3 classes",
    target: 140_000n,
    warm: "90 values, every one maximal",
    run: async (scene) => (await thirty(scene)).finalise,
    floorless: true,
  },
  {
    op: "30 samples of 3 classes in total",
    warm: `three submissions of 30 values each and the finalising; ${CLASSES}`,
    run: async (scene) => (await thirty(scene)).total,
    floorless: true,
  },
];
