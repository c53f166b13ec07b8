import { expect } from "chai";

import { encodeHints } from "../../../scripts/lib/roundHints.ts";
import { connect } from "../../fixtures/connection.ts";
import { gasInside, printGas } from "../../fixtures/sources.ts";
import { roundId } from "../ChainlinkSettlement/support.ts";
import { TIME, deployPush, rounds, settle } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function deployed() {
  return deployPush(connection);
}

async function published() {
  const world = await networkHelpers.loadFixture(deployed);
  await rounds(world.aggregator, [-600n, 30n]);
  await settle(connection);
  return world;
}

async function silent() {
  const world = await networkHelpers.loadFixture(deployed);
  await rounds(world.aggregator, [-600n]);
  await settle(connection);
  return world;
}

describe("ChainlinkPush", () => {
  describe("gas, cold, over a real phase proxy", () => {
    it("says what is latest within 28,000", async () => {
      const { source } = await published();
      const gas = await gasInside(source.latest("0x"));
      printGas("latest", gas);
      expect(gas).to.be.lessThan(28_000n);
    });

    it("gives a value within 40,000", async () => {
      const { source } = await published();
      const gas = await gasInside(source.valueAt(TIME, encodeHints([roundId(1, 2)])));
      printGas("valueAt", gas);
      expect(gas).to.be.lessThan(40_000n);
    });

    it("gives a value within 43,000 when it has to show that no round follows", async () => {
      const { source } = await silent();
      const gas = await gasInside(source.valueAt(TIME, encodeHints([roundId(1, 2)])));
      printGas("valueAt, no later round", gas);
      expect(gas).to.be.lessThan(43_000n);
    });
  });
});
