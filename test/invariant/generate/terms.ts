import { feeCapOf, profileOf } from "@certus/model";
import type { Address, Terms } from "@certus/model";

import { GENESIS_TIME } from "../chain/chain.ts";
import { ACTORS } from "../world/actors.ts";
import { AT, FEEDS, FOREIGN, MAX_CEILING } from "../world/places.ts";
import { SCRIPTED_PRICE_EXP } from "../world/twin.ts";
import type { Knobs, ScaleKnob } from "./knobs.ts";
import type { Scene } from "./scene.ts";

/** What a market is made of. */
export interface Mould {
  readonly inverse: boolean;
  readonly scale: ScaleKnob;
  /** Which push feed. */
  readonly feed: 0 | 1;
  /** Another oracle than the feeds' own. */
  readonly oracle?: Address;
}

/** Terms out of a mould, told apart by a salt. */
export function termsOf(knobs: Knobs, mould: Mould, salt: bigint): Terms {
  const { inverse, scale, oracle } = mould;
  const feed = FEEDS[mould.feed];
  const ceiling = scale.ceilingBits >= 112 ? MAX_CEILING : 1n << BigInt(scale.ceilingBits);
  const terms: Terms = {
    feed: feed?.proxy ?? 0n,
    token: inverse ? AT.base : AT.quote,
    style: inverse ? 1n : 0n,
    num: scale.num,
    den: scale.den,
    strikeTick: scale.tick,
    priceExp: oracle === undefined ? (feed?.priceExp ?? 0n) : SCRIPTED_PRICE_EXP,
    oracle: oracle ?? AT.oracle,
    profile: feed?.profile ?? 0n,
    guard: ACTORS.guard.address,
    gridAnchor: GENESIS_TIME + knobs.anchor,
    gridPeriod: knobs.period,
    horizon: knobs.horizon,
    lastTrade: scale.lastTrade,
    feePerLot: 0n,
    ceiling,
    marginMode: 0n,
    salt,
  };
  const fee = (feeCapOf(terms) * BigInt(scale.fee)) >> 8n;
  return { ...terms, feePerLot: fee >> 64n === 0n ? fee : (1n << 64n) - 1n };
}

/** A market at the bounds: whole tokens, and a fee whose multiple is the largest amount of fees that a book holds. */
export const BOUNDS_LINEAR: ScaleKnob = {
  num: 1n,
  den: 1n,
  tick: 1n << 44n,
  fee: 0,
  ceilingBits: 112,
  lastTrade: 600n,
};

/** The fee per lot of the market at the bounds: (2^40 + 1)(2^40 − 1) = 2^80 − 1. */
export const BOUNDS_FEE = (1n << 40n) + 1n;

type Spoil = (terms: Terms, scene: Scene) => Terms;

const UINT63 = (1n << 63n) - 1n;

/** Each makes good terms bad in one way, or leaves them at the last good value. */
export const SPOILS: readonly Spoil[] = [
  (terms) => ({ ...terms, token: FOREIGN.nobody }),
  (terms) => ({ ...terms, oracle: FOREIGN.nobody }),
  (terms) => ({ ...terms, oracle: FOREIGN.calling }),
  (terms, { dice }) => ({ ...terms, style: dice.pick([2n, 255n]) }),
  (terms, { dice }) => ({ ...terms, ...dice.pick([{ num: 0n }, { den: 0n }]) }),
  (terms, { dice }) => {
    const factor = dice.between(2n, 9n);
    return { ...terms, num: 11n * factor, den: 13n * factor, feePerLot: 0n };
  },
  (terms, { dice }) => ({
    ...terms,
    strikeTick: dice.pick([0n, 1n, UINT63, UINT63 + 1n]),
    feePerLot: 0n,
  }),
  (terms) => ({ ...terms, gridPeriod: 0n }),
  (terms, { dice }) => ({ ...terms, horizon: dice.pick([7_199n, 7_200n, 8_640_000n, 8_640_001n]) }),
  (terms, { dice }) => ({ ...terms, lastTrade: 86_400n + dice.between(0n, 2n) }),
  (terms, { dice }) => {
    const fee = dice.near(feeCapOf(terms));
    return { ...terms, feePerLot: fee < 0n ? 1n : BigInt.asUintN(64, fee) };
  },
  (terms, { dice }) => ({ ...terms, marginMode: dice.pick([1n, 255n]) }),
  (terms, { dice }) => ({ ...terms, priceExp: terms.priceExp + dice.pick([1n, 200n]) }),
  (terms) => ({ ...terms, ceiling: 0n }),
  (terms, { dice }) => {
    const bound = dice.magnitude(100) + 1n;
    const ceiling = dice.near(bound);
    return { ...terms, profile: profileOf(terms.priceExp, bound), ceiling };
  },
  (terms, { dice }) => ({ ...terms, profile: terms.profile | (1n << BigInt(120 + dice.below(9))) }),
  (terms) => ({ ...terms, profile: terms.priceExp }),
  (terms) => ({ ...terms, profile: (terms.profile & ~0xffn) | 19n, priceExp: 19n }),
  (terms) => ({ ...terms, feed: terms.feed | (1n << 160n) }),
  (terms) => ({ ...terms, feed: FOREIGN.nobody }),
  (terms, { state, dice }) => dice.maybe([...state.markets.values()])?.terms ?? terms,
];
