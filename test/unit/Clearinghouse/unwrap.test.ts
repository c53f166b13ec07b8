import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { bookOf, call, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, positionOf, stateOf } from "../../fixtures/state.ts";
import { forceCollateral } from "../../fixtures/storage.ts";
import {
  HOUR,
  Level,
  MAX_256,
  MAX_63,
  MAX_64,
  Scope,
  WEEK,
  usd,
  usdc,
} from "../../fixtures/units.ts";
import { at, deployOpen, now } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";
import {
  CONDOR,
  PUT,
  encoded,
  eventsOf,
  hashedId,
  openFull,
  sell,
  stands,
  unwrap,
  unwrapId,
  wrap,
} from "../../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const TICK = usd(10);
const K = usd(2_000);

async function opened() {
  return deployOpen(connection);
}

/** The taker was long ten puts at 2,000 and has wrapped six of them. */
async function wrapped() {
  const world = await networkHelpers.loadFixture(opened);
  await sell(world, PUT);
  await wrap(world, { amount: 6n });
  return { ...world, id: putSeries(world.linearBook, K) };
}

/** As `wrapped`; the stranger manages two accounts of the taker. */
async function managed() {
  const world = await wrapped();
  const { ledger, taker, stranger, expiry } = world;
  const own = ledger.connect(taker.signer);
  for (const account of [taker.account, taker.account + 7n]) {
    await own.setAccountOperator(account, stranger.address, Scope.Manage, expiry + WEEK);
  }
  return world;
}

/** Lots of an account in a book, leg by leg. */
async function lots(world: World, account = world.taker.account, book = world.linearBook) {
  return (await positionOf(world, account, book)).legs.map((leg) => leg.quantity);
}

/** A book in which two accounts of the taker hold as many puts as an account can. */
async function endless() {
  return openFull(await networkHelpers.loadFixture(opened));
}

describe("Clearinghouse", () => {
  describe("unwrap", () => {
    describe("when the owner holds the packages", () => {
      it("turns them into legs of the account: collateral, cash and pool stay, no token moves", async () => {
        const world = await wrapped();
        const { ledger, quote, address, taker, id } = world;
        const before = await stateOf(world);
        await expect(unwrap(world)).to.changeTokenBalances(
          ethers,
          quote,
          [taker.address, address],
          [0n, 0n],
        );
        expect(await ledger.balanceOf(taker.address, id)).to.equal(2n);
        expect(await lots(world)).to.deep.equal([8n]);
        const after = await stateOf(world);
        expect(after.linear).to.deep.equal(before.linear);
        expect(after.taker.cash).to.deep.equal(before.taker.cash);
        expect(after.taker.linear.collateral).to.equal(before.taker.linear.collateral);
      });

      it("emits Transfer from the owner to nobody, then Unwrapped", async () => {
        const world = await wrapped();
        const { taker, linearBook, id } = world;
        expect(await eventsOf(world, unwrap(world))).to.deep.equal([
          ["Transfer", taker.address, taker.address, ZeroAddress, id, 4n],
          ["Unwrapped", taker.account, id, linearBook, [...PUT], 4n],
        ]);
      });

      it("returns the id that wrap returned", async () => {
        const world = await wrapped();
        const { linearBook, id } = world;
        await sell(world, CONDOR, { nonce: 2n });
        await wrap(world, { legs: CONDOR });
        expect(await unwrapId(world)).to.equal(id);
        const condor = hashedId(linearBook, CONDOR);
        expect(await unwrapId(world, { legs: CONDOR })).to.equal(condor);
      });

      it("brings back what wrap took: every account is as it was", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await sell(world, PUT);
        await sell(world, CONDOR, { nonce: 2n });
        const before = await stateOf(world);
        await wrap(world, { amount: 10n });
        await wrap(world, { legs: CONDOR, amount: 10n });
        await unwrap(world, { amount: 10n });
        await unwrap(world, { legs: CONDOR, amount: 10n });
        expect(await stateOf(world)).to.deep.equal(before);
      });

      it("gives the legs to another account of the owner", async () => {
        const world = await wrapped();
        const account = world.taker.account + 7n;
        await unwrap(world, { account });
        expect(await lots(world, account)).to.deep.equal([4n]);
        expect(await lots(world)).to.deep.equal([4n]);
      });

      it("gives the legs to whoever the packages were sent to", async () => {
        const world = await wrapped();
        const { ledger, taker, maker, id } = world;
        await ledger.connect(taker.signer).transfer(maker.address, id, 4n);
        await unwrap(world, { from: maker.signer, account: maker.account });
        expect(await lots(world, maker.account)).to.deep.equal([-6n]);
      });

      it("nets with what is there: a writer who unwraps all is flat and frees its collateral", async () => {
        const world = await wrapped();
        const { ledger, taker, maker, id, linearBook } = world;
        await wrap(world);
        await ledger.connect(taker.signer).transfer(maker.address, id, 10n);
        const pack = { from: maker.signer, account: maker.account };
        await unwrap(world, { ...pack, amount: 10n });
        expect(await lots(world, maker.account)).to.deep.equal([]);
        await ledger.connect(maker.signer).free(maker.account, linearBook, usdc(200));
        expect((await bookView(world, linearBook)).pool).to.equal(0n);
      });

      it("lets a manage operator who is the owner's token operator unwrap, and names it in Transfer", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id, linearBook } = world;
        const own = ledger.connect(taker.signer);
        await own.setOperator(stranger.address, true);
        await own.approve(stranger.address, id, 5n);
        expect(await eventsOf(world, unwrap(world, { from: stranger }))).to.deep.equal([
          ["Transfer", stranger.address, taker.address, ZeroAddress, id, 4n],
          ["Unwrapped", taker.account, id, linearBook, [...PUT], 4n],
        ]);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(5n);
      });

      it("lets a manage operator unwrap within an allowance, which it spends to the last", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id, linearBook } = world;
        const left = async () => ledger.allowance(taker.address, stranger.address, id);
        await ledger.connect(taker.signer).approve(stranger.address, id, 5n);
        expect(await eventsOf(world, unwrap(world, { from: stranger }))).to.deep.equal([
          ["Transfer", stranger.address, taker.address, ZeroAddress, id, 4n],
          ["Unwrapped", taker.account, id, linearBook, [...PUT], 4n],
        ]);
        expect(await left()).to.equal(1n);
        await unwrap(world, { from: stranger, amount: 1n });
        expect(await left()).to.equal(0n);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(1n);
      });

      it("spends no allowance without end, and none where the owner itself unwraps", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id } = world;
        const left = async () => ledger.allowance(taker.address, stranger.address, id);
        const own = ledger.connect(taker.signer);
        await own.approve(stranger.address, id, MAX_256);
        await unwrap(world, { from: stranger });
        expect(await left()).to.equal(MAX_256);
        await own.approve(stranger.address, id, 2n);
        await own.approve(taker.address, id, 1n);
        await unwrap(world, { amount: 2n });
        expect(await left()).to.equal(2n);
        expect(await ledger.allowance(taker.address, taker.address, id)).to.equal(1n);
      });

      it("spends the allowance within a batch, and gives it back where the batch fails", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id } = world;
        await ledger.connect(taker.signer).approve(stranger.address, id, 5n);
        const operator = ledger.connect(stranger);
        const [all, one] = [encoded.unwrap(world), encoded.unwrap(world, { amount: 1n })];
        const again = async () => operator.batch([all, one, one]);
        const args = [stranger.address, 0n, 1n, id];
        await stands(world, again, "ERC6909InsufficientAllowance", args);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(5n);
        await operator.batch([all, encoded.wrap(world), one]);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(0n);
        expect(await lots(world)).to.deep.equal([5n]);
      });

      it("unwraps in a halt, in a retired market, until the last second before expiry", async () => {
        const world = await wrapped();
        const { ledger, guard, admin, linear, expiry } = world;
        const until = (await now(world)) + HOUR;
        await ledger.connect(guard).setGuard(linear, Level.Halted, until, 0n);
        await unwrap(world, { amount: 1n });
        await ledger.connect(admin).retire(linear);
        await unwrap(world, { amount: 1n });
        await at(world, expiry - 1n);
        await unwrap(world, { amount: 1n });
        expect(await lots(world)).to.deep.equal([7n]);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for strangers and trade operators, before the amount", async () => {
        const world = await wrapped();
        const { ledger, maker, taker, stranger, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
        for (const from of [maker.signer, stranger]) {
          const args = [taker.account, from.address, Scope.Manage];
          const act = async () => unwrap(world, { from, amount: 0n, book: 1n });
          await stands(world, act, "NotPermitted", args);
        }
      });

      it("reverts with ZeroAmount before it looks at the book", async () => {
        const world = await wrapped();
        await stands(world, async () => unwrap(world, { amount: 0n, book: 1n }), "ZeroAmount", []);
      });

      it("reverts with BookNotOpen for an expiry nobody opened, a series, a market", async () => {
        const world = await wrapped();
        const { linear, linearBook, expiry } = world;
        for (const book of [bookOf(linear, expiry + WEEK), linearBook | K, linear]) {
          const act = async () => unwrap(world, { book, amount: 99n });
          await stands(world, act, "BookNotOpen", [book]);
        }
      });

      it("reverts with BookExpired from the expiry on, before it looks at what is held", async () => {
        const world = await wrapped();
        const { linearBook, expiry } = world;
        await at(world, expiry);
        const args = [linearBook, expiry, expiry];
        await stands(world, async () => unwrap(world, { amount: 99n }), "BookExpired", args);
      });
    });

    describe("when the caller has no leave for the owner's packages", () => {
      it("reverts with ERC6909InsufficientAllowance for a manage operator, before the balance", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id } = world;
        const act =
          (amount: bigint, account = taker.account) =>
          async () =>
            unwrap(world, { from: stranger, account, amount });
        const short = (allowance: bigint, amount: bigint) => [
          stranger.address,
          allowance,
          amount,
          id,
        ];
        for (const account of [taker.account, taker.account + 7n]) {
          for (const amount of [1n, 6n, 7n, MAX_64]) {
            const refusal = act(amount, account);
            await stands(world, refusal, "ERC6909InsufficientAllowance", short(0n, amount));
          }
        }
        await ledger.connect(taker.signer).approve(stranger.address, id, 6n);
        await stands(world, act(7n), "ERC6909InsufficientAllowance", short(6n, 7n));
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(6n);
      });

      it("reverts with ERC6909InsufficientAllowance for one with leave for other packages", async () => {
        const world = await managed();
        const { ledger, taker, maker, stranger, linearBook, id } = world;
        const own = ledger.connect(taker.signer);
        await own.approve(stranger.address, hashedId(linearBook, CONDOR), MAX_256);
        await own.approve(maker.address, id, MAX_256);
        await own.setOperator(maker.address, true);
        await ledger.connect(maker.signer).approve(stranger.address, id, MAX_256);
        await ledger.connect(stranger).approve(taker.address, id, MAX_256);
        const act = async () => unwrap(world, { from: stranger });
        const args = [stranger.address, 0n, 4n, id];
        await stands(world, act, "ERC6909InsufficientAllowance", args);
      });

      it("looks at the account, the amount and the book before, and at leave though it was withdrawn since", async () => {
        const world = await managed();
        const { ledger, taker, maker, stranger, id, linearBook, expiry } = world;
        const own = ledger.connect(taker.signer);
        // Leave for tokens is none for an account.
        await own.setOperator(maker.address, true);
        const denied = [taker.account, maker.address, Scope.Manage];
        const foreign = async () => unwrap(world, { from: maker.signer });
        await stands(world, foreign, "NotPermitted", denied);
        const act =
          (patch: { amount?: bigint; book?: bigint } = {}) =>
          async () =>
            unwrap(world, { from: stranger, ...patch });
        await stands(world, act({ amount: 0n, book: 1n }), "ZeroAmount", []);
        await stands(world, act({ book: 1n }), "BookNotOpen", [1n]);
        await own.setOperator(stranger.address, true);
        await own.setOperator(stranger.address, false);
        const args = [stranger.address, 0n, 4n, id];
        await stands(world, act(), "ERC6909InsufficientAllowance", args);
        await at(world, expiry);
        await stands(world, act(), "BookExpired", [linearBook, expiry, expiry]);
      });
    });

    describe("when the owner does not hold the packages", () => {
      it("reverts with ERC6909InsufficientBalance for more than it has", async () => {
        const world = await wrapped();
        const { taker, id } = world;
        for (const amount of [7n, MAX_64]) {
          const args = [taker.address, 6n, amount, id];
          const act = async () => unwrap(world, { amount });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });

      it("reverts with ERC6909InsufficientBalance for an operator with packages of its own", async () => {
        const world = await managed();
        const { ledger, taker, stranger, id } = world;
        const own = ledger.connect(taker.signer);
        await own.transfer(stranger.address, id, 6n);
        await own.approve(stranger.address, id, 4n);
        const args = [taker.address, 0n, 4n, id];
        const act = async () => unwrap(world, { from: stranger });
        await stands(world, act, "ERC6909InsufficientBalance", args);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(4n);
        await own.approve(stranger.address, id, 0n);
        await own.setOperator(stranger.address, true);
        await stands(world, act, "ERC6909InsufficientBalance", args);
      });

      it("reverts with ERC6909InsufficientBalance for legs nobody wrapped, whatever they are", async () => {
        const world = await wrapped();
        const { taker, linearBook } = world;
        const vectors: readonly (readonly bigint[])[] = [
          [],
          [put(K, 2n)],
          [put(K, -1n)],
          [put(K, 0n)],
          [put(K, -(1n << 63n))],
          [put(K, 1n), put(K, 1n)],
          [call(K, 1n), call(TICK, -1n)],
          [call(0n, MAX_63)],
          Array.from({ length: 40 }, (_, i) => put(BigInt(40 - i), 1n)),
        ];
        for (const legs of vectors) {
          const args = [taker.address, 0n, 1n, hashedId(linearBook, legs)];
          const act = async () => unwrap(world, { legs, amount: 1n });
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });

      it("reverts with ERC6909InsufficientBalance for the same legs of another book", async () => {
        const world = await wrapped();
        const { ledger, taker, linear, expiry } = world;
        await ledger.openBook(linear, expiry + WEEK);
        const book = bookOf(linear, expiry + WEEK);
        const args = [taker.address, 0n, 4n, putSeries(book, K)];
        const act = async () => unwrap(world, { book });
        await stands(world, act, "ERC6909InsufficientBalance", args);
      });
    });

    describe("when the account has no room", () => {
      it("reverts with QuantityBound beyond 2^63 − 1 lots, also for amount × lots alone", async () => {
        const world = await endless();
        const { taker, book } = world;
        const legs = [put(1n, 1n)];
        for (const account of [taker.account, taker.account + 1n]) {
          await wrap(world, { account, book, legs, amount: MAX_63 });
        }
        const series = putSeries(book, 1n);
        const pack = { book, legs };
        await stands(
          world,
          async () => unwrap(world, { ...pack, amount: MAX_63 + 1n }),
          "QuantityBound",
          [taker.account, series, MAX_63 + 1n],
        );
        await unwrap(world, { ...pack, amount: MAX_63 });
        const one = async () => unwrap(world, { ...pack, amount: 1n });
        await stands(world, one, "QuantityBound", [taker.account, series, MAX_63 + 1n]);
        await unwrap(world, { ...pack, account: taker.account + 1n, amount: MAX_63 });
      });

      it("reverts with TooManyLegs at the 33rd leg", async () => {
        const world = await wrapped();
        const { ledger, taker, linearBook, quoteAddress } = world;
        const account = taker.account + 1n;
        await ledger.connect(taker.signer).deposit(account, quoteAddress, usdc(1));
        const writer = world.maker.account + 1n;
        await ledger.connect(world.maker.signer).deposit(writer, quoteAddress, usdc(1_000));
        const legs = Array.from({ length: 32 }, (_, i) => put(TICK * BigInt(i + 1), 1n));
        await sell(world, legs, { nonce: 2n, account, maker: writer });
        const args = [account, linearBook, 33n, 32n];
        await stands(world, async () => unwrap(world, { account }), "TooManyLegs", args);
        await wrap(world, { account, legs: [put(TICK, 1n)], amount: 10n });
        await expect(unwrap(world, { account })).to.emit(ledger, "Unwrapped");
      });
    });

    describe("when the account is not covered", () => {
      it("reverts with Undercovered after a shortfall that no call leads to", async () => {
        const world = await wrapped();
        const { ledger, maker, taker, linearBook, id } = world;
        await ledger.connect(taker.signer).transfer(maker.address, id, 6n);
        await forceCollateral(world, maker.account, linearBook, usdc(120) - 1n);
        const pack = { from: maker.signer, account: maker.account };
        await stands(world, async () => unwrap(world, pack), "Undercovered", [
          maker.account,
          linearBook,
          usdc(120) - 1n,
          usdc(120),
        ]);
        await expect(unwrap(world, { ...pack, amount: 5n })).to.emit(ledger, "Unwrapped");
      });
    });
  });
});
