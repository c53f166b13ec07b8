import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  FEED,
  FixingBench,
  OPENED,
  PRICE,
  Source,
  gasInside,
  gasOfView,
  readingWords,
} from "../../fixtures/oracles.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new FixingBench(connection);

const NOW = OPENED + 200n;

/** A feed of three votes that agree, and a push source that has just said something new. */
async function deployed() {
  const world = await bench.deploy();
  await world.sources[0]?.say({ price: PRICE, time: NOW, confidence: 0n, form: BEST });
  return world;
}

describe("OracleHub", () => {
  describe("gas, cold, of a feed with three votes", () => {
    it("gives the spot within 17,500", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const data = hub.interface.encodeFunctionData("spot", [FEED]);
      const gas = gasOfView(await hub.spot.estimateGas(FEED), data);
      expect(gas).to.be.lessThan(17_500n);
    });

    it("takes a push reading within 27,500, judged by two others", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await bench.at(NOW);
      expect(await gasInside(hub.update(FEED, Source.Push, "0x"))).to.be.lessThan(27_500n);
      expect(await gasInside(hub.update(FEED, Source.Push, "0x"))).to.be.lessThan(27_500n);
    });

    it("takes a pulled reading within 25,500, beside what its verification costs", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const payload = readingWords({ price: PRICE, time: NOW });
      await bench.at(NOW);
      expect(await gasInside(hub.update(FEED, Source.Own, payload))).to.be.lessThan(25_500n);
    });

    it("pokes one push source within 30,000", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      await bench.at(NOW);
      expect(await gasInside(hub.poke(FEED))).to.be.lessThan(30_000n);
    });
  });
});
