import { expect } from "chai";

import { IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import { batch, fillData, manyData, refusedBatch, resultsOf } from "../../fixtures/batches.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  NO_LIMIT,
  fill,
  fillArgs,
  fillCall,
  inversePart,
  linearPart,
  refused,
  sorted,
} from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { bookOf, call, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { aside, ledgerState, leaveCash, offer, toldBy } from "../../fixtures/takes.ts";
import { DAY, Level, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { FEE, PURSE, deployOpen, now } from "../../fixtures/world.ts";
import type { Signer, World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const abi = IClearinghouse__factory.createInterface();

async function opened() {
  return deployOpen(connection);
}

/** The taker has no free cash in the ledger, only in its wallet. */
async function penniless() {
  const world = await deployOpen(connection);
  const { ledger, taker, baseAddress } = world;
  await leaveCash(world, taker, 0n);
  const own = ledger.connect(taker.signer);
  await own.withdraw(taker.account, baseAddress, PURSE.base, taker.address);
  return world;
}

/** The taker writes ten puts at 2,000 for 5 in all: 4.995 after the fee, where 200 are needed. */
const SALE: FillPatch = { part: { legs: [put(usd(2_000), 1n)], premium: -usd(50) } };
const GOT = usdc(5) - 10n * FEE.linear;
const NEED = usdc(200);
/** Nothing may be drawn. */
const NO_DRAW = [{ ...NO_LIMIT, maxDraw: 0n }];

function cover(account: bigint, book: bigint, amount: bigint): string {
  return abi.encodeFunctionData("depositToBook", [account, book, amount]);
}

function allocate(account: bigint, book: bigint, amount: bigint): string {
  return abi.encodeFunctionData("allocate", [account, book, amount]);
}

function transfer(from: bigint, to: bigint, book: bigint, legs: bigint[], amount: bigint): string {
  return abi.encodeFunctionData("transferLegs", [from, to, book, legs, amount]);
}

async function setCeiling({ ledger, guard, linear }: World, ceiling: bigint): Promise<void> {
  await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, ceiling);
}

/** The calls hold as one step, though the first of them does not by itself. */
async function holdsTogether(world: World, calls: string[], from?: Signer): Promise<void> {
  await aside(world, async () => {
    await expect(
      (from ?? world.taker.signer).sendTransaction({ to: world.address, data: calls[0] ?? "0x" }),
    ).to.be.revertedWithCustomError(world.ledger, "Undercovered");
  });
  await batch(world, calls, from);
}

describe("Clearinghouse", () => {
  describe("batch, what it defers", () => {
    describe("when a fill is covered by a later call", () => {
      it("takes a fill before the deposit that covers it", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const args = [taker.account, linearBook, GOT, NEED];
        await refused(world, SALE, "Undercovered", args);
        const calls = [await fillData(world, SALE), cover(taker.account, linearBook, NEED - GOT)];
        await holdsTogether(world, calls);
        expect(await positionOf(world, taker.account, linearBook)).to.deep.equal({
          collateral: NEED,
          settled: false,
          legs: [{ strike: usd(2_000), right: "put", quantity: -10n }],
        });
        const book = await bookView(world, linearBook);
        expect([book.pool, book.fees]).to.deep.equal([NEED, 10n * FEE.linear]);
      });

      it("tells a taker's draw of 0 where the shortfall is deferred, and queues nothing in the log", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const calls = [await fillData(world, SALE), cover(taker.account, linearBook, NEED - GOT)];
        const told = await toldBy(world, batch(world, calls));
        expect(told.map(({ name }) => name)).to.deep.equal(["OrderFilled", "Deposited"]);
        const legs = [put(usd(2_000), 1n)];
        // The maker draws the premium that it pays.
        const part = [linearBook, -usdc(5), 10n * FEE.linear, usdc(5) << 128n, legs];
        expect(told[0]?.args[6]).to.deep.equal([part]);
      });

      it("leaves what the deposit first and the fill then leave", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, maker, taker, linearBook } = world;
        const accounts = [maker.account, taker.account];
        const state = await aside(world, async () => {
          await ledger.connect(taker.signer).depositToBook(taker.account, linearBook, NEED - GOT);
          await fill(world, SALE);
          return ledgerState(world, accounts);
        });
        await batch(world, [
          await fillData(world, SALE),
          cover(taker.account, linearBook, NEED - GOT),
        ]);
        expect(await ledgerState(world, accounts)).to.deep.equal(state);
      });

      it("reverts with Undercovered in the end, one base unit short", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const calls = [
          await fillData(world, SALE),
          cover(taker.account, linearBook, NEED - GOT - 1n),
        ];
        const args = [taker.account, linearBook, NEED - 1n, NEED];
        await refusedBatch(world, calls, "Undercovered", args);
        const alone = [taker.account, linearBook, GOT, NEED];
        await refusedBatch(world, calls.slice(0, 1), "Undercovered", alone);
      });

      it("takes free cash put in by a deposit and allocated, or collateral moved from another account", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const rest = NEED - GOT;
        const pay = abi.encodeFunctionData("deposit", [taker.account, quoteAddress, rest]);
        const sale = await fillData(world, SALE);
        await aside(world, async () =>
          batch(world, [sale, pay, allocate(taker.account, linearBook, rest)]),
        );
        const other = taker.account + 1n;
        await ledger.connect(taker.signer).depositToBook(other, linearBook, rest);
        await batch(world, [sale, transfer(other, taker.account, linearBook, [], rest)]);
        const { collateral } = await positionOf(world, taker.account, linearBook);
        expect(collateral).to.equal(NEED);
      });

      it("takes fillMany before the deposit that covers it, and tells no draw", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const offers = [
          await offer(world, { ...SALE, order: { units: 4n } }),
          await offer(world, { ...SALE, order: { nonce: 2n, units: 6n } }),
        ];
        const many = await manyData(world, { offers });
        const calls = [many, cover(taker.account, linearBook, NEED - GOT)];
        const args = [taker.account, linearBook, GOT, NEED];
        await refusedBatch(world, [many], "Undercovered", args);
        const [first] = await resultsOf(world, calls);
        expect(first).to.equal(abi.encodeFunctionResult("fillMany", [10n, [-GOT]]));
        const told = await toldBy(world, batch(world, calls));
        const names = told.map(({ name }) => name);
        expect(names).to.deep.equal(["OrderFilled", "OrderFilled", "Deposited"]);
      });
    });

    describe("when a position is built up leg by leg", () => {
      /** The taker sells ten puts at 2,000, then buys ten at 1,900: a spread that needs 10. */
      const HEDGE: FillPatch = {
        order: { nonce: 2n },
        part: { legs: [put(usd(1_900), -1n)], premium: usd(20) },
      };
      const SPREAD = usdc(10);
      /** What the two fills bring, fees off. */
      const NET = GOT - usdc(2) - 10n * FEE.linear;

      it("legs into a spread with the collateral that the spread needs", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const own = ledger.connect(taker.signer);
        await own.deposit(taker.account, quoteAddress, SPREAD - NET);
        const calls = [await fillData(world, SALE), await fillData(world, HEDGE)];
        await aside(world, async () => {
          await holdsTogether(world, calls);
          const { collateral } = await positionOf(world, taker.account, linearBook);
          expect(collateral).to.equal(SPREAD);
          expect((await cashOf(world, taker.account)).quote).to.equal(0n);
        });
        await own.withdraw(taker.account, quoteAddress, 1n, taker.address);
        const args = [taker.account, linearBook, NET, SPREAD];
        await refusedBatch(world, calls, "Undercovered", args);
      });

      it("draws nothing for the deferred leg, also where cash covers a part of its shortfall", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const own = ledger.connect(taker.signer);
        await own.deposit(taker.account, quoteAddress, usdc(150));
        const calls = [await fillData(world, SALE), await fillData(world, HEDGE)];
        const told = await toldBy(world, batch(world, calls));
        const draws = told.map(({ args }) => {
          const [part] = args[6] as bigint[][];
          return BigInt.asUintN(128, part?.[3] ?? 0n);
        });
        expect(draws).to.deep.equal([0n, SPREAD - NET]);
        const cash = await cashOf(world, taker.account);
        expect(cash.quote).to.equal(usdc(150) - (SPREAD - NET));
        expect((await bookView(world, linearBook)).pool).to.be.greaterThan(SPREAD);
      });

      it("draws all of a shortfall where limit and cash allow it, though a later leg would free it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        await batch(world, [await fillData(world, SALE), await fillData(world, HEDGE)]);
        const { collateral } = await positionOf(world, taker.account, linearBook);
        expect(collateral).to.equal(NEED - usdc(2) - 10n * FEE.linear);
      });

      it("defers for a limit on the draw as it does for want of cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        const sale = { ...SALE, limits: NO_DRAW };
        const draw = [taker.account, linearBook, NEED - GOT, 0n];
        await refused(world, sale, "DrawTooSmall", draw);
        const hedge = { ...HEDGE, limits: [{ ...NO_LIMIT, maxDraw: SPREAD - NET }] };
        await batch(world, [await fillData(world, sale), await fillData(world, hedge)]);
        const { collateral } = await positionOf(world, taker.account, linearBook);
        expect(collateral).to.equal(SPREAD);
      });

      it("checks the position once, in the end, however often it was left uncovered", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const calls: string[] = [];
        for (const nonce of [1n, 2n, 3n]) {
          calls.push(await fillData(world, { ...SALE, order: { nonce, units: 1n } }));
        }
        const got = 3n * (usdc(0.5) - FEE.linear);
        const args = [taker.account, linearBook, got, usdc(60)];
        await refusedBatch(world, calls, "Undercovered", args);
        await batch(world, [...calls, cover(taker.account, linearBook, usdc(60) - got)]);
      });

      it("closes in the batch what it opened in it, and needs nothing", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const back = { order: { nonce: 2n }, part: { premium: usd(40) } };
        await batch(world, [await fillData(world, SALE), await fillData(world, back)]);
        expect(await positionOf(world, taker.account, linearBook)).to.deep.equal({
          collateral: GOT - usdc(4),
          settled: false,
          legs: [],
        });
      });
    });

    describe("when several positions are left uncovered", () => {
      /** The taker writes in both books, without cash for either. */
      async function both(world: World): Promise<{ fills: string; first: bigint; last: bigint }> {
        const parts = sorted(
          linearPart(world, SALE.part),
          inversePart(world, { legs: [call(usd(2_500), 1n)], premium: -usd(0.02) }),
        );
        const [first, last] = parts.map(({ book }) => book);
        if (first === undefined || last === undefined) throw new Error("two parts");
        return { fills: await fillData(world, { order: { parts } }), first, last };
      }

      function short(world: World, book: bigint): readonly unknown[] {
        const { taker, linearBook } = world;
        if (book === linearBook) return [taker.account, book, GOT, NEED];
        return [taker.account, book, ether(0.002) - 10n * FEE.inverse, ether(0.1)];
      }

      function rest(world: World, book: bigint): bigint {
        const [, , collateral, requirement] = short(world, book) as bigint[];
        return (requirement ?? 0n) - (collateral ?? 0n);
      }

      it("defers the parts of one fill, each in its book, and names the first", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker } = world;
        const { fills, first, last } = await both(world);
        const coverOf = (book: bigint) => cover(taker.account, book, rest(world, book));
        await refusedBatch(world, [fills], "Undercovered", short(world, first));
        const onlyLast = [fills, coverOf(last)];
        await refusedBatch(world, onlyLast, "Undercovered", short(world, first));
        const onlyFirst = [fills, coverOf(first)];
        await refusedBatch(world, onlyFirst, "Undercovered", short(world, last));
        await batch(world, [fills, coverOf(last), coverOf(first)]);
      });

      it("names the first queued, not the last, not the smallest", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const accounts = [taker.account + 1n, taker.account];
        const calls: string[] = [];
        for (const [i, account] of accounts.entries()) {
          calls.push(await fillData(world, { ...SALE, account, order: { nonce: BigInt(i) } }));
        }
        for (const order of [calls, [...calls].reverse()]) {
          const account = order === calls ? taker.account + 1n : taker.account;
          const args = [account, linearBook, GOT, NEED];
          await refusedBatch(world, order, "Undercovered", args);
        }
      });

      it("keeps a position's place in the queue though it was covered in between", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const other = taker.account + 1n;
        const calls = [
          await fillData(world, SALE),
          cover(taker.account, linearBook, NEED - GOT),
          await fillData(world, { ...SALE, account: other, order: { nonce: 2n } }),
          await fillData(world, { ...SALE, order: { nonce: 3n } }),
        ];
        const args = [taker.account, linearBook, NEED + GOT, 2n * NEED];
        await refusedBatch(world, calls, "Undercovered", args);
      });

      it("draws for a later part of the token what an earlier one, deferred, has not", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, linear, quoteAddress, expiry } = world;
        const later = bookOf(linear, expiry + WEEK);
        await ledger.openBook(linear, expiry + WEEK);
        const parts = sorted(
          linearPart(world, SALE.part),
          linearPart(world, { ...SALE.part, book: later }),
        );
        const own = ledger.connect(taker.signer);
        await own.deposit(taker.account, quoteAddress, NEED - GOT);
        const limits = [NO_DRAW[0] ?? NO_LIMIT, NO_LIMIT];
        const [first, last] = parts.map(({ book }) => book);
        const calls = [
          await fillData(world, { order: { parts }, limits }),
          cover(taker.account, first ?? 0n, NEED - GOT),
        ];
        await batch(world, calls);
        expect((await cashOf(world, taker.account)).quote).to.equal(0n);
        for (const book of [first, last]) {
          expect((await positionOf(world, taker.account, book ?? 0n)).collateral).to.equal(NEED);
        }
      });
    });

    describe("when legs move within a batch", () => {
      /** The maker holds ten short puts with 200; its second account is empty. */
      async function sold() {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world);
        return { ...world, second: world.maker.account + 1n };
      }

      it("lets the receiver be covered later", async () => {
        const world = await sold();
        const { maker, second, linearBook } = world;
        const move = transfer(maker.account, second, linearBook, [put(usd(2_000), -4n)], 0n);
        const args = [second, linearBook, 0n, usdc(80)];
        await refusedBatch(world, [move], "Undercovered", args, maker.signer);
        const calls = [move, cover(second, linearBook, usdc(80))];
        await holdsTogether(world, calls, maker.signer);
        const { collateral } = await positionOf(world, maker.account, linearBook);
        expect(collateral).to.equal(NEED);
      });

      it("lets the giver be covered later", async () => {
        const world = await sold();
        const { maker, second, linearBook } = world;
        const move = transfer(maker.account, second, linearBook, [], NEED);
        const args = [maker.account, linearBook, 0n, NEED];
        await refusedBatch(world, [move], "Undercovered", args, maker.signer);
        const back = transfer(maker.account, second, linearBook, [put(usd(2_000), -10n)], 0n);
        await holdsTogether(world, [move, back], maker.signer);
        expect(await positionOf(world, second, linearBook)).to.deep.equal({
          collateral: NEED,
          settled: false,
          legs: [{ strike: usd(2_000), right: "put", quantity: -10n }],
        });
      });

      it("lets a hedge be wrapped away before the deposit that stands in for it", async () => {
        const world = await sold();
        const { ledger, maker, linearBook } = world;
        const hedge = { legs: [put(usd(1_900), 1n)], premium: 0n };
        await fill(world, { order: { nonce: 2n }, part: hedge });
        await ledger.connect(maker.signer).free(maker.account, linearBook, usdc(190));
        const wrap = abi.encodeFunctionData("wrap", [
          maker.account,
          linearBook,
          [put(usd(1_900), 1n)],
          10n,
        ]);
        const args = [maker.account, linearBook, usdc(10), NEED];
        await refusedBatch(world, [wrap], "Undercovered", args, maker.signer);
        const calls = [wrap, cover(maker.account, linearBook, usdc(190))];
        await holdsTogether(world, calls, maker.signer);
        const series = putSeries(linearBook, usd(1_900));
        expect(await ledger.balanceOf(maker.address, series)).to.equal(10n);
      });

      it("lets packages be unwrapped into an account that an earlier call left uncovered", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, linearBook } = world;
        const leg = put(usd(2_000), 1n);
        // The taker's long puts, wrapped: ten packages.
        await ledger.connect(taker.signer).deposit(taker.account, world.quoteAddress, usdc(6));
        await fill(world, { order: { nonce: 2n } });
        const own = ledger.connect(taker.signer);
        await own.wrap(taker.account, linearBook, [leg], 10n);
        const unwrap = abi.encodeFunctionData("unwrap", [taker.account, linearBook, [leg], 10n]);
        await batch(world, [await fillData(world, SALE), unwrap]);
        expect((await positionOf(world, taker.account, linearBook)).legs).to.deep.equal([]);
      });
    });

    describe("what it does not defer", () => {
      it("checks free at once, though a later call would cover", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await fill(world);
        const free = abi.encodeFunctionData("free", [maker.account, linearBook, 1n]);
        const calls = [free, cover(maker.account, linearBook, 1n)];
        const args = [maker.account, linearBook, NEED - 1n, NEED];
        await refusedBatch(world, calls, "Undercovered", args, maker.signer);
        await batch(world, [...calls].reverse(), maker.signer);
      });

      it("frees nothing of a position that is queued, above what it needs", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const free = abi.encodeFunctionData("free", [taker.account, linearBook, 1n]);
        const calls = [await fillData(world, SALE), free];
        const args = [taker.account, linearBook, GOT - 1n, NEED];
        await refusedBatch(world, calls, "Undercovered", args);
      });

      it("checks makers at once, also where the maker's account is the caller's own", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook, quoteAddress } = world;
        const second = maker.account + 1n;
        await ledger.connect(taker.signer).deposit(second, quoteAddress, usdc(10));
        await leaveCash(world, maker, 0n);
        const own = { from: maker.signer, account: second };
        const calls = [await fillData(world, own), cover(maker.account, linearBook, NEED)];
        const args = [maker.account, linearBook, usdc(5), NEED];
        await refusedBatch(world, calls, "Undercovered", args, maker.signer);
        await batch(world, [...calls].reverse(), maker.signer);
      });

      it("checks makers of fillMany at once: they are skipped", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await leaveCash(world, maker, 0n);
        const calls = [
          await manyData(world, { offers: [await offer(world)] }),
          cover(maker.account, linearBook, NEED),
        ];
        await refusedBatch(world, calls, "UnitsShort", [0n, 1n]);
      });

      it("defers no debt: premium and fee are there at once, whatever a later call brings", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const pay = usdc(5) + 10n * FEE.linear;
        const args = [taker.account, linearBook, 0n, 0n];
        const later = cover(taker.account, linearBook, pay);
        await refusedBatch(world, [await fillData(world), later], "Undercovered", args);
        const tight = await fillData(world, { limits: NO_DRAW });
        const draw = [taker.account, linearBook, pay, 0n];
        await refusedBatch(world, [tight, later], "DrawTooSmall", draw);
        // Premium received pays for the fee to the last base unit; one below, there is debt.
        const sale = (premium: number): FillPatch => ({
          part: { legs: [put(usd(2_000), 1n)], premium: -usd(premium) },
          limits: NO_DRAW,
        });
        const needs = cover(taker.account, linearBook, NEED);
        const below = [await fillData(world, sale(0.04999)), needs];
        const debt = [taker.account, linearBook, NEED + 1n, 0n];
        await refusedBatch(world, below, "DrawTooSmall", debt);
        await batch(world, [await fillData(world, sale(0.05)), needs]);
      });

      it("defers neither price nor gates", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, admin, taker, linear, linearBook } = world;
        const limits = [{ ...NO_LIMIT, maxPay: -GOT - 1n }];
        const covered = cover(taker.account, linearBook, NEED);
        const dear = [await fillData(world, { ...SALE, limits }), covered];
        await refusedBatch(world, dear, "PayAboveLimit", [0n, -GOT, -GOT - 1n]);
        await ledger.connect(admin).retire(linear);
        const args = [linearBook, putSeries(linearBook, usd(2_000))];
        const shut = [await fillData(world, SALE), covered];
        await refusedBatch(world, shut, "RiskRestricted", args);
      });
    });

    describe("when the pool meets its ceiling", () => {
      it("looks at the pool that the batch leaves, to the last base unit", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        await setCeiling(world, NEED - 1n);
        const calls = [await fillData(world, SALE), cover(taker.account, linearBook, NEED - GOT)];
        const args = [linearBook, NEED, NEED - 1n];
        await refusedBatch(world, calls, "CeilingReached", args);
        const offers = [await offer(world, SALE)];
        const limits = [{ ...NO_LIMIT, maxDraw: 0n }];
        const many = [await manyData(world, { offers, limits }), ...calls.slice(1)];
        await refusedBatch(world, many, "CeilingReached", args);
        // What a limit lets be drawn counts at once where fillMany gathers, though a batch may bring it later.
        const open = [await manyData(world, { offers }), ...calls.slice(1)];
        await refusedBatch(world, open, "UnitsShort", [0n, 1n]);
        await setCeiling(world, NEED);
        for (const fits of [calls, many, open]) await aside(world, async () => batch(world, fits));
      });

      it("counts what all fills of the batch are short of, in one account or in several", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const { account } = taker;
        const second = { ...SALE, order: { nonce: 2n } };
        const first = await fillData(world, SALE);
        for (const calls of [
          [first, await fillData(world, second), cover(account, linearBook, 2n * (NEED - GOT))],
          [
            first,
            cover(account, linearBook, NEED - GOT),
            await fillData(world, { ...second, account: account + 1n }),
            cover(account + 1n, linearBook, NEED - GOT),
          ],
          [
            first,
            transfer(account, account + 1n, linearBook, [put(usd(2_000), -10n)], 0n),
            await fillData(world, second),
            cover(account + 1n, linearBook, NEED),
            cover(account, linearBook, NEED - 2n * GOT),
          ],
        ]) {
          await setCeiling(world, 2n * NEED - 1n);
          const args = [linearBook, 2n * NEED, 2n * NEED - 1n];
          await refusedBatch(world, calls, "CeilingReached", args);
          await setCeiling(world, 2n * NEED);
          await aside(world, async () => batch(world, calls));
        }
      });

      it("looks at a fill's own pool at once, with what it draws and what it does not", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        await setCeiling(world, NEED - 1n);
        /** Fails if the batch comes to it. */
        const fails = abi.encodeFunctionData("free", [taker.account, linearBook, 0n]);
        // Drawn from free cash, the pool is above the ceiling in the first call.
        const drawn = [await fillData(world, SALE), fails];
        const args = [linearBook, NEED, NEED - 1n];
        await refusedBatch(world, drawn, "CeilingReached", args);
        // What is in the book counts from the start; what is not drawn does not.
        const later = await fillData(world, { ...SALE, limits: NO_DRAW });
        const before = [allocate(taker.account, linearBook, NEED), later, fails];
        const held = [linearBook, NEED + GOT, NEED - 1n];
        await refusedBatch(world, before, "CeilingReached", held);
        await refusedBatch(world, [later, fails], "ZeroAmount", []);
        await setCeiling(world, GOT - 1n);
        const least = [linearBook, GOT, GOT - 1n];
        await refusedBatch(world, [later, fails], "CeilingReached", least);
      });

      it("lets a pool stand above it on the way, and comes back to it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        await setCeiling(world, NEED);
        const spare = (amount: bigint) =>
          abi.encodeFunctionData("free", [taker.account, linearBook, amount]);
        const sale = await fillData(world, SALE);
        const more = allocate(taker.account, linearBook, usdc(70));
        const args = [linearBook, NEED + 1n, NEED];
        await refusedBatch(world, [sale, more, spare(usdc(70) - 1n)], "CeilingReached", args);
        await batch(world, [sale, more, spare(usdc(70))]);
        expect((await bookView(world, linearBook)).pool).to.equal(NEED);
      });

      it("does not bind a batch that raises no open interest", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        await batch(world, [await fillData(world, SALE)]);
        await setCeiling(world, 0n);
        // The taker hands the put on: the maker sells what it has bought.
        const part = { legs: [put(usd(2_000), -1n)], premium: 0n };
        const back = await fillData(world, { order: { nonce: 2n }, part });
        await batch(world, [cover(taker.account, linearBook, 1n), back]);
        expect((await bookView(world, linearBook)).pool).to.equal(NEED + 1n);
      });

      it("is looked at for every part in which a fill raises open interest, behind what it leaves uncovered", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, guard, taker, linear, inverse, linearBook } = world;
        const parts = sorted(
          linearPart(world, SALE.part),
          inversePart(world, { legs: [call(usd(2_500), 1n)], premium: 0n }),
        );
        const [first, last] = parts.map(({ book }) => book);
        if (first === undefined || last === undefined) throw new Error("two parts");
        const needs = (book: bigint) => (book === linearBook ? NEED : ether(0.1));
        const got = (book: bigint) => (book === linearBook ? GOT : 0n);
        const capped = async (book: bigint, ceiling: bigint) =>
          ledger
            .connect(guard)
            .setGuard(book === linearBook ? linear : inverse, Level.Normal, 0n, ceiling);
        const fees = cover(taker.account, world.inverseBook, 10n * FEE.inverse);
        const both = await fillData(world, { order: { parts } });
        const covering = (book: bigint) => cover(taker.account, book, needs(book) - got(book));
        for (const book of [first, last]) await capped(book, needs(book) - 1n);
        const reached = (book: bigint) => [book, needs(book), needs(book) - 1n];
        const short = (book: bigint) => [taker.account, book, got(book), needs(book)];
        const calls = [fees, both, covering(last)];
        await refusedBatch(world, calls, "Undercovered", short(first));
        const bare = [fees, both, covering(first)];
        await refusedBatch(world, bare, "Undercovered", short(last));
        const covered = [...calls, covering(first)];
        await refusedBatch(world, covered, "CeilingReached", reached(first));
        await capped(first, needs(first));
        await refusedBatch(world, covered, "CeilingReached", reached(last));
        await capped(last, needs(last));
        await batch(world, covered);
      });

      it("is looked at in the order of the calls: before a position that a later one leaves uncovered", async () => {
        const world = await networkHelpers.loadFixture(penniless);
        const { taker, linearBook } = world;
        const other = taker.account + 1n;
        await setCeiling(world, NEED - 1n);
        const calls = [
          await fillData(world, SALE),
          cover(taker.account, linearBook, NEED - GOT),
          transfer(taker.account, other, linearBook, [put(usd(2_000), -4n)], 0n),
        ];
        const args = [linearBook, NEED, NEED - 1n];
        await refusedBatch(world, calls, "CeilingReached", args);
        await setCeiling(world, NEED);
        await refusedBatch(world, calls, "Undercovered", [other, linearBook, 0n, usdc(80)]);
      });

      it("does not hold deferred closing to it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        const spread = { legs: [put(usd(2_000), 1n), put(usd(2_100), -1n)], premium: 0n };
        await fill(world, { part: spread });
        await setCeiling(world, 0n);
        // Both close at 2,100; what is left of the taker's spread is ten short puts at 2,000.
        const part = { legs: [put(usd(2_100), 1n)], premium: 0n };
        const close = await fillData(world, { order: { nonce: 2n }, part, limits: NO_DRAW });
        await refusedBatch(world, [close], "Undercovered", [taker.account, linearBook, 0n, NEED]);
        await batch(world, [close, cover(taker.account, linearBook, NEED)]);
        const [leg] = (await positionOf(world, taker.account, linearBook)).legs;
        expect(leg?.quantity).to.equal(-10n);
      });
    });

    describe("when somebody else acts for the account", () => {
      async function operated() {
        const world = await networkHelpers.loadFixture(penniless);
        const { ledger, taker, stranger } = world;
        const until = (await now(world)) + DAY;
        await ledger
          .connect(taker.signer)
          .setAccountOperator(taker.account, stranger.address, Scope.Trade, until);
        return world;
      }

      it("lets a trade operator leg in, and pay in for the account as anyone may", async () => {
        const world = await operated();
        const { taker, stranger, linearBook } = world;
        const calls = [await fillData(world, SALE), cover(taker.account, linearBook, NEED - GOT)];
        await batch(world, calls, stranger);
        expect((await positionOf(world, taker.account, linearBook)).collateral).to.equal(NEED);
      });

      it("does not let a trade operator leave the account uncovered, nor move its cash", async () => {
        const world = await operated();
        const { ledger, taker, stranger, linearBook, quoteAddress } = world;
        const sale = await fillData(world, { ...SALE, limits: NO_DRAW });
        const args = [taker.account, linearBook, GOT, NEED];
        await refusedBatch(world, [sale], "Undercovered", args, stranger);
        await ledger.connect(taker.signer).deposit(taker.account, quoteAddress, NEED);
        const calls = [sale, allocate(taker.account, linearBook, NEED)];
        const scope = [taker.account, stranger.address, Scope.Manage];
        await refusedBatch(world, calls, "NotPermitted", scope, stranger);
      });
    });

    describe("when it ends", () => {
      it("answers as by single calls: a deferred fill returns what a covered one returns", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        const args = fillArgs(await fillCall(world, SALE));
        const paid = await ledger.connect(taker.signer).fill.staticCall(...args);
        const sale = await fillData(world, { ...SALE, limits: NO_DRAW });
        const calls = [sale, cover(taker.account, linearBook, NEED - GOT)];
        const [first] = await resultsOf(world, calls);
        expect(first).to.equal(abi.encodeFunctionResult("fill", [[...paid]]));
      });
    });
  });
});
