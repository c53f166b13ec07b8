import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { openEndless } from "../fixtures/endless.ts";
import { fill, inversePart, linearPart, refused, sorted } from "../fixtures/fills.ts";
import { accountOf, call, put } from "../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../fixtures/state.ts";
import { DAY, MAX_63, Scope, usd, usdc } from "../fixtures/units.ts";
import { PURSE, deployOpen, fix, now } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** All that two parties and the book hold of the quote token. */
async function total(world: World): Promise<bigint> {
  const { linear } = await stateOf(world);
  let sum = linear.fees;
  for (const { account } of [world.maker, world.taker]) {
    sum += (await cashOf(world, account)).quote;
    sum += (await positionOf(world, account, world.linearBook)).collateral;
  }
  return sum;
}

/** Lots of open interest in each series of the linear book, over the accounts named: must be 0 everywhere. */
async function imbalance(world: World, accounts: readonly bigint[]): Promise<bigint[]> {
  const sums = new Map<string, bigint>();
  for (const account of accounts) {
    for (const { strike, right, quantity } of (await positionOf(world, account, world.linearBook))
      .legs) {
      const key = `${strike} ${right}`;
      sums.set(key, (sums.get(key) ?? 0n) + quantity);
    }
  }
  return [...sums.values()].filter((sum) => sum !== 0n);
}

describe("Attack", () => {
  describe("known thefts", () => {
    it("creates no legs from nothing: an account cannot trade with itself [aliasing]", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker } = world;
      const patch = { account: maker.account, from: maker.signer };
      await refused(world, patch, "SameAccount", [maker.account]);
    });

    it("does not compute two parts of one book from one state [aliased parts]", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const order = {
        parts: [linearPart(world), linearPart(world, { legs: [put(usd(100), 1n)] })],
      };
      await refused(world, { order }, "PartsUnsorted", [1n, world.linearBook]);
    });

    it("binds the pool in collateral, not in lots [100,000 lots at a strike of $0.00000001]", async () => {
      const world = await openEndless(await networkHelpers.loadFixture(opened), {
        ceiling: 100_000n,
      });
      const { book } = world;
      const part = { book, premium: 0n, legs: [put(1n, -100_000n)] };
      await fill(world, { order: { units: 1n }, part });
      expect((await bookView(world, book)).pool).to.equal(100_000n);
      const order = { nonce: 2n, units: 1n };
      const more = { book, premium: 0n, legs: [put(1n, -1n)] };
      await refused(world, { order, part: more }, "CeilingReached", [book, 100_001n, 100_000n]);
    });

    it("gives an operator of two owners no way to move value between them but a signed price", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, taker, stranger, quoteAddress, linearBook } = world;
      const until = (await now(world)) + DAY;
      for (const { signer, account } of [maker, taker]) {
        const own = ledger.connect(signer);
        await own.setAccountOperator(account, stranger.address, Scope.Manage, until);
      }
      const operator = ledger.connect(stranger);
      await operator.allocate(maker.account, linearBook, usdc(9));
      await operator.free(maker.account, linearBook, usdc(9));
      await expect(operator.withdraw(maker.account, quoteAddress, 1n, taker.address))
        .to.be.revertedWithCustomError(ledger, "NotOwner")
        .withArgs(maker.account, stranger.address);
      expect((await cashOf(world, maker.account)).quote).to.equal(PURSE.quote);
      expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote);
    });

    it("compounds no rounding: a hundred tiny fills there and back lose and win nothing in all", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const before = await total(world);
      for (let i = 0n; i < 50n; i++) {
        const premium = i % 2n === 0n ? 1n : -1n;
        const legs = [put(usd(2_000), i % 2n === 0n ? -1n : 1n)];
        await fill(world, { order: { nonce: i, units: 1n }, part: { premium, legs } });
      }
      expect(await total(world)).to.equal(before);
      expect(await imbalance(world, [world.maker.account, world.taker.account])).to.deep.equal([]);
    });

    it("rounds no requirement to nothing: one lot of one price unit asks for a whole base unit", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const terms = {
        ...world.linearTerms,
        strikeTick: 1n,
        feePerLot: 0n,
        num: 1n,
        den: 1n << 63n,
      };
      const endless = await openEndless(world, terms);
      const { book, maker } = endless;
      const part = { book, premium: 0n, legs: [put(1n, -1n)] };
      await fill(endless, { order: { units: 1n }, part });
      expect((await positionOf(endless, maker.account, book)).collateral).to.equal(1n);
    });

    it("pays no long more than shorts hold, at the largest price there is [wrap, settle, redeem]", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, taker, linearBook, inverseBook } = world;
      const parts = sorted(
        linearPart(world, { legs: [call(usd(2_000), -1n), call(usd(2_100), 1n)], premium: 0n }),
        inversePart(world, { premium: 0n }),
      );
      await fill(world, { order: { parts } });
      const pools = [
        (await bookView(world, linearBook)).pool,
        (await bookView(world, inverseBook)).pool,
      ];
      await fix(world, MAX_63, linearBook, inverseBook);
      for (const [i, book] of [linearBook, inverseBook].entries()) {
        await ledger.settle(book, [maker.account, taker.account]);
        const short = (await positionOf(world, maker.account, book)).collateral;
        const long = (await positionOf(world, taker.account, book)).collateral;
        expect(short + long <= (pools[i] ?? 0n), `book ${i}`).to.equal(true);
        expect((pools[i] ?? 0n) - short - long <= 1n, "dust").to.equal(true);
      }
    });

    it("keeps a fill in one book out of every other", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const before = await stateOf(world);
      await fill(world);
      const after = await stateOf(world);
      expect(after.inverse).to.deep.equal(before.inverse);
      expect(after.maker.inverse).to.deep.equal(before.maker.inverse);
      expect(after.taker.cash.base).to.equal(before.taker.cash.base);
    });

    it("pulls from nobody but the caller, whoever has approved the ledger [approval theft]", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, quote, quoteAddress, address, admin, maker } = world;
      const account = accountOf(admin.address);
      const wallet = await quote.balanceOf(maker.address);
      await expect(ledger.connect(admin).deposit(account, quoteAddress, 1n))
        .to.be.revertedWithCustomError(quote, "ERC20InsufficientAllowance")
        .withArgs(address, 0n, 1n);
      expect(await quote.balanceOf(maker.address)).to.equal(wallet);
    });

    it("lets the admin list, retire and name the treasury, and touch no account", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, admin, maker, quoteAddress, linearBook } = world;
      const own = ledger.connect(admin);
      await expect(own.withdraw(maker.account, quoteAddress, 1n, admin.address))
        .to.be.revertedWithCustomError(ledger, "NotOwner")
        .withArgs(maker.account, admin.address);
      for (const scope of [Scope.Trade, Scope.Manage]) {
        const acting =
          scope === Scope.Trade
            ? own.cancel(maker.account, [1n])
            : own.allocate(maker.account, linearBook, 1n);
        await expect(acting)
          .to.be.revertedWithCustomError(ledger, "NotPermitted")
          .withArgs(maker.account, admin.address, scope);
      }
    });
  });
});
