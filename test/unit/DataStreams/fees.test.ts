import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { latestOf, setNow, valueOf } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import { FEED, TIME, deployStreams, payloadOf, takeFees } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** What the reports of these tests cost. */
const FEE = 1_000_000n;
const WHOLE = 10n ** 18n;

async function free() {
  const world = await deployStreams(connection);
  await setNow(connection, TIME + 1n);
  return world;
}

async function charged() {
  const world = await networkHelpers.loadFixture(free);
  const manager = await takeFees(connection, world);
  return { ...world, manager };
}

describe("DataStreams", () => {
  describe("fees", () => {
    describe("when the verifier takes none", () => {
      it("says so and wants none", async () => {
        const { source } = await networkHelpers.loadFixture(free);
        expect(await source.fee(payloadOf())).to.equal(0n);
        for (const call of [
          source.latest.staticCall(payloadOf(), { value: FEE }),
          source.valueAt.staticCall(TIME, payloadOf(), { value: FEE }),
        ]) {
          await expect(call).to.be.revertedWithCustomError(source, "WrongFee").withArgs(FEE, 0n);
        }
      });
    });

    describe("when the real fee manager takes them", () => {
      it("passes exactly the fee on, in native coin", async () => {
        const { source, native, manager } = await charged();
        expect(await source.fee(payloadOf())).to.equal(FEE);
        await source.latest(payloadOf(), { value: FEE });
        await source.valueAt(TIME, payloadOf(), { value: FEE });
        expect(await native.balanceOf(manager)).to.equal(2n * FEE);
        expect(await ethers.provider.getBalance(source)).to.equal(0n);
        expect((await latestOf(source, payloadOf(), FEE)).price).to.equal(usd(2_000));
        expect((await valueOf(source, TIME, payloadOf(), FEE)).price).to.equal(usd(2_000));
      });

      it("reverts with WrongFee for less, more and none", async () => {
        const { source } = await charged();
        for (const value of [0n, FEE - 1n, FEE + 1n, 2n * FEE]) {
          await expect(latestOf(source, payloadOf(), value))
            .to.be.revertedWithCustomError(source, "WrongFee")
            .withArgs(value, FEE);
          await expect(valueOf(source, TIME, payloadOf(), value))
            .to.be.revertedWithCustomError(source, "WrongFee")
            .withArgs(value, FEE);
        }
      });

      it("follows surcharges and discounts, down to nothing", async () => {
        const { source, manager, native } = await charged();
        await manager.setNativeSurcharge(WHOLE / 10n);
        expect(await source.fee(payloadOf())).to.equal(FEE + FEE / 10n);
        await manager.updateSubscriberDiscount(source, FEED, native, WHOLE / 2n);
        expect(await source.fee(payloadOf())).to.equal((FEE + FEE / 10n) / 2n);
        const reading = await latestOf(source, payloadOf(), (FEE + FEE / 10n) / 2n);
        expect(reading.price).to.equal(usd(2_000));
        await manager.updateSubscriberDiscount(source, FEED, native, WHOLE);
        expect((await latestOf(source, payloadOf())).price).to.equal(usd(2_000));
      });

      it("has no value from a report that has expired: the fee manager refuses it", async () => {
        const { source, manager } = await charged();
        await setNow(connection, TIME + 86_400n);
        expect((await valueOf(source, TIME, payloadOf(), FEE)).price).to.equal(usd(2_000));
        await setNow(connection, TIME + 86_401n);
        await expect(valueOf(source, TIME, payloadOf(), FEE)).to.be.revertedWithCustomError(
          manager,
          "ExpiredReport",
        );
      });
    });

    it("keeps the value of a report for good where no fees are taken", async () => {
      const { source } = await networkHelpers.loadFixture(free);
      await setNow(connection, TIME + 864_000n);
      expect((await valueOf(source, TIME, payloadOf())).price).to.equal(usd(2_000));
    });
  });
});
