import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { gasInside, printGas, setNow } from "../../fixtures/sources.ts";
import { TIME, deployStreams, payloadOf, takeFees } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function deployed() {
  const world = await deployStreams(connection);
  await setNow(connection, TIME + 1n);
  return world;
}

describe("DataStreams", () => {
  describe("gas, cold, over the real verifier with two signatures", () => {
    it("says what is latest, and gives a value, within 60,000", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const latest = await gasInside(source.latest(payloadOf()));
      const at = await gasInside(source.valueAt(TIME, payloadOf()));
      printGas("latest", latest);
      printGas("valueAt", at);
      expect(latest).to.be.lessThan(60_000n);
      expect(at).to.be.lessThan(60_000n);
    });

    it("does so within 200,000 when the real fee manager takes a fee", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await takeFees(connection, world);
      const value = await world.source.fee(payloadOf());
      await world.source.latest(payloadOf(), { value });
      const gas = await gasInside(world.source.latest(payloadOf(), { value }));
      printGas("latest, with a fee", gas);
      expect(gas).to.be.lessThan(200_000n);
    });
  });
});
