import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { bookOf, call, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, stateOf } from "../../fixtures/state.ts";
import { forcePool } from "../../fixtures/storage.ts";
import { MAX_63, MAX_64, Scope, WEEK, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, passTo } from "../../fixtures/world.ts";
import {
  CONDOR,
  PUT,
  eventsOf,
  hashedId,
  openFull,
  payoutOf,
  redeem,
  sell,
  stands,
  wrap,
} from "../../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const K = usd(2_000);

async function opened() {
  return deployOpen(connection);
}

/** The taker has wrapped all of ten puts at 2,000. */
async function wrapped() {
  const world = await networkHelpers.loadFixture(opened);
  await sell(world, PUT);
  await wrap(world, { amount: 10n });
  return { ...world, id: putSeries(world.linearBook, K) };
}

/** As `wrapped`, fixed at 1,900: a put is worth 1 quote. */
async function fixed() {
  const world = await wrapped();
  await fix(world, usd(1_900), world.linearBook);
  return world;
}

/** Ten puts at 7 in a token that can block a receiver, wrapped and fixed. */
async function blockable(price: bigint) {
  const world = await openEndless(await networkHelpers.loadFixture(opened));
  const { book, taker, ledger } = world;
  const redeeming = { book, legs: [put(7n, 1n)], amount: 10n };
  await sell(world, redeeming.legs, { book });
  await wrap(world, redeeming);
  await fix(world, price, book);
  return { ...world, redeeming, own: ledger.connect(taker.signer) };
}

interface Vector {
  readonly strike: bigint;
  readonly isCall: boolean;
  readonly quantity: bigint;
}

function floorDiv(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** ⌊V(S)·num/den⌋, or ⌊V(S)·num/(den·S)⌋, of so many packages. */
function worth(
  vector: readonly Vector[],
  amount: bigint,
  price: bigint,
  { num, den, style }: { num: bigint; den: bigint; style: bigint },
): bigint {
  let value = 0n;
  for (const { strike, isCall, quantity } of vector) {
    value += amount * quantity * most(isCall ? price - strike : strike - price, 0n);
  }
  return floorDiv(value * num, style === 1n ? den * price : den);
}

function packed(vector: readonly Vector[]): bigint[] {
  return vector.map(({ strike, isCall, quantity }) => (isCall ? call : put)(strike, quantity));
}

const lot = (strike: number, right: "put" | "call", quantity: bigint): Vector => ({
  strike: usd(strike),
  isCall: right === "call",
  quantity,
});

const LINEAR: readonly (readonly [name: string, vector: readonly Vector[]])[] = [
  ["a put", [lot(2_000, "put", 1n)]],
  ["a put spread", [lot(1_900, "put", -1n), lot(2_000, "put", 1n)]],
  [
    "a condor",
    [
      lot(1_900, "call", 1n),
      lot(2_000, "call", -1n),
      lot(2_100, "call", -1n),
      lot(2_200, "call", 1n),
    ],
  ],
  [
    "a box with odd lots",
    [
      lot(1_900, "put", -2n),
      lot(1_900, "call", 3n),
      lot(2_100, "put", 5n),
      lot(2_100, "call", -3n),
    ],
  ],
];

const INVERSE: readonly (readonly [name: string, vector: readonly Vector[]])[] = [
  ["a call", [lot(2_000, "call", 1n)]],
  ["a call spread", [lot(1_900, "call", 3n), lot(2_000, "call", -1n), lot(2_100, "call", -2n)]],
];

const PRICES = [
  1n,
  usd(1_899.99999999),
  usd(1_950.12345678),
  K - 1n,
  K,
  K + 1n,
  usd(2_050.98765431),
  usd(2_150.33333333),
  usd(9_999.77777777),
  MAX_63,
];

describe("Clearinghouse", () => {
  describe("redeem", () => {
    describe("when the book is fixed", () => {
      it("pays out of the pool and burns the packages", async () => {
        const world = await fixed();
        const { ledger, quote, address, taker, linearBook, id } = world;
        const { pool } = await bookView(world, linearBook);
        const before = await stateOf(world);
        await expect(redeem(world)).to.changeTokenBalances(
          ethers,
          quote,
          [taker.address, address],
          [usdc(4), -usdc(4)],
        );
        expect(await ledger.balanceOf(taker.address, id)).to.equal(6n);
        const after = await stateOf(world);
        expect(after.linear).to.deep.equal({ ...before.linear, pool: pool - usdc(4) });
        expect(after.taker).to.deep.equal(before.taker);
        expect(after.maker).to.deep.equal(before.maker);
      });

      it("returns the payout", async () => {
        const world = await fixed();
        expect(await payoutOf(world)).to.equal(usdc(4));
      });

      it("emits Transfer from the holder to nobody, then Redeemed", async () => {
        const world = await fixed();
        const { taker, stranger, linearBook, id } = world;
        expect(await eventsOf(world, redeem(world, { to: stranger.address }))).to.deep.equal([
          ["Transfer", taker.address, taker.address, ZeroAddress, id, 4n],
          ["Redeemed", taker.address, id, linearBook, [...PUT], 4n, stranger.address, usdc(4)],
        ]);
      });

      it("pays any other address", async () => {
        const world = await fixed();
        const { quote, stranger, taker } = world;
        await expect(redeem(world, { to: stranger.address })).to.changeTokenBalances(
          ethers,
          quote,
          [stranger.address, taker.address],
          [usdc(4), 0n],
        );
      });

      it("pays before, between and after the settlement of accounts, the same", async () => {
        const world = await fixed();
        const { ledger, maker, taker, linearBook } = world;
        await redeem(world, { amount: 3n });
        await ledger.settle(linearBook, [taker.account, maker.account]);
        await redeem(world, { amount: 3n });
        await ledger.connect(maker.signer).claim(maker.account, [linearBook], false);
        expect(await payoutOf(world)).to.equal(usdc(4));
        await redeem(world);
        expect((await bookView(world, linearBook)).pool).to.equal(0n);
      });

      it("asks no token for nothing: worthless packages are burnt while it is paused", async () => {
        const world = await blockable(7n);
        const { token, redeeming, taker, book, own } = world;
        await token.setPaused(true);
        await redeem(world, redeeming);
        expect(await own.balanceOf(taker.address, putSeries(book, 7n))).to.equal(0n);
      });

      it("pays nothing, and says so, for packages that are worth nothing", async () => {
        const world = await wrapped();
        const { ledger, quote, address, taker, linearBook, id } = world;
        await fix(world, K, linearBook);
        const balance = await quote.balanceOf(address);
        expect(await eventsOf(world, redeem(world))).to.deep.equal([
          ["Transfer", taker.address, taker.address, ZeroAddress, id, 4n],
          ["Redeemed", taker.address, id, linearBook, [...PUT], 4n, taker.address, 0n],
        ]);
        expect(await quote.balanceOf(address)).to.equal(balance);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(6n);
      });
    });

    describe("what it pays", () => {
      const styles = [
        ["linear", LINEAR],
        ["inverse", INVERSE],
      ] as const;
      for (const [style, vectors] of styles) {
        for (const [name, vector] of vectors) {
          it(`is the value at the settlement price, floored once a call: ${name} of the ${style} book`, async () => {
            const start = await networkHelpers.loadFixture(opened);
            const terms = style === "linear" ? start.linearTerms : start.inverseTerms;
            const book = style === "linear" ? start.linearBook : start.inverseBook;
            const legs = packed(vector);
            await sell(start, legs, { book });
            await wrap(start, { book, legs, amount: 10n });
            await passTo(start, start.expiry);
            const before = await networkHelpers.takeSnapshot();
            for (const price of PRICES) {
              await fix(start, price, book);
              for (const amount of [1n, 3n, 7n, 10n]) {
                expect(
                  await payoutOf(start, { book, legs, amount }),
                  `${amount} at ${price}`,
                ).to.equal(worth(vector, amount, price, terms));
              }
              await before.restore();
            }
          });
        }
      }

      it("loses less than a unit a call: ten calls of one pay at most what one call of ten does", async () => {
        const world = await wrapped();
        const { quote, taker, linearBook } = world;
        await fix(world, usd(1_999.99987654), linearBook);
        // A put is worth 0.00012346: 1.2346 base units.
        expect(await payoutOf(world, { amount: 10n })).to.equal(12n);
        const before = await quote.balanceOf(taker.address);
        for (let i = 0; i < 10; i++) await redeem(world, { amount: 1n });
        expect((await quote.balanceOf(taker.address)) - before).to.equal(10n);
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(200) - 10n);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with ZeroAmount before it looks at the receiver", async () => {
        const world = await fixed();
        const act = async () => redeem(world, { amount: 0n, to: ZeroAddress, book: 1n });
        await stands(world, act, "ZeroAmount", []);
      });

      it("reverts with ReceiverInvalid for nobody and for the ledger, before it looks at the book", async () => {
        const world = await fixed();
        for (const to of [ZeroAddress, world.address]) {
          await stands(world, async () => redeem(world, { to, book: 1n }), "ReceiverInvalid", [to]);
        }
      });

      it("reverts with BookNotOpen for an expiry nobody opened, a series, a market", async () => {
        const world = await fixed();
        const { linear, linearBook, expiry } = world;
        for (const book of [bookOf(linear, expiry + WEEK), linearBook | K, linear]) {
          await stands(world, async () => redeem(world, { book }), "BookNotOpen", [book]);
        }
      });

      it("reverts with NotFixed before expiry and after it, before it looks at what is held", async () => {
        const world = await wrapped();
        const { linearBook, expiry } = world;
        const act = async () => redeem(world, { amount: 99n });
        await stands(world, act, "NotFixed", [linearBook]);
        await passTo(world, expiry + WEEK);
        await stands(world, act, "NotFixed", [linearBook]);
      });
    });

    describe("when the caller does not hold the packages", () => {
      it("reverts with ERC6909InsufficientBalance for more than it has", async () => {
        const world = await fixed();
        const { taker, id } = world;
        for (const amount of [11n, MAX_64]) {
          const args = [taker.address, 10n, amount, id];
          const act = async () => redeem(world, { amount });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });

      it("reverts with ERC6909InsufficientBalance once they are redeemed", async () => {
        const world = await fixed();
        const { taker, id } = world;
        await redeem(world, { amount: 10n });
        const args = [taker.address, 0n, 1n, id];
        const act = async () => redeem(world, { amount: 1n });
        await stands(world, act, "ERC6909InsufficientBalance", args);
      });

      it("reverts with ERC6909InsufficientBalance for operators of the account, of the tokens, and with an allowance", async () => {
        const world = await wrapped();
        const { ledger, maker, taker, stranger, guard, linearBook, id, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Both, expiry + WEEK);
        await own.setOperator(maker.address, true);
        await own.approve(guard.address, id, 10n);
        await fix(world, usd(1_900), linearBook);
        for (const from of [stranger, maker.signer, guard]) {
          const args = [from.address, 0n, 4n, id];
          const act = async () => redeem(world, { from });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });

      it("reverts with ERC6909InsufficientBalance for legs nobody wrapped, whatever they are", async () => {
        const world = await fixed();
        const { taker, linearBook } = world;
        const vectors: readonly (readonly bigint[])[] = [
          [],
          [put(K, MAX_63)],
          [put(K, -1n)],
          [put(K, -(1n << 63n))],
          [put(K, 1n), put(K, 1n)],
          CONDOR,
          Array.from({ length: 40 }, (_, i) => put(BigInt(40 - i), 1n)),
        ];
        for (const legs of vectors) {
          const args = [taker.address, 0n, 4n, hashedId(linearBook, legs)];
          const act = async () => redeem(world, { legs });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });
    });

    describe("when the quantities leave their bound", () => {
      it("reverts with QuantityBound without an account, before the pool; several calls redeem all", async () => {
        const world = await openFull(await networkHelpers.loadFixture(opened));
        const { ledger, taker, book } = world;
        const legs = [put(1n, 1n)];
        // Two accounts of one owner each wrap as much as an account can hold.
        for (const account of [taker.account, taker.account + 1n]) {
          await wrap(world, { account, book, legs, amount: MAX_63 });
        }
        await fix(world, 1n, book);
        const { pool } = await bookView(world, book);
        await forcePool(world, book, 0n);
        const series = putSeries(book, 1n);
        for (const amount of [MAX_63 + 1n, 2n * MAX_63]) {
          const args = [0n, series, amount];
          const act = async () => redeem(world, { book, legs, amount });
          await stands(world, act, "QuantityBound", args);
        }
        await forcePool(world, book, pool);
        for (let i = 0; i < 2; i++) await redeem(world, { book, legs, amount: MAX_63 });
        expect(await ledger.balanceOf(taker.address, series)).to.equal(0n);
      });

      it("names the first leg beyond it", async () => {
        const world = await openFull(await networkHelpers.loadFixture(opened));
        const { taker, maker, book } = world;
        const legs = [put(2n, -1n), put(3n, 2n)];
        const half = MAX_63 >> 1n;
        for (const sub of [0n, 1n]) {
          await sell(world, legs, {
            book,
            units: half,
            nonce: 2n,
            account: taker.account + sub,
            maker: maker.account + sub,
          });
          await wrap(world, { account: taker.account + sub, book, legs, amount: half });
        }
        await fix(world, 1n, book);
        const act = async () => redeem(world, { book, legs, amount: half + 1n });
        const args = [0n, putSeries(book, 3n), 2n * (half + 1n)];
        await stands(world, act, "QuantityBound", args);
        await expect(redeem(world, { book, legs, amount: half })).to.emit(world.ledger, "Redeemed");
      });
    });

    describe("when the pool is short", () => {
      it("reverts with PoolShort rather than pay out of another book", async () => {
        const world = await fixed();
        const { ledger, linearBook, taker, id } = world;
        await forcePool(world, linearBook, usdc(4) - 1n);
        const args = [linearBook, usdc(4), usdc(4) - 1n];
        await stands(world, async () => redeem(world), "PoolShort", args);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(10n);
        await forcePool(world, linearBook, usdc(4));
        await expect(redeem(world)).to.emit(ledger, "Redeemed");
      });
    });

    describe("when the token refuses the receiver", () => {
      it("reverts with the token's error, keeps the packages, and pays another address", async () => {
        const world = await blockable(5n);
        const { token, taker, stranger, redeeming, book, own } = world;
        await token.setBlocked(taker.address, true);
        await expect(redeem(world, redeeming))
          .to.be.revertedWithCustomError(token, "Blocked")
          .withArgs(taker.address);
        expect(await own.balanceOf(taker.address, putSeries(book, 7n))).to.equal(10n);
        await redeem(world, { ...redeeming, to: stranger.address });
        expect(await token.balanceOf(stranger.address)).to.equal(20n);
      });
    });
  });
});
