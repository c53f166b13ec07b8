import { expect } from "chai";

import type { IClearinghouse } from "../../types/ethers-contracts/index.ts";
import { STATELESS, functionNames, guardedCalls } from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import { fill, refused } from "../fixtures/fills.ts";
import { call, callSeries } from "../fixtures/ids.ts";
import { HOUR, Level, MINUTE, Scope, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, now, passTo } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

type Exit = (world: World, own: IClearinghouse) => Promise<unknown>;

/** Open at every level at any time, in a retired market too. */
const ALWAYS: Readonly<Record<string, Exit>> = {
  deposit: async ({ maker, quoteAddress }, own) => own.deposit(maker.account, quoteAddress, 7n),
  withdraw: async ({ maker, quoteAddress, stranger }, own) =>
    own.withdraw(maker.account, quoteAddress, 7n, stranger.address),
  cancel: async ({ maker }, own) => own.cancel(maker.account, [9n]),
  raiseEpoch: async ({ maker }, own) => own.raiseEpoch(maker.account),
  setAccountOperator: async ({ maker, stranger }, own) =>
    own.setAccountOperator(maker.account, stranger.address, 0n, 0n),
  pushFees: async ({ linearBook }, own) => own.pushFees(linearBook),
};

/** Open before expiry. */
const BEFORE: Readonly<Record<string, Exit>> = {
  ...ALWAYS,
  depositToBook: async ({ maker, linearBook }, own) =>
    own.depositToBook(maker.account, linearBook, usdc(7)),
  allocate: async ({ maker, linearBook }, own) => own.allocate(maker.account, linearBook, usdc(7)),
  free: async ({ maker, linearBook }, own) => own.free(maker.account, linearBook, usdc(14)),
};

/** Open from the expiry on, in this order. */
const AFTER: Readonly<Record<string, Exit>> = {
  free: async ({ maker, linearBook }, own) => own.free(maker.account + 1n, linearBook, usdc(3)),
  fixPrice: async ({ linearBook, oracle }, own) => {
    await oracle.setPrice(usd(1_900));
    return own.fixPrice(linearBook, "0x");
  },
  settle: async ({ maker, taker, linearBook }, own) =>
    own.settle(linearBook, [maker.account, taker.account]),
  claim: async ({ maker, linearBook }, own) => own.claim(maker.account, [linearBook], true),
  ...ALWAYS,
};

/** Opens risk, or rules a market: these are gated. */
const GATED = ["fill", "list", "openBook", "retire", "setAuthority", "setGuard", "setTreasury"];

/** A position on both sides, an operator, cash in a book of a second account. */
async function opened() {
  const world = await deployOpen(connection);
  const { ledger, maker, stranger, linearBook, expiry } = world;
  const own = ledger.connect(maker.signer);
  await fill(world);
  await own.setAccountOperator(maker.account, stranger.address, Scope.Both, expiry);
  await own.depositToBook(maker.account + 1n, linearBook, usdc(3));
  return world;
}

async function setLevel(world: World, level: bigint): Promise<void> {
  const { ledger, guard, linear } = world;
  await ledger.connect(guard).setGuard(linear, level, (await now(world)) + HOUR, 0n);
}

async function views(world: World): Promise<void> {
  const calls = guardedCalls().filter(({ isView }) => isView);
  for (const { data } of calls) await ethers.provider.call({ to: world.address, data });
}

describe("Attack", () => {
  describe("exits", () => {
    it("sorts every function of the ledger into exits, gated ones and views", () => {
      const isView = guardedCalls()
        .filter((sample) => sample.isView)
        .map(({ name }) => name);
      const sorted = new Set([
        ...Object.keys(BEFORE),
        ...Object.keys(AFTER),
        ...GATED,
        ...STATELESS,
        ...isView,
      ]);
      expect([...sorted].sort()).to.deep.equal(functionNames());
    });

    for (const [name, level] of Object.entries(Level)) {
      for (const retired of [false, true]) {
        const state = `level ${name}${retired ? ", retired" : ""}, ceiling 0`;

        it(`stay open before expiry at ${state}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const own = world.ledger.connect(world.maker.signer);
          if (retired) await world.ledger.connect(world.admin).retire(world.linear);
          await setLevel(world, level);
          for (const exit of Object.values(BEFORE)) await exit(world, own);
          await views(world);
        });

        it(`stay open after the last trade at ${state}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const own = world.ledger.connect(world.maker.signer);
          if (retired) await world.ledger.connect(world.admin).retire(world.linear);
          await passTo(world, world.expiry - MINUTE);
          await setLevel(world, level);
          for (const exit of Object.values(BEFORE)) await exit(world, own);
        });

        it(`stay open after expiry at ${state}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const own = world.ledger.connect(world.maker.signer);
          if (retired) await world.ledger.connect(world.admin).retire(world.linear);
          await passTo(world, world.expiry);
          await setLevel(world, level);
          for (const exit of Object.values(AFTER)) await exit(world, own);
          await views(world);
        });
      }
    }

    it("let a position go to nothing at every level: cash out, fees out, pool at 0", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, quote, address, maker, taker, linearBook, oracle } = world;
      await passTo(world, world.expiry);
      await setLevel(world, Level.Halted);
      await oracle.setPrice(usd(1_900));
      await ledger.fixPrice(linearBook, "0x");
      const accounts = [maker.account, maker.account + 1n, taker.account];
      await ledger.settle(linearBook, accounts);
      for (const account of accounts) {
        const { signer, address: to } = account === taker.account ? taker : maker;
        const own = ledger.connect(signer);
        await own.claim(account, [linearBook], true);
        const cash = await ledger.cashOf(account, world.quoteAddress);
        if (cash > 0n) await own.withdraw(account, world.quoteAddress, cash, to);
      }
      await ledger.pushFees(linearBook);
      expect(await quote.balanceOf(address)).to.equal(0n);
    });

    it("hold the gate for opening fills: refused at every level but Normal", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linearBook } = world;
      const part = { legs: [call(usd(2_000), 1n), call(usd(2_100), -1n)] };
      const order = { nonce: 2n };
      await setLevel(world, Level.Restricted);
      const series = callSeries(linearBook, usd(2_000));
      await refused(world, { order, part }, "RiskRestricted", [linearBook, series]);
      const until = (await now(world)) + HOUR;
      await setLevel(world, Level.Halted);
      await refused(world, { order, part }, "MarketHalted", [linearBook, until]);
    });
  });
});
