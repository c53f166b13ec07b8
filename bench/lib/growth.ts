import { packLegs } from "../../scripts/lib/orders.ts";
import { PayoffMeter__factory } from "../../types/ethers-contracts/index.ts";
import { endowBoth, fill, part, useNonceWord, type Lot } from "./moves.ts";
import type { Operation } from "./operation.ts";
import { INVERSE, LINEAR, TICK, usd, type Scene, type Style } from "./scene.ts";

const FEW = 4;
const MANY = 32;
/** What many may cost, in multiples of few: as many as there are more legs. */
const TIMES = BigInt(MANY / FEW);
const LOWEST = 2_000;

/** Condors side by side, strikes a tick apart; `shape` is a leg by its place in a condor, without its strike. */
function condors(legs: number, shape: readonly Omit<Lot, "strike">[]): Lot[] {
  return Array.from({ length: legs / shape.length }, (_, condor) =>
    shape.map((leg, i) => ({ ...leg, strike: LOWEST + (condor * shape.length + i) * TICK })),
  ).flat();
}

const leg = (isCall: boolean, quantity: bigint): Omit<Lot, "strike"> => ({ isCall, quantity });

/** Sold: each loses outside its inner strikes. */
const ironCondors = (legs: number): Lot[] =>
  condors(legs, [leg(false, 1n), leg(false, -1n), leg(true, -1n), leg(true, 1n)]);

/** Calls alone, sold: each loses between its outer strikes. */
const callCondors = (legs: number): Lot[] =>
  condors(legs, [leg(true, -1n), leg(true, 1n), leg(true, 1n), leg(true, -1n)]);

/** Calls sold and bought in turn: every strike is a candidate for the worst. */
const turns = (legs: number): Lot[] => condors(legs, [leg(true, -1n), leg(true, 1n)]);

const requirement =
  (lots: readonly Lot[], { style, num, den, feePerLot }: Style) =>
  async ({ chain, admin }: Scene): Promise<bigint> => {
    const meter = await chain.deploying(() => new PayoffMeter__factory(admin).deploy());
    const legs = packLegs(lots.map((lot) => ({ ...lot, strike: usd(lot.strike) })));
    const words = [num, den << 64n, feePerLot << 128n, usd(TICK) << 192n, BigInt(style) << 255n];
    const scale = words.reduce((all, word) => all | word, 0n);
    const { gasUsed } = await meter.requirement(legs, scale);
    return gasUsed;
  };

const fillInto =
  (held: readonly Lot[], lots: readonly Lot[]) =>
  async (scene: Scene): Promise<bigint> => {
    await endowBoth(scene, scene.linear);
    await useNonceWord(scene);
    await fill(scene, 1n, [part(scene.linear, held, usd(20))]);
    return fill(scene, 2n, [part(scene.linear, lots, usd(20))]);
  };

const LIBRARY = "the library alone, legs in memory: one condor, or eight";
const TURNS = "the library alone, legs in memory: two pairs of sold and bought calls, or sixteen";
const FILLED = "one condor or eight held on both sides, those filled among them; nonce word in use";

const linearFew: Operation = {
  op: "requirement, linear, 4 legs",
  warm: LIBRARY,
  run: requirement(ironCondors(FEW), LINEAR),
  floorless: true,
};

const inverseFew: Operation = {
  op: "requirement, inverse, 4 legs",
  warm: LIBRARY,
  run: requirement(callCondors(FEW), INVERSE),
  floorless: true,
};

const turnsFew: Operation = {
  op: "requirement, inverse in turns, 4 legs",
  warm: TURNS,
  run: requirement(turns(FEW), INVERSE),
  floorless: true,
};

const fillFew: Operation = {
  op: "fill, 4 legs into 4 held",
  warm: FILLED,
  run: fillInto(ironCondors(FEW), ironCondors(FEW)),
  floorless: true,
};

/** What coverage costs with many legs beside few: at most in proportion. */
export const GROWTH: readonly Operation[] = [
  linearFew,
  {
    op: "requirement, linear, 32 legs",
    warm: LIBRARY,
    atMost: { times: TIMES, of: linearFew },
    run: requirement(ironCondors(MANY), LINEAR),
    floorless: true,
  },
  inverseFew,
  {
    op: "requirement, inverse, 32 legs",
    warm: LIBRARY,
    atMost: { times: TIMES, of: inverseFew },
    run: requirement(callCondors(MANY), INVERSE),
    floorless: true,
  },
  turnsFew,
  {
    op: "requirement, inverse in turns, 32 legs",
    warm: TURNS,
    atMost: { times: TIMES, of: turnsFew },
    run: requirement(turns(MANY), INVERSE),
    floorless: true,
  },
  fillFew,
  {
    op: "fill, 4 legs into 32 held",
    warm: FILLED,
    atMost: { times: TIMES, of: fillFew },
    run: fillInto(ironCondors(MANY), ironCondors(FEW)),
    floorless: true,
  },
  {
    op: "fill, 32 legs into 32 held",
    warm: FILLED,
    atMost: { times: TIMES, of: fillFew },
    run: fillInto(ironCondors(MANY), ironCondors(MANY)),
    floorless: true,
  },
];
