import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { BEST, Class, FEED, OracleBench, PRICE, Stage, packStore } from "../../fixtures/oracles.ts";
import { usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

/** Votes 0..3 with a source each, a second source of vote 0 at index 4, a guard at index 5. */
async function deployed() {
  const world = await bench.deployFeed([
    { classes: 1n },
    { classes: 2n },
    { classes: 4n },
    { classes: 8n },
    { classes: 1n, push: true },
    { classes: Class.Guard },
  ]);
  const start = (await bench.now()) + 10_000n;
  return { ...world, start, own: world.hub.connect(world.steward) };
}

async function agreeing() {
  const world = await deployed();
  await bench.updateAll(world, [PRICE, PRICE, PRICE, PRICE], world.start);
  return world;
}

describe("OracleHub", () => {
  describe("disable", () => {
    describe("when enough votes are left", () => {
      it("takes the source out for good, empties its store and emits SourceRetired", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, start } = world;
        await bench.at(start);
        await expect(own.disable(FEED, 3n)).to.emit(hub, "SourceRetired").withArgs(FEED, 3n);
        expect(await hub.storeWord(FEED, 3n)).to.equal(0n);
        const { stage, vote } = await hub.source(FEED, 3n);
        expect([stage, vote]).to.deep.equal([Stage.Disabled, 3n]);
        const { live, status } = await hub.spot(FEED);
        expect([live, status]).to.deep.equal([3n, 0n]);
        expect([...(await hub.votingSources(FEED))]).to.deep.equal([0b10111n, 0b111n, 1n]);
        expect((await hub.feedTerms(FEED)).sources).to.equal(6n);
      });

      it("takes no reading of it any more, and it can be neither promoted nor added again", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, governor, sources, start } = world;
        await bench.at(start);
        await own.disable(FEED, 3n);
        await expect(bench.update(world, 3n, { price: PRICE, time: start + 1n }))
          .to.be.revertedWithCustomError(hub, "SourceDisabled")
          .withArgs(3n);
        await expect(hub.promote(FEED, 3n))
          .to.be.revertedWithCustomError(hub, "SourceDisabled")
          .withArgs(3n);
        await expect(own.disable(FEED, 3n))
          .to.be.revertedWithCustomError(hub, "SourceDisabled")
          .withArgs(3n);
        await expect(hub.connect(governor).addSource(FEED, sources[3] ?? ""))
          .to.be.revertedWithCustomError(hub, "SourceKnown")
          .withArgs(sources[3]);
      });

      it("leaves the store that another source of its vote filled", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, start } = world;
        await bench.at(start);
        await own.disable(FEED, 4n);
        const kept = { price: PRICE, time: start, seenAt: start, maxAge: 300n, source: 0n };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore(kept));
        expect([...(await hub.votingSources(FEED))]).to.deep.equal([0b1111n, 0b1111n, 0n]);
      });

      it("empties it if it spoke last, quarantine and all, and the other one speaks on", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, start } = world;
        for (const later of [1n, 16n]) {
          await bench.update(world, 4n, { price: usd(2_100), time: start + later });
        }
        expect(((await hub.storeWord(FEED, 0n)) >> 204n) & 3n).to.equal(2n);
        await bench.at(start + 17n);
        await own.disable(FEED, 4n);
        expect(await hub.storeWord(FEED, 0n)).to.equal(0n);
        await expect(bench.update(world, 0n, { price: PRICE, time: start + 2n }, start + 18n))
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, 0n, PRICE, start + 2n, 0n, BEST);
        expect((await hub.spot(FEED)).live).to.equal(4n);
      });

      it("takes out a guard, which guards no more", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, start } = world;
        await bench.update(world, 5n, { price: usd(1_000), time: start });
        expect((await hub.spot(FEED)).status).to.equal(16n);
        await bench.at(start);
        await expect(own.disable(FEED, 5n)).to.emit(hub, "SourceRetired").withArgs(FEED, 5n);
        expect((await hub.spot(FEED)).status).to.equal(0n);
        const { guard, stage } = await hub.source(FEED, 5n);
        expect([guard, stage]).to.deep.equal([true, Stage.Disabled]);
      });
    });

    describe("when the spot would move", () => {
      // Of four votes the mid is the mean of the middle two; without the highest it is the second.
      const around = (half: bigint) =>
        [usd(1_985), PRICE - half, PRICE + half, usd(2_015)] as const;

      for (const [index, after] of [
        [3n, PRICE - usd(10)],
        [0n, PRICE + usd(10)],
      ] as const) {
        it(`lets it move by 0.5 % to ${after}, not farther`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, own, start } = world;
          await bench.updateAll(world, around(usd(10) + 1n), start);
          const beyond = index === 3n ? after - 1n : after + 1n;
          await bench.at(start);
          await expect(own.disable(FEED, index))
            .to.be.revertedWithCustomError(hub, "SpotWouldMove")
            .withArgs(PRICE, beyond);
          await bench.updateAll(world, around(usd(10)), start + 10n);
          await bench.at(start + 10n);
          await own.disable(FEED, index);
          expect((await hub.spot(FEED)).mid).to.equal(after);
        });
      }
    });

    describe("when it is refused", () => {
      it("wants a steward: neither governance nor a stranger may", async () => {
        const { hub, governor, stranger } = await networkHelpers.loadFixture(agreeing);
        for (const signer of [governor, stranger]) {
          await expect(hub.connect(signer).disable(FEED, 3n))
            .to.be.revertedWithCustomError(hub, "AccessManagedUnauthorized")
            .withArgs(signer.address);
        }
      });

      it("wants a feed and a source that are there", async () => {
        const { hub, own } = await networkHelpers.loadFixture(agreeing);
        const feed = encodeBytes32String("none");
        await expect(own.disable(feed, 0n))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(feed);
        await expect(own.disable(FEED, 6n))
          .to.be.revertedWithCustomError(hub, "SourceUnknown")
          .withArgs(6n);
      });

      it("wants a quorum of live votes without it", async () => {
        const world = await networkHelpers.loadFixture(agreeing);
        const { hub, own, start } = world;
        await bench.at(start);
        await own.disable(FEED, 3n);
        await expect(own.disable(FEED, 2n))
          .to.be.revertedWithCustomError(hub, "TooFewVotes")
          .withArgs(2n, 3n);
        expect((await hub.source(FEED, 2n)).stage).to.equal(Stage.Voting);
        expect((await hub.spot(FEED)).live).to.equal(3n);
      });

      it("wants it also of a source that does not count, while the feed is silent", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, own } = world;
        for (const index of [4n, 5n]) {
          await expect(own.disable(FEED, index))
            .to.be.revertedWithCustomError(hub, "TooFewVotes")
            .withArgs(0n, 3n);
        }
      });
    });
  });
});
