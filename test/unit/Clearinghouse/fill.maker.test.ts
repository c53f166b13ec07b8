import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { fill, inversePart, linearPart, refused, sorted } from "../../fixtures/fills.ts";
import { call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { positionOf } from "../../fixtures/state.ts";
import { MAX_112, MAX_63, ether, usd, usdc } from "../../fixtures/units.ts";
import { PURSE, deployOpen } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** A book in which words reach their bounds. */
async function endless() {
  return openEndless(await networkHelpers.loadFixture(opened));
}

/** The maker holds 32 legs, short and worth little. */
async function full() {
  const world = await networkHelpers.loadFixture(opened);
  const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
  await fill(world, { order: { nonce: 100n, units: 1n }, part: { legs } });
  return world;
}

/** The maker's free cash comes down to this. */
async function leaveCash(world: World, amount: bigint): Promise<void> {
  const { ledger, maker, quoteAddress } = world;
  const own = ledger.connect(maker.signer);
  await own.withdraw(maker.account, quoteAddress, PURSE.quote - amount, maker.address);
}

describe("Clearinghouse", () => {
  describe("fill, the maker's side", () => {
    describe("when a quantity leaves its bound", () => {
      it("reverts with QuantityBound for units × quantity, of either sign", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        const series = putSeries(linearBook, usd(2_000));
        for (const sign of [1n, -1n]) {
          const patch = {
            order: { units: 2n },
            part: { legs: [put(usd(2_000), sign * (1n << 62n))], maxDraw: 0n },
          };
          const args = [maker.account, series, sign * (1n << 63n)];
          await refused(world, patch, "QuantityBound", args);
        }
      });

      it("bounds units × quantity alone, though the sum with what is held would fit", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await fill(world, { order: { nonce: 2n } });
        const patch = { order: { units: 2n }, part: { legs: [put(usd(2_000), 1n << 62n)] } };
        const args = [maker.account, putSeries(linearBook, usd(2_000)), 1n << 63n];
        await refused(world, patch, "QuantityBound", args);
      });

      it("names the first such leg, a call by its own series", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        const legs = [put(usd(100), -1n), call(usd(200), MAX_63), call(usd(300), -MAX_63)];
        const args = [maker.account, callSeries(linearBook, usd(200)), 2n * MAX_63];
        await refused(world, { order: { units: 2n }, part: { legs } }, "QuantityBound", args);
      });

      it("holds 2^63 − 1 lots and reverts with QuantityBound for the sum one above", async () => {
        const world = await endless();
        const { maker, taker, book } = world;
        const sell = (quantity: bigint) => ({
          book,
          premium: 0n,
          legs: [put(1n, quantity)],
        });
        await fill(world, { order: { units: 1n }, part: sell(-MAX_63) });
        const [leg] = (await positionOf(world, taker.account, book)).legs;
        expect(leg?.quantity).to.equal(MAX_63);
        const args = [maker.account, putSeries(book, 1n), -MAX_63 - 1n];
        const more = { order: { nonce: 2n, units: 1n }, part: sell(-1n) };
        await refused(world, more, "QuantityBound", args);
        await fill(world, { order: { nonce: 2n, units: 1n }, part: sell(1n) });
      });
    });

    describe("when the legs outgrow the position", () => {
      it("reverts with TooManyLegs for the 33rd, before the draw", async () => {
        const world = await full();
        const { maker, linearBook } = world;
        const patch = { order: { units: 1n }, part: { maxDraw: 0n } };
        await refused(world, patch, "TooManyLegs", [maker.account, linearBook, 33n, 32n]);
      });

      it("counts up to 64, and takes a new leg where another vanishes", async () => {
        const world = await full();
        const { maker, linearBook } = world;
        const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 33)), -1n));
        const patch = { order: { units: 1n }, part: { legs } };
        await refused(world, patch, "TooManyLegs", [maker.account, linearBook, 64n, 32n]);
        const swap = {
          order: { units: 1n },
          part: { legs: [put(usd(10), 1n), put(usd(500), -1n)] },
        };
        await fill(world, swap);
        expect((await positionOf(world, maker.account, linearBook)).legs).to.have.length(32);
      });
    });

    describe("when collateral and premium outgrow the word", () => {
      it("reverts with CollateralBound for the sum, before the taker is looked at", async () => {
        const world = await endless();
        const { ledger, maker, book } = world;
        await ledger.connect(maker.signer).allocate(maker.account, book, MAX_112 - 9n);
        const part = { book, premium: 1n, legs: [put(1n, 1n)] };
        const limits = [{ maxPay: -1n, maxDraw: 0n }];
        const args = [maker.account, book, MAX_112 + 1n, MAX_112];
        await refused(world, { part, limits }, "CollateralBound", args);
      });

      it("reverts with CollateralBound for a requirement that only a draw beyond the word would meet", async () => {
        const world = await endless();
        const { maker, book } = world;
        // 2^63 − 1 lots at 2^52: 2^115 base units, within what maxDraw × units allows.
        const legs = [put(1n << 52n, -(1n << 40n))];
        const part = { book, premium: 0n, legs };
        const units = 1n << 22n;
        const args = [maker.account, book, 1n << 114n, MAX_112];
        await refused(world, { order: { units }, part }, "CollateralBound", args);
      });
    });

    describe("when the shortfall is more than may be drawn", () => {
      it("draws maxDraw a unit exactly, and reverts with DrawTooSmall one base unit below", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        const need = usdc(195);
        const less = { part: { maxDraw: usdc(19.5) - 1n } };
        await refused(world, less, "DrawTooSmall", [maker.account, linearBook, need, need - 10n]);
        await expect(fill(world, { part: { maxDraw: usdc(19.5) } })).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });

      it("scales with the units of the fill, not of the order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        const patch = { units: 3n, part: { maxDraw: usdc(19) } };
        const args = [maker.account, linearBook, usdc(58.5), usdc(57)];
        await refused(world, patch, "DrawTooSmall", args);
      });

      it("reverts with DrawTooSmall before it looks at the cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await leaveCash(world, 0n);
        const args = [world.maker.account, world.linearBook, usdc(195), 0n];
        await refused(world, { part: { maxDraw: 0n } }, "DrawTooSmall", args);
      });

      it("reverts with DrawTooSmall for a premium the maker owes and has not in the book", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const part = { legs: [put(usd(2_000), 1n)], premium: -usd(50), maxDraw: usdc(0.5) - 1n };
        const args = [world.maker.account, world.linearBook, usdc(5), usdc(5) - 10n];
        await refused(world, { part }, "DrawTooSmall", args);
      });
    });

    describe("when the cash does not reach", () => {
      it("draws the last unit, and reverts with Undercovered one short", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook, quoteAddress } = world;
        await leaveCash(world, usdc(195));
        const own = world.ledger.connect(maker.signer);
        await own.withdraw(maker.account, quoteAddress, 1n, maker.address);
        const args = [maker.account, linearBook, usdc(200) - 1n, usdc(200)];
        await refused(world, {}, "Undercovered", args);
        await own.deposit(maker.account, quoteAddress, 1n);
        await expect(fill(world)).to.emit(world.ledger, "OrderFilled");
      });

      it("shows 0 where premium owed and cash come to less than nothing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await leaveCash(world, usdc(1));
        const part = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const args = [world.maker.account, world.linearBook, 0n, 0n];
        await refused(world, { part }, "Undercovered", args);
      });

      it("does not take cash of another token, another sub-account or another book's collateral", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress, inverseBook, linearBook } = world;
        await leaveCash(world, 0n);
        const own = ledger.connect(maker.signer);
        await own.deposit(maker.account + 1n, quoteAddress, usdc(1_000));
        await own.allocate(maker.account, inverseBook, ether(100));
        const args = [maker.account, linearBook, usdc(5), usdc(200)];
        await refused(world, {}, "Undercovered", args);
      });
    });

    describe("when two parts fail", () => {
      it("names the maker's failure in the earlier part, whatever it is", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(
          linearPart(world, { maxDraw: 0n }),
          inversePart(world, { legs: [call(usd(2_500), -(1n << 62n))] }),
        );
        const { maker, linearBook, inverseBook } = world;
        const draw = [maker.account, linearBook, usdc(195), 0n];
        if (parts[0]?.book === linearBook) {
          await refused(world, { order: { parts } }, "DrawTooSmall", draw);
          return;
        }
        const args = [maker.account, callSeries(inverseBook, usd(2_500)), -10n * (1n << 62n)];
        await refused(world, { order: { parts } }, "QuantityBound", args);
      });

      it("names the maker's failure in a later part before the taker's in the first", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const last = parts[1];
        if (last === undefined) throw new Error("two parts");
        const order = { parts: [...parts.slice(0, 1), { ...last, maxDraw: 0n }] };
        const limits = parts.map(() => ({ maxPay: -MAX_112, maxDraw: 0n }));
        const needed = last.book === world.linearBook ? usdc(195) : ether(0.098);
        const args = [world.maker.account, last.book, needed, 0n];
        await refused(world, { order, limits }, "DrawTooSmall", args);
      });
    });
  });
});
