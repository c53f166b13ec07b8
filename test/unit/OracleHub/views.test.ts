import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  OracleBench,
  PRICE,
  PULL_AGE,
  PULL_AHEAD,
  PUSH_AGE,
  pack,
} from "../../fixtures/oracles.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

/** Vote 0: push and pulled; vote 1: pulled alone; vote 2: push alone; vote 3: two pulled; vote 4: a guard. */
async function deployed() {
  const world = await bench.deployFeed([
    { classes: 1n, push: true },
    { classes: 1n },
    { classes: 2n },
    { classes: 4n, push: true },
    { classes: 8n },
    { classes: 8n },
    { classes: Class.Guard },
  ]);
  return { ...world, start: (await bench.now()) + 10_000n };
}

const none = encodeBytes32String("none");

describe("OracleHub", () => {
  describe("votingSources", () => {
    it("gives the sources that vote, their votes, and those where a push source has a better one", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const expected = [0b111111n, 0b1111n, 0b1n];
      expect([...(await hub.votingSources(FEED))]).to.deep.equal(expected);
    });

    it("does not demote beside a better one in shadow", async () => {
      const { hub, governor } = await networkHelpers.loadFixture(deployed);
      const better = await bench.source({ classes: 4n });
      await hub.connect(governor).addSource(FEED, better);
      const expected = [0b111111n, 0b1111n, 0b1n];
      expect([...(await hub.votingSources(FEED))]).to.deep.equal(expected);
    });

    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await expect(hub.votingSources(none))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(none);
    });
  });

  describe("feedTerms", () => {
    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await expect(hub.feedTerms(none))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(none);
    });
  });

  describe("source", () => {
    it("wants a feed and a source that are there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await expect(hub.source(none, 0n))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(none);
      await expect(hub.source(FEED, 7n))
        .to.be.revertedWithCustomError(hub, "SourceUnknown")
        .withArgs(7n);
    });
  });

  describe("sourceWord", () => {
    it("gives address, vote, maximal age, maximal lead and push, low bits first", async () => {
      const { hub, sources } = await networkHelpers.loadFixture(deployed);
      const rows = [
        [0n, PUSH_AGE, 0n, 1n],
        [0n, PULL_AGE, PULL_AHEAD, 0n],
        [1n, PULL_AGE, PULL_AHEAD, 0n],
        [2n, PUSH_AGE, 0n, 1n],
      ] as const;
      for (const [i, [vote, maxAge, maxAhead, push]] of rows.entries()) {
        const address = BigInt((await sources[i]?.getAddress()) ?? 0n);
        const fields = [
          [address, 160n],
          [vote, 8n],
          [maxAge, 24n],
          [maxAhead, 8n],
          [push, 1n],
        ] as const;
        expect(await hub.sourceWord(FEED, BigInt(i))).to.equal(pack(fields));
      }
    });

    it("is 0 for a source or a feed that is not there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      expect(await hub.sourceWord(FEED, 7n)).to.equal(0n);
      expect(await hub.sourceWord(FEED, 31n)).to.equal(0n);
      expect(await hub.sourceWord(none, 0n)).to.equal(0n);
    });
  });

  describe("storeWord", () => {
    it("is 0 for a vote without a reading and for one that is not there", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      await bench.update(world, 2n, { price: PRICE, time: start });
      expect(await hub.storeWord(FEED, 1n)).not.to.equal(0n);
      for (const vote of [0n, 5n, 7n, 8n, 255n]) {
        expect(await hub.storeWord(FEED, vote)).to.equal(0n);
      }
    });

    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await expect(hub.storeWord(none, 0n))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(none);
    });
  });
});
