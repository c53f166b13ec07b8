import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import {
  fill,
  fillArgs,
  fillCall,
  inversePart,
  linearPart,
  orderArgument,
  orderOf,
  paidBy,
  sorted,
} from "../../fixtures/fills.ts";
import { accountOf, bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { Nonce, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { FEE, PURSE, deployOpen } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** Ten puts at 2,000 cost 5 in all, need 200 of the maker; the fee is 0.0005 a lot. */
const PREMIUM = usdc(5);
const NEED = usdc(200);
const FEES = 10n * FEE.linear;
/** Ten covered calls cost 2 % of a tenth of the underlying, and need that tenth. */
const INVERSE_PREMIUM = ether(0.002);
const INVERSE_NEED = ether(0.1);
const INVERSE_FEES = 10n * FEE.inverse;

async function hashOf(world: World): Promise<string> {
  return world.ledger.orderHash(orderArgument(orderOf(world)));
}

describe("Clearinghouse", () => {
  describe("fill", () => {
    describe("when a linear order is taken whole", () => {
      it("returns what the taker pays, fee included", async () => {
        const world = await networkHelpers.loadFixture(opened);
        expect(await paidBy(world)).to.deep.equal([PREMIUM + FEES]);
      });

      it("emits OrderFilled with everything that moved", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook } = world;
        const legs = [put(usd(2_000), -1n)];
        const draws = ((NEED - PREMIUM) << 128n) | (PREMIUM + FEES);
        const part = [linearBook, PREMIUM, FEES, draws, legs];
        await expect(fill(world))
          .to.emit(ledger, "OrderFilled")
          .withArgs(maker.account, taker.account, await hashOf(world), 1n, 10n, 0n, [part]);
      });

      it("gives the maker the legs and the taker their negation, each with what it requires", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world);
        const leg = { strike: usd(2_000), right: "put" };
        expect(await positionOf(world, world.maker.account, world.linearBook)).to.deep.equal({
          collateral: NEED,
          settled: false,
          legs: [{ ...leg, quantity: -10n }],
        });
        expect(await positionOf(world, world.taker.account, world.linearBook)).to.deep.equal({
          collateral: 0n,
          settled: false,
          legs: [{ ...leg, quantity: 10n }],
        });
      });

      it("moves pool, fees, cash and nonce, and no token", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, quote, maker, taker, linearBook } = world;
        await expect(fill(world)).to.changeTokenBalances(
          ethers,
          quote,
          [address, maker.address, taker.address, world.treasury],
          [0n, 0n, 0n, 0n],
        );
        const book = { open: true, pool: NEED, fees: FEES, price: 0n };
        expect(await bookView(world, linearBook)).to.deep.equal(book);
        expect((await cashOf(world, maker.account)).quote).to.equal(PURSE.quote - NEED + PREMIUM);
        expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote - PREMIUM - FEES);
        expect((await ledger.nonceOf(maker.account, 1n)).state).to.equal(Nonce.Filled);
        expect((await ledger.nonceOf(taker.account, 1n)).state).to.equal(Nonce.Unused);
      });

      it("uses collateral that is there before it draws", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(300));
        await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(5));
        await fill(world);
        const makerView = await positionOf(world, maker.account, linearBook);
        expect(makerView.collateral, "maker keeps").to.equal(usdc(300) + PREMIUM);
        const takerView = await positionOf(world, taker.account, linearBook);
        expect(takerView.collateral, "taker draws the fee").to.equal(0n);
        expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote - usdc(5) - FEES);
      });
    });

    describe("when an inverse order is taken whole", () => {
      it("moves the underlying: premium as a share of the lot, a whole lot behind each call", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, inverseBook } = world;
        const parts = [inversePart(world)];
        expect(await paidBy(world, { order: { parts } })).to.deep.equal([
          INVERSE_PREMIUM + INVERSE_FEES,
        ]);
        await fill(world, { order: { parts } });
        const view = await positionOf(world, maker.account, inverseBook);
        expect(view).to.deep.equal({
          collateral: INVERSE_NEED,
          settled: false,
          legs: [{ strike: usd(2_500), right: "call", quantity: -10n }],
        });
        const cash = await cashOf(world, taker.account);
        const spent = INVERSE_PREMIUM + INVERSE_FEES;
        expect(cash).to.deep.equal({ quote: PURSE.quote, base: PURSE.base - spent });
        const book = { open: true, pool: INVERSE_NEED, fees: INVERSE_FEES, price: 0n };
        expect(await bookView(world, inverseBook)).to.deep.equal(book);
        expect((await ledger.nonceOf(maker.account, 1n)).state).to.equal(Nonce.Filled);
      });
    });

    describe("when an order has several parts", () => {
      it("fills a strangle across a linear and an inverse book as one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const expected = new Map([
          [world.linearBook, PREMIUM + FEES],
          [world.inverseBook, INVERSE_PREMIUM + INVERSE_FEES],
        ]);
        const paid = await paidBy(world, { order: { parts } });
        expect(paid).to.deep.equal(parts.map(({ book }) => expected.get(book)));
        await fill(world, { order: { parts } });
        expect((await bookView(world, world.linearBook)).pool).to.equal(NEED);
        expect((await bookView(world, world.inverseBook)).pool).to.equal(INVERSE_NEED);
      });

      it("fills four parts: a calendar in each of two markets", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, linear, inverse, expiry, maker } = world;
        const later = expiry + WEEK;
        await ledger.openBook(linear, later);
        await ledger.openBook(inverse, later);
        const parts = sorted(
          linearPart(world),
          linearPart(world, { book: bookOf(linear, later), legs: [put(usd(2_000), 1n)] }),
          inversePart(world),
          inversePart(world, { book: bookOf(inverse, later), legs: [call(usd(2_500), 1n)] }),
        );
        await expect(fill(world, { order: { parts } })).to.emit(ledger, "OrderFilled");
        for (const { book, legs } of parts) {
          const sold = BigInt.asIntN(64, legs[0] ?? 0n);
          const view = await positionOf(world, maker.account, book);
          expect(view.legs[0]?.quantity).to.equal(10n * sold);
        }
      });

      it("moves nothing in the first part when the second does not hold", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world)).map((part, i) =>
          i === 0 ? part : { ...part, maxDraw: 0n },
        );
        const second = parts[1]?.book ?? 0n;
        await expect(fill(world, { order: { parts } }))
          .to.be.revertedWithCustomError(world.ledger, "DrawTooSmall")
          .withArgs(
            world.maker.account,
            second,
            second === world.linearBook ? NEED - PREMIUM : INVERSE_NEED - INVERSE_PREMIUM,
            0n,
          );
        for (const { book } of parts) expect((await bookView(world, book)).pool).to.equal(0n);
      });
    });

    describe("when an order is taken in pieces", () => {
      it("keeps hash and units of a partial order, and forgets them with the last unit", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        const hash = BigInt(await hashOf(world));
        const bound = `0x${((hash >> 64n) << 64n).toString(16).padStart(64, "0")}`;
        await fill(world, { units: 3n });
        expect([...(await ledger.nonceOf(maker.account, 1n))]).to.deep.equal([1n, 3n, bound]);
        await fill(world, { units: 6n });
        expect([...(await ledger.nonceOf(maker.account, 1n))]).to.deep.equal([1n, 9n, bound]);
        await fill(world, { units: 1n });
        const none = `0x${"0".repeat(64)}`;
        expect([...(await ledger.nonceOf(maker.account, 1n))]).to.deep.equal([3n, 0n, none]);
      });

      it("emits the units of this fill and what remains", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker } = world;
        const hash = await hashOf(world);
        await fill(world, { units: 4n });
        const { linearBook } = world;
        const legs = [put(usd(2_000), -1n)];
        const pay = usdc(2.5) + 5n * FEE.linear;
        const draws = (usdc(97.5) << 128n) | pay;
        const part = [linearBook, usdc(2.5), 5n * FEE.linear, draws, legs];
        await expect(fill(world, { units: 5n }))
          .to.emit(ledger, "OrderFilled")
          .withArgs(maker.account, taker.account, hash, 1n, 5n, 1n, [part]);
      });

      it("lets different takers share an order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, quoteAddress, stranger } = world;
        const account = accountOf(stranger.address);
        await ledger.connect(stranger).deposit(account, quoteAddress, usdc(10));
        await fill(world, { units: 4n });
        await fill(world, { units: 6n, from: stranger, account });
        const view = await positionOf(world, account, world.linearBook);
        expect(view.legs).to.deep.equal([{ strike: usd(2_000), right: "put", quantity: 6n }]);
      });

      it("keeps nonces of one word, and of far words, apart", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        const nonces = [0n, 1n, 127n, 128n, (1n << 256n) - 1n];
        for (const nonce of nonces) {
          const part = { legs: [put(usd(100), -1n)] };
          await fill(world, { order: { nonce, units: 2n }, part, units: 1n });
          await fill(world, { order: { nonce, units: 2n }, part, units: 1n });
        }
        for (const nonce of nonces) {
          expect((await ledger.nonceOf(maker.account, nonce)).state).to.equal(Nonce.Filled);
        }
        for (const nonce of [2n, 126n, 129n, (1n << 255n) - 1n]) {
          expect((await ledger.nonceOf(maker.account, nonce)).state).to.equal(Nonce.Unused);
        }
      });
    });

    describe("when positions meet", () => {
      it("nets legs by series: they shrink, vanish, change sign", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        const quantities: (bigint | undefined)[] = [];
        for (const [nonce, quantity] of [-1n, 1n, 1n, 1n].entries()) {
          const order = { nonce: BigInt(nonce), units: nonce === 1 ? 4n : 10n };
          await fill(world, { order, part: { legs: [put(usd(2_000), quantity)] } });
          const { legs } = await positionOf(world, taker.account, linearBook);
          quantities.push(legs[0]?.quantity);
        }
        expect(quantities).to.deep.equal([10n, 6n, -4n, -14n]);
        await fill(world, { order: { nonce: 9n, units: 14n } });
        expect((await positionOf(world, taker.account, linearBook)).legs).to.deep.equal([]);
        expect((await bookView(world, linearBook)).pool).to.be.greaterThan(0n);
      });

      it("keeps legs sorted by strike, puts before calls, wherever new ones fall", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const vectors = [
          [put(usd(2_000), -1n)],
          [call(usd(1_900), 1n), put(usd(2_100), -1n), call(usd(2_100), -1n)],
          [put(usd(1_000), -1n), put(usd(1_900), 2n)],
          [call(usd(2_000), 1n), call(usd(3_000), -1n)],
        ];
        for (const [nonce, legs] of vectors.entries()) {
          await fill(world, { order: { nonce: BigInt(nonce), units: 1n }, part: { legs } });
        }
        const { legs } = await positionOf(world, world.maker.account, world.linearBook);
        const rows = legs.map(({ strike, right, quantity }) => [strike / usd(1), right, quantity]);
        expect(rows).to.deep.equal([
          [1_000n, "put", -1n],
          [1_900n, "put", 2n],
          [1_900n, "call", 1n],
          [2_000n, "put", -1n],
          [2_000n, "call", 1n],
          [2_100n, "put", -1n],
          [2_100n, "call", -1n],
          [3_000n, "call", -1n],
        ]);
      });

      it("holds 32 legs and gives every slot back", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const strikes = Array.from({ length: 32 }, (_, i) => usd(100 + 10 * i));
        const legs = strikes.map((strike) => put(strike, -1n));
        await fill(world, { order: { units: 1n }, part: { legs } });
        const held = await positionOf(world, world.maker.account, world.linearBook);
        expect(held.legs.map(({ strike }) => strike)).to.deep.equal(strikes);
        for (const [nonce, kept] of [17, 16, 2, 1, 0].entries()) {
          const open = await positionOf(world, world.maker.account, world.linearBook);
          const closing = open.legs.slice(kept).map(({ strike }) => put(strike, 1n));
          const order = { nonce: 2n + BigInt(nonce), units: 1n };
          await fill(world, { order, part: { legs: closing } });
          const left = await positionOf(world, world.maker.account, world.linearBook);
          expect(left.legs.map(({ strike }) => strike)).to.deep.equal(strikes.slice(0, kept));
        }
      });
    });

    describe("when an operator trades", () => {
      it("fills for the taking account, out of that account", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
        await expect(fill(world, { from: stranger })).to.emit(ledger, "OrderFilled");
        expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote - PREMIUM - FEES);
      });

      it("fills any sub-account of the owner, and no other moves", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, quoteAddress } = world;
        const account = accountOf(taker.address, 7n);
        await ledger.connect(taker.signer).deposit(account, quoteAddress, usdc(10));
        const request = await fillCall(world, { account });
        await ledger.connect(taker.signer).fill(...fillArgs(request));
        expect((await positionOf(world, taker.account, world.linearBook)).legs).to.deep.equal([]);
        expect((await positionOf(world, account, world.linearBook)).legs).to.have.length(1);
      });
    });
  });
});
