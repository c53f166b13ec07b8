import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { encodeHints } from "../../../scripts/lib/roundHints.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  MAXIMAL,
  Unit,
  gasInside,
  latestOf,
  printGas,
  setNow,
  valueOf,
} from "../../fixtures/sources.ts";
import { roundId, usd } from "../ChainlinkSettlement/support.ts";
import { MAX_AGE, TIME, deployStreams, payloadOf, takeFees } from "../DataStreams/support.ts";
import { ONE, both } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** A push feed of stETH in ETH times a stream of ETH in USD, over the real contracts, with fees. */
async function real() {
  const streams = await deployStreams(connection);
  const aggregator = await ethers.deployContract("MockV3Aggregator", [18, 0n]);
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [aggregator]);
  const terms = [encodeBytes32String("stETH"), Unit.ETH, 0n, 90_000n] as const;
  const push = await ethers.deployContract("ChainlinkPush", [await proxy.getAddress(), ...terms]);
  const source = await ethers.deployContract("Product", [push, streams.source]);
  const squared = await deployPushed();
  await takeFees(connection, streams);
  for (const [i, offset] of [-100n, 200n].entries()) {
    const answer = (1_000n - BigInt(i)) * 10n ** 15n;
    await aggregator.updateRoundData(i + 2, answer, TIME + offset, TIME + offset);
  }
  await setNow(connection, TIME + 200n);
  return { source, squared, fee: await streams.source.fee(payloadOf()) };
}

/** The product of two push feeds. */
async function deployPushed() {
  const legs = [];
  for (const [base, quote] of [
    [encodeBytes32String("stETH"), Unit.ETH],
    [Unit.ETH, Unit.USD],
  ] as const) {
    const aggregator = await ethers.deployContract("MockV3Aggregator", [8, 2n * ONE]);
    const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [aggregator]);
    const arguments_ = [await proxy.getAddress(), base, quote, 0n, 90_000n] as const;
    legs.push(await ethers.deployContract("ChainlinkPush", [...arguments_]));
  }
  return ethers.deployContract("Product", legs);
}

describe("Product", () => {
  describe("over real legs", () => {
    it("refuses the stream's old report, though the push feed's round may be as old", async () => {
      const { source, fee } = await networkHelpers.loadFixture(real);
      await expect(latestOf(source, both("0x", payloadOf()), fee))
        .to.be.revertedWithCustomError(source, "LegTooOld")
        .withArgs(1n, 200n, MAX_AGE);
    });

    it("multiplies a push feed and a stream, pays for the stream, and takes 230,000 at most", async () => {
      const { source, fee } = await networkHelpers.loadFixture(real);
      const proof = both(encodeHints([roundId(1, 2)]), payloadOf());
      expect(await valueOf(source, TIME, proof, fee)).to.deep.equal({
        price: usd(2_000),
        form: MAXIMAL | 1n,
      });
      const gas = await gasInside(source.valueAt(TIME, proof, { value: fee }));
      printGas("valueAt, push and stream with a fee", gas);
      expect(gas).to.be.lessThan(230_000n);
    });

    it("reads two push feeds within 60,000", async () => {
      const { squared } = await networkHelpers.loadFixture(real);
      expect((await latestOf(squared)).price).to.equal(4n * ONE);
      const gas = await gasInside(squared.latest("0x"));
      printGas("latest, two push feeds", gas);
      expect(gas).to.be.lessThan(60_000n);
    });
  });
});
