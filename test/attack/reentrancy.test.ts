import { expect } from "chai";
import { ZeroHash } from "ethers";

import type {
  IClearinghouse,
  ReentrantToken,
  Reenterer,
} from "../../types/ethers-contracts/index.ts";
import {
  IN_EXTERNAL_CALL,
  STATELESS,
  functionNames,
  guardedCalls,
  statelessCall,
} from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import { fill, fillArgs, fillCall } from "../fixtures/fills.ts";
import { bookOf, put } from "../fixtures/ids.ts";
import { HOUR, MAX_127, MAX_256, WEEK, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix, listMarket, passTo } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { encoded, wrap } from "../fixtures/wraps.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const CALLS = guardedCalls();
const REFUSED = CALLS.map(() => IN_EXTERNAL_CALL);

/** A book in a token with hooks, in which both parties trade; the taker has wrapped some of its puts. */
interface Hooked extends World {
  readonly token: ReentrantToken;
  readonly tokenAddress: string;
  readonly book: bigint;
  readonly own: IClearinghouse;
  readonly abi: IClearinghouse["interface"];
}

async function opened(): Promise<Hooked> {
  const world = await deployOpen(connection);
  const { ledger, maker, taker, linearTerms, expiry } = world;
  const token = await ethers.deployContract("ReentrantToken");
  const tokenAddress = await token.getAddress();
  const market = await listMarket(world, { ...linearTerms, token: tokenAddress });
  await ledger.openBook(market, expiry);
  const book = bookOf(market, expiry);
  for (const { signer, address, account } of [maker, taker]) {
    await token.mint(address, usdc(10_000));
    await token.connect(signer).approve(world.address, MAX_256);
    await ledger.connect(signer).deposit(account, tokenAddress, usdc(1_000));
  }
  await fill(world, { part: { book } });
  await wrap(world, { book });
  const own = ledger.connect(maker.signer);
  return { ...world, token, tokenAddress, book, own, abi: ledger.interface };
}

/** As `opened`, expired and settled. */
async function settled(): Promise<Hooked> {
  const world = await networkHelpers.loadFixture(opened);
  await fix(world, usd(1_900), world.book);
  await world.ledger.settle(world.book, [world.maker.account, world.taker.account]);
  return world;
}

async function arm(reenterer: Reenterer, { address }: World): Promise<void> {
  await reenterer.arm(
    address,
    CALLS.map(({ data }) => data),
  );
}

/** Every entry that moves tokens: its call, and who makes it. */
const MOVES: readonly [
  name: string,
  prepare: () => Promise<Hooked>,
  data: (w: Hooked) => string,
  by: "maker" | "taker",
][] = [
  ["deposit", opened, (w) => deposit(w), "maker"],
  [
    "depositToBook",
    opened,
    (w) => w.abi.encodeFunctionData("depositToBook", [w.maker.account, w.book, 5n]),
    "maker",
  ],
  [
    "withdraw",
    opened,
    (w) =>
      w.abi.encodeFunctionData("withdraw", [
        w.maker.account,
        w.tokenAddress,
        5n,
        w.stranger.address,
      ]),
    "maker",
  ],
  ["pushFees", opened, (w) => w.abi.encodeFunctionData("pushFees", [w.book]), "maker"],
  [
    "claim",
    settled,
    (w) => w.abi.encodeFunctionData("claim", [w.maker.account, [w.book], true]),
    "maker",
  ],
  ["redeem", settled, (w) => encoded.redeem(w, { book: w.book }), "taker"],
];

function deposit({ abi, maker, tokenAddress }: Hooked): string {
  return abi.encodeFunctionData("deposit", [maker.account, tokenAddress, 5n]);
}

function batch({ abi }: Hooked, ...calls: string[]): string {
  return abi.encodeFunctionData("batch", [calls]);
}

async function load(prepare: () => Promise<Hooked>): Promise<Hooked> {
  return prepare === opened ? networkHelpers.loadFixture(opened) : prepare();
}

describe("Attack", () => {
  describe("re-entrancy", () => {
    it("knows every function of the ledger: guarded, or named with a reason", () => {
      const known = [...CALLS.map(({ name }) => name), ...STATELESS].sort();
      expect(known).to.deep.equal(functionNames());
      expect(CALLS.filter(({ isView }) => isView).length).to.be.greaterThan(7);
    });

    it("counts the views of packages among the guarded", () => {
      const views = CALLS.filter(({ isView }) => isView).map(({ name }) => name);
      expect(views).to.include.members(["allowance", "balanceOf", "isOperator"]);
    });

    describe("through a token's hook", () => {
      for (const [name, prepare, data, by] of MOVES) {
        it(`refuses every function while ${name} moves tokens, and goes on`, async () => {
          const world = await load(prepare);
          await arm(world.token, world);
          await world[by].signer.sendTransaction({ to: world.address, data: data(world) });
          expect([...(await world.token.answers())]).to.deep.equal(REFUSED);
        });

        if (name === "pushFees") continue;
        it(`refuses every function while ${name} moves tokens within a batch, and goes on`, async () => {
          const world = await load(prepare);
          await arm(world.token, world);
          const call = batch(world, data(world));
          await world[by].signer.sendTransaction({ to: world.address, data: call });
          expect([...(await world.token.answers())]).to.deep.equal(REFUSED);
        });
      }

      it("shows nobody a position that a batch has left uncovered", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { token, ledger, taker, book, abi } = world;
        const legs = [put(usd(2_000), 1n)];
        const limits = [{ maxPay: MAX_127, maxDraw: 0n }];
        const order = { nonce: 2n, units: 20n };
        const part = { book, legs, premium: -usd(50) };
        const naked = abi.encodeFunctionData(
          "fill",
          fillArgs(await fillCall(world, { order, part, limits })),
        );
        await arm(token, world);
        const cover = abi.encodeFunctionData("allocate", [taker.account, book, usdc(500)]);
        await ledger.connect(taker.signer).batch([naked, deposit(world), cover]);
        expect([...(await token.answers())]).to.deep.equal(REFUSED);
      });

      it("refuses every function while a deposit reads the balance", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await arm(world.token, world);
        await world.token.setOnRead(true);
        const { own, maker, tokenAddress, book } = world;
        await own.deposit(maker.account, tokenAddress, 5n);
        await own.depositToBook(maker.account, book, 5n);
      });

      it("reverts with InExternalCall where the hook passes the refusal on, and nothing moves", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { own, token, maker, tokenAddress, address } = world;
        const twice = [maker.account, tokenAddress, 5n] as const;
        const data = own.interface.encodeFunctionData("deposit", [...twice]);
        await token.arm(address, [data]);
        await token.setForwarding(true);
        const before = await own.cashOf(maker.account, tokenAddress);
        await expect(own.deposit(...twice))
          .to.be.revertedWithCustomError(own, "InExternalCall")
          .withArgs();
        expect(await own.cashOf(maker.account, tokenAddress)).to.equal(before);
      });

      it("would notice a call that is not refused", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { own, token, maker, tokenAddress, address } = world;
        await token.arm(address, [statelessCall().data]);
        await own.deposit(maker.account, tokenAddress, 5n);
        expect([...(await token.answers())]).to.deep.equal(["0x00000000"]);
        await token.setOnRead(true);
        await expect(own.deposit(maker.account, tokenAddress, 5n)).to.be.revertedWithCustomError(
          token,
          "NotRefused",
        );
      });
    });

    describe("through a token that is shown a permit", () => {
      it("refuses every function, alone and within a batch, and goes on", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { own, abi } = world;
        const token = await ethers.deployContract("ReentrantPermit");
        const permit = [await token.getAddress(), 1n, 2n, 27n, ZeroHash, ZeroHash] as const;
        await arm(token, world);
        await own.selfPermit(...permit);
        expect([...(await token.answers())]).to.deep.equal(REFUSED);
        await arm(token, world);
        await own.batch([abi.encodeFunctionData("selfPermit", [...permit]), deposit(world)]);
        expect([...(await token.answers())]).to.deep.equal(REFUSED);
      });

      it("keeps to itself what a call back did: a refusal passed on is a permit refused", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { own, abi, address, maker, tokenAddress } = world;
        const token = await ethers.deployContract("ReentrantPermit");
        const permit = [await token.getAddress(), 1n, 2n, 27n, ZeroHash, ZeroHash] as const;
        await token.arm(address, [deposit(world)]);
        await token.setForwarding(true);
        const before = await own.cashOf(maker.account, tokenAddress);
        await own.batch([abi.encodeFunctionData("selfPermit", [...permit]), deposit(world)]);
        expect(await own.cashOf(maker.account, tokenAddress)).to.equal(before + 5n);
      });
    });

    describe("through the oracle", () => {
      it("refuses every function while a book opens and while a price is fixed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, oracle, linear, linearBook, expiry } = world;
        await arm(oracle, world);
        await ledger.openBook(linear, expiry + WEEK);
        expect([...(await oracle.answers())]).to.deep.equal(REFUSED);
        await arm(oracle, world);
        await oracle.setPrice(usd(1));
        await passTo(world, expiry + HOUR);
        await ledger.fixPrice(linearBook, "0x");
        expect([...(await oracle.answers())]).to.deep.equal(REFUSED);
      });

      it("refuses every function while a price is fixed within a batch", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { own, abi, oracle, book, expiry } = world;
        await oracle.setPrice(usd(1));
        await passTo(world, expiry + HOUR);
        await arm(oracle, world);
        await own.batch([abi.encodeFunctionData("fixPrice", [book, "0x"])]);
        expect([...(await oracle.answers())]).to.deep.equal(REFUSED);
      });

      it("refuses every function while a market is listed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await arm(world.oracle, world);
        const terms = { ...world.linearTerms, lastTrade: 7n };
        await expect(world.ledger.connect(world.admin).list(terms)).to.emit(
          world.ledger,
          "MarketListed",
        );
      });
    });

    describe("through the access manager", () => {
      /** The ledger under a manager that lets everyone pass and calls back. */
      async function managed(delayed: boolean) {
        const world = await networkHelpers.loadFixture(opened);
        const next = await ethers.deployContract("ScriptedManager");
        await world.manager.updateAuthority(world.address, await next.getAddress());
        await next.setDelayed(delayed);
        await arm(next, world);
        return { world, next };
      }

      const restricted = [
        ["list", (w: Hooked) => w.ledger.list({ ...w.linearTerms, lastTrade: 7n })],
        ["retire", (w: Hooked) => w.ledger.retire(w.linear)],
        ["setTreasury", (w: Hooked) => w.ledger.setTreasury(w.stranger.address)],
      ] as const;
      for (const [name, move] of restricted) {
        it(`refuses every function while the manager is asked about ${name}`, async () => {
          const { world } = await managed(false);
          await move(world);
        });

        it(`refuses every function while the manager takes note of a scheduled ${name}`, async () => {
          const { world, next } = await managed(true);
          await move(world);
          expect([...(await next.answers())]).to.deep.equal(REFUSED);
        });
      }
    });
  });
});
