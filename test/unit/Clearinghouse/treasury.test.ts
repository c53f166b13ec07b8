import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { Clearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { bookView } from "../../fixtures/state.ts";
import { WEEK, usd } from "../../fixtures/units.ts";
import { FEE, deployOpen, fix, listMarket } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const FEES = 10n * FEE.linear;

async function opened() {
  return deployOpen(connection);
}

/** Ten lots were opened: fees wait in the linear book. */
async function traded() {
  const world = await networkHelpers.loadFixture(opened);
  await fill(world);
  return world;
}

describe("Clearinghouse", () => {
  describe("pushFees", () => {
    describe("when fees wait", () => {
      it("sends them to the treasury, takes them off the book and leaves the pool", async () => {
        const world = await traded();
        const { ledger, address, quote, treasury, stranger, linearBook } = world;
        const before = await bookView(world, linearBook);
        const own = ledger.connect(stranger);
        expect(await own.pushFees.staticCall(linearBook)).to.equal(FEES);
        await expect(own.pushFees(linearBook)).to.changeTokenBalances(
          ethers,
          quote,
          [address, treasury, stranger.address],
          [-FEES, FEES, 0n],
        );
        expect(await bookView(world, linearBook)).to.deep.equal({ ...before, fees: 0n });
      });

      it("emits FeesPushed with the treasury of now", async () => {
        const { ledger, admin, stranger, linearBook } = await traded();
        await ledger.connect(admin).setTreasury(stranger.address);
        await expect(ledger.pushFees(linearBook))
          .to.emit(ledger, "FeesPushed")
          .withArgs(linearBook, stranger.address, FEES);
      });

      it("sends fees of an inverse book in the underlying", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, base, treasury, inverseBook } = world;
        await fill(world, { order: { parts: [inversePart(world)] } });
        await ledger.pushFees(inverseBook);
        expect(await base.balanceOf(treasury)).to.equal(10n * FEE.inverse);
      });

      it("goes on after expiry, after settlement and in a retired market", async () => {
        const world = await traded();
        const { ledger, admin, linear, linearBook, maker, taker } = world;
        await ledger.connect(admin).retire(linear);
        await fix(world, usd(1_900), linearBook);
        await ledger.settle(linearBook, [maker.account, taker.account]);
        await ledger.connect(maker.signer).claim(maker.account, [linearBook], true);
        await ledger.connect(taker.signer).claim(taker.account, [linearBook], true);
        await expect(ledger.pushFees(linearBook)).to.emit(ledger, "FeesPushed");
      });
    });

    describe("when there is nothing to send", () => {
      it("does nothing and returns 0", async () => {
        const world = await traded();
        const { ledger, linearBook, inverseBook } = world;
        await ledger.pushFees(linearBook);
        for (const book of [linearBook, inverseBook]) {
          expect(await ledger.pushFees.staticCall(book)).to.equal(0n);
          await expect(ledger.pushFees(book)).to.not.emit(ledger, "FeesPushed");
        }
      });

      it("reverts with BookNotOpen", async () => {
        const { ledger, linear, expiry } = await networkHelpers.loadFixture(opened);
        for (const book of [0n, linear, bookOf(linear, expiry + WEEK)]) {
          await expect(ledger.pushFees(book))
            .to.be.revertedWithCustomError(ledger, "BookNotOpen")
            .withArgs(book);
        }
      });
    });

    describe("when the token refuses the treasury", () => {
      it("reverts with the token's error and keeps the fees for the next treasury", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, admin, maker, taker, treasury, stranger, linearTerms, expiry } = world;
        const token = await ethers.deployContract("OddToken");
        const tokenAddress = await token.getAddress();
        const market = await listMarket(world, { ...linearTerms, token: tokenAddress });
        const book = bookOf(market, expiry);
        await ledger.openBook(market, expiry);
        for (const { signer, address, account } of [maker, taker]) {
          await token.mint(address, 10n ** 9n);
          await token.connect(signer).approve(world.address, 10n ** 9n);
          await ledger.connect(signer).deposit(account, tokenAddress, 10n ** 9n);
        }
        await fill(world, { part: { book } });
        await token.setBlocked(treasury, true);
        await expect(ledger.pushFees(book))
          .to.be.revertedWithCustomError(token, "Blocked")
          .withArgs(treasury);
        expect((await bookView(world, book)).fees).to.equal(FEES);
        await ledger.connect(admin).setTreasury(stranger.address);
        await ledger.pushFees(book);
        expect(await token.balanceOf(stranger.address)).to.equal(FEES);
      });
    });
  });

  describe("setTreasury", () => {
    it("emits TreasurySet with both, and shows the new one", async () => {
      const { ledger, admin, treasury, stranger } = await networkHelpers.loadFixture(opened);
      expect(await ledger.treasury()).to.equal(treasury);
      await expect(ledger.connect(admin).setTreasury(stranger.address))
        .to.emit(ledger, "TreasurySet")
        .withArgs(treasury, stranger.address);
      expect(await ledger.treasury()).to.equal(stranger.address);
    });

    it("reverts with AccessManagedUnauthorized before it looks at the address", async () => {
      const { ledger, stranger } = await networkHelpers.loadFixture(opened);
      await expect(ledger.connect(stranger).setTreasury(ZeroAddress))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
    });

    it("reverts with ReceiverInvalid for the zero address and the ledger", async () => {
      const { ledger, address, admin, treasury } = await networkHelpers.loadFixture(opened);
      for (const to of [ZeroAddress, address]) {
        await expect(ledger.connect(admin).setTreasury(to))
          .to.be.revertedWithCustomError(ledger, "ReceiverInvalid")
          .withArgs(to);
      }
      expect(await ledger.treasury()).to.equal(treasury);
    });
  });

  describe("constructor", () => {
    it("names authority and treasury, and refuses a treasury of nobody and an annex without code", async () => {
      const { ledger, address, manager, admin, treasury } =
        await networkHelpers.loadFixture(opened);
      const authority = await manager.getAddress();
      expect(await ledger.authority()).to.equal(authority);
      const factory = new Clearinghouse__factory(admin);
      await expect(factory.deploy(authority, ZeroAddress, address))
        .to.be.revertedWithCustomError(ledger, "ReceiverInvalid")
        .withArgs(ZeroAddress);
      await expect(factory.deploy(authority, treasury, admin.address))
        .to.be.revertedWithCustomError(ledger, "NoCode")
        .withArgs(admin.address);
      const second = await factory.deploy(authority, treasury, address);
      await expect(second.deploymentTransaction())
        .to.emit(second, "TreasurySet")
        .withArgs(ZeroAddress, treasury);
    });
  });

  describe("setAuthority", () => {
    it("takes a new manager from the old one alone", async () => {
      const { ledger, manager, admin, address } = await networkHelpers.loadFixture(opened);
      const next = await ethers.deployContract("ScriptedManager");
      const nextAddress = await next.getAddress();
      await expect(ledger.connect(admin).setAuthority(nextAddress))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(admin.address);
      await manager.connect(admin).updateAuthority(address, nextAddress);
      expect(await ledger.authority()).to.equal(nextAddress);
    });
  });
});
