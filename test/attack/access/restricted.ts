import { id } from "ethers";

import { thresholds } from "../../fixtures/governance.ts";
import { FEED, OracleBench, encodeFeed, feedArgs } from "../../fixtures/oracles.ts";
import { HOUR, Level } from "../../fixtures/units.ts";
import { memberOf } from "./world.ts";
import type { AccessWorld } from "./world.ts";

/** A call that the role's member makes with success. */
export interface RightCall {
  readonly args: (world: AccessWorld) => Promise<readonly unknown[]>;
  /** Event of the target that tells of it. */
  readonly event: string;
  /** What has to be so right before. */
  readonly prepare?: (world: AccessWorld) => Promise<unknown>;
}

/** Every class says the same now. */
async function readAll({ connection, hub }: AccessWorld): Promise<void> {
  const bench = new OracleBench(connection);
  const time = (await bench.now()) + 60n;
  await bench.updateAll({ hub }, [1n, 1n, 1n, 1n], time);
}

/** Every restricted function, `target.name` as in `deploy/roles.ts`. */
export const RIGHT: Readonly<Record<string, RightCall>> = {
  "ledger.setTreasury": {
    args: async ({ stranger }) => [stranger.address],
    event: "TreasurySet",
  },
  "ledger.list": {
    args: async ({ linearTerms }) => [{ ...linearTerms, salt: id("another market") }],
    event: "MarketListed",
  },
  "ledger.retire": { args: async ({ linear }) => [linear], event: "MarketRetired" },
  "breaker.setPolicy": {
    args: async (world) => [world.guarded, await thresholds(world, -1n)],
    event: "PolicySet",
  },
  "breaker.tighten": {
    args: async (world) => [world.guarded, await thresholds(world, -1n)],
    event: "PolicySet",
  },
  "breaker.rollBack": {
    args: async ({ guarded }) => [guarded],
    event: "PolicySet",
    prepare: async (world) =>
      world.breaker
        .connect(memberOf(world.members, "STEWARD"))
        .tighten(world.guarded, await thresholds(world, -1n)),
  },
  "breaker.setTokenFeed": {
    args: async ({ guarded }) => [guarded, FEED],
    event: "TokenFeedSet",
  },
  "breaker.impose": {
    args: async ({ guarded }) => [guarded, Level.Halted, HOUR],
    event: "Tripped",
  },
  "breaker.lift": {
    args: async ({ guarded }) => [guarded],
    event: "Released",
    prepare: async ({ breaker, members, guarded }) =>
      breaker.connect(memberOf(members, "GUARDIAN")).impose(guarded, Level.Restricted, HOUR),
  },
  "bounties.setBounty": { args: async ({ guarded }) => [guarded, 7n], event: "BountySet" },
  "hub.createFeed": {
    args: async ({ sources }) => {
      const addresses = await Promise.all(sources.map((source) => source.getAddress()));
      return feedArgs({ feed: encodeFeed("another feed") }, addresses);
    },
    event: "FeedCreated",
  },
  "hub.addSource": {
    args: async ({ adding }) => [FEED, adding],
    event: "SourceAdded",
  },
  "hub.disable": {
    args: async () => [FEED, 3n],
    event: "SourceRetired",
    prepare: readAll,
  },
};
