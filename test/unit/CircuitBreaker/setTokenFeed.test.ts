import { expect } from "chai";
import { Interface, ZeroHash, encodeBytes32String } from "ethers";

import { FEED } from "../../../scripts/lib/oracle/threeClasses.ts";
import { CircuitBreaker__factory } from "../../../types/ethers-contracts/index.ts";
import { BreakerBench, NO_FEED, Trigger, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

describe("CircuitBreaker", () => {
  describe("setTokenFeed", () => {
    it("names the feed of the collateral, or none", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, inverse, admin, ether, linear } = world;
      const own = breaker.connect(admin);
      await expect(own.setTokenFeed(inverse, ether.feed))
        .to.emit(breaker, "TokenFeedSet")
        .withArgs(inverse, ether.feed);
      expect((await bench.watch(world, inverse)).tokenFeed).to.equal(ether.feed);
      await expect(own.setTokenFeed(linear, ZeroHash))
        .to.emit(breaker, "TokenFeedSet")
        .withArgs(linear, ZeroHash);
      const args = [linear, Trigger.Depeg];
      const notice = breaker.notice(linear, Trigger.Depeg);
      await reverts(breaker, notice, "TriggerUnavailable", args);
    });

    it("wants a feed that the hub knows", async () => {
      const { breaker, hub, linear, admin } = await networkHelpers.loadFixture(watched);
      const call = breaker.connect(admin).setTokenFeed(linear, NO_FEED);
      await reverts(hub, call, "FeedUnknown", [NO_FEED]);
    });
  });

  describe("setTokenFeed to a feed of another unit", () => {
    it("is refused: a peg is per one unit of the token", async () => {
      const { breaker, hub, linear, admin } = await networkHelpers.loadFixture(watched);
      const name = encodeBytes32String("thousand");
      const pair = [FEED.base, FEED.quote, 3n, 3n, 0n] as const;
      await hub.connect(admin).createFeed(name, ...pair, []);
      const call = breaker.connect(admin).setTokenFeed(linear, name);
      await reverts(breaker, call, "TokenFeedUnit", [name, 3n]);
    });
  });

  describe("functions of roles", () => {
    it("are refused to anyone else, the other roles too", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, admin, steward, guardian, stranger, coin } = world;
      const { policy } = await bench.watch(world);
      const rows = [
        { not: [admin, steward], call: "impose", args: [linear, 1n, 1n] },
        { not: [admin, steward], call: "lift", args: [linear] },
        { not: [admin, steward], call: "rollBack", args: [linear] },
        { not: [admin, guardian], call: "tighten", args: [linear, policy] },
        { not: [steward, guardian], call: "setPolicy", args: [linear, policy] },
        { not: [steward, guardian], call: "setTokenFeed", args: [linear, coin.feed] },
      ] as const;
      for (const { not, call, args } of rows) {
        for (const caller of [...not, stranger]) {
          const { address } = caller;
          const data = new Interface(CircuitBreaker__factory.abi).encodeFunctionData(call, args);
          const refused = caller.sendTransaction({ to: world.breakerAddress, data });
          await reverts(breaker, refused, "AccessManagedUnauthorized", [address]);
        }
      }
    });
  });
});
