import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { openEndless } from "../fixtures/endless.ts";
import type { Endless } from "../fixtures/endless.ts";
import { bookOf, call, put, putSeries } from "../fixtures/ids.ts";
import { bookView, positionOf } from "../fixtures/state.ts";
import { HOUR, Level, MAX_63, WEEK, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix, now, passTo } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import {
  CONDOR,
  PUT,
  encoded,
  hashedId,
  payoutOf,
  redeem,
  sell,
  stands,
  unwrap,
  wrap,
  wrapId,
} from "../fixtures/wraps.ts";

const connection = await connect();
const { networkHelpers } = connection;

const K = usd(2_000);
/** 2^127 in the high half of a word of calldata, where a leg has no bit. */
const DIRTY = 1n << 255n;

async function opened() {
  return deployOpen(connection);
}

/** The taker is long ten puts at 2,000. */
async function held() {
  const world = await networkHelpers.loadFixture(opened);
  await sell(world, PUT);
  return { ...world, id: putSeries(world.linearBook, K) };
}

/** The ways in which a market can be, with what wrapping legs not held comes to in each. */
const WAYS: readonly [name: string, pass: (world: World) => Promise<unknown>, halted?: true][] = [
  ["in a normal market", async () => undefined],
  [
    "in a restricted market",
    async (world) => {
      const { ledger, guard, linear } = world;
      const until = (await now(world)) + HOUR;
      return ledger.connect(guard).setGuard(linear, Level.Restricted, until, 0n);
    },
  ],
  [
    "in a halt",
    async (world) => {
      const { ledger, guard, linear } = world;
      const until = (await now(world)) + HOUR;
      return ledger.connect(guard).setGuard(linear, Level.Halted, until, 0n);
    },
    true,
  ],
  [
    "in a retired market",
    async ({ ledger, admin, linear }) => ledger.connect(admin).retire(linear),
  ],
  ["after the last trade", async (world) => passTo(world, world.expiry - 60n)],
];

describe("Attack", () => {
  describe("packages", () => {
    describe("of legs that are not held [options that nobody has written]", () => {
      for (const [name, pass, halted] of WAYS) {
        it(`are not made ${name}, alone or in a batch`, async () => {
          const world = await held();
          const { ledger, taker, stranger, linearBook, id } = world;
          await pass(world);
          const { until } = await ledger.guardOf(world.linear);
          const own = ledger.connect(taker.signer);
          const more = { amount: 11n };
          const acts = [
            async () => wrap(world, more),
            async () => own.batch([encoded.wrap(world, more)]),
            async () => own.batch([encoded.wrap(world, more), encoded.unwrap(world, more)]),
          ];
          for (const act of acts) {
            if (halted) await stands(world, act, "MarketHalted", [linearBook, until]);
            else await stands(world, act, "NotHeld", [id, 10n, 11n]);
          }
          expect(await ledger.balanceOf(taker.address, id)).to.equal(0n);
          expect(await ledger.balanceOf(stranger.address, id)).to.equal(0n);
        });
      }

      it("are not made twice of the same legs, nor of legs that were sold", async () => {
        const world = await held();
        const { ledger, taker, id, linearBook } = world;
        await wrap(world, { amount: 10n });
        await stands(world, async () => wrap(world, { amount: 1n }), "NotHeld", [id, 0n, 1n]);
        await unwrap(world, { amount: 10n });
        const back = [put(K, -1n)];
        const own = ledger.connect(taker.signer);
        await own.transferLegs(taker.account, taker.account + 1n, linearBook, PUT.slice(), 0n);
        await stands(world, async () => wrap(world, { amount: 10n }), "NotHeld", [id, 9n, 10n]);
        await stands(world, async () => wrap(world, { legs: back }), "PackageNegative", [
          linearBook,
          usdc(20),
        ]);
      });

      it("are not made by a writer: its short legs are no package, whatever stands beside them", async () => {
        const world = await held();
        const { maker, linearBook } = world;
        const pack = { from: maker.signer, account: maker.account, amount: 1n };
        const legs = [put(usd(1_990), 1n), put(K, -1n)];
        const act = async () => wrap(world, { ...pack, legs });
        await stands(world, act, "PackageNegative", [linearBook, usdc(0.1)]);
        const debt = async () => wrap(world, { ...pack, legs: [put(K, -1n)] });
        await stands(world, debt, "PackageNegative", [linearBook, usdc(20)]);
      });

      it("rid no account of a short that the rest does not need: only with what outweighs it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        const legs = [put(usd(1_900), -1n), put(K, 1n)];
        await sell(world, legs);
        await wrap(world, { legs, amount: 10n });
        const { collateral, legs: rest } = await positionOf(world, taker.account, linearBook);
        expect({ collateral, rest }).to.deep.equal({ collateral: 0n, rest: [] });
        // The writer of the spread holds the other side of both legs: the pool owes nothing for the short one.
        await fix(world, 1n, linearBook);
        const pays = await payoutOf(world, { legs, amount: 10n });
        expect(pays).to.equal(usdc(10));
        expect((await ledger.bookOf(linearBook)).pool).to.equal(usdc(10));
      });
    });

    describe("and the pool", () => {
      /** Writes puts, condors and spreads; some are wrapped and sent on, some sold again, some unwrapped. */
      async function market() {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, stranger, quoteAddress, linearBook } = world;
        const spread = [put(usd(1_950), -2n), put(usd(2_050), 3n)];
        const own = ledger.connect(taker.signer);
        await own.deposit(taker.account + 1n, quoteAddress, usdc(100));
        await sell(world, PUT);
        await sell(world, CONDOR, { nonce: 2n, account: taker.account + 1n });
        await sell(world, spread, { nonce: 3n });
        await wrap(world, { amount: 7n });
        await wrap(world, { legs: CONDOR, amount: 9n, account: taker.account + 1n });
        await wrap(world, { legs: spread, amount: 5n });
        const condor = hashedId(linearBook, CONDOR);
        await own.transfer(stranger.address, condor, 9n);
        await own.transfer(maker.address, putSeries(linearBook, K), 3n);
        await unwrap(world, { from: maker.signer, account: maker.account, amount: 2n });
        await unwrap(world, { legs: spread, amount: 1n, account: taker.account + 1n });
        return { ...world, spread };
      }

      type Market = Awaited<ReturnType<typeof market>>;

      /** Settles, claims and redeems everything, in one order or the other; answers what left the pool. */
      async function cashIn(world: Market, packagesFirst: boolean): Promise<bigint> {
        const { ledger, maker, taker, stranger, linearBook, spread } = world;
        const { pool } = await bookView(world, linearBook);
        const accounts = [maker.account, taker.account, taker.account + 1n];
        const redemptions = [
          { amount: 4n },
          { from: maker.signer, amount: 1n },
          { from: stranger, legs: CONDOR, amount: 5n },
          { from: stranger, legs: CONDOR, amount: 4n },
          { legs: spread, amount: 4n },
        ];
        const settle = async () => {
          await ledger.settle(linearBook, accounts);
          for (const account of accounts) {
            const { signer } = account === maker.account ? maker : taker;
            await ledger.connect(signer).claim(account, [linearBook], true);
          }
        };
        if (!packagesFirst) await settle();
        for (const redemption of redemptions) await redeem(world, redemption);
        if (packagesFirst) await settle();
        return pool - (await bookView(world, linearBook)).pool;
      }

      for (const price of [1n, usd(1_949.99999999), usd(1_987.65432109), K + 1n, usd(2_133.3333)]) {
        it(`pay its money exactly once, in either order, at ${price}`, async () => {
          const world = await market();
          const { quote, address, linearBook } = world;
          const { pool } = await bookView(world, linearBook);
          await fix(world, price, linearBook);
          const snapshot = await networkHelpers.takeSnapshot();
          const held = await quote.balanceOf(address);
          const first = await cashIn(world, true);
          expect(held - (await quote.balanceOf(address))).to.equal(first);
          await snapshot.restore();
          const second = await cashIn(world, false);
          expect(second).to.equal(first);
          // Three accounts and five redemptions, each rounded down by less than a unit.
          expect(pool - first < 8n, `${pool - first} stay`).to.equal(true);
        });
      }

      it("pay the account that wrapped only what it kept", async () => {
        const world = await held();
        const { ledger, maker, taker, linearBook } = world;
        await wrap(world, { amount: 7n });
        await fix(world, usd(1_900), linearBook);
        await ledger.settle(linearBook, [taker.account, maker.account]);
        expect((await positionOf(world, taker.account, linearBook)).collateral).to.equal(usdc(3));
        expect(await payoutOf(world, { amount: 7n })).to.equal(usdc(7));
      });

      it("pay once within a batch that fixes, settles, claims and redeems", async () => {
        const world = await held();
        const { ledger, maker, taker, quote, oracle, expiry, linearBook } = world;
        await wrap(world, { amount: 7n });
        await oracle.setPrice(usd(1_900));
        await passTo(world, expiry);
        const abi = ledger.interface;
        const before = await quote.balanceOf(taker.address);
        const own = ledger.connect(taker.signer);
        const claim = abi.encodeFunctionData("claim", [
          taker.account,
          [linearBook, linearBook],
          true,
        ]);
        const accounts = [taker.account, taker.account, maker.account];
        await own.batch([
          abi.encodeFunctionData("fixPrice", [linearBook, "0x"]),
          abi.encodeFunctionData("settle", [linearBook, accounts]),
          claim,
          encoded.redeem(world, { amount: 7n }),
          claim,
        ]);
        expect((await quote.balanceOf(taker.address)) - before).to.equal(usdc(10));
        const again = encoded.redeem(world, { amount: 1n });
        const args = [taker.address, 0n, 1n, world.id];
        await stands(world, async () => own.batch([again]), "ERC6909InsufficientBalance", args);
      });

      it("are unwrapped no more after expiry, when legs are paid by settlement [both paid]", async () => {
        const world = await held();
        const { linearBook, expiry } = world;
        await wrap(world, { amount: 7n });
        await fix(world, usd(1_900), linearBook);
        for (const act of [async () => unwrap(world), async () => wrap(world, { amount: 1n })]) {
          await expect(act()).to.be.revertedWithCustomError(world.ledger, "BookExpired");
        }
        expect((await now(world)) >= expiry).to.equal(true);
      });

      it("keep the pool of one book out of another's, though both hold the same token", async () => {
        const world = await held();
        const { ledger, linear, linearBook, expiry, id } = world;
        await ledger.openBook(linear, expiry + WEEK);
        const later = bookOf(linear, expiry + WEEK);
        await sell(world, PUT, { book: later, nonce: 2n });
        await wrap(world, { amount: 10n });
        await fix(world, usd(1_900), linearBook);
        const { pool } = await bookView(world, later);
        const foreign = async () => redeem(world, { book: later });
        await stands(world, foreign, "NotFixed", [later]);
        await redeem(world, { amount: 10n });
        expect((await bookView(world, later)).pool).to.equal(pool);
        expect(await ledger.balanceOf(world.taker.address, id)).to.equal(0n);
      });
    });

    describe("that pass for others", () => {
      it("have no id of a book with low bits set: a series is not a book", async () => {
        const world = await held();
        const { linearBook } = world;
        await wrap(world, { amount: 4n });
        const low = [1n, K, 1n << 63n, (1n << 63n) | K];
        const books = [...low.map((bits) => linearBook | bits), linearBook | DIRTY];
        for (const book of books) {
          for (const act of [
            async () => wrap(world, { book }),
            async () => unwrap(world, { book }),
            async () => redeem(world, { book }),
          ]) {
            await stands(world, act, "BookNotOpen", [book]);
          }
        }
      });

      it("are not one leg of +2 or −1 where +1 is held, nor the other way round", async () => {
        const world = await held();
        const { taker, linearBook } = world;
        await wrap(world, { amount: 4n });
        for (const lots of [2n, -1n, -2n, MAX_63, 0n]) {
          const legs = [put(K, lots)];
          const id = hashedId(linearBook, legs);
          const args = [taker.address, 0n, 1n, id];
          const act = async () => unwrap(world, { legs, amount: 1n });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
        const double = async () => wrap(world, { legs: [put(K, 2n)], amount: 1n });
        await stands(world, double, "PackageNotReduced", [2n]);
      });

      it("are not the same legs of another book, another right, another order, or the sum of two", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linear, linearBook, inverseBook, expiry } = world;
        const legs = [put(K, 1n), put(usd(2_100), 2n)];
        await sell(world, legs);
        await wrap(world, { legs, amount: 10n });
        await ledger.openBook(linear, expiry + WEEK);
        const [low = 0n, high = 0n] = legs;
        const others: readonly (readonly [book: bigint, legs: readonly bigint[]])[] = [
          [bookOf(linear, expiry + WEEK), legs],
          [inverseBook, legs],
          [linearBook, [high, low]],
          [linearBook, [low, high, high]],
          [linearBook, [low, put(usd(2_100), 1n), put(usd(2_100), 1n)]],
          [linearBook, [call(K, 1n), high]],
          [linearBook, [put(K, 2n), put(usd(2_100), 4n)]],
          [linearBook, [high]],
        ];
        for (const [book, vector] of others) {
          const args = [taker.address, 0n, 1n, hashedId(book, vector)];
          const act = async () => unwrap(world, { book, legs: vector, amount: 1n });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
        const single = [taker.address, 0n, 1n, putSeries(linearBook, K)];
        const part = async () => unwrap(world, { legs: [low], amount: 1n });
        await stands(world, part, "ERC6909InsufficientBalance", single);
      });

      it("cannot be made of unsorted or doubled legs, which would have ids of their own", async () => {
        const world = await held();
        for (const legs of [
          [put(K, 1n), put(K, 1n)],
          [put(K, 1n), put(usd(10), 1n)],
        ]) {
          await stands(world, async () => wrap(world, { legs }), "LegsUnsorted", [0n, 1n]);
        }
      });

      it("cannot be told by legs with bits above their 128", async () => {
        const world = await held();
        const { ledger, address, taker } = world;
        await wrap(world, { amount: 4n });
        const clean = encoded.unwrap(world);
        const word = (PUT[0] ?? 0n).toString(16).padStart(64, "0");
        expect(clean.endsWith(word)).to.equal(true);
        const dirty = ((PUT[0] ?? 0n) | DIRTY).toString(16).padStart(64, "0");
        const refused = async (call: string) => {
          const data = call.slice(0, -64) + dirty;
          const sent = taker.signer.sendTransaction({ to: address, data });
          await expect(sent).to.be.revert(connection.ethers);
        };
        for (const call of [clean, encoded.wrap(world)]) await refused(call);
        await fix(world, usd(1_900), world.linearBook);
        await refused(encoded.redeem(world));
        expect(await ledger.balanceOf(taker.address, world.id)).to.equal(4n);
      });

      it("keep their highest bit: no series and no market has it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook, inverseBook } = world;
        await sell(world, CONDOR);
        await sell(world, PUT, { nonce: 2n });
        expect((await wrapId(world, { legs: CONDOR })) >> 255n).to.equal(1n);
        expect((await wrapId(world)) >> 255n).to.equal(0n);
        expect([linearBook >> 255n, inverseBook >> 255n]).to.deep.equal([0n, 0n]);
      });
    });

    describe("of the largest quantities", () => {
      /** 32 legs that alternate between ±(2^63 − 1) and the number before it, worth at least nothing at every price. */
      function largest(style: bigint): bigint[] {
        const leg = style === 1n ? call : put;
        const [long, short] = [MAX_63, 1n - MAX_63];
        return Array.from({ length: 32 }, (_, i) => {
          const first = style === 1n ? long : short;
          return leg(BigInt(i + 1), i % 2 === 0 ? first : first === long ? short : long);
        });
      }

      /** Σ q · payoff of the legs at a price. */
      function value(legs: readonly bigint[], price: bigint): bigint {
        return legs.reduce((sum, packed) => {
          const [strike, quantity] = [packed >> 65n, BigInt.asIntN(64, packed)];
          const inside = ((packed >> 64n) & 1n) === 1n ? price - strike : strike - price;
          return sum + (inside > 0n ? quantity * inside : 0n);
        }, 0n);
      }

      for (const [name, style] of [
        ["linear", 0n],
        ["inverse", 1n],
      ] as const) {
        for (const price of [1n, 17n, MAX_63]) {
          it(`go through transfer, wrap, unwrap, redeem and settle unharmed: 32 legs, ${name}, at ${price}`, async () => {
            const base = await networkHelpers.loadFixture(opened);
            const world: Endless = await openEndless(base, { style });
            const { ledger, taker, maker, book } = world;
            const own = ledger.connect(taker.signer);
            const legs = largest(style);
            await sell(world, legs, { book, units: 1n });
            const { pool } = await bookView(world, book);
            await own.transferLegs(taker.account, taker.account + 1n, book, legs, 0n);
            const pack = { book, legs, amount: 1n };
            await wrap(world, { ...pack, account: taker.account + 1n });
            await unwrap(world, pack);
            expect([...(await ledger.positionOf(taker.account, book)).legs]).to.deep.equal(legs);
            await wrap(world, pack);
            await fix(world, price, book);
            const divisor = style === 1n ? price : 1n;
            const pays = value(legs, price) / divisor;
            expect(await payoutOf(world, pack)).to.equal(pays);
            await redeem(world, pack);
            await ledger.settle(book, [maker.account, taker.account]);
            const { collateral } = await positionOf(world, maker.account, book);
            expect(pool - pays - collateral < 2n && pool >= pays + collateral).to.equal(true);
            await ledger.connect(maker.signer).claim(maker.account, [book], true);
            const { pool: dust } = await bookView(world, book);
            expect(dust).to.equal(pool - pays - collateral);
          });
        }
      }

      it("are refused beyond the bound, on the way in and out", async () => {
        const base = await networkHelpers.loadFixture(opened);
        const world = await openEndless(base);
        const { ledger, taker, book } = world;
        const own = ledger.connect(taker.signer);
        const account = taker.account + 1n;
        await sell(world, [put(1n, MAX_63)], { book, units: 1n });
        const legs = [put(1n, 1n)];
        await own.transferLegs(taker.account, account, book, [put(1n, MAX_63)], 0n);
        const low = [put(1n, -MAX_63)];
        const turned = async () => own.transferLegs(account, taker.account, book, low, 0n);
        await stands(world, turned, "NotHeld", [putSeries(book, 1n), MAX_63, -MAX_63]);
        const least = [put(1n, -(1n << 63n))];
        const bad = async () => own.transferLegs(account, taker.account, book, least, 0n);
        await stands(world, bad, "LegQuantity", [0n, 0n, -(1n << 63n)]);
        const more = async () => wrap(world, { account, book, legs, amount: MAX_63 + 1n });
        await stands(world, more, "NotHeld", [putSeries(book, 1n), MAX_63, MAX_63 + 1n]);
        await wrap(world, { account, book, legs, amount: MAX_63 });
        expect(await ledger.balanceOf(taker.address, putSeries(book, 1n))).to.equal(MAX_63);
      });
    });

    describe("of a blocked receiver", () => {
      it("are redeemed to another address, and claims go to free cash [money stuck in the pool]", async () => {
        const base = await networkHelpers.loadFixture(opened);
        const world = await openEndless(base);
        const { ledger, token, tokenAddress, maker, taker, stranger, book } = world;
        const legs = [put(7n, 1n)];
        await sell(world, legs, { book });
        await wrap(world, { book, legs, amount: 6n });
        await fix(world, 5n, book);
        await ledger.settle(book, [maker.account, taker.account]);
        await token.setBlocked(taker.address, true);
        const own = ledger.connect(taker.signer);
        for (const act of [
          async () => redeem(world, { book, legs }),
          async () => own.claim(taker.account, [book], true),
        ]) {
          await expect(act())
            .to.be.revertedWithCustomError(token, "Blocked")
            .withArgs(taker.address);
        }
        await redeem(world, { book, legs, amount: 5n, to: stranger.address });
        await own.transfer(maker.address, putSeries(book, 7n), 1n);
        await redeem(world, { from: maker.signer, book, legs, amount: 1n, to: maker.address });
        const cash = await ledger.cashOf(taker.account, tokenAddress);
        await own.claim(taker.account, [book], false);
        expect(await ledger.cashOf(taker.account, tokenAddress)).to.equal(cash + 8n);
        await own.withdraw(taker.account, tokenAddress, cash + 8n, stranger.address);
        expect(await token.balanceOf(stranger.address)).to.equal(cash + 8n + 10n);
      });
    });
  });
});
