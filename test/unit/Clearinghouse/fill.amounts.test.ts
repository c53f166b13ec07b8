import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart, linearPart, paidBy, refused, sorted } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../../fixtures/state.ts";
import { MAX_112, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { FEE, PURSE, deployOpen, listMarket } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** A second linear book, a week later: two parts with one token. */
async function twoBooks() {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, linear, expiry, linearBook } = world;
  await ledger.openBook(linear, expiry + WEEK);
  const later = bookOf(linear, expiry + WEEK);
  expect(later > linearBook).to.equal(true);
  const parts = [
    linearPart(world, { premium: 0n }),
    linearPart(world, { book: later, premium: 0n, legs: [put(usd(1_000), -1n)] }),
  ];
  return { ...world, later, parts };
}

/** Comes down to this much free cash in the quote token. */
async function leaveCash(world: World, who: "maker" | "taker", amount: bigint): Promise<void> {
  const { signer, account, address } = world[who];
  const excess = (await cashOf(world, account)).quote - amount;
  await world.ledger.connect(signer).withdraw(account, world.quoteAddress, excess, address);
}

/** What the taker pays net of its fee when units are taken in these steps. */
async function premiums(world: World, patch: FillPatch, steps: bigint[]): Promise<bigint[]> {
  const paid: bigint[] = [];
  for (const units of steps) {
    const [pay = 0n] = await paidBy(world, { ...patch, units });
    await fill(world, { ...patch, units });
    paid.push(pay - units * FEE.linear);
  }
  return paid;
}

describe("Clearinghouse", () => {
  describe("fill, the premium", () => {
    describe("when one order is filled in pieces", () => {
      it("charges P(f + x) − P(f), rounded up in the maker's favour", async () => {
        const world = await networkHelpers.loadFixture(opened);
        // P(x) = ⌈x · 3,333 / 10,000⌉: 1 1 1 2 2 2 3 3 3 4
        const steps = [1n, 1n, 1n, 1n, 2n, 1n, 3n];
        const paid = await premiums(world, { part: { premium: 3_333n } }, steps);
        expect(paid).to.deep.equal([1n, 0n, 0n, 1n, 0n, 1n, 1n]);
      });

      it("rounds a premium the maker pays toward the maker too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        // P(x) = ⌈−x · 3,333 / 10,000⌉: 0 0 0 −1 −1 −1 −2 −2 −2 −3
        const part = { premium: -3_333n, legs: [put(usd(2_000), 1n)] };
        const paid = await premiums(world, { part }, [1n, 2n, 1n, 3n, 3n]);
        expect(paid).to.deep.equal([0n, 0n, -1n, -1n, -1n]);
      });

      for (const premium of [3_333n, -3_333n, 1n, -1n, 9_999n, -10_001n]) {
        it(`leaves the same state after three fills of 1 as after one of 3, premium ${premium}`, async () => {
          const part = { premium };
          const once = await networkHelpers.loadFixture(opened);
          await fill(once, { part, units: 3n });
          const expected = await stateOf(once);
          const split = await networkHelpers.loadFixture(opened);
          for (let i = 0; i < 3; i++) await fill(split, { part, units: 1n });
          expect(await stateOf(split)).to.deep.equal(expected);
        });
      }

      it("rounds an inverse premium the same way, a third of 1e7 base units a lot", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, inverseTerms, expiry } = world;
        const terms = { ...inverseTerms, num: 10_000_000n, den: 3n, feePerLot: 0n };
        const market = await listMarket(world, terms);
        await ledger.openBook(market, expiry);
        const book = bookOf(market, expiry);
        const parts = [inversePart(world, { book, premium: 7n })];
        const paid: bigint[] = [];
        // P(x) = ⌈7x / 30⌉: 1 1 1 1 2 2 2 2 3 3
        for (const units of [1n, 3n, 1n, 4n, 1n]) {
          paid.push(...(await paidBy(world, { order: { parts }, units })));
          await fill(world, { order: { parts }, units });
        }
        expect(paid).to.deep.equal([1n, 0n, 1n, 1n, 0n]);
      });
    });

    describe("when the premium is extreme", () => {
      it("moves the largest premium a position can pay, and none at 0", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const [free] = await paidBy(world, { part: { premium: 0n } });
        expect(free).to.equal(10n * FEE.linear);
        const largest = (1n << 63n) - 1n;
        // ⌈10 · (2^63 − 1) / 10,000⌉ base units, far above what the taker holds.
        const needed = (10n * largest) / 10_000n + 1n + 10n * FEE.linear;
        const { taker, linearBook } = world;
        const limits = [{ maxPay: MAX_112, maxDraw: 0n }];
        const args = [taker.account, linearBook, needed, 0n];
        await refused(world, { part: { premium: largest }, limits }, "DrawTooSmall", args);
      });

      it("takes −2^63 as what the maker pays", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const least = -(1n << 63n);
        const needed = (10n * (1n << 63n)) / 10_000n;
        const part = { premium: least, legs: [put(usd(2_000), 1n)], maxDraw: 0n };
        const args = [world.maker.account, world.linearBook, needed, 0n];
        await refused(world, { part }, "DrawTooSmall", args);
      });
    });
  });

  describe("fill, the draws", () => {
    describe("when two parts share one token", () => {
      it("draws the sum of both from one cash, and reverts with Undercovered one unit short", async () => {
        const world = await twoBooks();
        const { ledger, maker, quoteAddress, later, parts } = world;
        await leaveCash(world, "maker", usdc(300) - 1n);
        const order = { parts };
        const args = [maker.account, later, usdc(100) - 1n, usdc(100)];
        await refused(world, { order }, "Undercovered", args);
        await ledger.connect(maker.signer).deposit(maker.account, quoteAddress, 1n);
        await fill(world, { order });
        expect((await cashOf(world, maker.account)).quote).to.equal(0n);
      });

      it("does the same for the taker, fees included", async () => {
        const world = await twoBooks();
        const { ledger, taker, quoteAddress, later } = world;
        const parts = world.parts.map((part) => ({ ...part, premium: usd(10) }));
        const pay = usdc(1) + 10n * FEE.linear;
        await leaveCash(world, "taker", 2n * pay - 1n);
        const args = [taker.account, later, 0n, 0n];
        await refused(world, { order: { parts } }, "Undercovered", args);
        await ledger.connect(taker.signer).deposit(taker.account, quoteAddress, 1n);
        await fill(world, { order: { parts } });
        expect((await cashOf(world, taker.account)).quote).to.equal(0n);
      });

      it("does not let a surplus of one part pay for the other", async () => {
        const world = await twoBooks();
        const { maker, ledger, linearBook, later, parts } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(1_000));
        await leaveCash(world, "maker", 0n);
        const args = [maker.account, later, 0n, usdc(100)];
        await refused(world, { order: { parts } }, "Undercovered", args);
      });
    });

    describe("when parts have different tokens", () => {
      it("draws each from its own cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(
          linearPart(world, { premium: 0n }),
          inversePart(world, { premium: 0n }),
        );
        await leaveCash(world, "maker", usdc(200));
        await fill(world, { order: { parts } });
        const cash = await cashOf(world, world.maker.account);
        expect(cash).to.deep.equal({ quote: 0n, base: PURSE.base - ether(0.1) });
      });
    });

    describe("when collateral is there already", () => {
      it("draws the shortfall alone, to the base unit", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(100));
        await expect(fill(world, { part: { maxDraw: usdc(9.5) } })).to.emit(ledger, "OrderFilled");
        expect((await positionOf(world, maker.account, linearBook)).collateral).to.equal(usdc(200));
      });

      it("draws nothing for a leg that lowers the requirement, and gives nothing back", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await fill(world, { part: { premium: 0n } });
        const hedge = { legs: [put(usd(1_500), 1n)], premium: 0n, maxDraw: 0n };
        await fill(world, { order: { nonce: 2n }, part: hedge });
        const { collateral } = await positionOf(world, maker.account, linearBook);
        expect(collateral).to.equal(usdc(200));
        const own = world.ledger.connect(maker.signer);
        await expect(own.free(maker.account, linearBook, usdc(150))).to.emit(own, "Allocated");
        await expect(own.free(maker.account, linearBook, 1n))
          .to.be.revertedWithCustomError(own, "Undercovered")
          .withArgs(maker.account, linearBook, usdc(50) - 1n, usdc(50));
      });
    });
  });

  describe("fill, the fee", () => {
    /** Lots the taker paid for in a fill of the maker's vector. */
    async function lotsPaid(world: World, nonce: bigint, units: bigint, legs: bigint[]) {
      const patch = { order: { nonce, units }, part: { legs, premium: 0n } };
      const [pay = 0n] = await paidBy(world, patch);
      const before = await bookView(world, world.linearBook);
      await fill(world, patch);
      const after = await bookView(world, world.linearBook);
      expect(after.fees - before.fees).to.equal(pay);
      return pay / FEE.linear;
    }

    it("is due on every lot that the taker opens, all of them when its side turns, and on no other", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const strike = usd(2_000);
      expect(await lotsPaid(world, 1n, 10n, [put(strike, -1n)]), "opens 10").to.equal(10n);
      expect(await lotsPaid(world, 2n, 4n, [put(strike, 1n)]), "closes 4").to.equal(0n);
      expect(await lotsPaid(world, 3n, 12n, [put(strike, 1n)]), "6 to −6").to.equal(6n);
      expect(await lotsPaid(world, 4n, 13n, [put(strike, -1n)]), "−6 to 7").to.equal(7n);
      expect(await lotsPaid(world, 5n, 20n, [put(strike, 1n)]), "7 to −13").to.equal(13n);
      expect(await lotsPaid(world, 6n, 13n, [put(strike, -1n)]), "−13 to 0").to.equal(0n);
    });

    it("counts leg by leg: what one leg closes pays for no other", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const [near, far] = [usd(2_000), usd(2_100)];
      const spread = [call(near, -2n), put(far, -3n), call(far, 2n)];
      expect(await lotsPaid(world, 1n, 5n, spread), "opens 7 a unit").to.equal(35n);
      const roll = [call(near, 2n), call(far, -3n), call(usd(2_200), 1n)];
      expect(
        await lotsPaid(world, 2n, 5n, roll),
        "one of three closes, one turns, one is new",
      ).to.equal(10n);
    });

    it("is taken of the taker and not of the maker", async () => {
      const world = await networkHelpers.loadFixture(opened);
      await fill(world, { part: { premium: 0n } });
      const maker = (await cashOf(world, world.maker.account)).quote;
      const taker = (await cashOf(world, world.taker.account)).quote;
      expect(maker).to.equal(PURSE.quote - usdc(200));
      expect(taker).to.equal(PURSE.quote - 10n * FEE.linear);
    });

    it("does not depend on how a fill is split", async () => {
      const whole = await networkHelpers.loadFixture(opened);
      await fill(whole);
      const { fees } = await bookView(whole, whole.linearBook);
      const split = await networkHelpers.loadFixture(opened);
      for (let i = 0; i < 10; i++) await fill(split, { units: 1n });
      expect((await bookView(split, split.linearBook)).fees).to.equal(fees);
    });
  });
});
