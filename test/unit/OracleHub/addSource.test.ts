import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BASE,
  Class,
  FEED,
  Mode,
  OracleBench,
  QUOTE,
  Stage,
  feedArgs,
  selector,
  words,
} from "../../fixtures/oracles.ts";
import type { TermsInput } from "../../fixtures/oracles.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new OracleBench(connection);

/** Votes 0: classes 1, and 1: classes 2 and 4 together. */
async function deployed() {
  const terms = [{ classes: Class.Chainlink, push: true }, { classes: Class.RedStone | Class.Own }];
  const world = await bench.deployFeed(terms);
  return { ...world, own: world.hub.connect(world.governor) };
}

describe("OracleHub", () => {
  describe("addSource", () => {
    describe("when governance adds a source", () => {
      it("puts it into shadow in a vote of its own, and returns its index", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const source = await bench.source({ classes: Class.Pyth });
        expect(await own.addSource.staticCall(FEED, source)).to.equal(2n);
        await expect(own.addSource(FEED, source))
          .to.emit(hub, "SourceAdded")
          .withArgs(FEED, 2n, source, 2n, false);
        const { stage, vote } = await hub.source(FEED, 2n);
        expect([stage, vote]).to.deep.equal([Stage.Shadow, 2n]);
        expect((await hub.feedTerms(FEED)).sources).to.equal(3n);
        expect([...(await hub.votingSources(FEED))]).to.deep.equal([0b11n, 0b11n, 0n]);
      });

      it("puts it into the vote with the same classes", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const source = await bench.source({ classes: Class.RedStone | Class.Own });
        await expect(own.addSource(FEED, source))
          .to.emit(hub, "SourceAdded")
          .withArgs(FEED, 2n, source, 1n, false);
      });

      it("lets a guard count at once, not as a vote", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const guard = await bench.source({ classes: Class.Guard });
        const added = await own.addSource(FEED, guard);
        await expect(added).to.emit(hub, "SourceAdded").withArgs(FEED, 2n, guard, 2n, true);
        const { stage, guard: guards } = await hub.source(FEED, 2n);
        expect([stage, guards]).to.deep.equal([Stage.Voting, true]);
        expect([...(await hub.votingSources(FEED))]).to.deep.equal([0b11n, 0b11n, 0n]);
      });

      it("takes a source of another feed, ages of 1 and 90,000 s and leads up to 60 s", async () => {
        const { hub, own, sources } = await networkHelpers.loadFixture(deployed);
        const second = encodeBytes32String("second");
        await own.createFeed(...feedArgs({ feed: second }, [...sources]));
        const short = await bench.source({ classes: Class.Pyth, maxAge: 1n, maxAhead: 60n });
        const long = await bench.source({ classes: 1n << 14n, maxAge: 90_000n, maxAhead: 0n });
        await own.addSource(FEED, short);
        await own.addSource(FEED, long);
        expect([...(await hub.source(FEED, 2n))].slice(5)).to.deep.equal([1n, 60n]);
        expect([...(await hub.source(FEED, 3n))].slice(5)).to.deep.equal([90_000n, 0n]);
      });
    });

    describe("when it is refused", () => {
      it("wants governance: neither steward nor stranger may", async () => {
        const { hub, steward, stranger } = await networkHelpers.loadFixture(deployed);
        const source = await bench.source({ classes: Class.Pyth });
        for (const signer of [steward, stranger]) {
          await expect(hub.connect(signer).addSource(FEED, source))
            .to.be.revertedWithCustomError(hub, "AccessManagedUnauthorized")
            .withArgs(signer.address);
        }
      });

      it("wants a feed that is there", async () => {
        const { hub, own, stranger } = await networkHelpers.loadFixture(deployed);
        const feed = encodeBytes32String("none");
        await expect(own.addSource(feed, stranger.address))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(feed);
      });

      it("wants code, and an answer to describe() that decodes", async () => {
        const { hub, own, stranger } = await networkHelpers.loadFixture(deployed);
        await expect(own.addSource(FEED, stranger.address))
          .to.be.revertedWithCustomError(hub, "SourceWithoutCode")
          .withArgs(stranger.address);
        const hostile = await ethers.deployContract("HostileFeed");
        await expect(own.addSource(FEED, hostile)).to.revert(ethers);
        await hostile.teach(selector.describe, Mode.Data, words(1n << 16n, 0n, 0n, 1n, 0n, 0n, 0n));
        await expect(own.addSource(FEED, hostile)).to.revert(ethers);
        await hostile.teach(selector.describe, Mode.Data, words(8n, 0n, 0n, 1n, 0n, BigInt(BASE)));
        await expect(own.addSource(FEED, hostile)).to.revert(ethers);
      });

      const other = encodeBytes32String("EUR");
      const units: readonly TermsInput[] = [{ base: other }, { quote: other }, { priceExp: 1n }];
      for (const unit of units) {
        it(`refuses another ${Object.keys(unit).join()}`, async () => {
          const { hub, own } = await networkHelpers.loadFixture(deployed);
          const source = await bench.source({ ...unit, maxAge: 0n });
          const { base, quote, priceExp } = { base: BASE, quote: QUOTE, priceExp: 0n, ...unit };
          await expect(own.addSource(FEED, source))
            .to.be.revertedWithCustomError(hub, "UnitMismatch")
            .withArgs(base, quote, priceExp);
        });
      }

      for (const maxAge of [0n, 90_001n, (1n << 32n) - 1n]) {
        it(`refuses a maximal age of ${maxAge} s`, async () => {
          const { hub, own } = await networkHelpers.loadFixture(deployed);
          const source = await bench.source({ classes: Class.Pyth, maxAge, maxAhead: 61n });
          await expect(own.addSource(FEED, source))
            .to.be.revertedWithCustomError(hub, "MaxAgeInvalid")
            .withArgs(maxAge, 90_000n);
        });
      }

      it("refuses a lead of 61 s", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const source = await bench.source({ classes: 0n, maxAhead: 61n });
        await expect(own.addSource(FEED, source))
          .to.be.revertedWithCustomError(hub, "MaxAheadTooLarge")
          .withArgs(61n, 60n);
      });

      for (const classes of [0n, Class.Guard | 8n, Class.Guard | 1n, 0xffffn]) {
        it(`refuses classes 0x${classes.toString(16)}`, async () => {
          const { hub, own } = await networkHelpers.loadFixture(deployed);
          const source = await bench.source({ classes });
          await expect(own.addSource(FEED, source))
            .to.be.revertedWithCustomError(hub, "ClassesInvalid")
            .withArgs(classes);
        });
      }

      const overlaps = [
        { classes: Class.RedStone, taken: 6n },
        { classes: Class.Own | Class.Pyth, taken: 6n },
        { classes: Class.RedStone | Class.Own | Class.Pyth, taken: 6n },
        { classes: Class.Chainlink | Class.Pyth, taken: 1n },
        { classes: 7n, taken: 1n },
      ];
      for (const { classes, taken } of overlaps) {
        it(`refuses classes 0x${classes.toString(16)} for the vote with 0x${taken.toString(16)}`, async () => {
          const { hub, own } = await networkHelpers.loadFixture(deployed);
          const source = await bench.source({ classes });
          await expect(own.addSource(FEED, source))
            .to.be.revertedWithCustomError(hub, "ClassesOverlap")
            .withArgs(classes, taken);
        });
      }

      it("refuses a source that it has, and twice the same at once", async () => {
        const { hub, own, sources } = await networkHelpers.loadFixture(deployed);
        const [, second] = sources;
        if (second === undefined) throw new Error("no source");
        await expect(own.addSource(FEED, second))
          .to.be.revertedWithCustomError(hub, "SourceKnown")
          .withArgs(second);
        await expect(own.createFeed(...feedArgs({ feed: BASE }, [second, second])))
          .to.be.revertedWithCustomError(hub, "SourceKnown")
          .withArgs(second);
      });

      it("takes 32 sources and refuses another, whatever its vote", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        for (let i = 2; i < 32; ++i) await own.addSource(FEED, await bench.source({ classes: 6n }));
        expect((await hub.source(FEED, 31n)).vote).to.equal(1n);
        const last = await bench.source({ classes: 6n });
        await expect(own.addSource(FEED, last))
          .to.be.revertedWithCustomError(hub, "TooManySources")
          .withArgs(32n);
        // The classes are looked at first.
        await expect(own.addSource(FEED, await bench.source({ classes: 2n })))
          .to.be.revertedWithCustomError(hub, "ClassesOverlap")
          .withArgs(2n, 6n);
      });

      it("takes 8 votes, the guard's among them, and refuses another", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const classes = [8n, 16n, 32n, 64n, 128n, Class.Guard];
        for (const each of classes)
          await own.addSource(FEED, await bench.source({ classes: each }));
        expect((await hub.source(FEED, 7n)).vote).to.equal(7n);
        await expect(own.addSource(FEED, await bench.source({ classes: 256n })))
          .to.be.revertedWithCustomError(hub, "TooManyVotes")
          .withArgs(8n);
        await own.addSource(FEED, await bench.source({ classes: 128n }));
        expect((await hub.source(FEED, 8n)).vote).to.equal(6n);
      });
    });
  });
});
