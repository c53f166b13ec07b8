import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { SOURCE, ownPayload } from "../../../scripts/lib/oracle/threeClasses.ts";
import { connect } from "../../fixtures/connection.ts";
import { fill } from "../../fixtures/fills.ts";
import { DAY, HOUR } from "../../fixtures/units.ts";
import { FEE, at, passTo } from "../../fixtures/world.ts";
import { PER_POINT, PRICE, deployPriced, expired, feed } from "./support.ts";
import type { Priced } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const FEES = 10n * FEE.linear;
/** Two points a vote and two for the mark. */
const MOST = 8n * PER_POINT;

const deployed = () => deployPriced(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

/** Bounties are set, and the fees collected. */
async function collected(): Promise<Priced> {
  const priced = await fresh();
  await priced.bounties.setBounty(priced.market, PER_POINT);
  await priced.bounties.collect(priced.book);
  return priced;
}

/** Every value was proven for the maker's benefit, and the price is final. */
async function proven(): Promise<Priced> {
  const priced = await collected();
  const { classes, world, profile } = priced;
  const proofs = await expired(priced);
  const { oracle, feed: name } = classes;
  await oracle.submit(name, profile, world.expiry, proofs, world.maker.address);
  await oracle.finalise(name, profile, world.expiry);
  return priced;
}

describe("Bounties", () => {
  describe("constructor", () => {
    it("reverts with TreasuryZero", async () => {
      const { world, bounties } = await fresh();
      await expect(
        ethers.deployContract("Bounties", [world.address, world.admin.address, ZeroAddress]),
      )
        .to.be.revertedWithCustomError(bounties, "TreasuryZero")
        .withArgs();
    });

    it("names ledger and treasury", async () => {
      const { world, bounties } = await fresh();
      expect(await bounties.LEDGER()).to.equal(world.address);
      expect(await bounties.TREASURY()).to.equal(world.treasury);
    });
  });

  describe("setBounty", () => {
    it("sets what a point earns, up to a hundred times the fee of a lot", async () => {
      const { bounties, market } = await fresh();
      const max = 100n * FEE.linear;
      await expect(bounties.setBounty(market, max))
        .to.emit(bounties, "BountySet")
        .withArgs(market, max);
      expect(await bounties.bountyOf(market)).to.equal(max);
      await expect(bounties.setBounty(market, max + 1n))
        .to.be.revertedWithCustomError(bounties, "BountyTooLarge")
        .withArgs(max + 1n, max);
    });

    it("reverts with AccessManagedUnauthorized for anyone else", async () => {
      const { bounties, market, world } = await fresh();
      await expect(bounties.connect(world.stranger).setBounty(market, 1n))
        .to.be.revertedWithCustomError(bounties, "AccessManagedUnauthorized")
        .withArgs(world.stranger.address);
    });
  });

  describe("collect", () => {
    it("keeps what the points can come to and passes the rest on", async () => {
      const { world, bounties, market, book } = await fresh();
      await bounties.setBounty(market, PER_POINT);
      await expect(bounties.connect(world.stranger).collect(book))
        .to.emit(bounties, "FeesCollected")
        .withArgs(book, MOST, FEES - MOST);
      expect(await world.quote.balanceOf(world.treasury)).to.equal(FEES - MOST);
      expect([...(await bounties.purseOf(book))]).to.deep.equal([PER_POINT, MOST, 0n]);
    });

    it("passes everything on while no bounty is set, also of a market without points", async () => {
      const { world, bounties, book } = await fresh();
      await bounties.collect(book);
      expect(await world.quote.balanceOf(world.treasury)).to.equal(FEES);
      await fill(world, { order: { nonce: 2n } });
      await bounties.collect(world.linearBook);
      expect(await world.quote.balanceOf(world.treasury)).to.equal(2n * FEES);
    });

    it("keeps the bounty of its first fees", async () => {
      const { bounties, market, book } = await collected();
      await bounties.setBounty(market, 1n);
      await bounties.collect(book);
      expect((await bounties.purseOf(book)).perPoint).to.equal(PER_POINT);
    });
  });

  describe("claim", () => {
    it("pays two points for each maximal value, once", async () => {
      const { world, bounties, book } = await proven();
      const owed = 6n * PER_POINT;
      const claim = bounties.connect(world.stranger).claim(book, world.maker.address);
      await expect(claim)
        .to.emit(bounties, "BountyPaid")
        .withArgs(book, world.maker.address, 6n, owed);
      await expect(claim).to.changeTokenBalance(ethers, world.quote, world.maker.address, owed);
      expect(await bounties.pointsPaid(book, world.maker.address)).to.equal(6n);
      await expect(bounties.claim(book, world.maker.address))
        .to.be.revertedWithCustomError(bounties, "NothingOwed")
        .withArgs(book, world.maker.address);
    });

    it("pays the difference to whoever replaced a value by a better one", async () => {
      const priced = await collected();
      const { classes, world, profile, bounties, book } = priced;
      const proofs = await expired(priced);
      const three = ownPayload(classes, world.expiry, [PRICE, PRICE, PRICE]);
      const lesser = { source: SOURCE.own, slot: 0, fee: 0n, payload: three };
      const { oracle, feed: name } = classes;
      const { maker, taker } = world;
      await oracle.submit(name, profile, world.expiry, [lesser], maker.address);
      await oracle.submit(name, profile, world.expiry, proofs, taker.address);
      await oracle.finalise(name, profile, world.expiry);
      expect(await oracle.pointsOf(priced.fixing, maker.address)).to.equal(1n);
      expect(await oracle.pointsOf(priced.fixing, taker.address)).to.equal(5n);
      await bounties.claim(book, maker.address);
      await bounties.claim(book, taker.address);
      expect((await bounties.purseOf(book)).paid).to.equal(6n * PER_POINT);
    });

    it("pays two points for the first mark of the last hour", async () => {
      const priced = await collected();
      const { classes, world, profile, fixing } = priced;
      await passTo(world, world.expiry - HOUR + 60n);
      await feed(priced);
      const own = classes.oracle.connect(world.stranger);
      await own.refreshMark(classes.feed, profile, world.expiry);
      expect(await own.pointsOf(fixing, world.stranger.address)).to.equal(2n);
      await at(world, BigInt(await networkHelpers.time.latest()) + 1n);
      await own.refreshMark(classes.feed, profile, world.expiry);
      expect(await own.pointsOf(fixing, world.stranger.address)).to.equal(2n);
    });

    it("never pays more than the book earned, and whole points only", async () => {
      const priced = await fresh();
      const { bounties, market, book, world } = priced;
      await bounties.setBounty(market, 2_000n);
      await bounties.collect(book);
      const proofs = await expired(priced);
      const { oracle, feed: name } = priced.classes;
      await oracle.submit(name, priced.profile, world.expiry, proofs, world.maker.address);
      await oracle.finalise(name, priced.profile, world.expiry);
      await bounties.claim(book, world.maker.address);
      expect([...(await bounties.purseOf(book))]).to.deep.equal([2_000n, FEES, 4_000n]);
    });

    it("reverts with PriceNotFinal before the price", async () => {
      const { bounties, book, world } = await collected();
      await expect(bounties.claim(book, world.maker.address))
        .to.be.revertedWithCustomError(bounties, "PriceNotFinal")
        .withArgs(book);
    });
  });

  describe("release", () => {
    it("passes the rest on from 30 days after the expiry", async () => {
      const { bounties, book, world } = await proven();
      const from = world.expiry + 30n * DAY;
      await at(world, from - 1n);
      await expect(bounties.release(book))
        .to.be.revertedWithCustomError(bounties, "ReleaseTooEarly")
        .withArgs(from - 1n, from);
      await at(world, from);
      await expect(bounties.release(book)).to.emit(bounties, "BountyReleased").withArgs(book, MOST);
      expect(await world.quote.balanceOf(world.treasury)).to.equal(FEES);
    });
  });

  describe("sweep", () => {
    it("passes on what was pushed past the purses, and nothing of theirs", async () => {
      const { bounties, world } = await collected();
      await fill(world, { order: { nonce: 2n } });
      await world.ledger.pushFees(world.linearBook);
      await bounties.sweep(world.quoteAddress);
      expect(await world.quote.balanceOf(await bounties.getAddress())).to.equal(MOST);
      expect(await world.quote.balanceOf(world.treasury)).to.equal(2n * FEES - MOST);
    });
  });
});
