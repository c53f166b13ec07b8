import { expect } from "chai";

import { BLOCK_TIME, BreakerBench, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new BreakerBench(connection);

const deployed = () => bench.deploy();

describe("CircuitBreaker", () => {
  describe("constructor", () => {
    it("keeps ledger, hub, authority and the distance of blocks", async () => {
      const { breaker, ledger, hub, manager } = await networkHelpers.loadFixture(deployed);
      expect(await breaker.LEDGER()).to.equal(await ledger.getAddress());
      expect(await breaker.HUB()).to.equal(await hub.getAddress());
      expect(await breaker.authority()).to.equal(await manager.getAddress());
      expect(await breaker.BLOCK_TIME()).to.equal(BLOCK_TIME);
    });

    it("wants a ledger and a hub with code, the ledger first", async () => {
      const { breaker, ledger, hub, manager, maker, taker } =
        await networkHelpers.loadFixture(deployed);
      const make = (...of: [string, string]) =>
        ethers.deployContract("CircuitBreaker", [...of, manager, BLOCK_TIME]);
      const [ledgerAt, hubAt] = [await ledger.getAddress(), await hub.getAddress()];
      const { address } = maker;
      await reverts(breaker, make(address, taker.address), "BreakerWithoutCode", [address]);
      await reverts(breaker, make(ledgerAt, address), "BreakerWithoutCode", [address]);
      await make(ledgerAt, hubAt);
    });
  });
});
