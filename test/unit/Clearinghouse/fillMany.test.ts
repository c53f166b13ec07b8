import { expect } from "chai";

import type { PartInput } from "../../../scripts/lib/orders.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  NO_LIMIT,
  fill,
  fillArgs,
  fillCall,
  inversePart,
  linearPart,
  sorted,
} from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import {
  aside,
  fillMany,
  leaveCash,
  ledgerState,
  manyArgs,
  manyCall,
  manyResult,
  offer,
  orderHashOf,
  parties,
  refusedMany,
  toldBy,
  twoOffers,
  withSecond,
} from "../../fixtures/takes.ts";
import type { Offer } from "../../fixtures/takes.ts";
import { MAX_64, Nonce, Scope, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { Mode, deployWallet } from "../../fixtures/wallet.ts";
import { FEE, PURSE, deployOpen } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return withSecond(await deployOpen(connection));
}

/** A second expiry of both markets. */
async function calendar() {
  const world = await opened();
  const later = world.expiry + WEEK;
  await world.ledger.openBook(world.linear, later);
  await world.ledger.openBook(world.inverse, later);
  return { ...world, laterBook: bookOf(world.linear, later) };
}

/** What ten units cost at 50 and at 60, what they require of the writer, and the fee on them. */
const FIRST = usdc(5);
const SECOND = usdc(6);
const NEED = usdc(200);
const FEES = 10n * FEE.linear;

describe("Clearinghouse", () => {
  describe("fillMany", () => {
    describe("when two makers offer at different prices", () => {
      it("returns the units and what the taker pays in all, fee included", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = await twoOffers(world);
        expect(await manyResult(world, { offers })).to.deep.equal({
          units: 20n,
          paid: [FIRST + SECOND + 2n * FEES],
        });
      });

      it("emits OrderFilled for each with a taker's draw of 0, then Allocated with the whole draw", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, second, taker, linearBook } = world;
        const offers = await twoOffers(world);
        const legs = [put(usd(2_000), -1n)];
        const filled = async (account: bigint, one: Offer, premium: bigint) => ({
          name: "OrderFilled",
          args: [
            account,
            taker.account,
            await orderHashOf(world, one),
            1n,
            10n,
            0n,
            [[linearBook, premium, FEES, (NEED - premium) << 128n, legs]],
          ],
        });
        expect(await toldBy(world, fillMany(world, { offers }))).to.deep.equal([
          await filled(maker.account, offers[0], FIRST),
          await filled(second.account, offers[1], SECOND),
          {
            name: "Allocated",
            args: [taker.account, linearBook, FIRST + SECOND + 2n * FEES],
          },
        ]);
      });

      it("gives each maker its legs and the taker all of them, each with what it requires", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, second, taker, linearBook } = world;
        await fillMany(world, { offers: await twoOffers(world) });
        const leg = { strike: usd(2_000), right: "put" };
        for (const { account } of [maker, second]) {
          expect(await positionOf(world, account, linearBook)).to.deep.equal({
            collateral: NEED,
            settled: false,
            legs: [{ ...leg, quantity: -10n }],
          });
        }
        expect(await positionOf(world, taker.account, linearBook)).to.deep.equal({
          collateral: 0n,
          settled: false,
          legs: [{ ...leg, quantity: 20n }],
        });
      });

      it("moves pool, fees, cash and nonces, and no token", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, quote, maker, second, taker, linearBook } = world;
        const offers = await twoOffers(world);
        await expect(fillMany(world, { offers })).to.changeTokenBalances(
          ethers,
          quote,
          [address, maker.address, second.address, taker.address],
          [0n, 0n, 0n, 0n],
        );
        const book = { open: true, pool: 2n * NEED, fees: 2n * FEES, price: 0n };
        expect(await bookView(world, linearBook)).to.deep.equal(book);
        const cash = async (account: bigint) => (await cashOf(world, account)).quote;
        expect(await cash(maker.account)).to.equal(PURSE.quote - NEED + FIRST);
        expect(await cash(second.account)).to.equal(PURSE.quote - NEED + SECOND);
        expect(await cash(taker.account)).to.equal(PURSE.quote - FIRST - SECOND - 2n * FEES);
        for (const { account } of [maker, second]) {
          expect((await ledger.nonceOf(account, 1n)).state).to.equal(Nonce.Filled);
        }
        expect((await ledger.nonceOf(taker.account, 1n)).state).to.equal(Nonce.Unused);
      });

      it("takes them in the order given", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const [first, second] = await twoOffers(world);
        const told = await toldBy(world, fillMany(world, { offers: [second, first] }));
        const makers = told.flatMap(({ name, args }) => (name === "OrderFilled" ? [args[0]] : []));
        expect(makers).to.deep.equal([world.second.account, world.maker.account]);
      });

      it("emits no Allocated where the taker's collateral suffices", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook } = world;
        await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(20));
        const told = await toldBy(world, fillMany(world, { offers: await twoOffers(world) }));
        expect(told.map(({ name }) => name)).to.deep.equal(["OrderFilled", "OrderFilled"]);
        const { collateral } = await positionOf(world, taker.account, linearBook);
        expect(collateral).to.equal(usdc(20) - FIRST - SECOND - 2n * FEES);
      });

      it("lets a taker write against two bids: what it receives covers a part of what it needs", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, second, linearBook } = world;
        const bid = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const offers = [
          await offer(world, { part: bid }),
          await offer(world, { by: second, part: { ...bid, premium: -usd(40) } }),
        ];
        const receives = usdc(9) - 2n * FEES;
        expect(await manyResult(world, { offers })).to.deep.equal({
          units: 20n,
          paid: [-receives],
        });
        const told = await toldBy(world, fillMany(world, { offers }));
        expect(told[2]).to.deep.equal({
          name: "Allocated",
          args: [taker.account, linearBook, 2n * NEED - receives],
        });
        expect((await positionOf(world, taker.account, linearBook)).collateral).to.equal(2n * NEED);
      });
    });

    describe("when maxUnits ends within an order", () => {
      it("takes of the last one what is left, and keeps the rest of it open", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, second } = world;
        const offers = await twoOffers(world);
        const patch = { offers, maxUnits: 14n };
        expect(await manyResult(world, patch)).to.deep.equal({
          units: 14n,
          paid: [FIRST + usdc(2.4) + 14n * FEE.linear],
        });
        const hash = await orderHashOf(world, offers[1]);
        const told = await toldBy(world, fillMany(world, patch));
        const head = told[1]?.args.slice(2, 6);
        expect(head).to.deep.equal([hash, 1n, 4n, 6n]);
        const { state, filled, boundHash } = await ledger.nonceOf(second.account, 1n);
        expect([state, filled]).to.deep.equal([Nonce.Partial, 4n]);
        expect(BigInt(boundHash)).to.equal((BigInt(hash) >> 64n) << 64n);
      });

      it("takes what remains of an order filled before, and clears its slot", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await fill(world, { units: 7n });
        const offers = await twoOffers(world);
        expect((await manyResult(world, { offers, maxUnits: 12n })).units).to.equal(12n);
        const told = await toldBy(world, fillMany(world, { offers, maxUnits: 12n }));
        expect(told.slice(0, 2).map(({ args }) => args.slice(4, 6))).to.deep.equal([
          [3n, 0n],
          [9n, 1n],
        ]);
        const zero = `0x${"0".repeat(64)}`;
        const nonce = [...(await ledger.nonceOf(maker.account, 1n))];
        expect(nonce).to.deep.equal([Nonce.Filled, 0n, zero]);
      });

      it("does not look at orders once maxUnits are filled", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const [first, second] = await twoOffers(world);
        const other = await offer(world, { order: { parts: [inversePart(world)] } });
        const offers = [first, second, other];
        const told = await toldBy(world, fillMany(world, { offers, maxUnits: 10n }));
        expect(told.map(({ name }) => name)).to.deep.equal(["OrderFilled", "Allocated"]);
      });

      it("fills fewer than maxUnits when there are no more, and 2^64 − 1 may be asked for", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = await twoOffers(world);
        const patch = { offers, minUnits: 20n, maxUnits: MAX_64 };
        expect((await manyResult(world, patch)).units).to.equal(20n);
      });

      it("takes sixteen orders", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers: Offer[] = [];
        for (let nonce = 1n; nonce <= 16n; nonce++) {
          const by = nonce % 2n === 0n ? world.maker : world.second;
          offers.push(await offer(world, { by, order: { nonce, units: nonce } }));
        }
        expect((await manyResult(world, { offers })).units).to.equal(136n);
        const told = await toldBy(world, fillMany(world, { offers }));
        expect(told).to.have.length(17);
      });
    });

    describe("when one maker has several orders", () => {
      it("lets the second order meet what the first left of position and cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await leaveCash(world, world.maker, usdc(389));
        const offers = [
          await offer(world),
          await offer(world, { order: { nonce: 2n }, part: { premium: usd(60) } }),
        ];
        await fillMany(world, { offers });
        const position = await positionOf(world, maker.account, linearBook);
        expect(position.collateral).to.equal(2n * NEED);
        expect(position.legs[0]?.quantity).to.equal(-20n);
        expect((await cashOf(world, maker.account)).quote).to.equal(0n);
      });

      it("nets a sale and what was held: premium of one order pays for the other", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await fill(world);
        const back = { legs: [put(usd(2_000), 1n)], premium: usd(1) };
        const offers = [
          await offer(world, { order: { nonce: 2n, units: 4n }, part: back }),
          await offer(world, { order: { nonce: 3n, units: 6n }, part: back }),
        ];
        await fillMany(world, { offers });
        const position = await positionOf(world, maker.account, linearBook);
        expect(position).to.deep.equal({
          collateral: NEED + usdc(0.1),
          settled: false,
          legs: [],
        });
        expect((await positionOf(world, world.taker.account, linearBook)).legs).to.deep.equal([]);
      });

      it("fills the same order twice as far as it goes", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const one = await offer(world);
        const told = await toldBy(world, fillMany(world, { offers: [one, one] }));
        expect(told.map(({ name }) => name)).to.deep.equal([
          "OrderFilled",
          "FillSkipped",
          "Allocated",
        ]);
        expect((await bookView(world, world.linearBook)).pool).to.equal(NEED);
      });
    });

    describe("when it takes one order", () => {
      const ways: readonly [name: string, patch: (world: World) => FillPatch][] = [
        ["a linear order", () => ({})],
        ["a piece of it", () => ({ units: 3n })],
        ["an inverse order", (world) => ({ order: { parts: [inversePart(world)] } })],
        [
          "an order of two parts",
          (world) => ({ order: { parts: sorted(linearPart(world), inversePart(world)) } }),
        ],
        [
          "a bid at a premium that rounds",
          () => ({ units: 7n, part: { legs: [put(usd(2_000), 1n)], premium: -12_345n } }),
        ],
        [
          "a spread of calls",
          () => ({ part: { legs: [call(usd(2_000), -2n), call(usd(2_100), 2n)], premium: 7n } }),
        ],
      ];
      for (const [name, patch] of ways) {
        it(`pays, and leaves all as fill does: ${name}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          await fill(world, { order: { nonce: 3n, units: 2n } });
          const single = await fillCall(world, patch(world));
          const many = await manyCall(world, {
            offers: [single],
            minUnits: single.units,
            maxUnits: single.units,
          });
          const own = world.ledger.connect(world.taker.signer);
          const paid = [...(await own.fill.staticCall(...fillArgs(single)))];
          expect([...(await own.fillMany.staticCall(...manyArgs(many))).paid]).to.deep.equal(paid);
          const [filled, state] = await aside(world, async () => [
            (await toldBy(world, own.fill(...fillArgs(single))))[0],
            await ledgerState(world, parties(world)),
          ]);
          const told = await toldBy(world, own.fillMany(...manyArgs(many)));
          expect(await ledgerState(world, parties(world))).to.deep.equal(state);
          // The event is the same but for the taker's draws, which Allocated tells.
          const draws: unknown[] = [];
          const parts = (filled?.args[6] ?? []) as [bigint, bigint, bigint, bigint, bigint[]][];
          for (const part of parts) {
            const draw = BigInt.asUintN(128, part[3]);
            if (draw !== 0n) draws.push([world.taker.account, part[0], draw]);
            part[3] -= draw;
          }
          expect(told[0]).to.deep.equal(filled);
          expect(told.slice(1).map(({ args }) => args)).to.deep.equal(draws);
        });
      }
    });

    describe("when it takes several orders", () => {
      it("pays what single fills of them pay, and leaves all as they do", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, second } = world;
        // The taker is short of the legs, so that a sign turns on the way and fees differ by order.
        const bid = { legs: [put(usd(1_900), 3n), put(usd(2_000), 1n)], premium: -usd(40) };
        await fill(world, { order: { nonce: 9n, units: 5n }, part: bid });
        const legs = [put(usd(1_900), -3n), put(usd(2_000), -1n)];
        const offers = [
          await offer(world, { order: { units: 3n }, part: { legs, premium: 12_345n } }),
          await offer(world, { by: second, order: { units: 7n }, part: { legs, premium: 9_999n } }),
          await offer(world, {
            order: { nonce: 2n, units: 9n },
            part: { legs, premium: -7_777n },
          }),
        ];
        const units = [3n, 7n, 4n];
        const own = ledger.connect(taker.signer);
        const [paid, singles] = await aside(world, async () => {
          let sum = 0n;
          for (const [i, one] of offers.entries()) {
            const patch = { ...one, units: units[i] ?? 0n };
            const args = fillArgs(await fillCall(world, patch));
            for (const part of await own.fill.staticCall(...args)) sum += part;
            await own.fill(...args);
          }
          return [sum, await ledgerState(world, parties(world))] as const;
        });
        const many = { offers, maxUnits: 14n };
        expect(await manyResult(world, many)).to.deep.equal({ units: 14n, paid: [paid] });
        await fillMany(world, many);
        const state = await ledgerState(world, parties(world));
        expect(state.books).to.deep.equal(singles.books);
        expect(state).to.deep.equal(singles);
      });

      it("draws once for all: an order that frees collateral pays for one that needs it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, second, linearBook } = world;
        // Short five puts, with nothing but their collateral: the first five units free 100, the next cost.
        const bid = { legs: [put(usd(2_000), 1n)], premium: 0n };
        await fill(world, { order: { nonce: 9n, units: 5n }, part: bid });
        await leaveCash(world, world.taker, 0n);
        const offers = [
          await offer(world, { order: { units: 5n }, part: { premium: usd(100) } }),
          await offer(world, { by: second, order: { units: 5n }, part: { premium: usd(1_000) } }),
        ];
        await fillMany(world, { offers, limits: [{ ...NO_LIMIT, maxDraw: 0n }] });
        expect(await positionOf(world, taker.account, linearBook)).to.deep.equal({
          collateral: usdc(100) - usdc(5) - usdc(50) - 5n * FEE.linear,
          settled: false,
          legs: [{ strike: usd(2_000), right: "put", quantity: 5n }],
        });
      });
    });

    describe("when orders have several parts", () => {
      it("fills parts in two tokens, each with its own price, limit and draw", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { second, taker, linearBook, inverseBook } = world;
        const parts = sorted(linearPart(world), inversePart(world));
        const dearer = sorted(
          linearPart(world, { premium: usd(60) }),
          inversePart(world, { premium: usd(0.03) }),
        );
        const offers = [
          await offer(world, { order: { parts } }),
          await offer(world, { by: second, order: { parts: dearer } }),
        ];
        const pays = new Map([
          [linearBook, FIRST + SECOND + 2n * FEES],
          [inverseBook, ether(0.005) + 20n * FEE.inverse],
        ]);
        const books = parts.map(({ book }) => book);
        const paid = books.map((book) => pays.get(book) ?? 0n);
        expect(await manyResult(world, { offers })).to.deep.equal({ units: 20n, paid });
        const limits = paid.map((pay) => ({ maxPay: pay, maxDraw: pay }));
        const told = await toldBy(world, fillMany(world, { offers, limits }));
        expect(told.slice(2)).to.deep.equal(
          books.map((book) => ({
            name: "Allocated",
            args: [taker.account, book, pays.get(book)],
          })),
        );
        expect((await bookView(world, linearBook)).pool).to.equal(2n * NEED);
        expect((await bookView(world, inverseBook)).pool).to.equal(ether(0.2));
      });

      /** One put a unit in the near and in the far book of the linear market. */
      const both = (world: { laterBook: bigint } & World, patch: Partial<PartInput> = {}) =>
        sorted(linearPart(world, patch), linearPart(world, { ...patch, book: world.laterBook }));

      it("counts earlier draws of one token: the taker's cash reaches for both parts or for none", async () => {
        const world = await networkHelpers.loadFixture(calendar);
        const { ledger, taker, quoteAddress, second } = world;
        const parts = both(world);
        const offers = [
          await offer(world, { order: { parts, units: 4n } }),
          await offer(world, { by: second, order: { parts, units: 6n } }),
        ];
        const pay = FIRST + FEES;
        await leaveCash(world, world.taker, 2n * pay - 1n);
        const last = parts[1]?.book ?? 0n;
        await refusedMany(world, { offers }, "Undercovered", [taker.account, last, 0n, 0n]);
        await ledger.connect(taker.signer).deposit(taker.account, quoteAddress, 1n);
        expect((await manyResult(world, { offers })).paid).to.deep.equal([pay, pay]);
        await fillMany(world, { offers });
        expect((await cashOf(world, taker.account)).quote).to.equal(0n);
      });

      it("counts earlier draws of one token: a maker's order is skipped for the part it cannot reach", async () => {
        const world = await networkHelpers.loadFixture(calendar);
        const { ledger, maker, quoteAddress, second } = world;
        const parts = both(world, { premium: 0n });
        const offers = [
          await offer(world, { order: { parts } }),
          await offer(world, { by: second, order: { parts } }),
        ];
        await leaveCash(world, world.maker, 2n * NEED - 1n);
        const told = await toldBy(world, fillMany(world, { offers, maxUnits: 10n }));
        const last = parts[1]?.book ?? 0n;
        const args = [maker.account, last, NEED - 1n, NEED];
        const reason = ledger.interface.encodeErrorResult("Undercovered", args);
        expect(told[0]?.args[3]).to.equal(reason);
        expect(told[1]?.args[0]).to.equal(second.account);
        await ledger.connect(maker.signer).deposit(maker.account, quoteAddress, 1n);
        await fillMany(world, { offers, maxUnits: 10n });
        expect((await cashOf(world, maker.account)).quote).to.equal(0n);
      });

      it("counts earlier draws of the same token alone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        await leaveCash(world, world.taker, FIRST + FEES);
        await leaveCash(world, world.maker, NEED - FIRST);
        await fillMany(world, { offers: [await offer(world, { order: { parts } })] });
        expect((await cashOf(world, world.taker.account)).quote).to.equal(0n);
        expect((await cashOf(world, world.maker.account)).quote).to.equal(0n);
      });

      it("moves nothing in any part where a later part of the taker does not hold", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const limits = [NO_LIMIT, { ...NO_LIMIT, maxPay: 0n }];
        const pay = parts[1]?.book === world.linearBook ? FIRST + FEES : undefined;
        const value = pay ?? ether(0.002) + 10n * FEE.inverse;
        const offers = [await offer(world, { order: { parts } })];
        await refusedMany(world, { offers, limits }, "PayAboveLimit", [1n, value, 0n]);
      });
    });

    describe("when somebody else trades", () => {
      it("takes the call of a trade operator, out of that account", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, guard, expiry } = world;
        const own = ledger.connect(taker.signer);
        await own.setAccountOperator(taker.account, guard.address, Scope.Trade, expiry);
        await fillMany(world, { from: guard });
        expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote - FIRST - FEES);
      });

      it("takes orders of an ERC-1271 wallet among others", async () => {
        const plain = await networkHelpers.loadFixture(opened);
        const { second, linearBook } = plain;
        const world = await deployWallet(plain);
        const { wallet, walletAccount, walletAddress } = world;
        await wallet.setMode(Mode.Accept);
        const order = { account: walletAccount };
        const offers = [
          await offer(world, { by: second }),
          await offer(world, { order, signer: walletAddress, signature: "0x" }),
          await offer(world),
        ];
        expect((await manyResult(world, { offers })).units).to.equal(30n);
        await fillMany(world, { offers });
        const [leg] = (await positionOf(world, walletAccount, linearBook)).legs;
        expect(leg?.quantity).to.equal(-10n);
      });
    });
  });
});
