import { expect } from "chai";
import { ZeroAddress, id } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { Class, Unit, termsOf } from "../../fixtures/sources.ts";
import { FEED, MAX_AGE, MAX_AHEAD, deployStreams, makeStreams } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  return deployStreams(connection);
}

describe("DataStreams", () => {
  describe("making", () => {
    it("freezes verifier, feed, fee token and terms", async () => {
      const { source, proxy, native } = await networkHelpers.loadFixture(deployed);
      expect(await source.verifierProxy()).to.equal(await proxy.getAddress());
      expect(await source.feedId()).to.equal(FEED);
      expect(await source.feeToken()).to.equal(await native.getAddress());
      expect(await termsOf(source)).to.deep.equal({
        classes: Class.Chainlink,
        push: false,
        priceExp: 0n,
        maxAge: MAX_AGE,
        maxAhead: MAX_AHEAD,
        base: Unit.ETH,
        quote: Unit.USD,
      });
    });

    it("reverts with NetworkWithoutCode where there is no contract", async () => {
      const errors = await ethers.getContractFactory("DataStreams");
      await expect(makeStreams(connection, ZeroAddress, FEED))
        .to.be.revertedWithCustomError(errors, "NetworkWithoutCode")
        .withArgs(ZeroAddress);
    });

    it("reverts with FeedVersionUnknown for a feed of another version", async () => {
      const { proxy } = await networkHelpers.loadFixture(deployed);
      const errors = await ethers.getContractFactory("DataStreams");
      for (const version of ["0000", "0002", "0004", "0300"]) {
        const feed = `0x${version}${id("ETH/USD").slice(6)}`;
        await expect(makeStreams(connection, await proxy.getAddress(), feed))
          .to.be.revertedWithCustomError(errors, "FeedVersionUnknown")
          .withArgs(feed);
      }
    });

    it("reverts with PriceExpTooLarge at 19", async () => {
      const { proxy } = await networkHelpers.loadFixture(deployed);
      const errors = await ethers.getContractFactory("DataStreams");
      const making = makeStreams(connection, await proxy.getAddress(), FEED, { priceExp: 19n });
      await expect(making)
        .to.be.revertedWithCustomError(errors, "PriceExpTooLarge")
        .withArgs(19n, 18n);
    });
  });
});
