import { expect } from "chai";
import { getBytes } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { Bench, DAY, END_DELAY, Step, roundId, usd } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const bench = new Bench(connection);

async function deployed() {
  return bench.deploy();
}

async function opened() {
  const world = await bench.deployOpen();
  await bench.round(world.aggregator, 2n, usd(2_100), world.expiry - 600n);
  return world;
}

/** Gas of a transaction beyond its base and its calldata: what the ledger pays for the call, everything cold. */
async function gasInside(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const response = await sent;
  const receipt = await response.wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  const calldata = getBytes(response.data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
  return receipt.gasUsed - 21_000n - calldata;
}

describe("ChainlinkSettlement", () => {
  describe("gas, cold, over a real phase proxy", () => {
    it("fixes within 42,000 when a later round is out", async () => {
      const world = await networkHelpers.loadFixture(opened);
      await bench.round(world.aggregator, 3n, usd(2_200), world.expiry + 30n);
      const gas = await gasInside(bench.fixAt(world, world.expiry + 60n, [roundId(1, 2)]));
      expect((await world.oracle.fixingState(world.fixing)).step).to.equal(Step.Round);
      expect(gas).to.be.lessThan(42_000n);
    });

    it("fixes within 45,500 when it has to show that no round follows", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const gas = await gasInside(bench.fixAt(world, world.expiry + END_DELAY, [roundId(1, 2)]));
      expect(gas).to.be.lessThan(45_500n);
    });

    it("settles at the overdue mark within 12,000: the feed is not read", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const gas = await gasInside(bench.fixAt(world, world.expiry + 30n * DAY, "0x"));
      expect(gas).to.be.lessThan(12_000n);
    });

    it("opens within 50,000, joins within 26,000 and with a newer round within 31,000", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle, aggregator, feed, profile, expiry, markTime } = world;
      expect(await gasInside(oracle.open(feed, profile, expiry))).to.be.lessThan(50_000n);
      expect(await gasInside(oracle.open(feed, profile, expiry))).to.be.lessThan(26_000n);
      await bench.round(aggregator, 2n, usd(2_100), markTime + 600n);
      await bench.at(markTime + 600n);
      expect(await gasInside(oracle.open(feed, profile, expiry))).to.be.lessThan(31_000n);
    });
  });
});
