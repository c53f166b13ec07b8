import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  OracleBench,
  PRICE,
  Status,
  Verdict,
  packStore,
  feedArgs,
} from "../../fixtures/oracles.ts";
import { DAY, HOUR, MAX_63, usd } from "../../fixtures/units.ts";
import { biased } from "../../helpers/arbitraries.ts";
import { bandOf } from "./reference.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const VOLS = [0n, 500n, 10_000n];
const AGE = 90_000n;

/** A feed of eight votes for each quorum and daily volatility, by the name of both. */
async function feeds() {
  const world = await bench.deployHub();
  const sources = [];
  for (let i = 0n; i < 8n; ++i) sources.push(await bench.source({ classes: 1n << i, maxAge: AGE }));
  for (const quorum of [3n, 5n, 7n]) {
    for (const dailyVol of VOLS) {
      const feed = feedOf(quorum, dailyVol);
      const own = world.hub.connect(world.governor);
      await own.createFeed(...feedArgs({ feed, quorum, dailyVol }, sources));
    }
  }
  const now = (await bench.now()) + 100_000n;
  await bench.mineAt(now);
  return { ...world, now };
}

/** Three votes of quorum 3 and a guard at index 3, nothing said yet. */
async function guarded() {
  const terms = [{ classes: 1n }, { classes: 2n }, { classes: 4n }, { classes: Class.Guard }];
  const world = await bench.deployFeed(terms);
  return { ...world, start: (await bench.now()) + 10_000n };
}

const feedOf = (quorum: bigint, dailyVol: bigint): string =>
  encodeBytes32String(`${quorum}/${dailyVol}`);

interface Said {
  readonly price: bigint;
  readonly age?: bigint;
  readonly confidence?: bigint;
}

type World = Awaited<ReturnType<typeof feeds>>;

/** Puts readings into the stores of a feed and asks for its spot. */
async function spotOf(world: World, said: readonly Said[], quorum: bigint, dailyVol = 0n) {
  const feed = feedOf(quorum, dailyVol);
  const first = await bench.feedSlot("stores", 0n, feed);
  for (let i = 0n; i < 8n; ++i) {
    const one = said[Number(i)];
    const time = world.now - (one?.age ?? 0n);
    const kept = { ...one, price: one?.price ?? 0n, time, seenAt: time, maxAge: AGE, source: i };
    await bench.write(world.hub, first + i, one === undefined ? 0n : packStore(kept));
  }
  const { mid, low, high, live, faults, status } = await world.hub.spot(feed);
  return { mid, low, high, live, faults, status };
}

const FIVE = [2_005, 1_990, 2_020, 2_000, 2_010].map((dollars) => ({ price: usd(dollars) }));

describe("OracleHub", () => {
  describe("spot", () => {
    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(feeds);
      await expect(hub.spot(FEED)).to.be.revertedWithCustomError(hub, "FeedUnknown").withArgs(FEED);
    });

    describe("when it has five votes at 1,990 to 2,020 dollars", () => {
      // Half-width: 2,005 · 5 / 10,000 = 1.0025.
      const [below, above] = [usd(2_003.9975), usd(2_006.0025)];
      const rows = [
        { quorum: 3n, low: usd(2_000), high: usd(2_010), faults: 1n, few: 0n },
        { quorum: 5n, low: below, high: above, faults: 2n, few: 0n },
        { quorum: 7n, low: usd(1_990), high: usd(2_020), faults: 0n, few: Status.FewVotes },
      ];
      for (const { quorum, low, high, faults, few } of rows) {
        it(`gives ${faults} faults and their band with a quorum of ${quorum}`, async () => {
          const world = await networkHelpers.loadFixture(feeds);
          const status = Status.Apart | few;
          expect(await spotOf(world, FIVE, quorum)).to.deep.equal({
            ...{ mid: usd(2_005), low, high, live: 5n, faults, status },
          });
        });
      }
    });

    describe("when it has none to eight votes", () => {
      for (const quorum of [3n, 5n, 7n]) {
        it(`degrades below the quorum of ${quorum}, and knows no price without a vote`, async () => {
          const world = await networkHelpers.loadFixture(feeds);
          const none = Status.NoPrice | Status.FewVotes | Status.NotFresh;
          const empty = { mid: 0n, low: 0n, high: 0n, live: 0n, faults: 0n, status: none };
          expect(await spotOf(world, [], quorum)).to.deep.equal(empty);
          for (let count = 1; count <= 8; ++count) {
            const said = Array.from({ length: count }, (_, i) => ({ price: PRICE + BigInt(i) }));
            const votes = said.map((each) => ({ ...each, age: 0n, confidence: 0n }));
            const status = BigInt(count) < quorum ? Status.FewVotes : 0n;
            const expected = { ...bandOf(votes, quorum, 0n), status };
            expect(await spotOf(world, said, quorum)).to.deep.equal(expected);
          }
        });
      }

      it("floors the mean of the middle two", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [PRICE + 8n, PRICE, PRICE + 3n, PRICE + 4n].map((price) => ({ price }));
        expect((await spotOf(world, said, 3n)).mid).to.equal(PRICE + 3n);
      });
    });

    describe("when it is about the band", () => {
      it("is 5 bps at least, rounded up", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [1n, 2n, 3n].map(() => ({ price: 200_000_000_001n }));
        const { low, high } = await spotOf(world, said, 3n);
        expect([low, high]).to.deep.equal([199_900_000_000n, 200_100_000_002n]);
      });

      it("takes the median confidence, rounded up", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [300n, 33n, 0n].map((confidence) => ({ price: 100_000_001n, confidence }));
        const { low, high } = await spotOf(world, said, 3n);
        // 100,000,001 · 33 / 10,000 = 330,000.0033
        expect([low, high]).to.deep.equal([99_670_000n, 100_330_002n]);
        const even = [300n, 33n, 0n, 36n].map((confidence) => ({ price: usd(1), confidence }));
        // The floored mean of 33 and 36 is 34.
        expect((await spotOf(world, even, 3n)).high).to.equal(usd(1.0034));
      });

      it("widens with the root of the median age", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [0n, DAY / 4n, DAY].map((age) => ({ price: usd(1_000), age }));
        // Half a day's volatility of 500 bps after a quarter of a day: 500 · 1/2 / 2 bps.
        const { low, high } = await spotOf(world, said, 3n, 500n);
        expect([low, high]).to.deep.equal([usd(987.5), usd(1_012.5)]);
        const hour = [0n, HOUR, HOUR].map((age) => ({ price: usd(1_000), age }));
        // ⌊√(3,600 · 10^12 / 86,400)⌋ = 204,124; 10^11 · 10,000 · 204,124 / (2 · 10^10)
        const wide = await spotOf(world, hour, 3n, 10_000n);
        expect([wide.low, wide.high]).to.deep.equal([89_793_800_000n, 110_206_200_000n]);
      });

      it("stays at 1 or more, and at 2^63 − 1 or less", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const least = await spotOf(world, Array(3).fill({ price: 1n }) as Said[], 3n, 10_000n);
        expect([least.mid, least.low, least.high, least.status]).to.deep.equal([1n, 1n, 2n, 0n]);
        const most = await spotOf(world, Array(3).fill({ price: MAX_63 }) as Said[], 3n, 10_000n);
        const half = (MAX_63 * 5n + 9_999n) / 10_000n;
        const expected = [MAX_63, MAX_63 - half, MAX_63, 0n];
        expect([most.mid, most.low, most.high, most.status]).to.deep.equal(expected);
        const all = Array(8).fill({ price: MAX_63, age: AGE, confidence: 300n }) as Said[];
        expect((await spotOf(world, all, 7n, 10_000n)).low).to.equal(
          bandOf(Array(8).fill(all[0]) as never, 7n, 10_000n).low,
        );
        const both = [{ price: 1n }, { price: MAX_63 }];
        const { mid, low, high } = await spotOf(world, both, 3n);
        expect([mid, low, high]).to.deep.equal([1n << 62n, 1n, MAX_63]);
      });

      it("is what docs/oracles.md writes, whatever the votes", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const vote = fc.record({
          price: fc.oneof(biased(1n, MAX_63), fc.bigInt(usd(1_980), usd(2_020))),
          age: biased(0n, AGE),
          confidence: biased(0n, 300n),
        });
        await fc.assert(
          fc.asyncProperty(
            fc.array(vote, { minLength: 1, maxLength: 8 }),
            fc.constantFrom(3n, 5n, 7n),
            fc.constantFrom(...VOLS),
            async (said, quorum, dailyVol) => {
              const { status, ...band } = await spotOf(world, said, quorum, dailyVol);
              expect(band).to.deep.equal(bandOf(said, quorum, dailyVol));
              const prices = said.map(({ price }) => price);
              const [least, most] = [
                prices.reduce((a, b) => (a < b ? a : b)),
                prices.reduce((a, b) => (a > b ? a : b)),
              ];
              const fresh = said.some(({ age }) => age <= 60n);
              const expected =
                (BigInt(said.length) < quorum ? Status.FewVotes : 0n) |
                ((most - least) * 100n > least ? Status.Apart : 0n) |
                (fresh ? 0n : Status.NotFresh);
              expect(status).to.equal(expected);
            },
          ),
          { numRuns: RUNS, seed: SEED },
        );
      });

      it("stays within the honest votes' range where a minority lies", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const lie = biased(1n, MAX_63);
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(3n, 5n, 7n),
            fc.array(fc.bigInt(usd(1_995), usd(2_005)), { minLength: 8, maxLength: 8 }),
            fc.array(lie, { minLength: 3, maxLength: 3 }),
            fc.integer({ min: 0, max: 1 }),
            async (quorum, honest, lies, more) => {
              const faults = Number((quorum - 1n) / 2n);
              const said = [...lies.slice(0, faults), ...honest.slice(0, faults + 1 + more)];
              const range = honest.slice(0, faults + 1 + more);
              const { mid, low, high } = await spotOf(
                world,
                said.map((price) => ({ price })),
                quorum,
              );
              const least = range.reduce((a, b) => (a < b ? a : b));
              const most = range.reduce((a, b) => (a > b ? a : b));
              expect(mid >= least && mid <= most).to.equal(true);
              const half = (mid * 5n + 9_999n) / 10_000n;
              expect(low >= least - half && high <= most + half).to.equal(true);
            },
          ),
          { numRuns: RUNS, seed: SEED },
        );
      });
    });

    describe("when it is degraded for one reason", () => {
      it("is not when three votes agree and one is fresh", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [60n, 80_000n, AGE].map((age) => ({ price: PRICE, age }));
        expect((await spotOf(world, said, 3n)).status).to.equal(0n);
      });

      it("says FewVotes alone with one vote less than the quorum", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        expect((await spotOf(world, FIVE.slice(0, 2), 3n)).status).to.equal(Status.FewVotes);
      });

      it("says Apart alone beyond 1 %, whichever two it is", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = (top: bigint) => [{ price: top }, { price: PRICE }, { price: usd(2_010) }];
        expect((await spotOf(world, said(usd(2_020)), 3n)).status).to.equal(0n);
        const { status } = await spotOf(world, said(usd(2_020) + 1n), 3n);
        expect(status).to.equal(Status.Apart);
      });

      it("says NotFresh alone when the newest reading is 61 s old", async () => {
        const world = await networkHelpers.loadFixture(feeds);
        const said = [61n, 62n, 63n].map((age) => ({ price: PRICE, age }));
        expect((await spotOf(world, said, 3n)).status).to.equal(Status.NotFresh);
      });

      for (const [guard, status] of [
        [usd(2_300), 0n],
        [usd(2_300) + 1n, Status.GuardApart],
        [usd(1_700), 0n],
        [usd(1_700) - 1n, Status.GuardApart],
      ] as const) {
        it(`says ${status === 0n ? "nothing" : "GuardApart alone"} with a guard at ${guard}`, async () => {
          const world = await networkHelpers.loadFixture(guarded);
          await bench.updateAll(world, [PRICE, PRICE, PRICE, guard], world.start);
          const spot = await world.hub.spot(FEED);
          expect([spot.status, spot.mid, spot.live]).to.deep.equal([status, PRICE, 3n]);
        });
      }

      it("does not mind a guard that is stale", async () => {
        const world = await networkHelpers.loadFixture(guarded);
        const { start } = world;
        await bench.update(world, 3n, { price: 1n, time: start });
        await bench.updateAll(world, [PRICE, PRICE, PRICE], start + 300n);
        expect((await world.hub.spot(FEED)).status).to.equal(Status.GuardApart);
        expect(await bench.statusAt(world, start + 301n)).to.equal(0n);
      });

      it("does not set GuardApart without a mid", async () => {
        const world = await networkHelpers.loadFixture(guarded);
        await bench.update(world, 3n, { price: 1n, time: world.start });
        const { mid, live, status } = await world.hub.spot(FEED);
        const none = Status.NoPrice | Status.FewVotes | Status.NotFresh;
        expect([mid, live, status]).to.deep.equal([0n, 0n, none]);
      });
    });

    describe("when readings age", () => {
      it("counts a vote up to its source's maximal age, and a second later no more", async () => {
        const world = await networkHelpers.loadFixture(guarded);
        const { hub, start } = world;
        await bench.updateAll(world, [PRICE, PRICE, PRICE], start);
        await bench.mineAt(start + 300n);
        expect((await hub.spot(FEED)).live).to.equal(3n);
        await bench.mineAt(start + 301n);
        expect((await hub.spot(FEED)).live).to.equal(0n);
      });

      it("takes one that is ahead for new", async () => {
        const world = await networkHelpers.loadFixture(guarded);
        const { hub, start } = world;
        for (const index of [0n, 1n, 2n]) {
          await bench.update(world, index, { price: PRICE, time: start + 5n }, start);
        }
        const { status, live, low } = await hub.spot(FEED);
        expect([status, live, low]).to.deep.equal([0n, 3n, usd(1_999)]);
      });
    });
  });

  describe("report", () => {
    it("gives the spot and each vote with why it counts or not", async () => {
      const world = await bench.deployFeed([
        { classes: 1n },
        { classes: 2n },
        { classes: 4n, maxAge: 10n },
        { classes: 8n },
        { classes: Class.Guard },
        { classes: 16n, push: true },
      ]);
      const { hub } = world;
      const start = (await bench.now()) + 10_000n;
      for (const later of [0n, 15n]) {
        const time = start + later;
        const reading = { price: usd(2_100), time, confidence: 9n };
        await bench.updateAll(world, [PRICE, PRICE], time);
        if (later === 0n) await bench.update(world, 2n, { price: PRICE, time });
        await bench.update(world, 3n, reading);
        await bench.update(world, 4n, { price: usd(1_900), time });
      }
      await bench.mineAt(start + 20n);
      const { current, votes } = await hub.report(FEED);
      expect([...current]).to.deep.equal([...(await hub.spot(FEED))]);
      const row = (verdict: bigint, source: bigint, price: bigint, time: bigint) => [
        verdict,
        source,
        price,
        time,
        time,
      ];
      expect(votes.map((vote) => [...vote])).to.deep.equal([
        [1n, ...row(Verdict.Used, 0n, PRICE, start + 15n), 0n, 0n, 0n],
        [2n, ...row(Verdict.Used, 1n, PRICE, start + 15n), 0n, 0n, 0n],
        [4n, ...row(Verdict.Stale, 2n, PRICE, start), 0n, 0n, 0n],
        [8n, ...row(Verdict.Quarantined, 3n, usd(2_100), start + 15n), 9n, 2n, start + 15n],
        [Class.Guard, ...row(Verdict.Guard, 4n, usd(1_900), start + 15n), 0n, 0n, 0n],
        [16n, ...row(Verdict.Empty, 0n, 0n, 0n), 0n, 0n, 0n],
      ]);
    });

    it("calls a quarantined vote stale when it is both", async () => {
      const world = await bench.deployVotes(3);
      const start = (await bench.now()) + 10_000n;
      for (const later of [0n, 15n]) {
        await bench.updateAll(world, [PRICE, PRICE, usd(2_100)], start + later);
      }
      await bench.mineAt(start + 316n);
      const { votes } = await world.hub.report(FEED);
      expect(votes.map(({ verdict }) => verdict)).to.deep.equal([
        Verdict.Stale,
        Verdict.Stale,
        Verdict.Stale,
      ]);
    });

    it("wants a feed that is there", async () => {
      const { hub } = await networkHelpers.loadFixture(feeds);
      await expect(hub.report(FEED))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(FEED);
    });
  });
});
