import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import {
  CLOSINGS,
  FEED,
  FixingBench,
  KINDS,
  Mode,
  PRICE,
  Source,
  Step,
  T,
  packFixing,
  profileOf,
  selector,
  words,
} from "../../fixtures/oracles.ts";
import type { ValueInput } from "../../fixtures/oracles.ts";
import { DAY } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new FixingBench(connection);

const [C1, C2, C3, C4] = CLOSINGS;
const RANK = 7n;
const UP_ROUND = 10n;

/** All profiles are open on a hub whose uptime feed says what it is taught; up at first. The one fixture. */
async function deployed() {
  const uptime = await ethers.deployContract("HostileFeed");
  const latest = words(UP_ROUND, 0n, 1n, 1n, UP_ROUND);
  await uptime.teach(selector.latestRoundData, Mode.Data, latest);
  const world = await bench.deploy(uptime);
  const fixings: string[] = [];
  for (const kind of [0n, 1n, 2n]) fixings.push((await bench.open(world, kind)).fixing);
  return { ...world, uptime, fixings };
}

type World = Awaited<ReturnType<typeof deployed>>;

async function down({ uptime }: World, since: bigint): Promise<void> {
  const latest = words(UP_ROUND, 1n, since, since, UP_ROUND);
  await uptime.teach(selector.latestRoundData, Mode.Data, latest);
}

/** Up since then, after a down that began so many seconds before; no round before, if undefined. */
async function up({ uptime }: World, since: bigint, outage?: bigint, answer = 1n): Promise<void> {
  const latest = words(UP_ROUND, 0n, since, since, UP_ROUND);
  await uptime.teach(selector.latestRoundData, Mode.Data, latest);
  if (outage === undefined) return;
  const [id, began] = [UP_ROUND - 1n, since - outage];
  const call = `${selector.getRoundData}${words(id).slice(2)}`;
  await uptime.teach(call, Mode.Data, words(id, answer, began, began, id));
}

async function note({ oracle }: World, time: bigint, kind = 0n) {
  await bench.at(time);
  return oracle.noteOutage(FEED, profileOf(kind), T);
}

const VOTES = [Source.Pulled, Source.RedStone, Source.Own];
const ofClasses = (count: number): ValueInput[] =>
  VOTES.slice(0, count).map((source) => ({ source, price: PRICE, form: RANK }));

describe("SettlementOracle", () => {
  describe("noteOutage", () => {
    describe("when the sequencer is down", () => {
      it("prolongs the window, with OutageNoted", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        await down(world, T + 5n);
        await expect(note(world, T + 10n))
          .to.emit(oracle, "OutageNoted")
          .withArgs(fixings[0], T + 5n);
        const [header] = await bench.fixingWords(oracle, fixings[0] ?? "");
        expect(header).to.equal(packFixing({ prolonged: 1n }));
        expect((await oracle.fixingState(fixings[0] ?? "")).prolonged).to.equal(true);
        expect((await oracle.fixingState(fixings[1] ?? "")).prolonged).to.equal(false);
      });

      it("takes one that began long before", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await down(world, T - 90_000n);
        await expect(note(world, T + 10n))
          .to.emit(world.oracle, "OutageNoted")
          .withArgs(world.fixings[0], T - 90_000n);
      });
    });

    it("takes a down without a valid time for a down", async () => {
      for (const since of [0n, T + 11n]) {
        const world = await networkHelpers.loadFixture(deployed);
        await down(world, since);
        await expect(note(world, T + 10n))
          .to.emit(world.oracle, "OutageNoted")
          .withArgs(world.fixings[0], since);
      }
    });

    describe("when it was down", () => {
      for (const [kind, { slots, step }] of KINDS.entries()) {
        const first = T - (slots - 1n) * step;
        it(`takes an end later than the first slot, profile ${kind}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          await up(world, first, 500n);
          await expect(note(world, T + 10n, BigInt(kind)))
            .to.be.revertedWithCustomError(world.oracle, "NoOutage")
            .withArgs(first);
          await up(world, first + 1n, 500n);
          await expect(note(world, T + 20n, BigInt(kind)))
            .to.emit(world.oracle, "OutageNoted")
            .withArgs(world.fixings[kind], first + 1n);
        });
      }

      it("wants a round before that reads and says down", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await up(world, T + 5n);
        await expect(note(world, T + 10n))
          .to.be.revertedWithCustomError(world.oracle, "NoOutage")
          .withArgs(T + 5n);
        await up(world, T + 5n, 100n, 0n);
        await expect(note(world, T + 11n))
          .to.be.revertedWithCustomError(world.oracle, "NoOutage")
          .withArgs(T + 5n);
        await up(world, T + 5n, -1n);
        await expect(note(world, T + 12n))
          .to.be.revertedWithCustomError(world.oracle, "NoOutage")
          .withArgs(T + 5n);
      });
    });

    describe("when it says nothing", () => {
      it("refuses a feed that cannot be read, and one without a valid time", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { uptime, oracle } = world;
        await uptime.teach(selector.latestRoundData, Mode.Revert, "0x");
        await expect(note(world, T + 10n))
          .to.be.revertedWithCustomError(oracle, "NoOutage")
          .withArgs(0n);
        await up(world, 0n);
        await expect(note(world, T + 11n))
          .to.be.revertedWithCustomError(oracle, "NoOutage")
          .withArgs(0n);
        await up(world, T + 13n);
        await expect(note(world, T + 12n))
          .to.be.revertedWithCustomError(oracle, "NoOutage")
          .withArgs(T + 13n);
      });

      it("refuses on a hub without an uptime feed", async () => {
        const own = new FixingBench(await connect());
        const world = await own.deploy();
        await own.open(world, 0n);
        await own.at(T + 10n);
        await expect(world.oracle.noteOutage(FEED, profileOf(0n), T))
          .to.be.revertedWithCustomError(world.oracle, "NoOutage")
          .withArgs(0n);
      });
    });

    describe("when it is refused", () => {
      it("wants the fixing open", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle } = world;
        const fixing = await oracle.fixingId(FEED, profileOf(0n), T + 1n);
        await expect(oracle.noteOutage(FEED, profileOf(0n), T + 1n))
          .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
          .withArgs(fixing);
      });

      it("closes what is due first: with a price there is nothing to prolong", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await down(world, T + 5n);
        await bench.submit(world, 0n, T + 10n, ofClasses(3));
        await expect(note(world, T + C1))
          .to.be.revertedWithCustomError(world.oracle, "FixingFinal")
          .withArgs(PRICE);
      });

      it("is noted once", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await down(world, T + 5n);
        await note(world, T + 10n);
        await expect(note(world, T + 11n))
          .to.be.revertedWithCustomError(world.oracle, "OutageKnown")
          .withArgs(world.fixings[0]);
        await expect(note(world, T + C3 + 1n))
          .to.be.revertedWithCustomError(world.oracle, "OutageKnown")
          .withArgs(world.fixings[0]);
      });

      for (const [kind, { slots, step }] of KINDS.entries()) {
        const first = T - (slots - 1n) * step;
        it(`wants the first slot to be over, profile ${kind}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          await down(world, T - 90_000n);
          await expect(note(world, first, BigInt(kind)))
            .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
            .withArgs(first, first + 1n);
          await expect(note(world, first + 1n, BigInt(kind))).to.emit(world.oracle, "OutageNoted");
        });
      }

      it("is possible until the last second before T + 26 h", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle } = world;
        await down(world, T + 5n);
        await note(world, T + C3 - 1n);
        await expect(note(world, T + C3, 1n))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(T + C3, T + C3);
      });
    });

    describe("when a window was prolonged", () => {
      const rows = [
        { closing: C1, classes: 3, step: Step.F1 },
        { closing: C2, classes: 2, step: Step.F2 },
        { closing: C3, classes: 1, step: Step.F3 },
        { closing: C4, classes: 0, step: Step.F4 },
      ];
      for (const { closing, classes, step } of rows) {
        it(`closes 24 h later at T + ${closing} s, by step ${step}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { oracle, fixings } = world;
          await down(world, T + 5n);
          await note(world, T + 10n);
          if (classes !== 0) await bench.submit(world, 0n, T + 20n, ofClasses(classes));
          const end = T + closing + DAY;
          await expect(bench.finalise(world, 0n, end - 1n))
            .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
            .withArgs(end - 1n, end);
          await expect(bench.finalise(world, 0n, end))
            .to.emit(oracle, "PriceSettled")
            .withArgs(fixings[0], PRICE, step, 0n);
        });
      }

      it("moves only the closings that are still to come", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        await down(world, T + 5n);
        await bench.submit(world, 0n, T + 20n, ofClasses(2));
        // Noting it passes the first closing.
        await expect(note(world, T + C1))
          .to.emit(oracle, "WindowClosed")
          .withArgs(fixings[0], 1n);
        const [header] = await bench.fixingWords(oracle, fixings[0] ?? "");
        expect(header).to.equal(packFixing({ stage: 1n, prolonged: 1n }));
        await expect(bench.finalise(world, 0n, T + C2 + DAY - 1n))
          .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
          .withArgs(T + C2 + DAY - 1n, T + C2 + DAY);
        await expect(bench.finalise(world, 0n, T + C2 + DAY))
          .to.emit(oracle, "PriceSettled")
          .withArgs(fixings[0], PRICE, Step.F2, 0n);
      });

      it("takes values until the last second before T + 50 h", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle } = world;
        await down(world, T + 5n);
        await note(world, T + 10n);
        await note(world, T + 11n, 1n);
        const end = T + C3 + DAY;
        await expect(bench.submit(world, 0n, end - 1n, ofClasses(1))).to.emit(
          oracle,
          "ValueAccepted",
        );
        await expect(bench.submit(world, 1n, end, ofClasses(1)))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(end, end);
      });

      it("still settles at once when every vote is maximal", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await down(world, T + 5n);
        await note(world, T + 10n);
        const time = T + C2 + DAY - 1n;
        await bench.submit(
          world,
          0n,
          time,
          VOTES.map((source) => ({ source, price: PRICE })),
        );
        await bench.finalise(world, 0n, time);
        const { step } = await world.oracle.fixingState(world.fixings[0] ?? "");
        expect(step).to.equal(Step.F0);
      });
    });
  });
});
