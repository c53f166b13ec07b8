import { expect } from "chai";
import { encodeBytes32String, toBeHex } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  FixingBench,
  Mode,
  OPENED,
  PRICE,
  Source,
  Status,
  T,
  fixingOf,
  packFixing,
  profileOf,
  selector,
  words,
} from "../../fixtures/oracles.ts";
import type { FixingWorld } from "../../fixtures/oracles.ts";
import { DAY, MAX_112, WEEK, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new FixingBench(connection);

const PROFILE = profileOf(0n);
const FIXING = fixingOf(FEED, PROFILE, T);
const MAX_LEAD = 100n * DAY;
const NONE = encodeBytes32String("none");

/** On a hub with an uptime feed that says up since the beginning. The one fixture: times here are absolute. */
async function deployed() {
  const uptime = await ethers.deployContract("HostileFeed");
  await uptime.teach(selector.latestRoundData, Mode.Data, words(1n, 0n, 1n, 1n, 1n));
  return { ...(await bench.deploy(uptime)), uptime };
}

async function opened() {
  const world = await networkHelpers.loadFixture(deployed);
  await bench.open(world, 0n);
  return world;
}

/** Makes the spot degraded by one status alone, as of a time. */
type Degrade = (world: Awaited<ReturnType<typeof deployed>>, time: bigint) => Promise<unknown>;

const degraded: readonly { name: string; status: bigint; degrade: Degrade }[] = [
  {
    name: "without votes",
    status: Status.NoPrice | Status.FewVotes | Status.NotFresh,
    degrade: async () => undefined,
  },
  {
    name: "of two votes",
    status: Status.FewVotes,
    degrade: async (world, time) => {
      await bench.update(world, Source.RedStone, { price: PRICE, time });
      await bench.update(world, Source.Own, { price: PRICE, time });
    },
  },
  {
    name: "whose votes are apart",
    status: Status.Apart,
    degrade: async (world, time) => {
      await bench.refresh(world, PRICE, time - 1n);
      await bench.update(world, Source.Own, { price: usd(2_020) + 1n, time });
    },
  },
  {
    name: "that is not fresh",
    status: Status.NotFresh,
    degrade: async (world, time) => bench.refresh(world, PRICE, time - 61n),
  },
  {
    name: "that its guard contradicts",
    status: Status.GuardApart,
    degrade: async (world, time) => {
      const guard = await bench.source({ classes: Class.Guard });
      await world.hub.connect(world.governor).addSource(FEED, guard);
      await bench.refresh(world, PRICE, time);
      await bench.update(world, 4n, { price: usd(1_700) - 1n, time });
    },
  },
  {
    name: "while the sequencer is down",
    status: Status.SequencerDown,
    degrade: async (world, time) => {
      await bench.refresh(world, PRICE, time);
      await world.uptime.teach(selector.latestRoundData, Mode.Data, words(2n, 1n, 5n, 5n, 2n));
    },
  },
  {
    name: "within the sequencer's grace",
    status: Status.SequencerGrace,
    degrade: async (world, time) => {
      await bench.refresh(world, PRICE, time);
      const since = time - 2_699n;
      const latest = words(2n, 0n, since, since, 2n);
      await world.uptime.teach(selector.latestRoundData, Mode.Data, latest);
    },
  },
];

const stateOf = async ({ oracle }: Pick<FixingWorld, "oracle">, fixing = FIXING) => {
  const state = await oracle.fixingState(fixing);
  const { settlementPrice, mark, markTime, sources, votes, demoted } = state;
  const { succeeded, stage, step, prolonged } = state;
  return {
    ...{ settlementPrice, mark, markTime, sources, votes, demoted },
    ...{ succeeded, stage, step, prolonged },
  };
};

const FRESH = {
  ...{ settlementPrice: 0n, mark: PRICE, markTime: OPENED, sources: 15n, votes: 7n, demoted: 1n },
  ...{ succeeded: 0n, stage: 0n, step: 0n, prolonged: false },
};

describe("SettlementOracle", () => {
  describe("constructor", () => {
    it("keeps the hub", async () => {
      const { oracle, hub } = await networkHelpers.loadFixture(deployed);
      expect(await oracle.HUB()).to.equal(await hub.getAddress());
    });
  });

  describe("fixingId", () => {
    it("is the hash of feed, profile and expiry", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      expect(await oracle.fixingId(FEED, PROFILE, T)).to.equal(FIXING);
    });
  });

  describe("describe", () => {
    it("gives the feed's price exponent and the profile's ceiling", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      for (const kind of [0n, 1n, 2n]) {
        const described = await oracle.describe.staticCall(FEED, profileOf(kind, MAX_112));
        expect([...described]).to.deep.equal([0n, MAX_112]);
      }
      expect([...(await oracle.describe(FEED, profileOf(2n, 1n)))]).to.deep.equal([0n, 1n]);
    });

    it("refuses a profile that is not well formed, in this order, and a feed that is not there", async () => {
      const { oracle, hub } = await networkHelpers.loadFixture(deployed);
      const dirty = toBeHex((1n << 120n) | 3n, 32);
      await expect(oracle.describe(FEED, dirty))
        .to.be.revertedWithCustomError(oracle, "ProfileDirty")
        .withArgs(dirty);
      await expect(oracle.describe(FEED, toBeHex(3n, 32)))
        .to.be.revertedWithCustomError(oracle, "ProfileKindUnknown")
        .withArgs(3n);
      await expect(oracle.describe(FEED, toBeHex(2n, 32)))
        .to.be.revertedWithCustomError(oracle, "ProfileWithoutCeiling")
        .withArgs(toBeHex(2n, 32));
      await expect(oracle.describe(NONE, PROFILE))
        .to.be.revertedWithCustomError(hub, "FeedUnknown")
        .withArgs(NONE);
    });
  });

  describe("open", () => {
    describe("when nobody opened the fixing", () => {
      it("keeps mark, mark time, sources and votes in one word, and nothing else", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { fixing } = await bench.open(world, 0n);
        const [header, ...lanes] = await bench.fixingWords(world.oracle, fixing);
        expect(header).to.equal(packFixing({}));
        expect(lanes.every((word) => word === 0n)).to.equal(true);
        expect(await stateOf(world)).to.deep.equal(FRESH);
      });

      it("emits FixingOpened and returns identifier and mark", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        await bench.mineAt(OPENED);
        const answer = await oracle.open.staticCall(FEED, PROFILE, T);
        expect([...answer]).to.deep.equal([FIXING, PRICE]);
        await bench.at(OPENED);
        const sent = await oracle.open(FEED, PROFILE, T);
        await expect(sent)
          .to.emit(oracle, "FixingOpened")
          .withArgs(FIXING, FEED, PROFILE, T, PRICE, 0b1111n);
        await expect(sent).not.to.emit(oracle, "MarkRefreshed");
        const shown = [...(await oracle.price(FEED, PROFILE, T))];
        expect(shown).to.deep.equal([0n, PRICE, OPENED]);
      });

      it("shows zeros before", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        expect([...(await world.oracle.price(FEED, PROFILE, T))]).to.deep.equal([0n, 0n, 0n]);
        expect(await stateOf(world)).to.deep.equal({
          ...FRESH,
          ...{ mark: 0n, markTime: 0n, sources: 0n, votes: 0n, demoted: 0n },
        });
      });

      it("takes an expiry in the next second, and one in 100 days", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        for (const expiry of [OPENED + 1n, OPENED + MAX_LEAD]) {
          await bench.at(OPENED);
          await expect(oracle.open(FEED, PROFILE, expiry)).to.emit(oracle, "FixingOpened");
        }
      });

      it("leaves out sources in shadow and disabled ones", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, hub } = world;
        await hub.connect(world.governor).addSource(FEED, await bench.source({ classes: 8n }));
        await bench.at(OPENED + 2n);
        await hub.connect(world.steward).disable(FEED, Source.Push);
        const { fixing } = await bench.open(world, 0n, { time: OPENED + 10n });
        const { sources, votes, demoted } = await oracle.fixingState(fixing);
        expect([sources, votes, demoted]).to.deep.equal([0b1110n, 0b111n, 0n]);
      });
    });

    describe("when it is open already", () => {
      it("moves the mark with MarkRefreshed, and nothing else", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, hub } = world;
        await bench.open(world, 0n);
        const time = OPENED + 500n;
        await hub.connect(world.governor).addSource(FEED, await bench.source({ classes: 8n }));
        const record = { price: PRICE, time, first: OPENED - WEEK, last: time };
        await bench.writeShadow(world, 4n, { ...record, samples: 500n, within: 500n });
        await hub.promote(FEED, 4n);
        await bench.refresh(world, usd(2_001), time);
        await bench.at(time);
        const sent = await oracle.open(FEED, PROFILE, T);
        await expect(sent).to.emit(oracle, "MarkRefreshed").withArgs(FIXING, usd(2_001), time);
        await expect(sent).not.to.emit(oracle, "FixingOpened");
        expect(await stateOf(world)).to.deep.equal({ ...FRESH, mark: usd(2_001), markTime: time });
        expect((await hub.votingSources(FEED)).sources).to.equal(0b11111n);
      });

      it("moves it also in the same second", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await bench.open(world, 0n);
        await bench.at(OPENED);
        await expect(world.oracle.open(FEED, PROFILE, T))
          .to.emit(world.oracle, "MarkRefreshed")
          .withArgs(FIXING, PRICE, OPENED);
      });
    });

    describe("when it is refused", () => {
      it("wants the expiry ahead, before anything else", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        for (const expiry of [OPENED + 9n, OPENED + 8n, 0n]) {
          await bench.at(OPENED + 9n);
          await expect(oracle.open(NONE, toBeHex(3n, 32), expiry))
            .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
            .withArgs(OPENED + 9n, expiry);
        }
        await bench.at(T);
        await expect(oracle.open(FEED, PROFILE, T))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(T, T);
      });

      it("refuses an expiry more than 100 days ahead, before it looks at the profile", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        await bench.at(OPENED);
        const expiry = OPENED + MAX_LEAD + 1n;
        await expect(oracle.open(NONE, toBeHex(3n, 32), expiry))
          .to.be.revertedWithCustomError(oracle, "ExpiryTooFar")
          .withArgs(expiry, OPENED + MAX_LEAD);
      });

      it("refuses a profile that is not well formed, in this order", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        const dirty = toBeHex(1n << 255n, 32);
        await expect(oracle.open(NONE, dirty, T))
          .to.be.revertedWithCustomError(oracle, "ProfileDirty")
          .withArgs(dirty);
        await expect(oracle.open(NONE, toBeHex(255n, 32), T))
          .to.be.revertedWithCustomError(oracle, "ProfileKindUnknown")
          .withArgs(255n);
        await expect(oracle.open(NONE, toBeHex(0n, 32), T))
          .to.be.revertedWithCustomError(oracle, "ProfileWithoutCeiling")
          .withArgs(toBeHex(0n, 32));
      });

      it("wants a feed that is there", async () => {
        const { oracle, hub } = await networkHelpers.loadFixture(deployed);
        await expect(oracle.open(NONE, PROFILE, T))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(NONE);
      });

      for (const { name, status, degrade } of degraded) {
        it(`refuses a spot ${name}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const time = OPENED + 10_000n;
          await degrade(world, time);
          await bench.at(time);
          await expect(world.oracle.open(FEED, PROFILE, T))
            .to.be.revertedWithCustomError(world.oracle, "SpotDegraded")
            .withArgs(FEED, status);
        });
      }
    });
  });

  describe("refreshMark", () => {
    it("moves mark and mark time to the spot of now, and returns the mark", async () => {
      const world = await opened();
      const { oracle } = world;
      const time = T - 1n;
      await bench.refresh(world, usd(1_900), time);
      await bench.mineAt(time);
      const profile = PROFILE;
      expect(await oracle.refreshMark.staticCall(FEED, profile, T)).to.equal(usd(1_900));
      await bench.at(time);
      await expect(oracle.refreshMark(FEED, profile, T))
        .to.emit(oracle, "MarkRefreshed")
        .withArgs(FIXING, usd(1_900), time);
      expect(await stateOf(world)).to.deep.equal({ ...FRESH, mark: usd(1_900), markTime: time });
    });

    it("wants the fixing open, before anything else", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const other = profileOf(9n);
      await expect(oracle.refreshMark(NONE, other, 0n))
        .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
        .withArgs(fixingOf(NONE, other, 0n));
    });

    it("wants the expiry ahead", async () => {
      const world = await opened();
      await bench.at(T);
      await expect(world.oracle.refreshMark(FEED, PROFILE, T))
        .to.be.revertedWithCustomError(world.oracle, "FixingWindowOver")
        .withArgs(T, T);
    });

    for (const { name, status, degrade } of degraded) {
      it(`refuses a spot ${name}, and the mark stays`, async () => {
        const world = await opened();
        const time = OPENED + 10_000n;
        await degrade(world, time);
        await bench.at(time);
        await expect(world.oracle.refreshMark(FEED, PROFILE, T))
          .to.be.revertedWithCustomError(world.oracle, "SpotDegraded")
          .withArgs(FEED, status);
        expect(await stateOf(world)).to.deep.equal(FRESH);
      });
    }

    it("wants a later second than the mark's", async () => {
      const world = await opened();
      await bench.at(OPENED);
      await expect(world.oracle.refreshMark(FEED, PROFILE, T))
        .to.be.revertedWithCustomError(world.oracle, "MarkNotNewer")
        .withArgs(OPENED, OPENED);
      await bench.at(OPENED + 1n);
      await expect(world.oracle.refreshMark(FEED, PROFILE, T)).to.emit(
        world.oracle,
        "MarkRefreshed",
      );
    });
  });
});
