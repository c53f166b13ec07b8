import { expect } from "chai";
import { ZeroAddress, encodeBytes32String } from "ethers";

import { connect } from "../fixtures/connection.ts";
import { MAXIMAL, Unit, latestOf, setNow } from "../fixtures/sources.ts";
import { usd } from "../unit/ChainlinkSettlement/support.ts";
import { MADE, WINDOW, deployPool, open, trade } from "../unit/UniswapTwap/support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const FEED = encodeBytes32String("ETH-USD");
const NOW = MADE + WINDOW + 600n;
/** $2,000 of 6 decimals for 1 ether of 18. */
const TICK = -200_311n;

/** A push feed over its real phase proxy. */
async function pushFeed(base: string, quote: string, answer: bigint, time: bigint) {
  const aggregator = await ethers.deployContract("MockV3Aggregator", [8, 0n]);
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [aggregator]);
  await aggregator.updateRoundData(1n, answer, time, time);
  const address = await proxy.getAddress();
  return ethers.deployContract("ChainlinkPush", [address, base, quote, 0n, 3_900n]);
}

/** A hub that reads a push feed, the product of two, and a pool that guards them. */
async function deployed() {
  const pool = await deployPool(connection);
  await open(connection, pool, TICK);
  await pool.pool.increaseObservationCardinalityNext(10);
  await trade(connection, pool, TICK + 1n, MADE + 60n);
  await setNow(connection, NOW - 60n);
  const direct = await pushFeed(Unit.ETH, Unit.USD, usd(2_001), NOW - 60n);
  const first = await pushFeed(Unit.ETH, Unit.BTC, usd(0.05), NOW - 50n);
  const second = await pushFeed(Unit.BTC, Unit.USD, usd(40_000), NOW - 40n);
  const product = await ethers.deployContract("Product", [first, second]);
  const [governor] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [governor?.address ?? ""]);
  const hub = await ethers.deployContract("OracleHub", [await manager.getAddress(), ZeroAddress]);
  const sources = await Promise.all([direct, product, pool.source].map((s) => s.getAddress()));
  await hub.createFeed(FEED, Unit.ETH, Unit.USD, 0n, 3n, 500n, sources);
  return { hub, pool };
}

describe("push sources in the hub", () => {
  it("are all read by a poke within what the hub gives each", async () => {
    const { hub, pool } = await networkHelpers.loadFixture(deployed);
    await networkHelpers.time.setNextBlockTimestamp(NOW);
    const poked = await hub.poke(FEED);
    await expect(poked).to.not.emit(hub, "ReadingDropped");
    const { price } = await latestOf(pool.source);
    for (const reading of [
      [FEED, 0n, usd(2_001), NOW - 60n, 0n, MAXIMAL | 1n],
      [FEED, 1n, usd(2_000), NOW - 50n, 0n, MAXIMAL | 1n],
      [FEED, 2n, price, NOW, 0n, MAXIMAL | 1n],
    ] as const) {
      await expect(poked)
        .to.emit(hub, "ReadingStored")
        .withArgs(...reading);
    }
  });

  it("are dropped with their own error's selector when they have no price", async () => {
    const { hub, pool } = await networkHelpers.loadFixture(deployed);
    const uncovered = pool.source.interface.getError("WindowNotCovered")?.selector;
    const tooShort = await ethers.deployContract("UniswapTwap", [
      pool.poolAddress,
      pool.baseAddress,
      100_000n,
      Unit.ETH,
      Unit.USD,
      0n,
      60n,
    ]);
    const other = encodeBytes32String("ETH-USD 2");
    const sources = [await tooShort.getAddress()];
    await hub.createFeed(other, Unit.ETH, Unit.USD, 0n, 3n, 500n, sources);
    await expect(hub.poke(other)).to.emit(hub, "ReadingDropped").withArgs(other, 0n, uncovered);
  });
});
