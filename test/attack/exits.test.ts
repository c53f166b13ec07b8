import { expect } from "chai";

import { STATELESS, functionNames, guardedCalls } from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import {
  ALWAYS,
  BEFORE,
  EXPIRED,
  FIXED,
  K,
  UNFIXED,
  UNLESS_HALTED,
  opening,
  position,
  putId,
  succeed,
  takeMany,
} from "../fixtures/exits.ts";
import type { Exit } from "../fixtures/exits.ts";
import { fill } from "../fixtures/fills.ts";
import { callSeries } from "../fixtures/ids.ts";
import { bookView } from "../fixtures/state.ts";
import { HOUR, Level, MINUTE, WEEK, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix, now, passTo } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { redeem, stands, wrap } from "../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** Rules a market or the ledger: whose call it is, and what others are told. */
const RULED: Readonly<
  Record<string, { act: Exit; error: string; args: (world: World) => readonly unknown[] }>
> = {
  list: {
    act: async ({ linearTerms }, own) => own.list({ ...linearTerms, lastTrade: 7n }),
    error: "AccessManagedUnauthorized",
    args: ({ maker }) => [maker.address],
  },
  retire: {
    act: async ({ linear }, own) => own.retire(linear),
    error: "AccessManagedUnauthorized",
    args: ({ maker }) => [maker.address],
  },
  setTreasury: {
    act: async ({ maker }, own) => own.setTreasury(maker.address),
    error: "AccessManagedUnauthorized",
    args: ({ maker }) => [maker.address],
  },
  setAuthority: {
    act: async ({ maker }, own) => own.setAuthority(maker.address),
    error: "AccessManagedUnauthorized",
    args: ({ maker }) => [maker.address],
  },
  setGuard: {
    act: async ({ linear }, own) => own.setGuard(linear, Level.Normal, 0n, 0n),
    error: "NotGuard",
    args: ({ linear, maker }) => [linear, maker.address],
  },
};

/** Opens a book: gated by retirement alone. */
const GATED = ["openBook", ...Object.keys(RULED)];

/** Positions to leave. */
async function opened() {
  const world = await deployOpen(connection);
  await position(world);
  return world;
}

async function setLevel(world: World, level: bigint): Promise<bigint> {
  const { ledger, guard, linear } = world;
  const until = (await now(world)) + HOUR;
  await ledger.connect(guard).setGuard(linear, level, until, 0n);
  return until;
}

async function views(world: World): Promise<void> {
  const calls = guardedCalls().filter(({ isView }) => isView);
  for (const { data } of calls) await ethers.provider.call({ to: world.address, data });
}

interface State {
  readonly name: string;
  readonly level: bigint;
  readonly retired: boolean;
}

const STATES: readonly State[] = Object.entries(Level).flatMap(([name, level]) =>
  [false, true].map((retired) => ({
    name: `level ${name}${retired ? ", retired" : ""}, ceiling 0`,
    level,
    retired,
  })),
);

/** The world at a time, in a market of that state; answers where its level ends. */
async function enter(time: bigint | undefined, { level, retired }: State) {
  const world = await networkHelpers.loadFixture(opened);
  if (retired) await world.ledger.connect(world.admin).retire(world.linear);
  if (time !== undefined) await passTo(world, time);
  const until = await setLevel(world, level);
  return { ...world, until };
}

type Entered = Awaited<ReturnType<typeof enter>>;

/** What opens is refused, by the gate that stands first. */
async function refusesOpening(world: Entered, { level, retired }: State, late: boolean) {
  const { linearBook, until } = world;
  const risk = [linearBook, callSeries(linearBook, K)];
  const patch = await opening(world);
  const act = async () => fill(world, patch);
  const many = async () => takeMany(world, patch);
  if (level === Level.Halted) {
    const halt = [linearBook, until];
    for (const exit of [act, many]) await stands(world, exit, "MarketHalted", halt);
    const more = async () => wrap(world, { amount: 1n });
    await stands(world, more, "MarketHalted", halt);
    return;
  }
  await stands(world, many, "UnitsShort", [0n, 1n]);
  if (level === Level.Restricted || retired || late) {
    await stands(world, act, "RiskRestricted", risk);
  } else {
    // The taker draws what its spread requires, 1, and the premium; the fee goes out again.
    const reach = (await bookView(world, linearBook)).pool + usdc(1.5);
    await stands(world, act, "CeilingReached", [linearBook, reach, 0n]);
  }
}

/** What acts before expiry alone is refused after it. */
async function refusesLate(world: Entered): Promise<void> {
  const own = world.ledger.connect(world.maker.signer);
  for (const [name, exit] of Object.entries({ ...BEFORE, ...UNLESS_HALTED })) {
    if (name === "free") continue;
    await expect(exit(world, own), name).to.be.revertedWithCustomError(own, "BookExpired");
  }
  const { maker, linearBook } = world;
  const open = async () => own.free(maker.account, linearBook, 1n);
  await stands(world, open, "LegsOpen", [maker.account, linearBook, 1n]);
}

/** What waits for the price is refused before it. */
async function refusesEarly(world: World): Promise<void> {
  const { ledger, maker, linearBook } = world;
  const own = ledger.connect(maker.signer);
  const args = [linearBook];
  await stands(world, async () => FIXED["redeem"]?.(world, own), "NotFixed", args);
  await stands(world, async () => FIXED["settle"]?.(world, own), "NotFixed", args);
  await stands(world, async () => FIXED["claim"]?.(world, own), "NotSettled", [
    maker.account,
    linearBook,
  ]);
}

describe("Attack", () => {
  describe("exits", () => {
    it("sorts every function of the ledger into exits, gated ones and views", () => {
      const isView = guardedCalls()
        .filter((sample) => sample.isView)
        .map(({ name }) => name);
      const exits = [ALWAYS, BEFORE, UNLESS_HALTED, EXPIRED, UNFIXED, FIXED];
      const sorted = new Set([...exits.flatMap(Object.keys), ...GATED, ...STATELESS, ...isView]);
      expect([...sorted].sort()).to.deep.equal(functionNames());
    });

    for (const state of STATES) {
      const open = state.level === Level.Halted ? [] : [UNLESS_HALTED];

      it(`stay open before the last trade at ${state.name}; what opens is shut`, async () => {
        const world = await enter(undefined, state);
        await refusesOpening(world, state, false);
        await refusesEarly(world);
        await succeed(world, BEFORE, ...open, ALWAYS);
        await views(world);
      });

      it(`stay open after the last trade at ${state.name}; what opens is shut`, async () => {
        const { expiry } = await networkHelpers.loadFixture(opened);
        const world = await enter(expiry - MINUTE, state);
        await refusesOpening(world, state, true);
        await refusesEarly(world);
        await passTo(world, expiry - 30n);
        await succeed(world, BEFORE, ...open, ALWAYS);
      });

      it(`stay open between expiry and fixing at ${state.name}; what trades is shut`, async () => {
        const { expiry } = await networkHelpers.loadFixture(opened);
        const world = await enter(expiry, state);
        await refusesLate(world);
        await refusesEarly(world);
        await succeed(world, EXPIRED, ALWAYS, UNFIXED);
        await views(world);
      });

      it(`stay open after fixing at ${state.name}; what trades is shut`, async () => {
        const { expiry } = await networkHelpers.loadFixture(opened);
        const world = await enter(expiry, state);
        await fix(world, usd(1_900), world.linearBook);
        await refusesLate(world);
        await succeed(world, EXPIRED, FIXED, ALWAYS);
        await views(world);
        const again = async () => UNFIXED["fixPrice"]?.(world, world.ledger);
        await stands(world, again, "AlreadyFixed", [world.linearBook, usd(1_900)]);
      });

      it(`leave the rule of markets to those who have it at ${state.name}`, async () => {
        const world = await enter(undefined, state);
        const { ledger, maker, linear, expiry } = world;
        const own = ledger.connect(maker.signer);
        for (const { act, error, args } of Object.values(RULED)) {
          await stands(world, async () => act(world, own), error, args(world));
        }
        const next = async () => own.openBook(linear, expiry + WEEK);
        if (state.retired) await stands(world, next, "MarketIsRetired", [linear]);
        else await expect(next()).to.emit(ledger, "BookOpened");
      });
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
      await redeem(world, { from: maker.signer, amount: 6n, to: maker.address });
      await ledger.pushFees(linearBook);
      expect(await quote.balanceOf(address)).to.equal(0n);
      expect(await ledger.balanceOf(maker.address, putId(world))).to.equal(0n);
    });
  });
});
