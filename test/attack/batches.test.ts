import { expect } from "chai";

import type { Sequence } from "../../types/ethers-contracts/index.ts";
import { IN_EXTERNAL_CALL } from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import { NO_LIMIT, fillArgs, fillCall } from "../fixtures/fills.ts";
import type { FillPatch, LimitInput } from "../fixtures/fills.ts";
import { accountOf, put } from "../fixtures/ids.ts";
import { bookView, cashOf, positionOf, stateOf } from "../fixtures/state.ts";
import { manyArgs, manyCall, offer } from "../fixtures/takes.ts";
import { Level, MAX_127, MAX_256, Scope, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, listMarket, now } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { PUT, encoded, sell, stands } from "../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const K = usd(2_000);
/** Nothing may be drawn: a shortfall stays for the end of the batch. */
const LATER: LimitInput = { maxPay: MAX_127, maxDraw: 0n };

/** A contract that owns accounts and makes several calls in one transaction; it has 1,000 in free cash. */
interface Sequenced extends World {
  readonly sequence: Sequence;
  readonly owner: string;
  readonly account: bigint;
}

async function opened(): Promise<Sequenced> {
  const world = await deployOpen(connection);
  const { ledger, maker, quote, quoteAddress, address } = world;
  const sequence = await ethers.deployContract("Sequence");
  const owner = await sequence.getAddress();
  const account = accountOf(owner);
  await quote.mint(owner, usdc(1_000));
  const approve = quote.interface.encodeFunctionData("approve", [address, MAX_256]);
  await sequence.run([quoteAddress], [approve]);
  await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(1_000));
  return { ...world, sequence, owner, account };
}

/** Runs calls of the ledger in one transaction; answers what each returned or reverted with. */
async function run({ sequence, address }: Sequenced, ...calls: string[]) {
  const targets = calls.map(() => address);
  const outcomes = await sequence.run.staticCall(targets, calls);
  await sequence.run(targets, calls);
  return outcomes.map(({ success, answer }) => ({ success, answer }));
}

/** Calldata of a fill by which an account writes ten puts at 2,000 for 5 in all, to be covered later. */
async function write(world: World, account: bigint, patch: FillPatch = {}): Promise<string> {
  const part = { legs: [...PUT], premium: -usd(50), ...patch.part };
  const request = await fillCall(world, { account, limits: [LATER], ...patch, part });
  return world.ledger.interface.encodeFunctionData("fill", fillArgs(request));
}

function encode({ ledger }: World) {
  const abi = ledger.interface;
  return {
    batch: (...calls: string[]) => abi.encodeFunctionData("batch", [calls]),
    allocate: (account: bigint, book: bigint, amount: bigint) =>
      abi.encodeFunctionData("allocate", [account, book, amount]),
    free: (account: bigint, book: bigint, amount: bigint) =>
      abi.encodeFunctionData("free", [account, book, amount]),
    withdraw: (account: bigint, token: string, amount: bigint, to: string) =>
      abi.encodeFunctionData("withdraw", [account, token, amount, to]),
    transferLegs: (from: bigint, to: bigint, book: bigint, legs: bigint[], collateral: bigint) =>
      abi.encodeFunctionData("transferLegs", [from, to, book, legs, collateral]),
    undercovered: (account: bigint, book: bigint, collateral: bigint, requirement: bigint) =>
      abi.encodeErrorResult("Undercovered", [account, book, collateral, requirement]),
  };
}

/** What is left of a premium of 5 after the fee. */
const NET = usdc(5) - 5_000n;

describe("Attack", () => {
  describe("batches", () => {
    describe("two in one transaction", () => {
      it("checks a position again in the second batch [a stale mark would leave it uncovered for good]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { account, linearBook } = world;
        const to = encode(world);
        const first = to.batch(
          await write(world, account, { units: 4n }),
          to.allocate(account, linearBook, usdc(80)),
        );
        const second = to.batch(await write(world, account, { units: 6n }));
        const outcomes = await run(world, first, second);
        expect(outcomes.map(({ success }) => success)).to.deep.equal([true, false]);
        // 10 puts need 200; 80 came in, and 0.5 less the fee of 500 for each put.
        const had = usdc(80) + NET;
        expect(outcomes[1]?.answer).to.equal(to.undercovered(account, linearBook, had, usdc(200)));
        const { legs } = await positionOf(world, account, linearBook);
        expect(legs.map(({ quantity }) => quantity)).to.deep.equal([-4n]);
      });

      it("leaves nothing queued when the first fails: the second is judged by its own calls", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { account, linearBook } = world;
        const to = encode(world);
        const naked = to.batch(await write(world, account));
        const outcomes = await run(
          world,
          naked,
          to.batch(to.allocate(account + 1n, linearBook, 0n)),
          to.batch(),
          to.batch(await write(world, account), to.allocate(account, linearBook, usdc(200))),
          naked,
        );
        const success = [false, false, true, true, false];
        expect(outcomes.map((outcome) => outcome.success)).to.deep.equal(success);
        const bare = to.undercovered(account, linearBook, NET, usdc(200));
        expect(outcomes[0]?.answer).to.equal(bare);
      });

      it("leaves no batch open: a call behind it is checked at once", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { account, linearBook, ledger } = world;
        const to = encode(world);
        const legs = [put(K, -4n)];
        const outcomes = await run(
          world,
          to.batch(
            await write(world, account, { units: 4n }),
            to.allocate(account, linearBook, usdc(80)),
          ),
          await write(world, account, { units: 1n }),
          to.transferLegs(account, account + 1n, linearBook, legs, 0n),
          to.transferLegs(account, account + 1n, linearBook, [], usdc(80)),
          to.batch(),
        );
        const success = [true, false, false, false, true];
        expect(outcomes.map((outcome) => outcome.success)).to.deep.equal(success);
        const had = usdc(80) + (4n * NET) / 10n;
        expect(outcomes.slice(1, 4).map(({ answer }) => answer)).to.deep.equal([
          ledger.interface.encodeErrorResult("DrawTooSmall", [
            account,
            linearBook,
            usdc(100) - had - NET / 10n,
            0n,
          ]),
          to.undercovered(account + 1n, linearBook, 0n, usdc(80)),
          to.undercovered(account, linearBook, had - usdc(80), usdc(80)),
        ]);
      });

      it("gives the second no claim on what the first put in: the sum is as by single calls", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { account, linearBook, owner } = world;
        const to = encode(world);
        const { quote } = await cashOf(world, account);
        const cover = to.allocate(account, linearBook, usdc(200));
        const flee = to.withdraw(account, world.quoteAddress, quote - usdc(200) + 1n, owner);
        const outcomes = await run(
          world,
          to.batch(await write(world, account), cover),
          to.batch(to.free(account, linearBook, NET + 1n)),
          to.batch(flee),
          to.batch(to.free(account, linearBook, NET)),
        );
        const success = [true, false, false, true];
        expect(outcomes.map((outcome) => outcome.success)).to.deep.equal(success);
        expect((await positionOf(world, account, linearBook)).collateral).to.equal(usdc(200));
      });
    });

    describe("that leave something uncovered", () => {
      it("revert with Undercovered [options written against nothing, the premium withdrawn]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        const to = encode(world);
        const cash = (await cashOf(world, account)).quote;
        const naked = await write(world, account);
        const free = async () => own.batch([naked, to.free(account, linearBook, NET)]);
        await stands(world, free, "Undercovered", [account, linearBook, 0n, usdc(200)]);
        const flight = async () =>
          own.batch([
            naked,
            to.transferLegs(account, account + 1n, linearBook, [], NET),
            to.free(account + 1n, linearBook, NET),
            to.withdraw(account + 1n, quoteAddress, NET, taker.address),
            to.withdraw(account, quoteAddress, cash, taker.address),
          ]);
        await stands(world, flight, "Undercovered", [account, linearBook, 0n, usdc(200)]);
      });

      it("revert for each account left behind, first queued first, however the legs went round", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        const to = encode(world);
        const naked = await write(world, account);
        const rest = [put(K, -4n)];
        const away = to.transferLegs(account, account + 1n, linearBook, rest, 0n);
        const act =
          (...calls: string[]) =>
          async () =>
            own.batch([naked, away, ...calls]);
        await stands(world, act(), "Undercovered", [account, linearBook, NET, usdc(120)]);
        const cover = to.allocate(account, linearBook, usdc(120) - NET);
        await stands(world, act(cover), "Undercovered", [account + 1n, linearBook, 0n, usdc(80)]);
        const back = to.transferLegs(account + 1n, account, linearBook, rest, 0n);
        await stands(world, act(back), "Undercovered", [account, linearBook, NET, usdc(200)]);
      });

      it("revert with Undercovered [a hedge wrapped away from under its short leg]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        await sell(world, [put(usd(1_900), -1n), put(K, 1n)], { nonce: 5n });
        const own = ledger.connect(taker.signer);
        const act = async () => own.batch([encoded.wrap(world, { amount: 7n })]);
        await stands(world, act, "Undercovered", [taker.account, linearBook, 0n, usdc(130)]);
      });

      it("never leave a maker uncovered, not even the caller's own", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, quoteAddress } = world;
        const poor = maker.account + 1n;
        const own = ledger.connect(maker.signer);
        await own.deposit(poor, quoteAddress, usdc(6));
        const request = await fillCall(world, {
          from: maker.signer,
          account: maker.account,
          order: { account: poor, nonce: 3n },
          part: { legs: [put(K, -1n)], premium: 0n },
        });
        const data = ledger.interface.encodeFunctionData("fill", fillArgs(request));
        const cover = encode(world).allocate(poor, linearBook, usdc(6));
        const act = async () => own.batch([data, cover]);
        await stands(world, act, "Undercovered", [poor, linearBook, usdc(6), usdc(200)]);
      });

      it("cannot be covered by a trade operator, whose fill then falls with the batch", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, linearBook, expiry } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(account, stranger.address, Scope.Trade, expiry);
        const operator = ledger.connect(stranger);
        const naked = await write(world, account);
        const bare = async () => operator.batch([naked]);
        await stands(world, bare, "Undercovered", [account, linearBook, NET, usdc(200)]);
        const cover = encode(world).allocate(account, linearBook, usdc(200));
        const act = async () => operator.batch([naked, cover]);
        await stands(world, act, "NotPermitted", [account, stranger.address, Scope.Manage]);
      });
    });

    describe("within batches", () => {
      it("are not taken, whoever nests them", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker } = world;
        const own = ledger.connect(taker.signer);
        const { batch } = encode(world);
        const { selector } = ledger.interface.getFunction("batch");
        for (const inner of [batch(), batch(batch()), batch(await write(world, taker.account))]) {
          await stands(world, async () => own.batch([inner]), "NotBatchable", [selector]);
        }
      });

      it("are refused by way of a token's hook, and so is everything else", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, address, linearTerms, linearBook } = world;
        const token = await ethers.deployContract("ReentrantToken");
        const tokenAddress = await token.getAddress();
        await listMarket(world, { ...linearTerms, token: tokenAddress });
        await token.mint(taker.address, usdc(1_000));
        await token.connect(taker.signer).approve(address, MAX_256);
        const to = encode(world);
        const inner = to.batch(to.free(taker.account, linearBook, NET));
        await token.arm(address, [inner, to.batch()]);
        const deposit = ledger.interface.encodeFunctionData("deposit", [
          taker.account,
          tokenAddress,
          5n,
        ]);
        const calls = [
          await write(world, taker.account),
          deposit,
          to.allocate(taker.account, linearBook, usdc(200)),
        ];
        await ledger.connect(taker.signer).batch(calls);
        expect([...(await token.answers())]).to.deep.equal([IN_EXTERNAL_CALL, IN_EXTERNAL_CALL]);
      });
    });

    describe("that would lift the ceiling", () => {
      /** The ceiling of the linear market, as the guard has lowered it. */
      async function capped(ceiling: bigint) {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear } = world;
        await ledger.connect(guard).setGuard(linear, Level.Normal, await now(world), ceiling);
        return world;
      }

      /** Deposits for an account of the taker's. */
      function pay({ ledger, linearBook }: World, account: bigint, amount: bigint): string {
        return ledger.interface.encodeFunctionData("depositToBook", [account, linearBook, amount]);
      }

      it("are held to it by what is paid in behind the fill [a fill that is deferred past the ceiling]", async () => {
        const world = await capped(usdc(200) - 1n);
        const { ledger, taker, linearBook } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        const part = { legs: [...PUT], premium: -usd(50) };
        const offers = [await offer(world, { part })];
        const many = ledger.interface.encodeFunctionData(
          "fillMany",
          manyArgs(await manyCall(world, { offers, limits: [LATER] })),
        );
        const args = [linearBook, usdc(200), usdc(200) - 1n];
        for (const fill of [await write(world, account), many]) {
          const calls = [fill, encode(world).allocate(account, linearBook, usdc(200) - NET)];
          await stands(world, async () => own.batch(calls), "CeilingReached", args);
        }
      });

      it("cannot take their own collateral out around the fill [a pool of twice the ceiling]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, taker, linearBook } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        const [next, third] = [account + 1n, account + 2n];
        await own.deposit(next, world.quoteAddress, usdc(200));
        const to = encode(world);
        await own.batch([
          await write(world, account, { order: { nonce: 1n } }),
          to.allocate(account, linearBook, usdc(200) - NET),
        ]);
        await ledger.connect(guard).setGuard(linear, Level.Normal, await now(world), usdc(200));
        const again = { order: { nonce: 2n }, limits: [NO_LIMIT] };
        const fill = await write(world, next, again);
        const args = [linearBook, usdc(400), usdc(200)];
        await stands(world, async () => own.batch([fill]), "CeilingReached", args);
        const around = async () =>
          own.batch([
            to.transferLegs(account, third, linearBook, [], usdc(200)),
            to.free(third, linearBook, usdc(200)),
            fill,
            to.allocate(account, linearBook, usdc(200)),
          ]);
        await stands(world, around, "CeilingReached", args);
        // What it has beyond its requirement is no way around it either.
        await own.allocate(account, linearBook, usdc(50));
        const spare = async () =>
          own.batch([
            to.free(account, linearBook, usdc(50)),
            await write(world, account, { order: { nonce: 2n }, units: 2n, limits: [NO_LIMIT] }),
            to.allocate(account, linearBook, usdc(50)),
          ]);
        await stands(world, spare, "CeilingReached", [linearBook, usdc(240), usdc(200)]);
      });

      it("cannot fill for sixteen accounts and pay in for them afterwards [sixteen times the ceiling]", async () => {
        const world = await capped(usdc(250));
        const { ledger, taker, linearBook } = world;
        const own = ledger.connect(taker.signer);
        const accounts = Array.from({ length: 16 }, (_, i) => taker.account + BigInt(i));
        const fills: string[] = [];
        for (const [i, account] of accounts.entries()) {
          fills.push(await write(world, account, { order: { nonce: BigInt(i) } }));
        }
        const deposits = accounts.map((account) => pay(world, account, usdc(200) - NET));
        const all = async () => own.batch([...fills, ...deposits]);
        const args = [linearBook, usdc(3_200), usdc(250)];
        await stands(world, all, "CeilingReached", args);
        const turns = fills.flatMap((fill, i) => [fill, deposits[i] ?? ""]);
        const second = [linearBook, usdc(200) + NET, usdc(200)];
        await ledger
          .connect(world.guard)
          .setGuard(world.linear, Level.Normal, await now(world), usdc(200));
        await stands(world, async () => own.batch(turns), "CeilingReached", second);
        await own.batch(turns.slice(0, 2));
      });

      it("cannot fill, move the legs away, and fill again [one account below the ceiling each time]", async () => {
        const world = await capped(usdc(250));
        const { ledger, taker, linearBook } = world;
        const { account } = taker;
        const own = ledger.connect(taker.signer);
        const to = encode(world);
        const calls: string[] = [];
        for (const nonce of [1n, 2n, 3n, 4n]) {
          calls.push(await write(world, account, { order: { nonce } }));
          const legs = [put(K, -10n)];
          calls.push(to.transferLegs(account, account + 1n, linearBook, legs, NET));
        }
        calls.push(pay(world, account + 1n, usdc(800) - 4n * NET));
        const args = [linearBook, usdc(800), usdc(250)];
        await stands(world, async () => own.batch(calls), "CeilingReached", args);
      });

      it("are looked at again in a second batch of the transaction [a stale mark would let it pass]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, account, linearBook } = world;
        await ledger.connect(guard).setGuard(linear, Level.Normal, await now(world), usdc(200));
        const to = encode(world);
        const some = async (units: bigint) => write(world, account, { units });
        const cover = (amount: bigint) => to.allocate(account, linearBook, amount);
        const first = to.batch(await some(4n), cover(usdc(80) - (4n * NET) / 10n));
        const more = usdc(120) - (6n * NET) / 10n;
        const outcomes = await run(
          world,
          first,
          to.batch(await some(6n), cover(more + 1n)),
          to.batch(await some(6n), cover(more)),
        );
        expect(outcomes.map(({ success }) => success)).to.deep.equal([true, false, true]);
        const args = [linearBook, usdc(200) + 1n, usdc(200)];
        const above = ledger.interface.encodeErrorResult("CeilingReached", args);
        expect(outcomes[1]?.answer).to.equal(above);
      });

      it("leave no book behind: a batch that raises nothing is not held to the ceiling of another's", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, account, linearBook } = world;
        await ledger.connect(guard).setGuard(linear, Level.Normal, await now(world), usdc(200));
        const to = encode(world);
        const fill = await write(world, account);
        const cover = to.allocate(account, linearBook, usdc(200) - NET);
        const outcomes = await run(
          world,
          to.batch(fill, cover, to.allocate(account, linearBook, 1n)),
          to.batch(fill, cover),
          to.batch(to.allocate(account, linearBook, usdc(7))),
        );
        expect(outcomes.map(({ success }) => success)).to.deep.equal([false, true, true]);
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(207));
      });

      it("are not held to it where open interest does not rise", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, maker, linearBook } = world;
        await sell(world, PUT);
        const flat = maker.account + 1n;
        await ledger.connect(maker.signer).deposit(flat, world.quoteAddress, usdc(300));
        await ledger.connect(guard).setGuard(linear, Level.Normal, await now(world), 0n);
        // A short hands its position on within a batch: the other pays in afterwards.
        const own = ledger.connect(maker.signer);
        const calls = [
          encode(world).transferLegs(maker.account, flat, linearBook, [put(K, -10n)], 0n),
          encode(world).allocate(flat, linearBook, usdc(200)),
          encode(world).free(maker.account, linearBook, usdc(200)),
        ];
        await own.batch(calls);
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(200));
      });
    });

    it("change nothing when they are empty or full of calls that do nothing", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, taker } = world;
      const before = await stateOf(world);
      const own = ledger.connect(taker.signer);
      await own.batch([]);
      const cancel = ledger.interface.encodeFunctionData("cancel", [taker.account, []]);
      await own.batch(Array.from({ length: 40 }, () => cancel));
      expect(await stateOf(world)).to.deep.equal(before);
    });
  });
});
