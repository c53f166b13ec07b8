import { expect } from "chai";
import type { Interface } from "ethers";
import { ZeroAddress } from "ethers";

import { IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import { call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, positionOf } from "../../fixtures/state.ts";
import { HOUR, Level, MAX_256, MAX_63, Scope, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, now, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";
import {
  CONDOR,
  PUT,
  eventsOf,
  forceOpen,
  hashedId,
  payoutOf,
  redeem,
  sell,
  stands,
  unwrap,
  wrap,
  wrapId,
} from "../../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const K = usd(2_000);
/** 1 January 2027. */
const EXPIRY = 1_798_790_400n;

async function opened() {
  return deployOpen(connection);
}

/** The taker holds ten packages of one put at 2,000. */
async function wrapped() {
  const world = await networkHelpers.loadFixture(opened);
  await sell(world, PUT);
  await wrap(world, { amount: 10n });
  const { ledger, taker, linearBook } = world;
  return { ...world, id: putSeries(linearBook, K), own: ledger.connect(taker.signer) };
}

/** Packages of the taker, the maker and the stranger. */
async function balances({ ledger, taker, maker, stranger }: World, id: bigint): Promise<bigint[]> {
  const holders = [taker.address, maker.address, stranger.address];
  return Promise.all(holders.map((holder) => ledger.balanceOf(holder, id)));
}

describe("Clearinghouse", () => {
  describe("packages", () => {
    describe("ids", () => {
      /** A book nobody listed, expiring on 1 January 2027, and ids computed with another Keccak. */
      const BOOK = 0x123456789abcdef0123456789abcdef0123456006b375d000000000000000000n;
      const goldens: readonly (readonly [name: string, legs: readonly bigint[], id: bigint])[] = [
        [
          "two long puts",
          [put(K, 2n)],
          0x8cea9246fc2a10a6f2c3b1d017d1789f65d4d4c2fa2ae5efc6b1f1b16a52779dn,
        ],
        [
          "one short put",
          [put(K, -1n)],
          0x8e5e872ea590ece311278ece153ed5b4356c498b40a0a52a43e359b4db73f934n,
        ],
        ["no legs", [], 0x8be55fa943ae9306277d525c8f409628d4a67afe69dc7e2dc9646675914a7c2cn],
        ["a condor", CONDOR, 0xbd86f3be334f201b2f4d3b4e64f0e9dea3e3cb469f42f0b0d17c321158a9da4an],
        [
          "the most calls",
          [call(K, MAX_63)],
          0x9e9d9d6bc843cb4f3d3aab69fc5436e1f33c35fc23470152bf08ae496275dda8n,
        ],
        ["one long put", [put(K, 1n)], BOOK | K],
        ["one long call", [call(K, 1n)], BOOK | (1n << 63n) | K],
      ];
      for (const [name, legs, id] of goldens) {
        it(`are what they were: ${name}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          await forceOpen(world, BOOK);
          const args = [world.taker.address, 0n, 1n, id];
          const act = async () => unwrap(world, { book: BOOK, legs, amount: 1n });
          await stands(world, act, "ERC6909InsufficientBalance", args);
          if (id >> 255n === 1n) expect(hashedId(BOOK, legs)).to.equal(id);
        });
      }

      it("name a series for exactly one leg of +1, in books of both styles", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { linearBook, inverseBook } = world;
        const legs = [call(usd(2_500), 1n)];
        await sell(world, PUT);
        await sell(world, legs, { book: inverseBook, nonce: 2n });
        expect(await wrapId(world)).to.equal(putSeries(linearBook, K));
        const id = await wrapId(world, { book: inverseBook, legs });
        expect(id).to.equal(callSeries(inverseBook, usd(2_500)));
        expect(id >> 255n).to.equal(0n);
      });

      it("tell books, quantities, order and every leg apart", () => {
        const book = BOOK;
        const vectors = [
          [put(K, 2n)],
          [put(K, -1n)],
          [put(K, -2n)],
          [call(K, 2n)],
          [put(K, 1n), put(K, 1n)],
          [put(K, 1n), call(K, 1n)],
          [call(K, 1n), put(K, 1n)],
          [put(K, 1n), call(K, 1n), 0n],
          CONDOR,
          [...CONDOR].reverse(),
        ];
        const ids = [book, book + (1n << 64n)].flatMap((of) =>
          vectors.map((legs) => hashedId(of, legs)),
        );
        expect(new Set(ids).size).to.equal(2 * vectors.length);
      });
    });

    describe("a condor as one token", () => {
      it("goes from hand to hand and is redeemed by someone without an account, once", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, quote, maker, taker, stranger, guard, linearBook } = world;
        await sell(world, CONDOR);
        await wrap(world, { legs: CONDOR, amount: 10n });
        const id = hashedId(linearBook, CONDOR);
        await ledger.connect(taker.signer).transfer(stranger.address, id, 10n);
        await ledger.connect(stranger).transfer(guard.address, id, 10n);
        await fix(world, usd(2_050), linearBook);
        await ledger.settle(linearBook, [maker.account, taker.account]);
        const redemption = { from: guard, legs: CONDOR, amount: 10n, to: guard.address };
        await expect(redeem(world, redemption)).to.changeTokenBalances(
          ethers,
          quote,
          [guard.address, taker.address],
          [usdc(10), 0n],
        );
        const args = [guard.address, 0n, 10n, id];
        const again = async () => redeem(world, redemption);
        await stands(world, again, "ERC6909InsufficientBalance", args);
        for (const account of [maker.account, taker.account]) {
          expect((await positionOf(world, account, linearBook)).collateral).to.equal(0n);
        }
        expect((await bookView(world, linearBook)).pool).to.equal(0n);
      });

      it("is worth its value at every price, and the writer keeps the rest", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, expiry } = world;
        await sell(world, CONDOR);
        await wrap(world, { legs: CONDOR, amount: 10n });
        await passTo(world, expiry);
        const before = await networkHelpers.takeSnapshot();
        const rows: readonly (readonly [price: number, value: number])[] = [
          [1_899, 0],
          [1_925, 0.25],
          [2_000, 1],
          [2_100, 1],
          [2_150, 0.5],
          [2_201, 0],
        ];
        for (const [price, value] of rows) {
          await fix(world, usd(price), linearBook);
          const pays = await payoutOf(world, { legs: CONDOR, amount: 10n });
          expect(pays, `${price}`).to.equal(usdc(10 * value));
          await ledger.settle(linearBook, [maker.account]);
          const { collateral } = await positionOf(world, maker.account, linearBook);
          expect(collateral, `${price}`).to.equal(usdc(10) - usdc(10 * value));
          await before.restore();
        }
      });
    });

    describe("transfer", () => {
      it("moves packages and says so", async () => {
        const world = await wrapped();
        const { own, taker, maker, id } = world;
        expect(await own.transfer.staticCall(maker.address, id, 3n)).to.equal(true);
        expect(await eventsOf(world, own.transfer(maker.address, id, 3n))).to.deep.equal([
          ["Transfer", taker.address, taker.address, maker.address, id, 3n],
        ]);
        expect(await balances(world, id)).to.deep.equal([7n, 3n, 0n]);
      });

      it("takes none, all, and the holder itself as receiver", async () => {
        const world = await wrapped();
        const { own, taker, maker, id } = world;
        await own.transfer(maker.address, id, 0n);
        await own.transfer(taker.address, id, 10n);
        expect(await balances(world, id)).to.deep.equal([10n, 0n, 0n]);
        await own.transfer(maker.address, id, 10n);
        expect(await balances(world, id)).to.deep.equal([0n, 10n, 0n]);
      });

      it("works at every guard level, in a retired market and in every life of the book", async () => {
        const world = await wrapped();
        const { ledger, own, guard, admin, maker, id, linear, linearBook, expiry } = world;
        const send = async () => own.transfer(maker.address, id, 1n);
        const until = (await now(world)) + HOUR;
        for (const level of [Level.Restricted, Level.Halted]) {
          await ledger.connect(guard).setGuard(linear, level, until, 0n);
          await send();
        }
        await ledger.connect(admin).retire(linear);
        await send();
        await passTo(world, expiry - 1n);
        await send();
        await passTo(world, expiry);
        await send();
        await fix(world, usd(1_900), linearBook);
        await send();
        expect(await balances(world, id)).to.deep.equal([4n, 6n, 0n]);
      });

      it("reverts with ERC6909InvalidReceiver for nobody, before the balance", async () => {
        const world = await wrapped();
        const { own, id } = world;
        const act = async () => own.transfer(ZeroAddress, id, 11n);
        await stands(world, act, "ERC6909InvalidReceiver", [ZeroAddress]);
      });

      it("reverts with ERC6909InsufficientBalance for more than is held", async () => {
        const world = await wrapped();
        const { own, taker, maker, id } = world;
        for (const amount of [11n, MAX_256]) {
          const act = async () => own.transfer(maker.address, id, amount);
          const args = [taker.address, 10n, amount, id];
          await stands(world, act, "ERC6909InsufficientBalance", args);
        }
      });
    });

    describe("transferFrom", () => {
      it("spends an allowance of that package, down to nothing", async () => {
        const world = await wrapped();
        const { ledger, own, taker, maker, stranger, id } = world;
        await own.approve(stranger.address, id, 5n);
        const spender = ledger.connect(stranger);
        const sent = spender.transferFrom(taker.address, maker.address, id, 3n);
        expect(await eventsOf(world, sent)).to.deep.equal([
          ["Transfer", stranger.address, taker.address, maker.address, id, 3n],
        ]);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(2n);
        await spender.transferFrom(taker.address, stranger.address, id, 2n);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(0n);
        expect(await balances(world, id)).to.deep.equal([5n, 3n, 2n]);
      });

      it("leaves an infinite allowance as it is", async () => {
        const world = await wrapped();
        const { ledger, own, taker, maker, stranger, id } = world;
        await own.approve(stranger.address, id, MAX_256);
        const spender = ledger.connect(stranger);
        await spender.transferFrom(taker.address, maker.address, id, 3n);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(MAX_256);
        await own.approve(stranger.address, id, MAX_256 - 1n);
        await spender.transferFrom(taker.address, maker.address, id, 3n);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(MAX_256 - 4n);
      });

      it("asks no allowance of the holder itself and of its operator, and spends none", async () => {
        const world = await wrapped();
        const { ledger, own, taker, maker, stranger, id } = world;
        await own.transferFrom(taker.address, maker.address, id, 1n);
        await own.setOperator(stranger.address, true);
        await own.approve(stranger.address, id, 1n);
        await ledger.connect(stranger).transferFrom(taker.address, maker.address, id, 4n);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(1n);
        expect(await balances(world, id)).to.deep.equal([5n, 5n, 0n]);
      });

      it("reverts with ERC6909InsufficientAllowance before receiver and balance", async () => {
        const world = await wrapped();
        const { ledger, own, taker, stranger, id } = world;
        await own.approve(stranger.address, id, 5n);
        await own.approve(stranger.address, id + 1n, MAX_256);
        const spender = ledger.connect(stranger);
        const act = async () => spender.transferFrom(taker.address, ZeroAddress, id, 11n);
        const args = [stranger.address, 5n, 11n, id];
        await stands(world, act, "ERC6909InsufficientAllowance", args);
      });

      it("reverts with ERC6909InvalidSender, then ERC6909InvalidReceiver, then for the balance", async () => {
        const world = await wrapped();
        const { ledger, own, taker, maker, stranger, id } = world;
        const spender = ledger.connect(stranger);
        const nobody = async () => spender.transferFrom(ZeroAddress, ZeroAddress, id, 0n);
        await stands(world, nobody, "ERC6909InvalidSender", [ZeroAddress]);
        await own.approve(stranger.address, id, 11n);
        const away = async () => spender.transferFrom(taker.address, ZeroAddress, id, 11n);
        await stands(world, away, "ERC6909InvalidReceiver", [ZeroAddress]);
        const more = async () => spender.transferFrom(taker.address, maker.address, id, 11n);
        const args = [taker.address, 10n, 11n, id];
        await stands(world, more, "ERC6909InsufficientBalance", args);
        expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(11n);
      });
    });

    describe("approve and setOperator", () => {
      it("keep the last word, and say so", async () => {
        const world = await wrapped();
        const { ledger, own, taker, stranger, id } = world;
        for (const amount of [5n, MAX_256, 0n]) {
          const sent = own.approve(stranger.address, id, amount);
          expect(await eventsOf(world, sent)).to.deep.equal([
            ["Approval", taker.address, stranger.address, id, amount],
          ]);
          expect(await ledger.allowance(taker.address, stranger.address, id)).to.equal(amount);
        }
        for (const approved of [true, false]) {
          const sent = own.setOperator(stranger.address, approved);
          expect(await eventsOf(world, sent)).to.deep.equal([
            ["OperatorSet", taker.address, stranger.address, approved],
          ]);
          expect(await ledger.isOperator(taker.address, stranger.address)).to.equal(approved);
        }
        const act = async () =>
          ledger.connect(stranger).transferFrom(taker.address, stranger.address, id, 1n);
        const args = [stranger.address, 0n, 1n, id];
        await stands(world, act, "ERC6909InsufficientAllowance", args);
      });

      it("revert with ERC6909InvalidSpender for nobody", async () => {
        const world = await wrapped();
        const { own, id } = world;
        const approve = async () => own.approve(ZeroAddress, id, 1n);
        await stands(world, approve, "ERC6909InvalidSpender", [ZeroAddress]);
        const operate = async () => own.setOperator(ZeroAddress, true);
        await stands(world, operate, "ERC6909InvalidSpender", [ZeroAddress]);
      });

      it("move tokens and nothing else: no legs, no cash, no orders of the account", async () => {
        const world = await wrapped();
        const { ledger, own, taker, stranger, id, linearBook, quoteAddress } = world;
        await own.setOperator(stranger.address, true);
        await own.approve(stranger.address, id, MAX_256);
        const spender = ledger.connect(stranger);
        const { account } = taker;
        const denied = [account, stranger.address, Scope.Manage];
        const mine = { from: stranger };
        await stands(world, async () => wrap(world, mine), "NotPermitted", denied);
        await stands(world, async () => unwrap(world, mine), "NotPermitted", denied);
        const allocate = async () => spender.allocate(account, linearBook, 1n);
        await stands(world, allocate, "NotPermitted", denied);
        const cancel = async () => spender.cancel(account, [1n]);
        const trade = [account, stranger.address, Scope.Trade];
        await stands(world, cancel, "NotPermitted", trade);
        const withdraw = async () => spender.withdraw(account, quoteAddress, 1n, stranger.address);
        await stands(world, withdraw, "NotOwner", [account, stranger.address]);
        await fix(world, usd(1_900), linearBook);
        const short = [stranger.address, 0n, 4n, id];
        await stands(world, async () => redeem(world, mine), "ERC6909InsufficientBalance", short);
      });
    });

    describe("metadata", () => {
      const names: readonly (readonly [strike: bigint, decimal: string])[] = [
        [usd(2_000), "2000"],
        [usd(2_750.5), "2750.5"],
        [usd(2_750.05), "2750.05"],
        [usd(0.5), "0.5"],
        [1n, "0.00000001"],
        [usd(100) + 10n, "100.0000001"],
        [usd(1_234.56789012), "1234.56789012"],
        [MAX_63, "92233720368.54775807"],
      ];
      for (const [strike, decimal] of names) {
        it(`tells right, strike and expiry of a series: ${decimal}`, async () => {
          const { ledger } = await networkHelpers.loadFixture(opened);
          const book = (1n << 254n) | (EXPIRY << 64n);
          const rows = [
            [putSeries(book, strike), "put", "P"],
            [callSeries(book, strike), "call", "C"],
          ] as const;
          for (const [id, right, letter] of rows) {
            expect(await ledger.name(id)).to.equal(`Certus ${right} ${decimal}, expiry 1798790400`);
            expect(await ledger.symbol(id)).to.equal(`CERTUS-1798790400-${decimal}-${letter}`);
          }
        });
      }

      it("tells a wrapped put of a linear and a wrapped call of an inverse book", async () => {
        const world = await wrapped();
        const { ledger, inverseBook, id, expiry } = world;
        const legs = [call(usd(2_510.5), 1n)];
        expect(await ledger.name(id)).to.equal(`Certus put 2000, expiry ${expiry}`);
        const other = callSeries(inverseBook, usd(2_510.5));
        expect(hashedId(inverseBook, legs)).to.not.equal(other);
        expect(await ledger.symbol(other)).to.equal(`CERTUS-${expiry}-2510.5-C`);
      });

      it("calls every other package a package, and counts all in whole ones", async () => {
        const { ledger, linearBook } = await networkHelpers.loadFixture(opened);
        for (const id of [hashedId(linearBook, CONDOR), 1n << 255n, MAX_256]) {
          expect(await ledger.name(id)).to.equal("Certus package");
          expect(await ledger.symbol(id)).to.equal("CERTUS-PACKAGE");
          expect(await ledger.decimals(id)).to.equal(0n);
        }
        expect(await ledger.decimals(putSeries(linearBook, K))).to.equal(0n);
      });

      it("answers for ids that nobody ever wrapped", async () => {
        const { ledger } = await networkHelpers.loadFixture(opened);
        expect(await ledger.name(0n)).to.equal("Certus put 0, expiry 0");
        expect(await ledger.symbol((1n << 255n) - 1n)).to.equal(
          "CERTUS-1099511627775-92233720368.54775807-C",
        );
      });
    });

    describe("supportsInterface", () => {
      const abi: Interface = IClearinghouse__factory.createInterface();

      function interfaceId(...signatures: string[]): string {
        const word = signatures.reduce((sum, signature) => {
          const fragment = abi.getFunction(signature);
          if (fragment === null) throw new Error(`no function ${signature}`);
          return sum ^ BigInt(fragment.selector);
        }, 0n);
        return `0x${word.toString(16).padStart(8, "0")}`;
      }

      const TOKEN = [
        "balanceOf",
        "allowance",
        "isOperator",
        "transfer",
        "transferFrom",
        "approve",
        "setOperator",
      ];
      const METADATA = ["name", "symbol", "decimals"];

      it("says yes to ERC-165, ERC-6909 and its metadata", async () => {
        const { ledger } = await networkHelpers.loadFixture(opened);
        expect(interfaceId("supportsInterface")).to.equal("0x01ffc9a7");
        expect(interfaceId(...TOKEN)).to.equal("0x0f632fb3");
        const ids = ["0x01ffc9a7", "0x0f632fb3", interfaceId(...METADATA)];
        for (const id of ids) expect(await ledger.supportsInterface(id), id).to.equal(true);
      });

      it("says no to everything else, 0xffffffff included", async () => {
        const { ledger } = await networkHelpers.loadFixture(opened);
        const erc20 = "0x36372b07";
        const erc1155 = "0xd9b67a26";
        for (const id of ["0xffffffff", "0x00000000", erc20, erc1155]) {
          expect(await ledger.supportsInterface(id), id).to.equal(false);
        }
      });
    });
  });
});
