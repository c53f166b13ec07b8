import { expect } from "chai";
import { ZeroAddress, ZeroHash, encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BASE,
  Class,
  FEED,
  OracleBench,
  PULL_AGE,
  PULL_AHEAD,
  PUSH_AGE,
  QUOTE,
  Stage,
  feedArgs,
} from "../../fixtures/oracles.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new OracleBench(connection);

async function deployed() {
  const world = await bench.deployHub();
  return { ...world, own: world.hub.connect(world.governor) };
}

describe("OracleHub", () => {
  describe("constructor", () => {
    it("keeps the authority and the uptime feed", async () => {
      const { hub, manager } = await networkHelpers.loadFixture(deployed);
      expect(await hub.authority()).to.equal(await manager.getAddress());
      expect(await hub.UPTIME_FEED()).to.equal(ZeroAddress);
      const uptime = await ethers.deployContract("HostileFeed");
      const other = await ethers.deployContract("OracleHub", [manager, uptime]);
      expect(await other.UPTIME_FEED()).to.equal(await uptime.getAddress());
    });

    it("refuses an uptime feed without code", async () => {
      const { hub, manager, stranger } = await networkHelpers.loadFixture(deployed);
      const made = ethers.deployContract("OracleHub", [manager, stranger.address]);
      await expect(made)
        .to.be.revertedWithCustomError(hub, "SourceWithoutCode")
        .withArgs(stranger.address);
    });
  });

  describe("createFeed", () => {
    describe("when governance makes a new feed", () => {
      it("emits FeedCreated and a SourceAdded for each source, which counts at once", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const first = await bench.source({ classes: Class.Chainlink, push: true });
        const second = await bench.source({ classes: Class.RedStone });
        const third = await bench.source({ classes: Class.Chainlink });
        const made = await own.createFeed(
          ...feedArgs({ quorum: 5n, dailyVol: 700n }, [first, second, third]),
        );
        await expect(made).to.emit(hub, "FeedCreated").withArgs(FEED, BASE, QUOTE, 0n, 5n, 700n);
        await expect(made).to.emit(hub, "SourceAdded").withArgs(FEED, 0n, first, 0n, true);
        await expect(made).to.emit(hub, "SourceAdded").withArgs(FEED, 1n, second, 1n, true);
        await expect(made).to.emit(hub, "SourceAdded").withArgs(FEED, 2n, third, 0n, true);
      });

      it("shows its terms and its sources", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const [base, quote] = [encodeBytes32String("BTC"), encodeBytes32String("EUR")];
        const unit = { base, quote, priceExp: 18n };
        const push = await bench.source({ ...unit, classes: Class.Chainlink, push: true });
        const pulled = await bench.source({ ...unit, classes: Class.Own | Class.Pyth });
        await own.createFeed(
          ...feedArgs({ ...unit, quorum: 7n, dailyVol: 10_000n }, [push, pulled]),
        );
        const terms = [base, quote, 18n, 7n, 10_000n, 2n];
        expect([...(await hub.feedTerms(FEED))]).to.deep.equal(terms);
        expect([...(await hub.source(FEED, 0n))]).to.deep.equal([
          await push.getAddress(),
          0n,
          true,
          false,
          Stage.Voting,
          PUSH_AGE,
          0n,
        ]);
        expect([...(await hub.source(FEED, 1n))]).to.deep.equal([
          await pulled.getAddress(),
          1n,
          false,
          false,
          Stage.Voting,
          PULL_AGE,
          PULL_AHEAD,
        ]);
      });

      it("takes one without sources, and guards, which count but do not vote", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        await own.createFeed(...feedArgs({}, []));
        expect([...(await hub.feedTerms(FEED))]).to.deep.equal([BASE, QUOTE, 0n, 3n, 0n, 0n]);
        const guard = await bench.source({ classes: Class.Guard });
        const feed = encodeBytes32String("other");
        await own.createFeed(...feedArgs({ feed }, [guard]));
        const { stage, guard: guards, vote } = await hub.source(feed, 0n);
        expect([stage, guards, vote]).to.deep.equal([Stage.Voting, true, 0n]);
        expect([...(await hub.votingSources(feed))]).to.deep.equal([0n, 0n, 0n]);
      });
    });

    describe("when it is refused", () => {
      it("wants governance: neither steward nor stranger may", async () => {
        const { hub, steward, stranger } = await networkHelpers.loadFixture(deployed);
        for (const signer of [steward, stranger]) {
          await expect(hub.connect(signer).createFeed(...feedArgs({}, [])))
            .to.be.revertedWithCustomError(hub, "AccessManagedUnauthorized")
            .withArgs(signer.address);
        }
      });

      it("wants a name, before anything else", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        await expect(own.createFeed(...feedArgs({ feed: ZeroHash, quorum: 0n }, [])))
          .to.be.revertedWithCustomError(hub, "FeedNameZero")
          .withArgs();
      });

      it("wants the name to be free, before it looks at the terms", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        await own.createFeed(...feedArgs({}, []));
        await expect(own.createFeed(...feedArgs({ quorum: 4n }, [])))
          .to.be.revertedWithCustomError(hub, "FeedExists")
          .withArgs(FEED);
      });

      for (const quorum of [0n, 1n, 2n, 4n, 6n, 8n, 9n, 255n]) {
        it(`refuses a quorum of ${quorum}`, async () => {
          const { hub, own } = await networkHelpers.loadFixture(deployed);
          await expect(own.createFeed(...feedArgs({ quorum, priceExp: 19n }, [])))
            .to.be.revertedWithCustomError(hub, "QuorumInvalid")
            .withArgs(quorum);
        });
      }

      it("refuses a price exponent above 18", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        await expect(own.createFeed(...feedArgs({ priceExp: 19n, dailyVol: 10_001n }, [])))
          .to.be.revertedWithCustomError(hub, "FeedExpTooLarge")
          .withArgs(19n, 18n);
      });

      it("refuses a daily volatility above 10,000 bps", async () => {
        const { hub, own, stranger } = await networkHelpers.loadFixture(deployed);
        await expect(own.createFeed(...feedArgs({ dailyVol: 10_001n }, [stranger.address])))
          .to.be.revertedWithCustomError(hub, "DailyVolTooLarge")
          .withArgs(10_001n, 10_000n);
      });

      it("refuses the feed with the first source that it refuses, and keeps nothing", async () => {
        const { hub, own, stranger } = await networkHelpers.loadFixture(deployed);
        const good = await bench.source();
        await expect(own.createFeed(...feedArgs({}, [good, stranger.address])))
          .to.be.revertedWithCustomError(hub, "SourceWithoutCode")
          .withArgs(stranger.address);
        await expect(hub.feedTerms(FEED))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(FEED);
      });
    });
  });
});
