import { ZeroHash } from "ethers";

import { profileOf } from "../../scripts/lib/oracle/threeClasses.ts";
import {
  AccessManager__factory,
  CircuitBreaker__factory,
  GuardMeter__factory,
} from "../../types/ethers-contracts/index.ts";
import type { CircuitBreaker } from "../../types/ethers-contracts/index.ts";
import type { Operation } from "./operation.ts";
import { PriceScene } from "./priceScene.ts";
import { LINEAR, TICK, usd, type Scene } from "./scene.ts";

const CEILING = 10n ** 24n;
const BLOCK_TIME = 12_000;
const TRIP = 90_000n;
const SPOT = 2_800;
/** Numbers of the triggers, see docs/breakers.md. */
const FEW_VOTES = 1;
const FAR_APART = 4;
const MOVE = 5;
/** The market is tripped for the second time: its words are in use. */
const WARM =
  "a market that has been tripped before; three classes, read within this minute where the trigger asks for it";

/** A market on three classes, watched by a breaker. */
interface Watched {
  readonly prices: PriceScene;
  readonly breaker: CircuitBreaker;
  readonly market: bigint;
}

async function watch(scene: Scene): Promise<Watched> {
  const { chain, admin, ledger, linear } = scene;
  const prices = await PriceScene.start(scene);
  const { hub, oracle, feed } = prices.classes;
  const breaker = await chain.deploying(async () => {
    const manager = await new AccessManager__factory(admin).deploy(admin.address);
    const addresses = [await ledger.getAddress(), await hub.getAddress()] as const;
    return new CircuitBreaker__factory(admin).deploy(
      ...addresses,
      await manager.getAddress(),
      BLOCK_TIME,
    );
  });
  const terms = {
    ...LINEAR,
    feed,
    token: linear.tokenAddress,
    strikeTick: usd(TICK),
    priceExp: 0,
    oracle: await oracle.getAddress(),
    profile: profileOf(0, CEILING),
    guard: await breaker.getAddress(),
    gridAnchor: 115_200n,
    gridPeriod: 604_800n,
    horizon: 8_640_000n,
    lastTrade: 1_800n,
    ceiling: CEILING,
    marginMode: 0,
    salt: ZeroHash,
  };
  const { market } = await ledger.list.staticCall(terms);
  await chain.send(() => ledger.list(terms));
  await chain.send(() => breaker.enroll(market));
  return { prices, breaker, market };
}

/** What tripping costs the second time, `wait` seconds after the first. */
async function tripTwice(
  { chain }: Scene,
  trip: () => ReturnType<CircuitBreaker["trip"]>,
  again: () => Promise<void>,
  wait: bigint,
): Promise<bigint> {
  await chain.send(trip);
  chain.pass(wait);
  await again();
  return chain.send(trip);
}

async function move(scene: Scene): Promise<bigint> {
  const { prices, breaker, market } = await watch(scene);
  const { feed } = prices.classes;
  let index = 0;
  const fall = async (): Promise<void> => {
    await scene.chain.send(() => breaker.observe(feed));
    await prices.feed(usd(SPOT * 0.85));
  };
  const recover = async (): Promise<void> => {
    index += 1;
    // Twice: the first reading after a while has nobody to agree with.
    await prices.feed(usd(SPOT));
    await prices.feed(usd(SPOT));
    await fall();
  };
  await fall();
  return tripTwice(scene, () => breaker.trip(market, MOVE, index), recover, 600n);
}

async function farApart(scene: Scene): Promise<bigint> {
  const { prices, breaker, market } = await watch(scene);
  const lie = (): Promise<void> => prices.lie(usd(SPOT * 1.3));
  await lie();
  return tripTwice(scene, () => breaker.trip(market, FAR_APART, 0), lie, 3_700n);
}

async function fewVotes(scene: Scene): Promise<bigint> {
  const { chain } = scene;
  const { breaker, market } = await watch(scene);
  const ask = async (): Promise<void> => {
    chain.pass(4_000n);
    await chain.send(() => breaker.notice(market, FEW_VOTES));
    chain.pass(600n);
  };
  await ask();
  return tripTwice(scene, () => breaker.trip(market, FEW_VOTES, 0), ask, 4_000n);
}

async function gates({ chain, admin, linear }: Scene): Promise<bigint> {
  const meter = await chain.deploying(() => new GuardMeter__factory(admin).deploy());
  await chain.send(() => meter.setGuard(linear.market, CEILING, 1_800n));
  const { gasUsed, restricted } = await meter.gates(linear.book, 1n);
  if (restricted) throw new Error("a market that nobody tripped is restricted");
  return gasUsed;
}

/** Guards: what a fill pays for its own, and what tripping costs. */
export const GUARDS: readonly Operation[] = [
  {
    op: "guard of a fill: its word, levels, retirement and ceiling",
    target: 2_200n,
    warm: "the word is cold, as in a fill's first part; where it lies is known, as its neighbour is read anyway",
    run: gates,
    floorless: true,
  },
  {
    op: "trip a market for a move of 15 % within 5 minutes",
    target: TRIP,
    warm: WARM,
    run: move,
    floorless: true,
  },
  {
    op: "trip a market for votes far apart",
    target: TRIP,
    warm: WARM,
    run: farApart,
    floorless: true,
  },
  {
    op: "trip a market for too few votes, after a notice",
    target: TRIP,
    warm: WARM,
    run: fewVotes,
    floorless: true,
  },
];
