import { expect } from "chai";

import type { PartInput } from "../../../scripts/lib/orders.ts";
import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { NO_LIMIT, fill, inversePart, linearPart, sorted } from "../../fixtures/fills.ts";
import { call, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import {
  aside,
  fillMany,
  leaveCash,
  manyArgs,
  manyCall,
  manyResult,
  offer,
  reasonIn,
  refusedMany,
  toldBy,
  twoOffers,
  withSecond,
} from "../../fixtures/takes.ts";
import type { ManyPatch, Offer } from "../../fixtures/takes.ts";
import {
  DAY,
  HOUR,
  Level,
  MAX_112,
  MAX_63,
  MAX_64,
  MAX_80,
  Scope,
  ether,
  usd,
  usdc,
} from "../../fixtures/units.ts";
import { FEE, at, deployOpen, now } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return withSecond(await deployOpen(connection));
}

/** A book in which words reach their bounds. */
async function endless() {
  return openEndless(await networkHelpers.loadFixture(opened));
}

/** What ten units cost at 50 and at 60, what they require of the writer, and the fee on them. */
const FIRST = usdc(5);
const SECOND = usdc(6);
const NEED = usdc(200);
const FEES = 10n * FEE.linear;

async function setCeiling({ ledger, guard, linear }: World, ceiling: bigint): Promise<void> {
  await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, ceiling);
}

describe("Clearinghouse", () => {
  describe("fillMany, its checks", () => {
    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for strangers and manage operators, before anything else", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, guard, second } = world;
        const until = (await now(world)) + DAY;
        await ledger
          .connect(taker.signer)
          .setAccountOperator(taker.account, guard.address, Scope.Manage, until);
        for (const caller of [second.signer, guard]) {
          const patch = { from: caller, offers: [], minUnits: 0n };
          const args = [taker.account, caller.address, Scope.Trade];
          await refusedMany(world, patch, "NotPermitted", args);
        }
      });

      it("reverts with FillsBound for no order and for seventeen, before the units", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const one = await offer(world);
        for (const count of [0, 17]) {
          const offers = Array.from({ length: count }, () => one);
          const args = [BigInt(count), 16n];
          await refusedMany(world, { offers, minUnits: 0n }, "FillsBound", args);
        }
        const sixteen = Array.from({ length: 16 }, () => one);
        await fillMany(world, { offers: sixteen });
      });

      it("reverts with UnitsRange for an empty range and one from 0, before the parts", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = [await offer(world, { order: { parts: [] } })];
        for (const [minUnits, maxUnits] of [
          [0n, 0n],
          [0n, 10n],
          [2n, 1n],
          [MAX_64, MAX_64 - 1n],
        ] as const) {
          const patch = { offers, minUnits, maxUnits };
          await refusedMany(world, patch, "UnitsRange", [minUnits, maxUnits]);
        }
      });
    });

    describe("when the parts do not hold", () => {
      const bad = put(usd(2_000) + 1n, -1n);
      const many = Array.from({ length: 33 }, (_, i) => put(usd(10 * (i + 1)), -1n));
      /** What is wrong with the parts of the first order, in the order in which the ledger looks at them. */
      const faults: readonly {
        readonly what: string;
        readonly error: string;
        readonly args: (world: World) => readonly unknown[];
        readonly parts?: (world: World) => PartInput[];
        readonly patch?: ManyPatch;
        readonly before?: (world: World) => Promise<unknown>;
      }[] = [
        {
          what: "no part, before the limits",
          error: "PartsBound",
          args: () => [0n, 4n],
          parts: () => [],
          patch: { limits: [NO_LIMIT] },
        },
        {
          what: "five parts",
          error: "PartsBound",
          args: () => [5n, 4n],
          parts: (world) => Array.from({ length: 5 }, () => linearPart(world)),
        },
        {
          what: "no limit, before the parts are looked at",
          error: "LimitsLength",
          args: () => [0n, 1n],
          parts: (world) => [linearPart(world, { book: 7n })],
          patch: { limits: [] },
        },
        {
          what: "a limit too many",
          error: "LimitsLength",
          args: () => [2n, 1n],
          patch: { limits: [NO_LIMIT, NO_LIMIT] },
        },
        {
          what: "a book that stands twice",
          error: "PartsUnsorted",
          args: ({ linearBook }) => [1n, linearBook],
          parts: (world) => [linearPart(world), linearPart(world, { legs: [] })],
        },
        {
          what: "a book that is not open, before its legs",
          error: "BookNotOpen",
          args: () => [7n],
          parts: (world) => [linearPart(world, { book: 7n, legs: [bad] })],
        },
        {
          what: "an expired book, before its legs",
          error: "BookExpired",
          args: ({ linearBook, expiry }) => [linearBook, expiry, expiry],
          parts: (world) => [linearPart(world, { legs: [] })],
          before: async (world) => at(world, world.expiry),
        },
        {
          what: "a halted market, before the legs",
          error: "MarketHalted",
          args: ({ linearBook, expiry }) => [linearBook, expiry - HOUR],
          parts: (world) => [linearPart(world, { legs: [] })],
          before: async (world) => {
            const { ledger, guard, linear, expiry } = world;
            await at(world, expiry - 2n * HOUR);
            await ledger.connect(guard).setGuard(linear, Level.Halted, expiry - HOUR, 1n);
          },
        },
        {
          what: "no leg",
          error: "LegsBound",
          args: () => [0n, 0n, 32n],
          parts: (world) => [linearPart(world, { legs: [] })],
        },
        {
          what: "33 legs",
          error: "LegsBound",
          args: () => [0n, 33n, 32n],
          parts: (world) => [linearPart(world, { legs: many })],
        },
        {
          what: "a key that stands twice, before its quantity",
          error: "LegsUnsorted",
          args: () => [0n, 1n],
          parts: (world) => [
            linearPart(world, { legs: [put(usd(2_000), -1n), put(usd(2_000), 0n)] }),
          ],
        },
        {
          what: "a quantity of 0, before the strike",
          error: "LegQuantity",
          args: () => [0n, 0n, 0n],
          parts: (world) => [linearPart(world, { legs: [put(usd(2_000) + 1n, 0n)] })],
        },
        {
          what: "a quantity of −2^63",
          error: "LegQuantity",
          args: () => [0n, 0n, -(1n << 63n)],
          parts: (world) => [linearPart(world, { legs: [put(usd(2_000), -(1n << 63n))] })],
        },
        {
          what: "a strike beside the tick",
          error: "StrikeOffTick",
          args: () => [usd(2_000) + 1n, usd(10)],
          parts: (world) => [linearPart(world, { legs: [bad] })],
        },
        {
          what: "a strike of 0",
          error: "StrikeOffTick",
          args: () => [0n, usd(10)],
          parts: (world) => [linearPart(world, { legs: [put(0n, -1n)] })],
        },
        {
          what: "a put in an inverse book",
          error: "PutsNotListed",
          args: ({ inverseBook }) => [inverseBook],
          parts: (world) => [
            inversePart(world, { legs: [call(usd(1_000), 1n), put(usd(2_000), -1n)] }),
          ],
        },
        {
          what: "calls that do not net in a linear one",
          error: "CallsMustNet",
          args: ({ linearBook }) => [linearBook, -1n],
          parts: (world) => [linearPart(world, { legs: [call(usd(2_000), -1n)] })],
        },
      ];
      for (const { what, error, args, parts, patch, before } of faults) {
        it(`reverts with ${error} for ${what}, though the first order is void`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const order = { deadline: 0n, ...(parts === undefined ? {} : { parts: parts(world) }) };
          const offers = [await offer(world, { order }), await offer(world)];
          const request = await manyCall(world, { offers, minUnits: 1n, ...patch });
          await before?.(world);
          await expect(world.ledger.connect(world.taker.signer).fillMany(...manyArgs(request)))
            .to.be.revertedWithCustomError(world.ledger, error)
            .withArgs(...args(world));
        });
      }

      const different: readonly [name: string, parts: (world: World) => PartInput[]][] = [
        ["no part", () => []],
        ["a part more", (world) => sorted(linearPart(world), inversePart(world))],
        ["another book", (world) => [inversePart(world)]],
        ["another expiry", (world) => [linearPart(world, { book: world.linearBook + 1n })]],
        ["another quantity", (world) => [linearPart(world, { legs: [put(usd(2_000), -2n)] })]],
        ["another strike", (world) => [linearPart(world, { legs: [put(usd(1_990), -1n)] })]],
        ["another right", (world) => [linearPart(world, { legs: [call(usd(2_000), -1n)] })]],
        ["no leg", (world) => [linearPart(world, { legs: [] })]],
        [
          "a leg more",
          (world) => [linearPart(world, { legs: [put(usd(2_000), -1n), put(usd(2_010), 1n)] })],
        ],
      ];
      for (const [name, parts] of different) {
        it(`reverts with PartsDiffer for an order with ${name}, before that order's own faults`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const differs = { parts: parts(world), deadline: 0n, units: 0n };
          const odd = await offer(world, { order: differs, signature: "0x" });
          const [first, second] = await twoOffers(world);
          const late = { offers: [first, second, odd], maxUnits: 21n };
          await refusedMany(world, late, "PartsDiffer", [2n]);
          await refusedMany(world, { offers: [first, odd], maxUnits: 11n }, "PartsDiffer", [1n]);
        });
      }

      it("reverts with PartsDiffer after an order that was skipped", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const skipped = await offer(world, { signature: "0x" });
        const odd = await offer(world, { order: { parts: [inversePart(world)] } });
        await refusedMany(world, { offers: [skipped, odd] }, "PartsDiffer", [1n]);
      });

      it("compares every part of several", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const changed = parts.map((part, i) =>
          i === 0 ? part : { ...part, legs: [...part.legs, call(usd(9_000), -1n)] },
        );
        const offers = [
          await offer(world, { order: { parts } }),
          await offer(world, { by: world.second, order: { parts: changed } }),
        ];
        await refusedMany(world, { offers }, "PartsDiffer", [1n]);
      });

      it("lets price, draw, size, nonce and taker differ", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { second, taker } = world;
        const order = { nonce: 2n, units: 3n, minFill: 3n, taker: taker.address };
        const part = { premium: -1n, maxDraw: usdc(30) };
        const offers = [await offer(world), await offer(world, { by: second, order, part })];
        expect((await manyResult(world, { offers })).units).to.equal(13n);
      });
    });

    describe("when too little is filled", () => {
      it("reverts with UnitsShort where every order is skipped", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = [await offer(world, { signature: "0x" })];
        await refusedMany(world, { offers, maxUnits: 5n }, "UnitsShort", [0n, 1n]);
      });

      it("fills minUnits exactly, and reverts with UnitsShort one above, before the price", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = await twoOffers(world);
        const limits = [{ maxPay: 0n, maxDraw: 0n }];
        const short = { offers, minUnits: 21n, maxUnits: 30n, limits };
        await refusedMany(world, short, "UnitsShort", [20n, 21n]);
        await fillMany(world, { offers, minUnits: 20n, maxUnits: 30n });
      });
    });

    describe("when the taker does not hold, over all that was filled", () => {
      it("reverts with QuantityBound for the taker's legs at the order that takes them there", async () => {
        const world = await withSecond(await endless());
        const { ledger, second, taker, book, token, tokenAddress } = world;
        await token.mint(second.address, MAX_112);
        await token.connect(second.signer).approve(world.address, MAX_112);
        await ledger.connect(second.signer).deposit(second.account, tokenAddress, MAX_112);
        const part = { book, premium: 0n, legs: [put(1n, -MAX_63)] };
        const offers = [
          await offer(world, { order: { units: 1n }, part }),
          await offer(world, { by: second, order: { units: 1n }, part }),
        ];
        const args = [taker.account, putSeries(book, 1n), 2n * MAX_63];
        // Also though the price is beyond the limit, which is looked at in the end.
        const limits = [{ maxPay: -1n, maxDraw: 0n }];
        await refusedMany(world, { offers, limits }, "QuantityBound", args);
        await fillMany(world, { offers, maxUnits: 1n });
      });

      it("reverts with TooManyLegs for the taker's 33rd leg, in the end, before the price", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, admin, second, taker, linear, linearBook } = world;
        const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
        await fill(world, { order: { nonce: 9n, units: 1n }, part: { legs } });
        const offers = [await offer(world, { by: second })];
        const limits = [{ maxPay: -usdc(1), maxDraw: 0n }];
        const args = [taker.account, linearBook, 33n, 32n];
        await refusedMany(world, { offers, limits }, "TooManyLegs", args);
        const short = { offers, limits, minUnits: 11n, maxUnits: 12n };
        await refusedMany(world, short, "UnitsShort", [10n, 11n]);
        // Where nobody may open, the order is skipped before its legs are too many.
        await ledger.connect(admin).retire(linear);
        await refusedMany(world, { offers, limits }, "UnitsShort", [0n, 1n]);
      });

      it("lets the taker have more than 32 legs on the way to 32", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { second, taker, linearBook } = world;
        const row = (count: number, from: number, lots: bigint) =>
          Array.from({ length: count }, (_, i) => put(usd(10 * (from + i)), lots));
        const order = { nonce: 9n, units: 2n };
        await fill(world, { order, part: { legs: row(32, 1, -1n), premium: 0n } });
        // Each unit takes a lot of half of what the taker has, and gives a lot of as many others.
        const part = { legs: [...row(16, 17, 1n), ...row(16, 101, -1n)], premium: 0n };
        const offers = [
          await offer(world, { by: second, order: { units: 1n }, part }),
          await offer(world, { by: second, order: { nonce: 2n, units: 1n }, part }),
        ];
        const args = [taker.account, linearBook, 48n, 32n];
        await refusedMany(world, { offers, maxUnits: 1n }, "TooManyLegs", args);
        await fillMany(world, { offers });
        const { legs } = await positionOf(world, taker.account, linearBook);
        const held = legs.map(({ strike, quantity }) => [strike, quantity]);
        expect(held).to.deep.equal(
          [...row(16, 1, 2n), ...row(16, 101, 2n)].map((leg) => [leg >> 65n, 2n]),
        );
      });

      it("skips a maker without room before it looks at the taker, who has none either", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
        await fill(world, { order: { nonce: 9n, units: 1n }, part: { legs } });
        await refusedMany(world, {}, "UnitsShort", [0n, 1n]);
      });

      it("pays up to the limit in all, and reverts with PayAboveLimit one base unit above", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const offers = await twoOffers(world);
        const pay = FIRST + SECOND + 2n * FEES;
        const less = { offers, limits: [{ maxPay: pay - 1n, maxDraw: 0n }] };
        await refusedMany(world, less, "PayAboveLimit", [0n, pay, pay - 1n]);
        await fillMany(world, { offers, limits: [{ maxPay: pay, maxDraw: pay }] });
      });

      it("takes a negative limit as the least the taker receives in all", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const bid = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const offers = [
          await offer(world, { part: bid }),
          await offer(world, { by: world.second, part: bid }),
        ];
        const pay = -usdc(10) + 2n * FEES;
        const less = { offers, limits: [{ ...NO_LIMIT, maxPay: pay - 1n }] };
        await refusedMany(world, less, "PayAboveLimit", [0n, pay, pay - 1n]);
        await fillMany(world, { offers, limits: [{ ...NO_LIMIT, maxPay: pay }] });
      });

      it("reverts with CollateralBound for the taker's collateral, before the pool's bound", async () => {
        const world = await withSecond(await endless());
        const { ledger, taker, book } = world;
        const part = { book, premium: 0n, legs: [put(1n, -1n)] };
        await fill(world, { order: { nonce: 9n, units: 2n }, part });
        const own = ledger.connect(taker.signer);
        await own.allocate(taker.account, book, MAX_112 - 2n);
        const back = { book, premium: -3n, legs: [put(1n, 1n)] };
        const offers = [await offer(world, { order: { units: 2n }, part: back })];
        const args = [taker.account, book, MAX_112 + 4n, MAX_112];
        await refusedMany(world, { offers }, "CollateralBound", args);
        await own.free(taker.account, book, 4n);
        await fillMany(world, { offers });
      });

      it("draws the limit in all, and reverts with DrawTooSmall one below, before the cash", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        await leaveCash(world, world.taker, usdc(11.01) - 1n);
        const offers = await twoOffers(world);
        const pay = FIRST + SECOND + 2n * FEES;
        const less = { offers, limits: [{ ...NO_LIMIT, maxDraw: pay - 1n }] };
        const args = [taker.account, linearBook, pay, pay - 1n];
        await refusedMany(world, less, "DrawTooSmall", args);
      });

      it("draws the last unit of cash, and reverts with Undercovered one short", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, linearBook, quoteAddress } = world;
        const offers = await twoOffers(world);
        const pay = FIRST + SECOND + 2n * FEES;
        await leaveCash(world, world.taker, pay - 1n);
        await refusedMany(world, { offers }, "Undercovered", [taker.account, linearBook, 0n, 0n]);
        await ledger.connect(taker.signer).deposit(taker.account, quoteAddress, 1n);
        await fillMany(world, { offers });
        expect((await cashOf(world, taker.account)).quote).to.equal(0n);
      });

      it("reverts with Undercovered where the taker writes and has too little, within the ceiling", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, linearBook } = world;
        const bid = { legs: [put(usd(2_000), 1n)], premium: 0n };
        const offers = [await offer(world, { part: bid })];
        await leaveCash(world, world.taker, usdc(100));
        await setCeiling(world, NEED);
        const args = [taker.account, linearBook, usdc(100) - FEES, NEED];
        await refusedMany(world, { offers }, "Undercovered", args);
        // The ceiling is met first, by what the taker lacks, whether or not the cash is there.
        await setCeiling(world, NEED - 1n);
        await refusedMany(world, { offers }, "UnitsShort", [0n, 1n]);
      });

      it("reverts with FeesBound for the fees of all orders", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const dear = await openEndless(world, { feePerLot: 1n << 20n, strikeTick: 1n << 30n });
        const { book } = dear;
        // Two orders of 2^59 lots cost fees of 2^79 each.
        const part = { book, premium: 0n, legs: [put(1n << 30n, -(1n << 59n))] };
        const offers = [
          await offer(dear, { order: { units: 1n }, part }),
          await offer(dear, { order: { nonce: 2n, units: 1n }, part }),
        ];
        await refusedMany(world, { offers }, "FeesBound", [book, 1n << 80n, MAX_80]);
        await fillMany(dear, { offers, maxUnits: 1n });
        expect((await bookView(dear, book)).fees).to.equal(1n << 79n);
      });

      it("reverts with PoolBound where the taker's draw fills the pool, after the fees", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const dear = await openEndless(world, { feePerLot: 1n << 20n, strikeTick: 1n << 30n });
        const { ledger, maker, taker, guard, market, book } = dear;
        const legs = [put(1n << 30n, -(1n << 59n))];
        const order = { nonce: 9n, units: 1n };
        const part = { book, premium: 0n, legs };
        await ledger.connect(taker.signer).depositToBook(taker.account + 1n, book, 1n << 79n);
        await fill(dear, { account: taker.account + 1n, order, part });
        // The maker's 2^89 stay when the taker takes its shorts over for as much: nothing opens, no ceiling is met.
        await ledger.connect(guard).setGuard(market, Level.Normal, 0n, 0n);
        const rest = MAX_112 + 1n - (1n << 90n);
        await ledger.connect(maker.signer).depositToBook(maker.account + 1n, book, rest);
        const back = { ...part, legs: [put(1n << 30n, 1n << 59n)] };
        const offers = [await offer(dear, { order: { units: 1n }, part: back })];
        await refusedMany(world, { offers }, "FeesBound", [book, 1n << 80n, MAX_80]);
        await ledger.pushFees(book);
        await refusedMany(world, { offers }, "PoolBound", [book, MAX_112 + 1n, MAX_112]);
        await ledger.connect(maker.signer).free(maker.account + 1n, book, 1n);
        await fillMany(dear, { offers });
        expect((await bookView(dear, book)).pool).to.equal(MAX_112);
      });

      it("lets closing through above the ceiling, and nothing more behind an order that opens", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { second, maker, linearBook } = world;
        await fill(world);
        await setCeiling(world, 1n);
        const back = { legs: [put(usd(2_000), 1n)], premium: 0n };
        const closing = await offer(world, { order: { nonce: 2n, units: 4n }, part: back });
        const told = async (...offers: Offer[]) =>
          aside(world, async () => {
            const events = await toldBy(world, fillMany(world, { offers }));
            return events.flatMap(({ name, args }) => {
              if (name === "Allocated") return [];
              return [name === "FillSkipped" ? reasonIn(world, args[3]) : args[0]];
            });
          });
        expect(await told(closing)).to.deep.equal([maker.account]);
        const novation = await offer(world, { by: second, order: { units: 6n }, part: back });
        expect(await told(closing, novation)).to.deep.equal([maker.account, second.account]);
        // The seventh lot beyond what the taker is long opens, and needs 20 of it.
        const opening = await offer(world, { by: second, order: { units: 7n }, part: back });
        const reached = (pool: bigint, ceiling: bigint) => ({
          name: "CeilingReached",
          args: [linearBook, pool, ceiling],
        });
        const first = reached(NEED + usdc(20), 1n);
        expect(await told(closing, opening)).to.deep.equal([maker.account, first]);
        const { pool } = await bookView(world, linearBook);
        await setCeiling(world, pool + usdc(20) - 1n);
        const above = reached(pool + usdc(20), pool + usdc(20) - 1n);
        expect(await told(closing, opening)).to.deep.equal([maker.account, above]);
        await setCeiling(world, pool + usdc(20));
        expect(await told(closing, opening)).to.deep.equal([maker.account, second.account]);
        // Behind an order that opens, one that closes is held to the ceiling too, for what the taker then needs.
        const eleven = await offer(world, { by: second, order: { units: 11n }, part: back });
        const behind = reached(pool + usdc(100), pool + usdc(20));
        expect(await told(eleven, closing)).to.deep.equal([second.account, behind]);
        await setCeiling(world, pool + usdc(100));
        expect(await told(eleven, closing)).to.deep.equal([second.account, maker.account]);
      });

      it("names the first part that fails, whatever it is", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const offers = [await offer(world, { order: { parts } })];
        const pays = parts.map(({ book }) =>
          book === world.linearBook ? FIRST + FEES : ether(0.002) + 10n * FEE.inverse,
        );
        const limits = [
          { ...NO_LIMIT, maxDraw: 0n },
          { ...NO_LIMIT, maxPay: 0n },
        ];
        const args = [world.taker.account, parts[0]?.book, pays[0], 0n];
        await refusedMany(world, { offers, limits }, "DrawTooSmall", args);
      });
    });
  });
});
