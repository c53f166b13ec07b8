import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { DAY, MAX_256, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { PURSE, at, deployOpen, fix, now, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** The maker is short ten puts and has a hundred more in each book than it needs. */
async function short() {
  const world = await networkHelpers.loadFixture(opened);
  await fill(world);
  const own = world.ledger.connect(world.maker.signer);
  await own.allocate(world.maker.account, world.linearBook, usdc(100));
  await own.allocate(world.maker.account, world.inverseBook, ether(100));
  return { ...world, own };
}

describe("Clearinghouse", () => {
  describe("free", () => {
    describe("when the rest still covers the legs", () => {
      it("moves collateral back to free cash, down to the requirement, no token moves", async () => {
        const world = await short();
        const { own, address, quote, linearBook, maker } = world;
        const cash = (await cashOf(world, maker.account)).quote;
        await expect(own.free(maker.account, linearBook, usdc(100))).to.changeTokenBalances(
          ethers,
          quote,
          [maker.address, address],
          [0n, 0n],
        );
        expect((await cashOf(world, maker.account)).quote).to.equal(cash + usdc(100));
        const position = await positionOf(world, maker.account, linearBook);
        expect(position.collateral).to.equal(usdc(200));
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(200));
      });

      it("emits Allocated with a negative delta", async () => {
        const { own, linearBook, maker } = await short();
        await expect(own.free(maker.account, linearBook, 7n))
          .to.emit(own, "Allocated")
          .withArgs(maker.account, linearBook, -7n);
      });

      it("keeps every leg of a position with many", async () => {
        const world = await short();
        const strikes = [1_500, 1_600, 1_700, 1_800, 1_900];
        const legs = strikes.map((strike) => put(usd(strike), -1n));
        await fill(world, { order: { nonce: 2n }, part: { legs } });
        await world.own.allocate(world.maker.account, world.linearBook, usdc(1));
        const before = await positionOf(world, world.maker.account, world.linearBook);
        await world.own.free(world.maker.account, world.linearBook, usdc(1));
        const after = await positionOf(world, world.maker.account, world.linearBook);
        expect(after.legs).to.deep.equal(before.legs);
        expect(after.legs).to.have.length(6);
      });

      it("lets a manage operator do it", async () => {
        const world = await short();
        const { own, ledger, linearBook, maker, stranger } = world;
        await own.setAccountOperator(maker.account, stranger.address, Scope.Manage, world.expiry);
        await expect(ledger.connect(stranger).free(maker.account, linearBook, 1n))
          .to.emit(ledger, "Allocated")
          .withArgs(maker.account, linearBook, -1n);
      });

      it("goes on after expiry for an account without legs, before and after the price is fixed", async () => {
        const world = await short();
        const { own, inverseBook, maker, expiry } = world;
        await at(world, expiry);
        await expect(own.free(maker.account, inverseBook, ether(40))).to.emit(own, "Allocated");
        await fix(world, usd(1_900), inverseBook);
        await expect(own.free(maker.account, inverseBook, ether(60))).to.emit(own, "Allocated");
        expect((await cashOf(world, maker.account)).base).to.equal(PURSE.base);
        expect((await bookView(world, inverseBook)).pool).to.equal(0n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for strangers and trade operators, before the amount", async () => {
        const world = await short();
        const { own, ledger, maker, taker, stranger } = world;
        const until = (await now(world)) + DAY;
        await own.setAccountOperator(maker.account, stranger.address, Scope.Trade, until);
        for (const caller of [taker.signer, stranger]) {
          await expect(ledger.connect(caller).free(maker.account, 1n, 0n))
            .to.be.revertedWithCustomError(ledger, "NotPermitted")
            .withArgs(maker.account, caller.address, Scope.Manage);
        }
      });

      it("reverts with ZeroAmount before it looks at the book", async () => {
        const { own, maker } = await short();
        await expect(own.free(maker.account, 1n, 0n))
          .to.be.revertedWithCustomError(own, "ZeroAmount")
          .withArgs();
      });

      it("reverts with BookNotOpen", async () => {
        const { own, maker, linear, expiry } = await short();
        for (const book of [0n, linear, bookOf(linear, expiry + WEEK)]) {
          await expect(own.free(maker.account, book, 1n))
            .to.be.revertedWithCustomError(own, "BookNotOpen")
            .withArgs(book);
        }
      });

      it("reverts with AlreadySettled once settled, before the amount", async () => {
        const world = await short();
        const { own, linearBook, maker } = world;
        await fix(world, usd(1_900), linearBook);
        await own.settle(linearBook, [maker.account]);
        await expect(own.free(maker.account, linearBook, MAX_256))
          .to.be.revertedWithCustomError(own, "AlreadySettled")
          .withArgs(maker.account, linearBook);
      });

      it("reverts with LegsOpen from the expiry on, before the collateral", async () => {
        const world = await short();
        const { own, linearBook, maker, expiry } = world;
        await passTo(world, expiry - 1n);
        await at(world, expiry);
        await expect(own.free(maker.account, linearBook, MAX_256))
          .to.be.revertedWithCustomError(own, "LegsOpen")
          .withArgs(maker.account, linearBook, 1n);
      });

      it("frees with legs in the last second before expiry", async () => {
        const world = await short();
        await at(world, world.expiry - 1n);
        await expect(world.own.free(world.maker.account, world.linearBook, usdc(100))).to.emit(
          world.own,
          "Allocated",
        );
      });

      it("reverts with CollateralShort above the collateral, before coverage", async () => {
        const { own, linearBook, inverseBook, maker, taker } = await short();
        for (const [book, asked, available] of [
          [linearBook, usdc(300) + 1n, usdc(300)],
          [linearBook, MAX_256, usdc(300)],
          [inverseBook, ether(100) + 1n, ether(100)],
        ] as const) {
          await expect(own.free(maker.account, book, asked))
            .to.be.revertedWithCustomError(own, "CollateralShort")
            .withArgs(maker.account, book, asked, available);
        }
        await expect(own.connect(taker.signer).free(taker.account, linearBook, 1n))
          .to.be.revertedWithCustomError(own, "CollateralShort")
          .withArgs(taker.account, linearBook, 1n, 0n);
      });

      it("reverts with Undercovered one unit below the requirement", async () => {
        const { own, linearBook, maker } = await short();
        await expect(own.free(maker.account, linearBook, usdc(100) + 1n))
          .to.be.revertedWithCustomError(own, "Undercovered")
          .withArgs(maker.account, linearBook, usdc(200) - 1n, usdc(200));
      });
    });

    describe("what a position must keep", () => {
      /** Signs a package against the taker, over-collateralised, and frees all but one unit less than it needs. */
      const cases: [name: string, legs: bigint[], requirement: bigint][] = [
        ["a put its strike", [put(usd(1_500), -2n)], usdc(30)],
        ["a put spread its width", [put(usd(1_500), 2n), put(usd(2_000), -2n)], usdc(10)],
        ["a call spread its width", [call(usd(2_000), -3n), call(usd(2_100), 3n)], usdc(3)],
        [
          "an iron condor its wider wing",
          [put(usd(1_800), 1n), put(usd(1_900), -1n), call(usd(2_100), -1n), call(usd(2_300), 1n)],
          usdc(2),
        ],
        [
          "a short box its width",
          [put(usd(2_000), 1n), call(usd(2_000), -1n), put(usd(2_500), -1n), call(usd(2_500), 1n)],
          usdc(5),
        ],
        [
          "a long box nothing",
          [put(usd(2_000), -1n), call(usd(2_000), 1n), put(usd(2_500), 1n), call(usd(2_500), -1n)],
          0n,
        ],
      ];
      for (const [name, legs, requirement] of cases) {
        it(`keeps for ${name}: ${requirement} base units`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const { ledger, linearBook, maker } = world;
          const own = ledger.connect(maker.signer);
          await own.allocate(maker.account, linearBook, usdc(100));
          await fill(world, { order: { units: 1n }, part: { legs, premium: 0n } });
          await own.free(maker.account, linearBook, usdc(100) - requirement);
          if (requirement === 0n) return;
          await expect(own.free(maker.account, linearBook, 1n))
            .to.be.revertedWithCustomError(own, "Undercovered")
            .withArgs(maker.account, linearBook, requirement - 1n, requirement);
        });
      }

      it("keeps a covered call its lot of the underlying, an inverse spread what V(K)/K asks", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, inverseBook, maker } = world;
        const own = ledger.connect(maker.signer);
        await own.allocate(maker.account, inverseBook, ether(1));
        const parts = [inversePart(world, { legs: [call(usd(2_000), -1n)], premium: 0n })];
        await fill(world, { order: { units: 1n, parts } });
        await own.free(maker.account, inverseBook, ether(0.99));
        const hedge = [inversePart(world, { legs: [call(usd(3_000), 1n)], premium: 0n })];
        await fill(world, { order: { units: 1n, nonce: 2n, parts: hedge } });
        // ⌈1,000 × 1e16 / 3,000⌉: a third of the lot, rounded up.
        const requirement = 10n ** 16n / 3n + 1n;
        await own.free(maker.account, inverseBook, ether(0.01) - requirement);
        await expect(own.free(maker.account, inverseBook, 1n))
          .to.be.revertedWithCustomError(own, "Undercovered")
          .withArgs(maker.account, inverseBook, requirement - 1n, requirement);
      });
    });
  });
});
