import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { BEST, Class, FEED, OracleBench, PRICE, Stage, packStore } from "../../fixtures/oracles.ts";
import type { ShadowInput } from "../../fixtures/oracles.ts";
import { DAY, WEEK, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

const SHADOW = 3n;
const GAP = 300n;

/** Three votes and two sources in shadow: index 3, a fourth vote; index 4, a second source of vote 0; index 5, a guard. */
async function deployed() {
  const votes = [1n, 2n, 4n].map((classes) => ({ classes, maxAge: 90_000n, maxAhead: 60n }));
  const world = await bench.deployFeed(votes);
  const own = world.hub.connect(world.governor);
  for (const classes of [Class.Pyth, 1n, Class.Guard]) {
    await own.addSource(FEED, await bench.source({ classes }));
  }
  const start = (await bench.now()) + 10_000n;
  await bench.updateAll(world, [PRICE, PRICE, PRICE], start);
  return { ...world, start };
}

/** Blocks from `start` on, so that a record of a week is not from before the chain. */
async function proven(
  world: Awaited<ReturnType<typeof deployed>>,
  change: Partial<ShadowInput> = {},
) {
  const time = world.start + WEEK;
  const record = {
    ...{ price: PRICE, time, first: world.start, last: time, samples: 500n, within: 495n },
    ...change,
  };
  await bench.writeShadow(world, SHADOW, record);
  return record;
}

async function recordOf({ hub }: Awaited<ReturnType<typeof deployed>>, index = SHADOW) {
  const {
    price,
    time,
    first,
    last,
    samples,
    within,
    proven: isProven,
  } = await hub.shadow(FEED, index);
  return { price, time, first, last, samples, within, proven: isProven };
}

describe("OracleHub", () => {
  describe("update of a source in shadow", () => {
    it("compares it with the spot, emits ShadowSampled, and stores nothing", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start: time } = world;
      const sent = await bench.update(world, SHADOW, { price: usd(2_001), time });
      await expect(sent)
        .to.emit(hub, "ShadowSampled")
        .withArgs(FEED, SHADOW, usd(2_001), PRICE, true);
      await expect(sent).not.to.emit(hub, "ReadingStored");
      expect(await hub.storeWord(FEED, 3n)).to.equal(0n);
      expect((await hub.spot(FEED)).live).to.equal(3n);
      expect(await recordOf(world)).to.deep.equal({
        ...{ price: usd(2_001), time, first: time, last: time },
        ...{ samples: 1n, within: 1n, proven: false },
      });
    });

    for (const [price, within] of [
      [usd(2_020), true],
      [usd(2_020) + 1n, false],
      [usd(1_980), true],
      [usd(1_980) - 1n, false],
    ] as const) {
      it(`says of ${price} that it is ${within ? "" : "not "}within 1 %`, async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const sent = await bench.update(world, SHADOW, { price, time: world.start });
        await expect(sent)
          .to.emit(world.hub, "ShadowSampled")
          .withArgs(FEED, SHADOW, price, PRICE, within);
        expect((await recordOf(world)).within).to.equal(within ? 1n : 0n);
      });
    }

    it("keeps the record of a source whose vote there is already apart from its store", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      await bench.update(world, 4n, { price: usd(2_002), time: start });
      expect((await recordOf(world, 4n)).price).to.equal(usd(2_002));
      const kept = { price: PRICE, time: start, seenAt: start, maxAge: 90_000n, source: 0n };
      expect(await hub.storeWord(FEED, 0n)).to.equal(packStore(kept));
    });

    it("takes no second sample within 300 s, but price and time", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      await bench.update(world, SHADOW, { price: PRICE, time: start });
      const time = start + GAP - 1n;
      await bench.update(world, 0n, { price: PRICE, time });
      const sent = await bench.update(world, SHADOW, { price: usd(2_001), time });
      await expect(sent).not.to.emit(hub, "ShadowSampled");
      expect(await recordOf(world)).to.deep.equal({
        ...{ price: usd(2_001), time, first: start, last: start },
        ...{ samples: 1n, within: 1n, proven: false },
      });
      await bench.update(world, 0n, { price: PRICE, time: start + GAP });
      await expect(bench.update(world, SHADOW, { price: PRICE, time: start + GAP })).to.emit(
        hub,
        "ShadowSampled",
      );
      expect(await recordOf(world)).to.deep.equal({
        ...{ price: PRICE, time: start + GAP, first: start, last: start + GAP },
        ...{ samples: 2n, within: 2n, proven: false },
      });
    });

    const degraded = [
      { name: "not fresh", change: () => undefined, later: 61n },
      {
        name: "apart",
        change: async (world: Awaited<ReturnType<typeof deployed>>) =>
          bench.update(world, 0n, { price: usd(2_040), time: world.start + 1n }),
        later: 1n,
      },
      {
        name: "apart from its guard",
        change: async (world: Awaited<ReturnType<typeof deployed>>) =>
          bench.update(world, 5n, { price: usd(1_000), time: world.start + 1n }),
        later: 1n,
      },
    ];
    for (const { name, change, later } of degraded) {
      it(`takes no sample while the spot is ${name}, but price and time`, async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await change(world);
        const time = world.start + later;
        await expect(bench.update(world, SHADOW, { price: PRICE, time })).not.to.emit(
          world.hub,
          "ShadowSampled",
        );
        expect(await recordOf(world)).to.deep.equal({
          ...{ price: PRICE, time, first: 0n, last: 0n, samples: 0n, within: 0n, proven: false },
        });
      });
    }

    it("refuses what a voting source may not say either", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start: time } = world;
      await expect(bench.update(world, SHADOW, { price: 0n, time }))
        .to.be.revertedWithCustomError(hub, "PriceOutOfRange")
        .withArgs(0n);
      await expect(bench.update(world, SHADOW, { price: PRICE, time, form: 0n }))
        .to.be.revertedWithCustomError(hub, "FormInvalid")
        .withArgs(0n);
      await expect(bench.update(world, SHADOW, { price: PRICE, time: time + 6n }, time))
        .to.be.revertedWithCustomError(hub, "ReadingFromFuture")
        .withArgs(time + 6n, time + 5n);
      await expect(bench.update(world, SHADOW, { price: PRICE, time: time - 301n }, time))
        .to.be.revertedWithCustomError(hub, "ReadingTooOld")
        .withArgs(301n, 300n);
      await expect(bench.update(world, SHADOW, { price: PRICE, time, confidence: 301n }))
        .to.be.revertedWithCustomError(hub, "ConfidenceTooWide")
        .withArgs(301n, 300n);
    });

    it("takes the same time again, and refuses an older one than the record's", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start: time } = world;
      await bench.update(world, SHADOW, { price: PRICE, time });
      await bench.update(world, SHADOW, { price: usd(2_005), time }, time + 1n);
      expect((await recordOf(world)).price).to.equal(usd(2_005));
      await expect(bench.update(world, SHADOW, { price: PRICE, time: time - 1n }, time + 1n))
        .to.be.revertedWithCustomError(hub, "NotNewer")
        .withArgs(time - 1n, time);
    });
  });

  describe("shadow", () => {
    it("is all zeros before the first reading", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const none = { price: 0n, time: 0n, first: 0n, last: 0n, samples: 0n, within: 0n };
      expect(await recordOf(world)).to.deep.equal({ ...none, proven: false });
    });

    it("lies in one word: price, time, first and last sample, samples and those within", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const largest = (bits: bigint) => (1n << bits) - 1n;
      const record = {
        price: largest(64n) - 1n,
        time: largest(40n) - 2n,
        first: largest(40n) - 3n,
        last: largest(40n) - 4n,
        samples: largest(32n) - 5n,
        within: largest(32n) - 6n,
      };
      await bench.writeShadow(world, SHADOW, record);
      expect(await recordOf(world)).to.deep.equal({ ...record, proven: false });
    });

    it("wants a feed and a source that are there", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const feed = encodeBytes32String("none");
      await expect(hub.shadow(feed, 0n))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(feed);
      await expect(hub.shadow(FEED, 6n))
        .to.be.revertedWithCustomError(hub, "SourceUnknown")
        .withArgs(6n);
    });
  });

  describe("promote", () => {
    describe("when the source is proven", () => {
      it("lets it vote, emits SourcePromoted, and takes its readings", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, stranger } = world;
        const { time } = await proven(world);
        await bench.mineAt(time);
        expect((await recordOf(world)).proven).to.equal(true);
        await expect(hub.connect(stranger).promote(FEED, SHADOW))
          .to.emit(hub, "SourcePromoted")
          .withArgs(FEED, SHADOW);
        expect((await hub.source(FEED, SHADOW)).stage).to.equal(Stage.Voting);
        expect([...(await hub.votingSources(FEED))]).to.deep.equal([0b1111n, 0b1111n, 0n]);
        await expect(bench.update(world, SHADOW, { price: PRICE, time: time + 5n }))
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, SHADOW, PRICE, time + 5n, 0n, BEST);
        expect((await hub.spot(FEED)).live).to.equal(1n);
      });

      it("takes 500 samples of seven days, 495 within, and not one less of each", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub } = world;
        const rows = [
          { change: {}, early: 1n, args: [WEEK - 1n, 500n, 495n] },
          { change: { samples: 499n, within: 499n }, early: 0n, args: [WEEK, 499n, 499n] },
          { change: { within: 494n }, early: 0n, args: [WEEK, 500n, 494n] },
          { change: { samples: 600n, within: 593n }, early: 0n, args: [WEEK, 600n, 593n] },
          { change: { samples: 501n, within: 495n }, early: 0n, args: [WEEK, 501n, 495n] },
        ];
        for (const { change, early, args } of rows) {
          const { time } = await proven(world, change);
          await bench.at(time - early);
          const [age, samples, within] = args;
          await expect(hub.promote(FEED, SHADOW))
            .to.be.revertedWithCustomError(hub, "ShadowUnproven")
            .withArgs(age, samples, within);
          expect((await recordOf(world)).proven).to.equal(false);
        }
        const { time } = await proven(world, { samples: 600n, within: 594n });
        await bench.at(time);
        await expect(hub.promote(FEED, SHADOW)).to.emit(hub, "SourcePromoted");
      });

      it("is proven by 500 readings that agree over a week, brought one by one", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, start } = world;
        const step = WEEK / 499n + 1n;
        for (let i = 0n; i < 500n; ++i) {
          const time = start + i * step;
          await bench.update(world, i % 3n, { price: PRICE, time: time + 1n }, time);
          await bench.update(world, SHADOW, { price: i < 5n ? usd(2_100) : PRICE, time });
        }
        const time = start + 499n * step;
        expect(await recordOf(world)).to.deep.equal({
          ...{ price: PRICE, time, first: start, last: time },
          ...{ samples: 500n, within: 495n, proven: true },
        });
        await expect(hub.promote(FEED, SHADOW)).to.emit(hub, "SourcePromoted");
      });
    });

    describe("when it is refused", () => {
      it("says 0 for the age of a shadow without a sample", async () => {
        const { hub } = await networkHelpers.loadFixture(deployed);
        await expect(hub.promote(FEED, SHADOW))
          .to.be.revertedWithCustomError(hub, "ShadowUnproven")
          .withArgs(0n, 0n, 0n);
      });

      it("wants a feed and a source that are there and not disabled", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, start } = world;
        const feed = encodeBytes32String("none");
        await expect(hub.promote(feed, SHADOW))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(feed);
        await expect(hub.promote(FEED, 6n))
          .to.be.revertedWithCustomError(hub, "SourceUnknown")
          .withArgs(6n);
        await hub.connect(world.steward).disable(FEED, SHADOW);
        await proven(world);
        await bench.at(start + WEEK + DAY);
        await expect(hub.promote(FEED, SHADOW))
          .to.be.revertedWithCustomError(hub, "SourceDisabled")
          .withArgs(SHADOW);
      });

      it("refuses a source that votes, a guard, and a second time", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub } = world;
        const { time } = await proven(world);
        await bench.at(time);
        await hub.promote(FEED, SHADOW);
        for (const index of [0n, 5n, SHADOW]) {
          await expect(hub.promote(FEED, index))
            .to.be.revertedWithCustomError(hub, "NotInShadow")
            .withArgs(index);
        }
      });
    });
  });
});
