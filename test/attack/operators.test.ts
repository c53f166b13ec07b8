import { expect } from "chai";

import type { IClearinghouse } from "../../types/ethers-contracts/index.ts";
import { connect } from "../fixtures/connection.ts";
import { fill, fillArgs, fillCall, sign } from "../fixtures/fills.ts";
import { accountOf, put, putSeries } from "../fixtures/ids.ts";
import { cashOf, positionOf } from "../fixtures/state.ts";
import { DAY, Scope, WEEK, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix, now } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { PUT, encoded, redeem, sell, stands, unwrap, wrap } from "../fixtures/wraps.ts";

const connection = await connect();
const { networkHelpers } = connection;

const K = usd(2_000);
const SCOPES = Object.entries(Scope);

/** The taker's legs, collateral, cash and packages, and a thief with an account of its own. */
interface Robbed extends World {
  readonly id: bigint;
  readonly thief: IClearinghouse;
  /** The thief's account. */
  readonly den: bigint;
}

/** The taker is long ten puts in one account, has collateral in both, and has wrapped ten of another twenty. */
async function opened(): Promise<Robbed> {
  const world = await deployOpen(connection);
  const { ledger, taker, stranger, linearBook } = world;
  const own = ledger.connect(taker.signer);
  await sell(world, PUT, { units: 20n });
  await wrap(world, { amount: 10n });
  await own.allocate(taker.account, linearBook, usdc(50));
  await own.deposit(taker.account + 1n, world.quoteAddress, usdc(50));
  await own.depositToBook(taker.account + 1n, linearBook, usdc(50));
  return {
    ...world,
    id: putSeries(linearBook, K),
    thief: ledger.connect(stranger),
    den: accountOf(stranger.address),
  };
}

/** As `opened`; the stranger operates both accounts of the taker. */
async function granted(scopes: bigint): Promise<Robbed> {
  const world = await networkHelpers.loadFixture(opened);
  const { ledger, taker, stranger } = world;
  const until = (await now(world)) + WEEK + DAY;
  const own = ledger.connect(taker.signer);
  for (const account of [taker.account, taker.account + 1n]) {
    await own.setAccountOperator(account, stranger.address, scopes, until);
  }
  return world;
}

/** What an owner has: tokens in the wallet, cash, collateral, and lots with those that are wrapped. */
async function wealth(world: Robbed, owner: string, accounts: readonly bigint[]) {
  const { ledger, quote, linearBook, id } = world;
  let tokens = await quote.balanceOf(owner);
  let lots = await ledger.balanceOf(owner, id);
  for (const account of accounts) {
    const { collateral, legs } = await positionOf(world, account, linearBook);
    tokens += (await cashOf(world, account)).quote + collateral;
    for (const { quantity } of legs) lots += quantity;
  }
  return { tokens, lots };
}

async function both(world: Robbed) {
  const { taker, stranger, den } = world;
  return {
    owner: await wealth(world, taker.address, [taker.account, taker.account + 1n]),
    thief: await wealth(world, stranger.address, [den]),
  };
}

/** Everything an operator could try before expiry, to its own account, wallet or packages. */
function attempts(world: Robbed): string[] {
  const { taker, stranger, den, linearBook, quoteAddress, id } = world;
  const abi = world.ledger.interface;
  const legs = [put(K, 4n)];
  const move = (from: bigint, to: bigint) =>
    abi.encodeFunctionData("transferLegs", [from, to, linearBook, legs, usdc(5)]);
  return [
    move(taker.account, den),
    move(den, taker.account),
    move(taker.account, taker.account + 1n),
    encoded.wrap(world),
    encoded.wrap(world, { account: den }),
    encoded.unwrap(world, { account: den }),
    encoded.unwrap(world, { account: taker.account + 1n }),
    encoded.redeem(world, { to: stranger.address }),
    abi.encodeFunctionData("allocate", [taker.account, linearBook, usdc(1)]),
    abi.encodeFunctionData("free", [taker.account, linearBook, usdc(7)]),
    abi.encodeFunctionData("withdraw", [taker.account, quoteAddress, 1n, stranger.address]),
    abi.encodeFunctionData("withdraw", [den, quoteAddress, 1n, stranger.address]),
    abi.encodeFunctionData("setAccountOperator", [taker.account, stranger.address, 3n, 1n << 39n]),
    abi.encodeFunctionData("transferFrom", [taker.address, stranger.address, id, 1n]),
    abi.encodeFunctionData("transfer", [stranger.address, id, 1n]),
  ];
}

/** Makes every attempt by itself, in a batch of its own, and in one batch with each other one; counts what passed. */
async function attempt(world: Robbed, calls: readonly string[]): Promise<number> {
  const { address, stranger, ledger } = world;
  const abi = ledger.interface;
  const pairs = calls.flatMap((first) => calls.map((second) => [first, second]));
  const batches = [...calls.map((call) => [call]), ...pairs];
  const all = [...calls, ...batches.map((list) => abi.encodeFunctionData("batch", [list]))];
  let passed = 0;
  for (const data of all) {
    const possible = await stranger.call({ to: address, data }).then(
      () => true,
      () => false,
    );
    if (!possible) continue;
    await stranger.sendTransaction({ to: address, data });
    passed += 1;
  }
  return passed;
}

describe("Attack", () => {
  describe("operators that would help themselves", () => {
    for (const [name, scopes] of SCOPES) {
      it(`leaves every lot and every unit with its owner, whatever an operator does [scope ${name}]`, async () => {
        const world = await granted(scopes);
        const before = await both(world);
        const passed = await attempt(world, attempts(world));
        expect(passed > 0, `${passed}`).to.equal(scopes !== Scope.Trade);
        expect(await both(world)).to.deep.equal(before);
      });

      it(`pays the owner and nobody else after expiry [scope ${name}]`, async () => {
        const world = await granted(scopes);
        const { ledger, maker, taker, linearBook, id } = world;
        await fix(world, usd(1_900), linearBook);
        await ledger.settle(linearBook, [maker.account, taker.account, taker.account + 1n]);
        const before = await both(world);
        const abi = ledger.interface;
        const claims = [true, false].map((toWallet) =>
          abi.encodeFunctionData("claim", [taker.account, [linearBook], toWallet]),
        );
        const free = abi.encodeFunctionData("free", [taker.account + 1n, linearBook, 1n]);
        const passed = await attempt(world, [...claims, free, ...attempts(world)]);
        expect(passed > 0).to.equal(scopes !== Scope.Trade);
        const after = await both(world);
        expect(after.thief).to.deep.equal(before.thief);
        expect(after.owner.tokens).to.equal(before.owner.tokens);
        expect(await ledger.balanceOf(taker.address, id)).to.equal(10n);
      });
    }

    it("moves no legs to an account of the operator's own [all of the owner's options at no price]", async () => {
      const world = await granted(Scope.Both);
      const { thief, taker, den, linearBook } = world;
      const legs = [put(K, 4n)];
      for (const collateral of [0n, usdc(5)]) {
        const steal = async () =>
          thief.transferLegs(taker.account, den, linearBook, legs, collateral);
        await stands(world, steal, "OwnersDiffer", [taker.account, den]);
      }
      const loot = async () => thief.transferLegs(taker.account, den, linearBook, [], usdc(5));
      await stands(world, loot, "OwnersDiffer", [taker.account, den]);
    });

    it("moves no shorts from the operator's own account to the owner's [its losses on the owner's collateral]", async () => {
      const world = await granted(Scope.Both);
      const { ledger, thief, taker, stranger, den, linearBook, quoteAddress } = world;
      await thief.deposit(den, quoteAddress, usdc(1_000));
      const part = { legs: [...PUT], premium: 0n };
      await fill(world, { from: stranger, account: den, order: { nonce: 8n, units: 1n }, part });
      const legs = [put(K, -1n)];
      const dump = async () => thief.transferLegs(den, taker.account, linearBook, legs, 0n);
      await stands(world, dump, "OwnersDiffer", [den, taker.account]);
      expect([...(await ledger.positionOf(den, linearBook)).legs]).to.deep.equal(legs);
    });

    it("mints packages to the owner when an operator wraps, who can then neither send, unwrap nor redeem them", async () => {
      const world = await granted(Scope.Both);
      const { ledger, thief, taker, stranger, den, linearBook, id } = world;
      await wrap(world, { from: stranger });
      expect(await ledger.balanceOf(taker.address, id)).to.equal(14n);
      const short = [stranger.address, 0n, 4n, id];
      const send = async () => thief.transfer(stranger.address, id, 4n);
      await stands(world, send, "ERC6909InsufficientBalance", short);
      const take = async () => thief.transferFrom(taker.address, stranger.address, id, 4n);
      await stands(world, take, "ERC6909InsufficientAllowance", short);
      const open = async () => unwrap(world, { from: stranger, account: den });
      await stands(world, open, "ERC6909InsufficientBalance", short);
      for (const account of [taker.account, taker.account + 1n]) {
        const back = async () => unwrap(world, { from: stranger, account });
        await stands(world, back, "ERC6909InsufficientAllowance", short);
      }
      await fix(world, usd(1_900), linearBook);
      const cash = async () => redeem(world, { from: stranger, to: stranger.address });
      await stands(world, cash, "ERC6909InsufficientBalance", short);
    });

    it("reaches no packages by an empty account, whose trades are its own [all wrapped options, sold to itself for nothing]", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, thief, taker, stranger, den, linearBook, id, expiry } = world;
      const empty = taker.account + 7n;
      const own = ledger.connect(taker.signer);
      await own.setAccountOperator(empty, stranger.address, Scope.Both, expiry);
      // What pays for fees, so that it could sell first and unwrap later.
      await thief.depositToBook(empty, linearBook, usdc(1));
      const sale = await fillCall(world, {
        from: stranger,
        account: empty,
        order: { account: den },
        part: { legs: [...PUT], premium: 0n, maxDraw: 0n },
        signer: stranger.address,
      });
      const signature = await sign(world, sale.order, stranger);
      const args = fillArgs({ ...sale, signature });
      const trade = ledger.interface.encodeFunctionData("fill", args);
      const loot = encoded.unwrap(world, { account: empty, amount: 10n });
      const accounts = [taker.account, taker.account + 1n, empty];
      const standing = async () => ({
        owner: await wealth(world, taker.address, accounts),
        thief: await wealth(world, stranger.address, [den]),
      });
      const before = await standing();
      const refused = [stranger.address, 0n, 10n, id];
      for (const act of [
        async () => unwrap(world, { from: stranger, account: empty, amount: 10n }),
        async () => thief.batch([loot, trade]),
        async () => thief.batch([trade, loot]),
      ]) {
        await stands(world, act, "ERC6909InsufficientAllowance", refused);
      }
      // No more than the owner allows, in one call or in several.
      await own.approve(stranger.address, id, 3n);
      const three = encoded.unwrap(world, { account: empty, amount: 3n });
      const one = encoded.unwrap(world, { account: empty, amount: 1n });
      const more = async () => thief.batch([three, one, trade]);
      await stands(world, more, "ERC6909InsufficientAllowance", [stranger.address, 0n, 1n, id]);
      await thief.batch([three]);
      expect(await ledger.balanceOf(taker.address, id)).to.equal(7n);
      expect(await standing()).to.deep.equal(before);
    });

    it("is not the caller of a batch: calls in it run as whoever sent it, not as the ledger", async () => {
      const world = await granted(Scope.Both);
      const { ledger, thief, address, quoteAddress, stranger } = world;
      const abi = ledger.interface;
      const own = accountOf(address);
      const withdraw = abi.encodeFunctionData("withdraw", [
        own,
        quoteAddress,
        1n,
        stranger.address,
      ]);
      const act = async () => thief.batch([withdraw]);
      await stands(world, act, "NotOwner", [own, stranger.address]);
      const wrapping = encoded.wrap(world, { account: own });
      const manage = async () => thief.batch([wrapping]);
      await stands(world, manage, "NotPermitted", [own, stranger.address, Scope.Manage]);
    });

    it("ends with its grant, in a batch too", async () => {
      const world = await granted(Scope.Both);
      const { ledger, taker, stranger, thief, linearBook } = world;
      const own = ledger.connect(taker.signer);
      await own.setAccountOperator(taker.account, stranger.address, 0n, 0n);
      const denied = [taker.account, stranger.address, Scope.Manage];
      for (const call of [
        encoded.wrap(world),
        encoded.unwrap(world),
        ledger.interface.encodeFunctionData("transferLegs", [
          taker.account + 1n,
          taker.account,
          linearBook,
          [],
          1n,
        ]),
      ]) {
        await stands(world, async () => thief.batch([call]), "NotPermitted", denied);
      }
    });
  });
});
