import { ZeroAddress } from "ethers";

import { SOURCE, encodeProofs } from "../../scripts/lib/oracle/threeClasses.ts";
import type { Operation } from "./operation.ts";
import { PriceScene } from "./priceScene.ts";
import type { Scene } from "./scene.ts";

/** What a contract pays for its first call of another one; a transaction does not. */
const COLD_CALL = 2_600n;
const POINT = 0;
const THIRTY = 2;
const SUBMIT_GAS = { gasLimit: 16_000_000n };

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
