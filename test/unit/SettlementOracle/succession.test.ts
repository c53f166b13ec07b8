import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  Class,
  FEED,
  FixingBench,
  OPENED,
  PRICE,
  Source,
  fixingOf,
  packFixing,
  profileOf,
} from "../../fixtures/oracles.ts";
import type { ShadowInput } from "../../fixtures/oracles.ts";
import { DAY, HOUR, WEEK, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new FixingBench(connection);

const PROFILE = profileOf(0n);
/** An expiry far enough ahead for a notice. */
const E = OPENED + 60n * DAY;
const FIXING = fixingOf(FEED, PROFILE, E);
const SILENCE = 72n * HOUR;
const NOTICE = 7n * DAY;
const LAPSE = 14n * DAY;
const QUIET = 24n * HOUR;
/** The last time a vote spoke. */
const SPOKE = OPENED;
/** Sources in shadow: of the second vote, of the first (push), of a vote that is not in the fixing. */
const [HEIR, PUSH_HEIR, FOREIGN] = [4n, 5n, 6n];
const DEAD = 1n;

/** Opened when every vote spoke; nobody speaks after that. The one fixture: times here are absolute. */
async function deployed() {
  const world = await bench.deploy();
  await bench.at(OPENED);
  await world.oracle.open(FEED, PROFILE, E);
  const own = world.hub.connect(world.governor);
  const heirs = [
    await bench.source({ classes: Class.RedStone }),
    await bench.source({ classes: Class.Chainlink, push: true }),
    await bench.source({ classes: Class.Pyth }),
  ];
  for (const heir of heirs) await own.addSource(FEED, heir);
  return world;
}

type World = Awaited<ReturnType<typeof deployed>>;

/** Gives a source the record of one that is proven and has just spoken. */
async function prove(world: World, index: bigint, time: bigint, change: Partial<ShadowInput> = {}) {
  await bench.writeShadow(world, index, {
    ...{ price: PRICE, time, first: time - WEEK, last: time, samples: 500n, within: 495n },
    ...change,
  });
}

async function propose({ oracle }: World, index: bigint, time: bigint) {
  await bench.at(time);
  return oracle.proposeSuccessor(FEED, PROFILE, E, index);
}

async function confirm({ oracle }: World, index: bigint, time: bigint) {
  await bench.at(time);
  return oracle.confirmSuccessor(FEED, PROFILE, E, index);
}

const PROPOSED = SPOKE + SILENCE;

async function proposed(index = HEIR) {
  const world = await networkHelpers.loadFixture(deployed);
  await prove(world, index, PROPOSED);
  await propose(world, index, PROPOSED);
  return world;
}

describe("SettlementOracle", () => {
  describe("proposeSuccessor", () => {
    it("emits SuccessorProposed 72 h after the vote spoke, and leaves the fixing as it is", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle } = world;
      await prove(world, HEIR, PROPOSED);
      await expect(propose(world, HEIR, PROPOSED))
        .to.emit(oracle, "SuccessorProposed")
        .withArgs(FIXING, DEAD, HEIR);
      const [header] = await bench.fixingWords(oracle, FIXING);
      expect(header).to.equal(packFixing({}));
    });

    it("wants the fixing open, before anything else", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const fixing = fixingOf(FEED, PROFILE, E + 1n);
      await expect(oracle.proposeSuccessor(FEED, PROFILE, E + 1n, 99n))
        .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
        .withArgs(fixing);
    });

    it("does not begin a running notice again, for 14 days", async () => {
      const world = await proposed();
      const { oracle } = world;
      const again = PROPOSED + LAPSE;
      await prove(world, HEIR, again);
      await expect(propose(world, HEIR, again - 1n))
        .to.be.revertedWithCustomError(oracle, "SuccessorKnown")
        .withArgs(HEIR);
      await expect(propose(world, HEIR, again)).to.emit(oracle, "SuccessorProposed");
      await expect(confirm(world, HEIR, again + NOTICE - 1n))
        .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
        .withArgs(again + NOTICE - 1n, again + NOTICE);
    });

    it("lets nobody stand in another source's way", async () => {
      const world = await proposed();
      const second = await bench.source({ classes: Class.RedStone });
      await world.hub.connect(world.governor).addSource(FEED, second);
      await prove(world, 7n, PROPOSED + 100n);
      await expect(propose(world, 7n, PROPOSED + 100n))
        .to.emit(world.oracle, "SuccessorProposed")
        .withArgs(FIXING, DEAD, 7n);
      await prove(world, HEIR, PROPOSED + NOTICE);
      await expect(confirm(world, HEIR, PROPOSED + NOTICE)).to.emit(
        world.oracle,
        "SuccessorConfirmed",
      );
    });
  });

  describe("confirmSuccessor", () => {
    it("puts the source in place of its vote's after 7 days, with SuccessorConfirmed", async () => {
      const world = await proposed();
      const { oracle } = world;
      const time = PROPOSED + NOTICE;
      await prove(world, HEIR, time);
      await expect(confirm(world, HEIR, time))
        .to.emit(oracle, "SuccessorConfirmed")
        .withArgs(FIXING, DEAD, HEIR);
      const [header] = await bench.fixingWords(oracle, FIXING);
      expect(header).to.equal(packFixing({ sources: 0b11011n, succeeded: 0b010n }));
      const { sources, votes, succeeded } = await oracle.fixingState(FIXING);
      expect([sources, votes, succeeded]).to.deep.equal([0b11011n, 0b111n, 0b010n]);
    });

    it("takes the successor's values from then on, not those of whom it replaces", async () => {
      const world = await proposed();
      const { oracle } = world;
      await prove(world, HEIR, PROPOSED + NOTICE);
      await confirm(world, HEIR, PROPOSED + NOTICE);
      const after = E + 1n;
      await bench.at(after);
      const old = { ...bench.proof(0n, { source: Source.RedStone, price: PRICE, time: E }) };
      await expect(oracle.submit(FEED, PROFILE, E, [old], ZeroAddress))
        .to.be.revertedWithCustomError(oracle, "SourceNotInFixing")
        .withArgs(Source.RedStone);
      const proof = bench.proof(0n, { source: HEIR, price: PRICE, time: E });
      await expect(oracle.submit(FEED, PROFILE, E, [proof], ZeroAddress))
        .to.emit(oracle, "ValueAccepted")
        .withArgs(FIXING, DEAD, 0n, PRICE, BEST, ZeroAddress);
    });

    it("replaces push and better one of a vote, and demotes a push successor no more", async () => {
      const world = await proposed(PUSH_HEIR);
      const { oracle } = world;
      await prove(world, PUSH_HEIR, PROPOSED + NOTICE);
      await expect(confirm(world, PUSH_HEIR, PROPOSED + NOTICE))
        .to.emit(oracle, "SuccessorConfirmed")
        .withArgs(FIXING, 0n, PUSH_HEIR);
      const [header] = await bench.fixingWords(oracle, FIXING);
      const expected = { sources: 0b101100n, succeeded: 0b001n, demoted: 0n };
      expect(header).to.equal(packFixing(expected));
      await bench.at(E + 1n);
      const proof = bench.proof(0n, { source: PUSH_HEIR, price: PRICE, time: E });
      await expect(oracle.submit(FEED, PROFILE, E, [proof], ZeroAddress))
        .to.emit(oracle, "ValueAccepted")
        .withArgs(FIXING, 0n, 0n, PRICE, BEST, ZeroAddress);
    });

    it("wants the fixing open, before anything else", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const fixing = fixingOf(FEED, PROFILE, E + 1n);
      await expect(oracle.confirmSuccessor(FEED, PROFILE, E + 1n, 99n))
        .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
        .withArgs(fixing);
    });

    it("wants a proposal of this source, and none that is 14 days old", async () => {
      const world = await proposed();
      const { oracle } = world;
      await expect(confirm(world, PUSH_HEIR, PROPOSED + NOTICE))
        .to.be.revertedWithCustomError(oracle, "NoSuccessor")
        .withArgs(PUSH_HEIR);
      await expect(confirm(world, HEIR, PROPOSED + LAPSE))
        .to.be.revertedWithCustomError(oracle, "NoSuccessor")
        .withArgs(HEIR);
    });

    it("wants 7 days of notice", async () => {
      const world = await proposed();
      const from = PROPOSED + NOTICE;
      await expect(confirm(world, HEIR, from - 1n))
        .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
        .withArgs(from - 1n, from);
    });

    it("is possible until the last second of the 14 days", async () => {
      const world = await proposed();
      const time = PROPOSED + LAPSE - 1n;
      await prove(world, HEIR, time);
      await expect(confirm(world, HEIR, time)).to.emit(world.oracle, "SuccessorConfirmed");
    });

    it("is refused when the vote spoke again within 72 h", async () => {
      const time = PROPOSED + NOTICE;
      const world = await proposed();
      await bench.update(world, Source.RedStone, { price: PRICE, time: time - SILENCE + 1n });
      await prove(world, HEIR, time);
      await expect(confirm(world, HEIR, time))
        .to.be.revertedWithCustomError(world.oracle, "VoteAlive")
        .withArgs(DEAD, time - SILENCE + 1n);
      const other = await proposed();
      await bench.update(other, Source.RedStone, { price: PRICE, time: time - SILENCE });
      await prove(other, HEIR, time);
      await expect(confirm(other, HEIR, time)).to.emit(other.oracle, "SuccessorConfirmed");
    });

    it("replaces a vote once", async () => {
      const world = await proposed();
      const { oracle } = world;
      const time = PROPOSED + NOTICE;
      await prove(world, HEIR, time);
      await confirm(world, HEIR, time);
      await expect(confirm(world, HEIR, time + 1n))
        .to.be.revertedWithCustomError(oracle, "VoteNotOpenToSuccession")
        .withArgs(DEAD);
      const second = await bench.source({ classes: Class.RedStone });
      await world.hub.connect(world.governor).addSource(FEED, second);
      await prove(world, 7n, time + 10n);
      await expect(propose(world, 7n, time + 10n))
        .to.be.revertedWithCustomError(oracle, "VoteNotOpenToSuccession")
        .withArgs(DEAD);
    });
  });

  describe("a succession", () => {
    type Act = (world: World, index: bigint, time: bigint) => Promise<unknown>;
    /** The proposal, and its confirmation at the same distance from the notice. */
    const acts: readonly { name: string; begin: () => Promise<World>; act: Act; at: bigint }[] = [
      {
        name: "proposal",
        begin: () => networkHelpers.loadFixture(deployed),
        act: propose,
        at: PROPOSED,
      },
      { name: "confirmation", begin: () => proposed(), act: confirm, at: PROPOSED + NOTICE },
    ];

    for (const { name, begin, act, at } of acts) {
      describe(`at its ${name}`, () => {
        it("wants the source's last price at most its maximal age old", async () => {
          const world = await begin();
          await prove(world, HEIR, at, { time: at - 301n });
          await expect(act(world, HEIR, at))
            .to.be.revertedWithCustomError(world.oracle, "SuccessorSilent")
            .withArgs(301n, 300n);
          const other = await begin();
          await prove(other, HEIR, at, { time: at - 300n });
          await act(other, HEIR, at);
        });

        it("takes a price that is ahead for new", async () => {
          const world = await begin();
          await prove(world, HEIR, at, { time: at + 5n });
          await act(world, HEIR, at);
        });

        for (const price of [usd(2_060), usd(1_940)]) {
          it(`wants its last price within 3 % of the mark: ${price}, not more`, async () => {
            const beyond = price > PRICE ? price + 1n : price - 1n;
            const world = await begin();
            await prove(world, HEIR, at, { price: beyond });
            await expect(act(world, HEIR, at))
              .to.be.revertedWithCustomError(world.oracle, "SuccessorOffMark")
              .withArgs(beyond, PRICE);
            const other = await begin();
            await prove(other, HEIR, at, { price });
            await act(other, HEIR, at);
          });
        }

        it("wants the source proven", async () => {
          for (const change of [
            { samples: 499n, within: 499n },
            { within: 494n },
            { first: at - WEEK + 1n },
          ]) {
            const world = await begin();
            await prove(world, HEIR, at, change);
            await expect(act(world, HEIR, at))
              .to.be.revertedWithCustomError(world.oracle, "SuccessorUnproven")
              .withArgs(HEIR);
          }
        });

        it("wants the source in shadow: one that was promoted meanwhile is not", async () => {
          const world = await begin();
          await prove(world, HEIR, at);
          await bench.at(at);
          await world.hub.promote(FEED, HEIR);
          await expect(act(world, HEIR, at))
            .to.be.revertedWithCustomError(world.oracle, "SuccessorUnproven")
            .withArgs(HEIR);
        });
      });
    }

    it("wants 24 h to the expiry", async () => {
      const time = E - QUIET;
      const world = await networkHelpers.loadFixture(deployed);
      await prove(world, HEIR, time);
      await propose(world, HEIR, time);
      const other = await networkHelpers.loadFixture(deployed);
      await prove(other, HEIR, time + 1n);
      await expect(propose(other, HEIR, time + 1n))
        .to.be.revertedWithCustomError(other.oracle, "TooLateToSucceed")
        .withArgs(time + 1n, time);
    });

    it("wants it at its confirmation too", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const time = E - QUIET + 1n;
      await prove(world, HEIR, time - NOTICE);
      await propose(world, HEIR, time - NOTICE);
      await prove(world, HEIR, time);
      await expect(confirm(world, HEIR, time))
        .to.be.revertedWithCustomError(world.oracle, "TooLateToSucceed")
        .withArgs(time, E - QUIET);
    });

    it("wants a vote of the fixing", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await prove(world, FOREIGN, PROPOSED);
      await expect(propose(world, FOREIGN, PROPOSED))
        .to.be.revertedWithCustomError(world.oracle, "VoteNotOpenToSuccession")
        .withArgs(3n);
    });

    it("wants a source of the feed", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await expect(propose(world, 7n, PROPOSED))
        .to.be.revertedWithCustomError(world.hub, "SourceUnknown")
        .withArgs(7n);
    });

    it("wants the vote silent for 72 h", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await prove(world, HEIR, PROPOSED);
      await expect(propose(world, HEIR, PROPOSED - 1n))
        .to.be.revertedWithCustomError(world.oracle, "VoteAlive")
        .withArgs(DEAD, SPOKE);
    });

    it("takes a vote whose store is empty for silent", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const time = OPENED + 60n;
      await bench.write(world.hub, await bench.feedSlot("stores", DEAD), 0n);
      await prove(world, HEIR, time);
      await expect(propose(world, HEIR, time)).to.emit(world.oracle, "SuccessorProposed");
    });

    it("does not take one of the fixing's own sources", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await prove(world, Source.RedStone, PROPOSED);
      await expect(propose(world, Source.RedStone, PROPOSED))
        .to.be.revertedWithCustomError(world.oracle, "SuccessorUnproven")
        .withArgs(Source.RedStone);
    });
  });
});
