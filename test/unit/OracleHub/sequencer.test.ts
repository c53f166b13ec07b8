import { expect } from "chai";

import type { HostileFeed } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  FEED,
  GAS_NEEDED,
  Mode,
  OracleBench,
  PRICE,
  Status,
  selector,
  words,
} from "../../fixtures/oracles.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new OracleBench(connection);

const LONGEST = 2_700n;
const SHORTEST = 300n;

/** A feed of three votes on a hub with an uptime feed that says what it is taught. */
async function deployed() {
  const uptime = await ethers.deployContract("HostileFeed");
  const world = await bench.deployVotes(3, {}, uptime);
  return { ...world, uptime, since: (await bench.now()) + 20_000n };
}

type World = Awaited<ReturnType<typeof deployed>>;

/** A round of an uptime feed. */
const round = (id: bigint, answer: bigint, startedAt: bigint): string =>
  words(id, answer, startedAt, startedAt, id);

const getRound = (id: bigint): string => `${selector.getRoundData}${words(id).slice(2)}`;

async function teach(uptime: HostileFeed, latest: string, before?: string, id = 10n) {
  await uptime.teach(selector.latestRoundData, Mode.Data, latest);
  if (before !== undefined) await uptime.teach(getRound(id - 1n), Mode.Data, before);
}

/** The sequencer's bits at a time at which three fresh votes agree. */
async function bitsAt(world: World, time: bigint): Promise<bigint> {
  await bench.updateAll(world, [PRICE, PRICE, PRICE], time);
  return (await world.hub.spot(FEED)).status;
}

async function expectGrace(world: World, grace: bigint): Promise<void> {
  const { hub, since } = world;
  await bench.mineAt(since);
  expect((await hub.sequencer()).grace).to.equal(grace);
  expect(await bitsAt(world, since)).to.equal(Status.SequencerGrace);
  expect(await bitsAt(world, since + grace - 1n)).to.equal(Status.SequencerGrace);
  expect(await bitsAt(world, since + grace)).to.equal(0n);
}

describe("OracleHub", () => {
  describe("sequencer", () => {
    describe("when there is no uptime feed", () => {
      it("says that there is none, and sets no bit", async () => {
        const world = await bench.deployVotes(3);
        const none = [false, false, false, 0n, 0n, false];
        expect([...(await world.hub.sequencer())]).to.deep.equal(none);
        await bench.updateAll(world, [PRICE, PRICE, PRICE], (await bench.now()) + 5n);
        expect((await world.hub.spot(FEED)).status).to.equal(0n);
      });
    });

    describe("when it is up", () => {
      const outages = [
        { outage: 0n, grace: SHORTEST },
        { outage: 1n, grace: SHORTEST },
        { outage: 299n, grace: SHORTEST },
        { outage: 300n, grace: SHORTEST },
        { outage: 301n, grace: 301n },
        { outage: 1_234n, grace: 1_234n },
        { outage: 2_699n, grace: 2_699n },
        { outage: 2_700n, grace: LONGEST },
        { outage: 9_000n, grace: LONGEST },
      ];
      for (const { outage, grace } of outages) {
        it(`has a grace of ${grace} s after an outage of ${outage} s`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, uptime, since } = world;
          await teach(uptime, round(10n, 0n, since), round(9n, 1n, since - outage));
          await expectGrace(world, grace);
          const expected = [true, false, true, since, grace, true];
          expect([...(await hub.sequencer())]).to.deep.equal(expected);
        });
      }

      const unknown = [
        { name: "cannot be read", before: undefined },
        { name: "says up", before: (since: bigint) => round(9n, 0n, since - 400n) },
        { name: "has no beginning", before: () => round(9n, 1n, 0n) },
        { name: "began later", before: (since: bigint) => round(9n, 1n, since + 1n) },
        { name: "is 128 bytes", before: (since: bigint) => words(9n, 1n, since - 400n, 0n) },
        { name: "has a dirty id", before: (since: bigint) => round(1n << 80n, 1n, since - 400n) },
      ];
      for (const { name, before } of unknown) {
        it(`has the longest grace when the round before ${name}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, uptime, since } = world;
          await teach(uptime, round(10n, 0n, since), before?.(since));
          await expectGrace(world, LONGEST);
          // A round that says down without a beginning was down all the same.
          const afterDown = name === "has no beginning";
          const expected = [true, false, true, since, LONGEST, afterDown];
          expect([...(await hub.sequencer())]).to.deep.equal(expected);
        });
      }

      it("takes any answer but 0 of the round before for down, also a negative one", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { uptime, since } = world;
        await teach(uptime, round(10n, 0n, since), round(9n, -1n, since - 400n));
        await expectGrace(world, 400n);
      });

      it("has the longest grace when its round is number 0, the first there is", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { uptime, since } = world;
        await uptime.teach(selector.getRoundData, Mode.Data, round(9n, 1n, since - 400n));
        await teach(uptime, round(0n, 0n, since));
        await expectGrace(world, LONGEST);
      });
    });

    describe("when it is down", () => {
      for (const answer of [1n, 2n, -1n, 1n << 254n]) {
        it(`says so at an answer of ${answer}, from the first second on`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, uptime, since } = world;
          await teach(uptime, round(10n, answer, since), round(9n, 1n, since - 400n));
          for (const later of [0n, 86_400n]) {
            expect(await bitsAt(world, since + later)).to.equal(Status.SequencerDown);
          }
          const expected = [true, true, true, since, 0n, false];
          expect([...(await hub.sequencer())]).to.deep.equal(expected);
        });
      }
    });

    describe("when the feed is of no use", () => {
      const cases: readonly {
        readonly name: string;
        readonly teach: (uptime: HostileFeed, since: bigint) => Promise<unknown>;
        /** What is given as its last change; 0 if left out. */
        readonly changed?: (since: bigint) => bigint;
      }[] = [
        { name: "says nothing", teach: async () => undefined },
        {
          name: "reverts",
          teach: (uptime) => uptime.teach(selector.latestRoundData, Mode.Revert, "0x"),
        },
        {
          name: "burns gas",
          teach: (uptime) => uptime.teach(selector.latestRoundData, Mode.BurnGas, "0x"),
        },
        {
          name: "returns a bomb of zeros",
          teach: (uptime) => uptime.teach(selector.latestRoundData, Mode.ReturnBomb, "0x"),
        },
        {
          name: "reverts with a bomb",
          teach: (uptime) => uptime.teach(selector.latestRoundData, Mode.RevertBomb, "0x"),
        },
        {
          name: "returns 159 bytes",
          teach: (uptime, since) => teach(uptime, round(10n, 0n, since - 90_000n).slice(0, -2)),
        },
        {
          name: "has a dirty round id",
          teach: (uptime, since) => teach(uptime, round(1n << 80n, 0n, since - 90_000n)),
        },
        { name: "has startedAt 0", teach: (uptime) => teach(uptime, round(10n, 0n, 0n)) },
        {
          name: "has startedAt ahead by a second",
          teach: (uptime, since) => teach(uptime, round(10n, 0n, since + 1n)),
          changed: (since) => since + 1n,
        },
        {
          name: "has the greatest startedAt of all",
          teach: (uptime) => teach(uptime, round(10n, 0n, -1n)),
          changed: () => (1n << 256n) - 1n,
        },
        {
          name: "is gone",
          teach: async (uptime) => networkHelpers.setCode(await uptime.getAddress(), "0x"),
        },
      ];
      for (const { name, teach: make, changed } of cases) {
        it(`counts as down when it ${name}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, uptime, since } = world;
          await make(uptime, since);
          expect(await bitsAt(world, since)).to.equal(Status.SequencerDown);
          const expected = [true, true, false, changed?.(since) ?? 0n, 0n, false];
          expect([...(await hub.sequencer())]).to.deep.equal(expected);
        });
      }

      it("sets the bit beside those of a spot without votes", async () => {
        const { hub } = await networkHelpers.loadFixture(deployed);
        const none = Status.NoPrice | Status.FewVotes | Status.NotFresh;
        expect((await hub.spot(FEED)).status).to.equal(none | Status.SequencerDown);
      });
    });

    describe("when it flaps", () => {
      it("goes down and up five times, each time with a grace of its own", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { uptime, since } = world;
        let [now, id] = [since, 1n];
        for (const outage of [10n, 350n, 20n, 4_000n, 300n]) {
          await teach(uptime, round(id, 1n, now), undefined, id);
          await uptime.teach(getRound(id), Mode.Data, round(id, 1n, now));
          expect(await bitsAt(world, now + outage - 1n)).to.equal(Status.SequencerDown);
          [now, id] = [now + outage, id + 1n];
          await teach(uptime, round(id, 0n, now), undefined, id);
          const grace = outage < SHORTEST ? SHORTEST : outage > LONGEST ? LONGEST : outage;
          expect(await bitsAt(world, now + grace - 1n)).to.equal(Status.SequencerGrace);
          expect(await bitsAt(world, now + grace)).to.equal(0n);
          [now, id] = [now + grace + 7n, id + 1n];
        }
      });
    });

    describe("when there is too little gas", () => {
      it("reverts GasStarved rather than call a feed down", async () => {
        const { hub, uptime, since } = await networkHelpers.loadFixture(deployed);
        await teach(uptime, round(10n, 0n, since - 10_000n));
        const errors = await ethers.getContractAt("ILibraryErrors", hub);
        await expect(hub.spot.staticCall(FEED, { gasLimit: 190_000n }))
          .to.be.revertedWithCustomError(errors, "GasStarved")
          .withArgs((left: bigint) => left <= GAS_NEEDED, GAS_NEEDED);
      });
    });
  });
});
