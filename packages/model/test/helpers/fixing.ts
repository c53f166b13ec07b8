import { expect } from "chai";
import {
  ChainlinkSettlement,
  createFeed,
  encodeProof,
  fixingIdOf,
  profileOf,
  publish,
  readsOf,
} from "@certus/model";
import type { Feed, FeedReads, Hex } from "@certus/model";

/** The feed. */
export const PROXY = 0xfeedn;
/** Its profile. */
export const PROFILE = profileOf(0n, 1_000n);
/** When the fixing opened. */
export const START = 1_800_000_000n;
/** T: the expiry. */
export const T = START + 100_000n;
/** After it an older round is good enough. */
export const DAY = 86_400n;
/** The fixing. */
export const FIXING = fixingIdOf(PROXY, PROFILE, T);

/** Proxy id of a round. */
export const id = (phase: bigint, round: bigint): bigint => (phase << 64n) | round;

/** A fixing and its feed. */
export interface Setting {
  readonly oracle: ChainlinkSettlement;
  readonly feed: Feed;
  readonly fix: (
    now: bigint,
    proof: readonly bigint[] | Hex,
  ) => ReturnType<ChainlinkSettlement["fix"]>;
}

/** A fixing opened in phase 1 on a round of 2,000. */
export function setUp(changes: Partial<FeedReads> = {}): Setting {
  const feed = createFeed(8n, 0xa1n);
  publish(feed, 2_000n, START);
  const oracle = new ChainlinkSettlement(new Map([[PROXY, { ...readsOf(feed), ...changes }]]));
  expect(oracle.open(START, PROXY, PROFILE, T).ok).to.equal(true);
  const fix: Setting["fix"] = (now, proof) =>
    oracle.fix(now, PROXY, PROFILE, T, typeof proof === "string" ? proof : encodeProof(proof));
  return { oracle, feed, fix };
}

/** Asserts that a call ended the fixing with this price. */
export function expectPrice(
  outcome: ReturnType<ChainlinkSettlement["fix"]>,
  price: bigint,
  roundId: bigint,
  step: bigint,
): void {
  const args = { fixing: FIXING, price, roundId, step };
  expect(outcome).to.deep.equal({
    ok: true,
    returned: price,
    events: [{ name: "PriceSettled", args }],
  });
}
