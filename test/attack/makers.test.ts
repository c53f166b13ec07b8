import { expect } from "chai";
import { AbiCoder } from "ethers";

import { guardedCalls, statelessCall } from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import { NO_LIMIT, fill, linearPart, orderOf, sign } from "../fixtures/fills.ts";
import { bookOf, put, putSeries } from "../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../fixtures/state.ts";
import {
  aside,
  fillMany,
  manyArgs,
  manyCall,
  offer,
  reasonIn,
  toldBy,
  withSecond,
} from "../fixtures/takes.ts";
import type { ManyWorld, Offer, Told } from "../fixtures/takes.ts";
import { HOUR, Level, Nonce, WEEK, usd, usdc } from "../fixtures/units.ts";
import { Mode, deployWallet } from "../fixtures/wallet.ts";
import type { WalletWorld } from "../fixtures/wallet.ts";
import { deployOpen, now } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const K = usd(2_000);

type Crowd = ManyWorld & WalletWorld;

/** Two makers with keys, and one whose account belongs to a scripted wallet. */
async function opened(): Promise<Crowd> {
  const world = await withSecond(await deployOpen(connection));
  return { ...world, ...(await deployWallet(world)) };
}

/** An order of the wallet's account, in the wallet's name. */
async function ofWallet(world: Crowd, signature = "0x"): Promise<Offer> {
  const { walletAccount, walletAddress } = world;
  return offer(world, { order: { account: walletAccount }, signer: walletAddress, signature });
}

/** A signature that tells the wallet which calls to make. */
function calling(target: string, calls: readonly string[]): string {
  return AbiCoder.defaultAbiCoder().encode(["address", "bytes[]"], [target, calls]);
}

/** Who was filled and who was passed over for what, in order. */
function outcome(world: Crowd, told: readonly Told[]): readonly unknown[] {
  return told.flatMap(({ name, args }) => {
    if (name === "OrderFilled") return [["filled", args[0]]];
    if (name !== "FillSkipped") return [];
    const reason = reasonIn(world, args[3]);
    return [[reason.name, args[0], ...reason.args]];
  });
}

/** Calldata of `fillMany`. */
async function many(world: Crowd, offers: readonly Offer[]): Promise<string> {
  const request = await manyCall(world, { offers });
  return world.ledger.interface.encodeFunctionData("fillMany", manyArgs(request));
}

/** What becomes of these orders, directly and in a batch, which must be the same; the chain stays as it is. */
async function takeBoth(world: Crowd, offers: readonly Offer[]): Promise<readonly unknown[]> {
  const own = world.ledger.connect(world.taker.signer);
  const batched = await aside(world, async () =>
    outcome(world, await toldBy(world, own.batch([await many(world, offers)]))),
  );
  const direct = await aside(world, async () =>
    outcome(world, await toldBy(world, fillMany(world, { offers }))),
  );
  expect(batched).to.deep.equal(direct);
  return direct;
}

/** Both makers are long of ten puts, written by another account of the taker, and offer to sell them. */
async function long(world: Crowd): Promise<void> {
  const { ledger, maker, second, taker, quoteAddress } = world;
  const writer = taker.account + 5n;
  await ledger.connect(taker.signer).deposit(writer, quoteAddress, usdc(1_000));
  for (const [nonce, { signer, account }] of [maker, second].entries()) {
    const order = orderOf(world, {
      account: writer,
      nonce: BigInt(nonce),
      parts: [linearPart(world, { premium: 0n })],
    });
    const signature = await sign(world, order, taker.signer);
    const by = { signer: taker.address, signature };
    await fill(world, { order, ...by, from: signer, account });
  }
}

/** The maker's longs go to another account of its own. */
async function moveLongs({ ledger, maker, linearBook }: World): Promise<unknown> {
  const own = ledger.connect(maker.signer);
  return own.transferLegs(maker.account, maker.account + 1n, linearBook, [put(K, 10n)], 0n);
}

/** What a maker does after it has quoted, so that its order no longer fills, and the reason for which it is skipped. */
interface Veto {
  readonly name: string;
  readonly prepare?: (world: Crowd) => Promise<unknown>;
  readonly act: (world: Crowd) => Promise<unknown>;
  readonly reason: (world: Crowd) => readonly unknown[];
}

/** Its cash is gone: of the 200 that ten puts require, it has the premium. */
function broke({ maker, linearBook }: Crowd): readonly unknown[] {
  return ["Undercovered", maker.account, maker.account, linearBook, usdc(5), usdc(200)];
}

const VETOES: readonly Veto[] = [
  {
    name: "withdraws its cash",
    act: async (world) => {
      const { ledger, maker, quoteAddress } = world;
      const { quote } = await cashOf(world, maker.account);
      const own = ledger.connect(maker.signer);
      return own.withdraw(maker.account, quoteAddress, quote, maker.address);
    },
    reason: broke,
  },
  {
    name: "locks its cash in another book",
    act: async (world) => {
      const { ledger, maker, linear, expiry } = world;
      const { quote } = await cashOf(world, maker.account);
      await ledger.openBook(linear, expiry + WEEK);
      const own = ledger.connect(maker.signer);
      return own.allocate(maker.account, bookOf(linear, expiry + WEEK), quote);
    },
    reason: broke,
  },
  {
    name: "cancels",
    act: async ({ ledger, maker }) => ledger.connect(maker.signer).cancel(maker.account, [1n]),
    reason: ({ maker }) => ["OrderCancelled", maker.account, maker.account, 1n],
  },
  {
    name: "raises its epoch",
    act: async ({ ledger, maker }) => ledger.connect(maker.signer).raiseEpoch(maker.account),
    reason: ({ maker }) => ["EpochStale", maker.account, 0n, 1n],
  },
  {
    name: "has its order filled by a friend",
    act: async (world) => {
      const { ledger, maker, quoteAddress } = world;
      const friend = maker.account + 1n;
      await ledger.connect(maker.signer).deposit(friend, quoteAddress, usdc(10));
      return fill(world, { from: maker.signer, account: friend });
    },
    reason: ({ maker }) => ["OrderFilledUp", maker.account, maker.account, 1n],
  },
  {
    name: "moves its longs away, so that it would open where nobody may",
    prepare: async (world) => {
      await long(world);
      const { ledger, guard, linear } = world;
      const until = (await now(world)) + HOUR;
      await ledger.connect(guard).setGuard(linear, Level.Restricted, until, 0n);
    },
    act: moveLongs,
    reason: ({ maker, linearBook }) => [
      "RiskRestricted",
      maker.account,
      linearBook,
      putSeries(linearBook, K),
    ],
  },
  {
    name: "moves its longs away, so that its draw would break the ceiling",
    prepare: async (world) => {
      await long(world);
      const { ledger, guard, linear } = world;
      await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(400));
    },
    act: moveLongs,
    // 400 of the writer, 195 that the maker would draw, and the premium; the fee comes in and leaves.
    reason: ({ maker, linearBook }) => [
      "CeilingReached",
      maker.account,
      linearBook,
      usdc(600),
      usdc(400),
    ],
  },
];

describe("Attack", () => {
  describe("makers among others", () => {
    describe("that are wallets", () => {
      const modes = [
        "Refuse",
        "Revert",
        "WrongMagic",
        "DirtyMagic",
        "ShortAnswer",
        "BurnGas",
        "RevertBomb",
      ] as const;
      for (const mode of modes) {
        it(`are passed over and stop nobody when they answer by ${mode}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const { wallet, walletAccount, walletAddress, maker, second } = world;
          await wallet.setMode(Mode[mode]);
          const offers = [
            await offer(world),
            await ofWallet(world),
            await offer(world, { by: second }),
          ];
          expect(await takeBoth(world, offers)).to.deep.equal([
            ["filled", maker.account],
            ["BadSignature", walletAccount, walletAccount, walletAddress],
            ["filled", second.account],
          ]);
        });
      }

      it("copy 32 bytes of a return bomb: filled like any other, at the cost of what the wallet burns", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, walletAccount, second } = world;
        await wallet.setMode(Mode.ReturnBomb);
        const offers = [await ofWallet(world), await offer(world, { by: second })];
        expect(await takeBoth(world, offers)).to.deep.equal([
          ["filled", walletAccount],
          ["filled", second.account],
        ]);
      });

      it("cost 150,000 gas each at most, though all sixteen burn what they get", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, second } = world;
        const good = await offer(world, { by: second });
        await wallet.setMode(Mode.BurnGas);
        const bombs = await Promise.all(Array.from({ length: 15 }, async () => ofWallet(world)));
        const gasOf = async (offers: readonly Offer[]) => {
          const tx = await fillMany(world, { offers });
          return (await tx.wait())?.gasUsed ?? 0n;
        };
        const snapshot = await networkHelpers.takeSnapshot();
        const plain = await gasOf([good]);
        await snapshot.restore();
        const bombed = await gasOf([...bombs, good]);
        expect(bombed - plain < 15n * 180_000n, `${bombed - plain}`).to.equal(true);
      });

      it("call back in vain, with every function there is, alone and in a batch", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, walletAccount, walletAddress, address, second } = world;
        await wallet.setMode(Mode.Reenter);
        const next = await offer(world, { by: second });
        const filled = ["filled", second.account];
        for (const { name, data } of guardedCalls()) {
          const offers = [await ofWallet(world, calling(address, [data])), next];
          expect(await takeBoth(world, offers), name).to.deep.equal([
            ["filled", walletAccount],
            filled,
          ]);
        }
        // A call that is not refused would have been noticed.
        const offers = [await ofWallet(world, calling(address, [statelessCall().data])), next];
        const forged = ["BadSignature", walletAccount, walletAccount, walletAddress];
        expect(await takeBoth(world, offers)).to.deep.equal([forged, filled]);
      });

      it("cannot nest a batch, nor fill the order that they are asked about", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, wallet, walletAccount, address, second } = world;
        await wallet.setMode(Mode.Reenter);
        const bare = await many(world, [await offer(world)]);
        const inner = ledger.interface.encodeFunctionData("batch", [[bare]]);
        const offers = [
          await ofWallet(world, calling(address, [bare, inner])),
          await offer(world, { by: second }),
        ];
        expect(await takeBoth(world, offers)).to.deep.equal([
          ["filled", walletAccount],
          ["filled", second.account],
        ]);
      });

      it("are no forgers when the caller starves them: the whole call reverts with GasStarved", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, wallet, address } = world;
        await wallet.setMode(Mode.Accept);
        const data = await many(world, [await ofWallet(world), await offer(world)]);
        const needed = (150_000n * 64n) / 63n + 20_000n;
        const least = (left: bigint) => left > 0n && left <= needed;
        const sent = taker.signer.sendTransaction({ to: address, data, gasLimit: 220_000n });
        await expect(sent)
          .to.be.revertedWithCustomError(ledger, "GasStarved")
          .withArgs(least, needed);
      });
    });

    describe("that would veto a taker", () => {
      for (const { name, prepare, act, reason } of VETOES) {
        it(`are passed over, and the next one fills: a maker ${name}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const { second } = world;
          await prepare?.(world);
          const offers = [await offer(world), await offer(world, { by: second })];
          expect((await takeBoth(world, offers)).length).to.equal(2);
          await act(world);
          expect(await takeBoth(world, offers)).to.deep.equal([
            reason(world),
            ["filled", second.account],
          ]);
        });
      }
    });

    describe("that would veto a taker who writes", () => {
      it("are passed over when they close no more [the taker's own draw would break the ceiling and undo all]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, second, taker, guard, linear, quoteAddress, linearBook } = world;
        // Both makers have written ten puts for another account of the taker, and want them back.
        const writer = taker.account + 9n;
        await ledger.connect(taker.signer).deposit(writer, quoteAddress, usdc(1));
        const part = { premium: 0n };
        const wrote = [maker, second].map(async (by) =>
          offer(world, { by, order: { nonce: 7n }, part }),
        );
        await fillMany(world, { account: writer, offers: await Promise.all(wrote) });
        await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(500));
        const back = { legs: [put(K, 1n)], premium: -usd(50) };
        const [first, last] = [
          await offer(world, { part: back }),
          await offer(world, { by: second, part: back }),
        ];
        const filled = [maker, second].map(({ account }) => ["filled", account]);
        expect(await takeBoth(world, [first, last])).to.deep.equal(filled);
        const own = ledger.connect(maker.signer);
        const away = [put(K, -10n)];
        await own.transferLegs(maker.account, maker.account + 1n, linearBook, away, usdc(200));
        // Its order opens now. Four hundred of the makers, five that it pays, and what the taker lacks of its own.
        const reached = (pool: bigint) => [
          "CeilingReached",
          maker.account,
          linearBook,
          pool,
          usdc(500),
        ];
        expect(await takeBoth(world, [first, last])).to.deep.equal([
          reached(usdc(600)),
          ["filled", second.account],
        ]);
        expect(await takeBoth(world, [last, first])).to.deep.equal([
          ["filled", second.account],
          reached(usdc(800) - usdc(5)),
        ]);
      });

      it("do not stop it midway [a confederate takes a unit, and the taker has 33 legs between two orders]", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, second, taker, quoteAddress, linearBook } = world;
        const strikes = Array.from({ length: 32 }, (_, i) => usd(1_000 + 10 * i));
        const row = strikes.map((strike) => put(strike, -1n));
        await fill(world, { order: { nonce: 9n }, part: { legs: row, premium: 0n } });
        // All its puts at 1,000 go, and as many at 990 come: 32 strikes before and after.
        const part = { legs: [put(usd(990), -1n), put(usd(1_000), 1n)], premium: 0n };
        const other = maker.account + 5n;
        await ledger.connect(maker.signer).deposit(other, quoteAddress, usdc(1_000));
        const offers = [
          await offer(world, { by: second, part }),
          await offer(world, { by: { ...maker, account: other }, part }),
        ];
        const range = { offers, minUnits: 10n, maxUnits: 10n };
        const take = async () =>
          aside(world, async () => {
            const told = outcome(world, await toldBy(world, fillMany(world, range)));
            const { legs } = await positionOf(world, taker.account, linearBook);
            return { told, strikes: legs.map(({ strike }) => strike) };
          });
        const shifted = [usd(990), ...strikes.slice(1)];
        const whole = { told: [["filled", second.account]], strikes: shifted };
        expect(await take()).to.deep.equal(whole);
        const friend = { signer: second.address, from: maker.signer, account: maker.account + 6n };
        await ledger.connect(maker.signer).deposit(friend.account, quoteAddress, usdc(1_000));
        const [first] = offers;
        await fill(world, { ...friend, ...first, units: 1n });
        const both = [
          ["filled", second.account],
          ["filled", other],
        ];
        expect(await take()).to.deep.equal({ told: both, strikes: shifted });
      });
    });

    describe("that quote again", () => {
      it("fill one of two orders of one nonce, the first that fits, and never both", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook } = world;
        const stale = await offer(world);
        const fresh = await offer(world, { part: { premium: usd(80) } });
        const { account } = maker;
        const filled = ["filled", account];
        const dead = ["OrderFilledUp", account, account, 1n];
        for (const offers of [
          [stale, fresh],
          [fresh, stale],
        ]) {
          expect(await takeBoth(world, offers)).to.deep.equal([filled, dead]);
        }
        await fillMany(world, { offers: [fresh, stale] });
        const { legs } = await positionOf(world, account, linearBook);
        expect(legs.map(({ quantity }) => quantity)).to.deep.equal([-10n]);
        expect((await ledger.nonceOf(account, 1n)).state).to.equal(Nonce.Filled);
      });

      it("are bound to the order that was filled in part: NonceTaken for the other", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, second } = world;
        const stale = await offer(world);
        const fresh = await offer(world, { part: { premium: usd(80) } });
        const { account } = maker;
        await fill(world, { order: stale.order, units: 4n });
        const offers = [fresh, stale, await offer(world, { by: second }), stale, fresh];
        const told = await takeBoth(world, offers);
        expect(told).to.deep.equal([
          ["NonceTaken", account, account, 1n],
          ["filled", account],
          ["filled", second.account],
          ["OrderFilledUp", account, account, 1n],
          ["OrderFilledUp", account, account, 1n],
        ]);
      });

      it("are bound within one call: the order that a smaller maximum fills in part takes the nonce", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker } = world;
        const stale = await offer(world);
        const fresh = await offer(world, { part: { premium: usd(80) } });
        const own = ledger.connect(taker.signer);
        const take = async (offers: readonly Offer[]) =>
          ledger.interface.encodeFunctionData(
            "fillMany",
            manyArgs(await manyCall(world, { offers, maxUnits: 4n, limits: [NO_LIMIT] })),
          );
        const calls = [await take([stale, fresh]), await take([fresh, stale])];
        const told = outcome(world, await toldBy(world, own.batch(calls)));
        const { account } = maker;
        expect(told).to.deep.equal([
          ["filled", account],
          ["NonceTaken", account, account, 1n],
          ["filled", account],
        ]);
        expect((await ledger.nonceOf(account, 1n)).filled).to.equal(8n);
      });

      it("fill no more than their cash covers, however often they are named", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, quoteAddress } = world;
        const own = ledger.connect(maker.signer);
        const { quote } = await cashOf(world, maker.account);
        await own.withdraw(maker.account, quoteAddress, quote - usdc(390), maker.address);
        const offers = await Promise.all(
          [1n, 2n, 3n].map(async (nonce) => offer(world, { order: { nonce } })),
        );
        const told = await takeBoth(world, offers);
        const short = [maker.account, linearBook, usdc(405), usdc(600)];
        expect(told).to.deep.equal([
          ["filled", maker.account],
          ["filled", maker.account],
          ["Undercovered", maker.account, ...short],
        ]);
      });
    });

    it("are not the taker: its own orders are skipped, however many hide among others", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { taker, second, linearBook } = world;
      const own = await offer(world, { by: taker });
      const offers = [own, await offer(world, { by: second }), own];
      const self = ["SameAccount", taker.account, taker.account];
      const told = await takeBoth(world, offers);
      expect(told).to.deep.equal([self, ["filled", second.account], self]);
      await fillMany(world, { offers });
      const { legs } = await positionOf(world, taker.account, linearBook);
      expect(legs.map(({ quantity }) => quantity)).to.deep.equal([10n]);
    });

    it("receive what they signed, each its own price, whatever the order", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, second, linearBook } = world;
      const dear = await offer(world, { part: { premium: usd(60) } });
      const cheap = await offer(world, { by: second, part: { premium: usd(40) } });
      for (const offers of [
        [dear, cheap],
        [cheap, dear],
      ]) {
        await aside(world, async () => {
          const before = await Promise.all(
            [maker, second].map(({ account }) => cashOf(world, account)),
          );
          await fillMany(world, { offers });
          const after = await Promise.all(
            [maker, second].map(({ account }) => cashOf(world, account)),
          );
          const drawn = before.map(({ quote }, i) => quote - (after[i]?.quote ?? 0n));
          expect(drawn).to.deep.equal([usdc(194), usdc(196)]);
          expect((await bookView(world, linearBook)).pool).to.equal(usdc(400));
        });
      }
    });
  });
});
