import { expect } from "chai";

import type { OracleHub } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  OracleBench,
  PRICE,
  Standing,
  Verdict,
  packStore,
} from "../../fixtures/oracles.ts";
import type { FeedWorld } from "../../fixtures/oracles.ts";
import { DAY, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

/** The vote that is judged, by votes 0 and 1 and whoever else is there. */
const JUDGED = 2n;
/** The least price above PRICE that is more than 3 % off, and the least that is more than 1 % off. */
const OFF = usd(2_060) + 1n;
const APART = usd(2_020) + 1n;
const SUSPICION = 15n;
const PROBATION = 600n;

async function three() {
  const world = await bench.deployVotes(3);
  return { ...world, start: (await bench.now()) + 10_000n };
}

/** With two more votes, a push source and a guard: indices 3, 4 and 5. */
async function six() {
  const world = await bench.deployFeed([
    { classes: 1n },
    { classes: 2n },
    { classes: 4n },
    { classes: 8n },
    { classes: 16n, push: true },
    { classes: Class.Guard },
  ]);
  return { ...world, start: (await bench.now()) + 10_000n };
}

/** A vote in quarantine since `since`. */
async function quarantined() {
  const world = await three();
  const since = world.start + SUSPICION;
  await judge(world, world.start, OFF);
  await judge(world, since, OFF);
  return { ...world, since };
}

/** Both judges say PRICE, then the judged vote its own, all at one time. */
async function judge(world: FeedWorld, time: bigint, price: bigint) {
  await bench.updateAll(world, [PRICE, PRICE], time);
  return bench.update(world, JUDGED, { price, time });
}

async function standingOf(hub: OracleHub, vote = JUDGED) {
  const word = await hub.storeWord(FEED, vote);
  const since = (word >> 206n) & ((1n << 32n) - 1n);
  return { standing: (word >> 204n) & 3n, since, agreed: word >> 238n };
}

const CLEAR = { standing: Standing.Clear, since: 0n, agreed: 0n };
const suspect = (since: bigint) => ({ standing: Standing.Suspect, since, agreed: 0n });

describe("OracleHub", () => {
  describe("update of a vote that is judged", () => {
    describe("when it is clear", () => {
      it("makes it suspect beyond 3 %, and lets it count", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await expect(judge(world, start, OFF)).not.to.emit(hub, "VoteQuarantined");
        expect(await standingOf(hub)).to.deep.equal(suspect(start));
        expect((await hub.spot(FEED)).live).to.equal(3n);
      });

      for (const price of [usd(2_060), usd(1_940), PRICE]) {
        it(`leaves it clear at ${price}, within 3 %`, async () => {
          const world = await networkHelpers.loadFixture(three);
          await judge(world, world.start, price);
          expect(await standingOf(world.hub)).to.deep.equal(CLEAR);
        });
      }

      for (const price of [usd(2_060) + 1n, usd(1_940) - 1n, 1n, (1n << 63n) - 1n]) {
        it(`makes it suspect at ${price}, beyond 3 %`, async () => {
          const world = await networkHelpers.loadFixture(three);
          await judge(world, world.start, price);
          expect(await standingOf(world.hub)).to.deep.equal(suspect(world.start));
        });
      }
    });

    describe("when it is suspect", () => {
      it("quarantines it 15 s later, with VoteQuarantined, and it counts no more", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await judge(world, start, OFF);
        const time = start + SUSPICION;
        await expect(judge(world, time, OFF + 5n))
          .to.emit(hub, "VoteQuarantined")
          .withArgs(FEED, JUDGED, OFF + 5n, PRICE);
        const since = time;
        expect(await standingOf(hub)).to.deep.equal({ ...CLEAR, standing: 2n, since });
        const { current, votes } = await hub.report(FEED);
        expect([current.live, current.mid]).to.deep.equal([2n, PRICE]);
        const row = votes[Number(JUDGED)];
        expect([row?.verdict, row?.standing, row?.since]).to.deep.equal([
          Verdict.Quarantined,
          Standing.Quarantined,
          since,
        ]);
      });

      it("does not quarantine it within 15 s, however often it says so, and it stays suspect", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        for (const later of [0n, 1n, 7n, 14n]) await judge(world, start + later, OFF + later);
        expect(await standingOf(hub)).to.deep.equal(suspect(start));
      });

      it("clears it when it is within 3 % again, and begins anew", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await judge(world, start, OFF);
        await judge(world, start + 10n, usd(2_060));
        expect(await standingOf(hub)).to.deep.equal(CLEAR);
        await judge(world, start + 20n, OFF);
        expect(await standingOf(hub)).to.deep.equal(suspect(start + 20n));
      });

      it("leaves it suspect while nobody can judge it", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await judge(world, start, OFF);
        await bench.update(world, JUDGED, { price: OFF, time: start + 61n });
        expect(await standingOf(hub)).to.deep.equal(suspect(start));
        await judge(world, start + 200n, OFF);
        expect((await standingOf(hub)).standing).to.equal(Standing.Quarantined);
      });
    });

    describe("when its judges are looked at", () => {
      it("wants two of them", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await bench.update(world, 0n, { price: PRICE, time: start });
        for (const later of [0n, 15n, 30n]) {
          await bench.update(world, JUDGED, { price: OFF, time: start + later });
        }
        expect(await standingOf(hub)).to.deep.equal(CLEAR);
      });

      for (const age of [60n, 61n]) {
        it(`${age === 60n ? "takes" : "does not take"} one that was seen ${age} s ago`, async () => {
          const world = await networkHelpers.loadFixture(three);
          const { hub, start } = world;
          await bench.update(world, 0n, { price: PRICE, time: start });
          await bench.update(world, 1n, { price: PRICE, time: start + 30n });
          await bench.update(world, JUDGED, { price: OFF, time: start + age });
          expect(await standingOf(hub)).to.deep.equal(age === 60n ? suspect(start + age) : CLEAR);
        });

        it(`${age === 60n ? "judges" : "does not judge"} a reading that is ${age} s old`, async () => {
          const world = await networkHelpers.loadFixture(three);
          const { hub, start } = world;
          await bench.updateAll(world, [PRICE, PRICE], start);
          await bench.update(world, JUDGED, { price: OFF, time: start - age }, start);
          expect(await standingOf(hub)).to.deep.equal(age === 60n ? suspect(start) : CLEAR);
        });
      }

      for (const second of [usd(2_020), APART]) {
        const agree = second === usd(2_020);
        it(`${agree ? "takes" : "does not take"} them ${agree ? "" : "more than "}1 % apart`, async () => {
          const world = await networkHelpers.loadFixture(three);
          const { hub, start } = world;
          await bench.updateAll(world, [PRICE, second], start);
          await bench.update(world, JUDGED, { price: usd(3_000), time: start });
          expect(await standingOf(hub)).to.deep.equal(agree ? suspect(start) : CLEAR);
        });
      }

      it("compares with the floored mean of two", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        for (const later of [0n, SUSPICION]) {
          await bench.updateAll(world, [PRICE + 2n, PRICE + 5n], start + later);
          await bench.update(world, JUDGED, { price: 7n, time: start + later });
        }
        const [event] = await hub.queryFilter(hub.filters.VoteQuarantined);
        expect(event?.args.middle).to.equal(PRICE + 3n);
      });

      it("compares with the median of all that there are, not with guards", async () => {
        const world = await networkHelpers.loadFixture(six);
        const { hub, start } = world;
        const prices = [usd(2_000), usd(2_004), usd(2_018), usd(2_001), usd(2_003), usd(900)];
        for (const later of [0n, SUSPICION]) {
          const time = start + later;
          await bench.updateAll(world, prices.with(Number(JUDGED), usd(2_100)), time);
          await bench.update(world, JUDGED, { price: usd(2_100), time, form: (1n << 21n) | 2n });
        }
        const [event] = await hub.queryFilter(hub.filters.VoteQuarantined);
        const middle = (usd(2_001) + usd(2_003)) / 2n;
        expect(event?.args).to.deep.equal([FEED, JUDGED, usd(2_100), middle]);
      });

      it("does not take one that is stale or in quarantine", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, start, since } = world;
        // Vote 0 is left with vote 1 and the one in quarantine.
        await bench.update(world, 0n, { price: usd(3_000), time: since + 1n });
        expect(await standingOf(hub, 0n)).to.deep.equal(CLEAR);
        expect(start).to.be.lessThan(since);
      });

      it("never judges a guard", async () => {
        const world = await networkHelpers.loadFixture(six);
        const { hub, start } = world;
        for (const later of [0n, SUSPICION]) {
          await bench.updateAll(world, [PRICE, PRICE, PRICE], start + later);
          await bench.update(world, 5n, { price: usd(900), time: start + later });
        }
        expect(await standingOf(hub, 5n)).to.deep.equal(CLEAR);
      });

      it("sees a push source now, whatever the time of its round", async () => {
        const world = await networkHelpers.loadFixture(six);
        const { hub, start } = world;
        const push = { price: OFF, time: start - 3_000n };
        for (const later of [0n, SUSPICION]) {
          await bench.updateAll(world, [PRICE, PRICE], start + later);
          await bench.update(world, 4n, push, start + later);
        }
        expect((await standingOf(hub, 4n)).standing).to.equal(Standing.Quarantined);
      });
    });

    describe("when the market moves and old readings of the others are brought", () => {
      it("does not quarantine the vote that is right", async () => {
        const world = await networkHelpers.loadFixture(three);
        const { hub, start } = world;
        await bench.updateAll(world, [PRICE, PRICE, PRICE], start);
        // The market falls by a tenth. One vote tells at once; of the others only what they said before is brought.
        for (let i = 1n; i <= 10n; ++i) {
          const now = start + 100n + 20n * i;
          for (const judgeVote of [0n, 1n]) {
            await bench.update(world, judgeVote, { price: PRICE, time: now - 61n }, now);
          }
          await bench.update(world, JUDGED, { price: usd(1_800), time: now });
          expect(await standingOf(hub)).to.deep.equal(CLEAR);
        }
        expect(await hub.queryFilter(hub.filters.VoteQuarantined)).to.deep.equal([]);
      });
    });

    describe("when it is in quarantine", () => {
      it("begins to count its agreement within 1 %", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        for (const [later, price] of [
          [10n, usd(2_020)],
          [20n, usd(1_980)],
        ] as const) {
          await judge(world, since + later, price);
          const expected = { standing: Standing.Quarantined, since, agreed: 11n };
          expect(await standingOf(hub)).to.deep.equal(expected);
        }
      });

      it("releases it 600 s after that, with VoteReleased, not a second sooner", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        const began = since + 100n;
        await judge(world, began, PRICE);
        await expect(judge(world, began + PROBATION - 1n, PRICE)).not.to.emit(hub, "VoteReleased");
        expect((await hub.spot(FEED)).live).to.equal(2n);
        const time = began + PROBATION;
        await expect(judge(world, time, usd(2_020)))
          .to.emit(hub, "VoteReleased")
          .withArgs(FEED, JUDGED);
        const kept = { price: usd(2_020), time, seenAt: time, maxAge: 300n, source: JUDGED };
        expect(await hub.storeWord(FEED, JUDGED)).to.equal(packStore(kept));
        expect((await hub.spot(FEED)).live).to.equal(3n);
      });

      for (const price of [APART, usd(1_980) - 1n]) {
        it(`ends the count at ${price}, beyond 1 %`, async () => {
          const world = await networkHelpers.loadFixture(quarantined);
          const { hub, since } = world;
          await judge(world, since + 100n, PRICE);
          await judge(world, since + 300n, price);
          const reset = { standing: Standing.Quarantined, since, agreed: 0n };
          expect(await standingOf(hub)).to.deep.equal(reset);
          await judge(world, since + 701n, PRICE);
          expect((await standingOf(hub)).agreed).to.equal(702n);
          await judge(world, since + 1_300n, PRICE);
          expect((await standingOf(hub)).standing).to.equal(Standing.Quarantined);
          await expect(judge(world, since + 1_301n, PRICE)).to.emit(hub, "VoteReleased");
        });
      }

      it("keeps its count while nobody can judge it", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        await judge(world, since + 100n, PRICE);
        await bench.update(world, JUDGED, { price: OFF, time: since + 400n });
        const expected = { standing: Standing.Quarantined, since, agreed: 101n };
        expect(await standingOf(hub)).to.deep.equal(expected);
        await expect(judge(world, since + 700n, PRICE)).to.emit(hub, "VoteReleased");
      });

      it("lets nobody release it by a reading older than 60 s", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        await judge(world, since + 100n, PRICE);
        const now = since + 800n;
        await bench.updateAll(world, [PRICE, PRICE], now);
        await bench.update(world, JUDGED, { price: PRICE, time: now - 61n }, now);
        expect((await standingOf(hub)).standing).to.equal(Standing.Quarantined);
      });
    });

    describe("when 24 h have passed since it began", () => {
      it("counts again, and the next reading writes it clear after ReadingStored", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        const end = since + DAY;
        await bench.update(world, JUDGED, { price: OFF, time: end - 1n });
        expect((await hub.spot(FEED)).live).to.equal(0n);
        await bench.mineAt(end);
        const { current, votes } = await hub.report(FEED);
        expect(current.live).to.equal(1n);
        const row = votes[Number(JUDGED)];
        expect([row?.verdict, row?.standing]).to.deep.equal([Verdict.Used, Standing.Clear]);

        const sent = await bench.update(world, JUDGED, { price: OFF, time: end });
        const names = (await sent.wait())?.logs.map((log) => hub.interface.parseLog(log)?.name);
        expect(names).to.deep.equal(["ReadingStored", "VoteReleased"]);
        expect(await standingOf(hub)).to.deep.equal(CLEAR);
      });

      it("is judged anew: an old suspicion does not count", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        const end = since + DAY;
        await expect(judge(world, end, OFF))
          .to.emit(hub, "VoteReleased")
          .withArgs(FEED, JUDGED);
        expect(await standingOf(hub)).to.deep.equal(suspect(end));
      });

      it("has room for an agreement that begins in its last second", async () => {
        const world = await networkHelpers.loadFixture(quarantined);
        const { hub, since } = world;
        await judge(world, since + DAY - 1n, PRICE);
        const expected = { standing: Standing.Quarantined, since, agreed: DAY };
        expect(await standingOf(hub)).to.deep.equal(expected);
      });
    });

    describe("when one of three votes lies by 99 %", () => {
      for (const lie of [usd(20), usd(3_980)]) {
        it(`keeps the mid within the honest ones at ${lie}, and quarantines the liar`, async () => {
          const world = await networkHelpers.loadFixture(three);
          const { hub, start } = world;
          for (const later of [0n, SUSPICION]) {
            await bench.updateAll(world, [usd(1_999), usd(2_001)], start + later);
            await bench.update(world, JUDGED, { price: lie, time: start + later });
            const { mid, low, high } = await hub.spot(FEED);
            expect(mid >= usd(1_999) && mid <= usd(2_001)).to.equal(true);
            const half = (mid * 5n) / 10_000n + 1n;
            expect(low >= usd(1_999) - half && high <= usd(2_001) + half).to.equal(true);
          }
          expect((await standingOf(hub)).standing).to.equal(Standing.Quarantined);
        });
      }
    });
  });

  describe("poke of a vote that is judged", () => {
    it("judges a push source that only says the same again", async () => {
      const world = await networkHelpers.loadFixture(six);
      const { hub, sources, start } = world;
      await sources[4]?.say({ price: OFF, time: start, confidence: 0n, form: 1n });
      for (const later of [0n, SUSPICION]) {
        await bench.updateAll(world, [PRICE, PRICE], start + later);
        await bench.at(start + later);
        await hub.poke(FEED);
      }
      expect((await standingOf(hub, 4n)).standing).to.equal(Standing.Quarantined);
    });
  });
});
