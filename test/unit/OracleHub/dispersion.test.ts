import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  OracleBench,
  PRICE,
  PULL_AGE,
  PUSH_AGE,
  Standing,
  packStore,
  readingWords,
} from "../../fixtures/oracles.ts";
import { DAY, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

/** Three pulled votes, a pushed one and a guard, of quorum three, nothing said yet. */
async function deployed() {
  const world = await bench.deployFeed([
    { classes: 1n },
    { classes: 2n },
    { classes: 4n },
    { classes: 8n, push: true },
    { classes: Class.Guard },
  ]);
  return { ...world, start: (await bench.now()) + 10_000n };
}

type World = Awaited<ReturnType<typeof deployed>>;

/** What is said of the votes at a time, heard since another one. */
async function dispersionAt({ hub }: World, time: bigint, since = time) {
  await bench.mineAt(time);
  const { seen, recent, lowest, highest } = (await hub.dispersion(FEED, since)).votes;
  return { seen, recent, lowest, highest };
}

const NONE = { seen: 0n, recent: 0n, lowest: 0n, highest: 0n };

describe("OracleHub", () => {
  describe("dispersion", () => {
    it("gives the quorum with it", async () => {
      const { hub, start } = await networkHelpers.loadFixture(deployed);
      expect((await hub.dispersion(FEED, start)).quorum).to.equal(3n);
    });

    describe("the core", () => {
      const votes = [1n, 2n, 4n, 8n, 16n, 32n, 64n, 128n].map((classes) => ({ classes }));

      /** Eight votes of a quorum. */
      async function wide(quorum: bigint) {
        const world = await bench.deployFeed(votes, { quorum });
        return { ...world, start: (await bench.now()) + 10_000n };
      }
      const three = () => wide(3n);
      const five = () => wide(5n);
      const seven = () => wide(7n);
      const rows = [
        { quorum: 3n, deploy: three, prices: [9n, 1n], core: [1n, 9n] },
        { quorum: 3n, deploy: three, prices: [9n], core: [0n, 0n] },
        { quorum: 3n, deploy: three, prices: [1n, 9n, 4n], core: [1n, 4n] },
        { quorum: 3n, deploy: three, prices: [1n, 9n, 6n], core: [6n, 9n] },
        // As near: the lower ones.
        { quorum: 3n, deploy: three, prices: [5n, 9n, 1n], core: [1n, 5n] },
        { quorum: 5n, deploy: five, prices: [1n, 4n, 9n, 12n, 13n], core: [9n, 13n] },
        { quorum: 5n, deploy: five, prices: [1n, 4n], core: [0n, 0n] },
        { quorum: 7n, deploy: seven, prices: [8n, 1n, 7n, 2n, 6n, 3n, 5n, 4n], core: [1n, 4n] },
        { quorum: 7n, deploy: seven, prices: [1n, 4n, 6n], core: [0n, 0n] },
      ];
      for (const { quorum, deploy, prices, core } of rows) {
        it(`of ${prices.join()} with a quorum of ${quorum} is ${core.join(" to ")}`, async () => {
          const world = await networkHelpers.loadFixture(deploy);
          const dollars = prices.map((each) => usd(1_000 + Number(each)));
          await bench.updateAll(world, dollars, world.start);
          const found = (await world.hub.dispersion(FEED, world.start)).votes;
          const expected = core.map((each) => (each === 0n ? 0n : usd(1_000 + Number(each))));
          expect([found.coreLow, found.coreHigh]).to.deep.equal(expected);
          expect(found.recent).to.equal(BigInt(prices.length));
        });
      }
    });

    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const none = encodeBytes32String("none");
      await expect(hub.dispersion(none, 0n))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(none);
    });

    it("is nothing where nobody has said anything, or a guard alone", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { start } = world;
      expect(await dispersionAt(world, start, 0n)).to.deep.equal(NONE);
      await bench.update(world, 4n, { price: PRICE, time: start + 1n });
      expect(await dispersionAt(world, start + 1n, 0n)).to.deep.equal(NONE);
    });

    it("gives the lowest and the highest vote, in whatever order they are", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      let time = world.start;
      const [low, middle, high] = [usd(1_990), PRICE, usd(2_010)];
      for (const prices of [
        [low, middle, high],
        [high, middle, low],
        [middle, low, high],
      ]) {
        time += 100n;
        await bench.updateAll(world, prices, time);
        const expected = { seen: 3n, recent: 3n, lowest: low, highest: high };
        expect(await dispersionAt(world, time)).to.deep.equal(expected);
      }
    });

    it("takes a vote for one of this minute to the sixtieth second", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { start } = world;
      await bench.update(world, 0n, { price: usd(1_990), time: start });
      await bench.update(world, 1n, { price: PRICE, time: start + 1n });
      const both = { seen: 2n, recent: 2n, lowest: usd(1_990), highest: PRICE };
      expect(await dispersionAt(world, start + 60n)).to.deep.equal(both);
      const one = { ...both, recent: 1n, lowest: PRICE };
      expect(await dispersionAt(world, start + 61n)).to.deep.equal(one);
    });

    it("goes by when a push source was read, not by its round", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, sources, start } = world;
      const reading = { price: PRICE, time: start, confidence: 0n, form: (1n << 21n) | 1n };
      await sources[3]?.say(reading);
      await bench.at(start + 1_000n);
      await hub.poke(FEED);
      expect((await dispersionAt(world, start + 1_060n)).recent).to.equal(1n);
      expect((await dispersionAt(world, start + 1_061n)).recent).to.equal(0n);
    });

    it("does not take a vote of this minute that is too old", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { sources, hub, start } = world;
      const reading = { price: PRICE, time: start, confidence: 0n, form: (1n << 21n) | 1n };
      await sources[3]?.say(reading);
      await bench.at(start + PUSH_AGE);
      await hub.poke(FEED);
      const now = start + PUSH_AGE;
      expect(await dispersionAt(world, now)).to.include({ seen: 1n, recent: 1n });
      expect(await dispersionAt(world, now + 1n)).to.deep.equal(NONE);
    });

    it("hears whoever was good at some time since", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      await bench.update(world, 0n, { price: PRICE, time: start });
      const last = start + PULL_AGE;
      expect((await dispersionAt(world, last)).seen).to.equal(1n);
      expect((await dispersionAt(world, last + 1n)).seen).to.equal(0n);
      await bench.mineAt(start + DAY);
      expect((await hub.dispersion(FEED, last)).votes.seen).to.equal(1n);
      expect((await hub.dispersion(FEED, last + 1n)).votes.seen).to.equal(0n);
    });

    it("takes a reading that is ahead", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      await bench.at(start);
      await hub.update(FEED, 0n, readingWords({ price: PRICE, time: start + 5n }));
      const expected = { seen: 1n, recent: 1n, lowest: PRICE, highest: PRICE };
      expect(await dispersionAt(world, start)).to.deep.equal(expected);
    });

    it("leaves a vote out while it is in quarantine, and no longer", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      const slot = await bench.feedSlot("stores", 0n);
      const kept = { price: PRICE, seenAt: start, source: 0n, maxAge: 90_000n, since: start };
      const store = { ...kept, time: start, standing: Standing.Quarantined };
      await bench.write(hub, slot, packStore(store));
      expect(await dispersionAt(world, start + 1n, 0n)).to.deep.equal(NONE);
      expect(await dispersionAt(world, start + DAY - 1n, 0n)).to.deep.equal(NONE);
      expect((await dispersionAt(world, start + DAY, 0n)).seen).to.equal(1n);
      await bench.write(hub, slot, packStore({ ...store, standing: Standing.Suspect }));
      expect((await dispersionAt(world, start + DAY, 0n)).seen).to.equal(1n);
    });
  });
});
