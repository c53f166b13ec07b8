import { expect } from "chai";

import { connect, START } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { NO_LIMIT, fill, inversePart, linearPart, sorted } from "../../fixtures/fills.ts";
import { call, put, putSeries } from "../../fixtures/ids.ts";
import {
  aside,
  fillMany,
  leaveCash,
  ledgerState,
  manyResult,
  offer,
  orderHashOf,
  parties,
  reasonIn,
  refusedMany,
  toldBy,
  withSecond,
} from "../../fixtures/takes.ts";
import type { ManyWorld, Offer, OfferPatch } from "../../fixtures/takes.ts";
import { HOUR, Level, MAX_112, ether, usd, usdc } from "../../fixtures/units.ts";
import { FEE, at, deployOpen, now } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return withSecond(await deployOpen(connection));
}

/** A world with the book that the orders are for; its token and nonces are compared too. */
interface Scene extends ManyWorld {
  readonly book: bigint;
  readonly tokenAddress: string;
}

async function usual(): Promise<Scene> {
  const world = await networkHelpers.loadFixture(opened);
  return { ...world, book: world.linearBook, tokenAddress: world.quoteAddress };
}

/** A book in which words reach their bounds; the second maker has cash for it too. */
async function endless(): Promise<Scene> {
  const world = await openEndless(await networkHelpers.loadFixture(opened));
  const scene = await withSecond(world);
  const { ledger, address, token, tokenAddress, second } = scene;
  await token.mint(second.address, MAX_112);
  await token.connect(second.signer).approve(address, MAX_112);
  await ledger.connect(second.signer).deposit(second.account, tokenAddress, MAX_112);
  return scene;
}

/** Time of the blocks that matter; what is only called sees the second before. */
const NOW = START + 4n * HOUR;

/** One thing that is wrong with the maker's order, which stands between two good ones of the second maker. */
interface Skip {
  readonly error: string;
  readonly what: string;
  readonly args: (scene: Scene) => readonly unknown[];
  readonly scene?: () => Promise<Scene>;
  readonly before?: (scene: Scene) => Promise<unknown>;
  /** Of the order that is skipped. */
  readonly bad?: (scene: Scene) => OfferPatch;
  /** Legs, premium and draw of all three. */
  readonly part?: OfferPatch["part"];
  readonly maxUnits?: bigint;
}

/** Each good order is of four units; nine are asked for, so the order between them would be filled with five. */
const UNITS = 4n;
const MAX_UNITS = 9n;

const other: OfferPatch = { part: { legs: [put(usd(1_000), -1n)] } };

const SKIPS: readonly Skip[] = [
  {
    error: "SameAccount",
    what: "an order of the taking account",
    args: ({ taker }) => [taker.account],
    bad: ({ taker }) => ({ by: taker }),
  },
  {
    error: "OrderExpired",
    what: "an order past its deadline",
    args: () => [NOW - 2n, NOW],
    bad: () => ({ order: { deadline: NOW - 2n } }),
  },
  {
    error: "ForeignTaker",
    what: "an order for somebody else",
    args: ({ guard, taker }) => [guard.address, taker.address],
    bad: ({ guard }) => ({ order: { taker: guard.address } }),
  },
  {
    error: "EpochStale",
    what: "an order of an epoch that is over",
    args: () => [0n, 1n],
    before: async ({ ledger, maker }) => ledger.connect(maker.signer).raiseEpoch(maker.account),
  },
  {
    error: "EpochStale",
    what: "an order of an epoch to come",
    args: () => [5n, 0n],
    bad: () => ({ order: { epoch: 5n } }),
  },
  {
    error: "OrderCancelled",
    what: "a cancelled order",
    args: ({ maker }) => [maker.account, 1n],
    before: async ({ ledger, maker }) => ledger.connect(maker.signer).cancel(maker.account, [1n]),
  },
  {
    error: "OrderFilledUp",
    what: "an order filled before",
    args: ({ maker }) => [maker.account, 1n],
    before: async (scene) => fill(scene),
  },
  {
    error: "OrderFilledUp",
    what: "an order of no units, of which nothing remains",
    args: ({ maker }) => [maker.account, 1n],
    bad: () => ({ order: { units: 0n, minFill: 0n } }),
  },
  {
    error: "NonceTaken",
    what: "an order whose nonce another one has",
    args: ({ maker }) => [maker.account, 1n],
    before: async (scene) => fill(scene, { ...other, units: 1n }),
  },
  {
    error: "BelowMinFill",
    what: "an order whose least fill is more than what is left to fill",
    args: () => [5n, 10n],
    bad: () => ({ order: { minFill: 10n } }),
  },
  {
    error: "BadSignature",
    what: "an order without a signature",
    args: ({ maker }) => [maker.account, maker.address],
    bad: () => ({ signature: "0x" }),
  },
  {
    error: "BadSignature",
    what: "an order that a stranger signed",
    args: ({ maker, guard }) => [maker.account, guard.address],
    bad: ({ maker, guard }) => ({
      by: { signer: guard, address: guard.address, account: maker.account },
    }),
  },
  {
    error: "BadSignature",
    what: "an order signed with 65 bytes of nobody",
    args: ({ maker }) => [maker.account, maker.address],
    bad: () => ({ signature: `0x${"11".repeat(65)}` }),
  },
  {
    error: "QuantityBound",
    what: "a maker's quantity of 2^63",
    args: ({ maker, book }) => [maker.account, putSeries(book, 1n), -(1n << 63n)],
    scene: endless,
    part: { legs: [put(1n, -(1n << 59n))], premium: 0n },
    bad: () => ({ order: { units: 16n } }),
    maxUnits: 30n,
  },
  {
    error: "TooManyLegs",
    what: "a maker's 33rd leg",
    args: ({ maker, book }) => [maker.account, book, 33n, 32n],
    before: crowd,
  },
  {
    error: "CollateralBound",
    what: "a maker's collateral beyond its word",
    args: ({ maker, book }) => [maker.account, book, MAX_112 + 1n, MAX_112],
    scene: endless,
    before: async ({ ledger, maker, book }) =>
      ledger.connect(maker.signer).allocate(maker.account, book, MAX_112 - 19n),
    part: { legs: [put(1n, 1n)], premium: 1n },
    bad: () => ({ order: { units: 20n } }),
    maxUnits: 28n,
  },
  {
    error: "DrawTooSmall",
    what: "a maker that lets less be drawn",
    args: ({ maker, book }) => [maker.account, book, usdc(97.5), usdc(97.5) - 5n],
    bad: () => ({ part: { maxDraw: usdc(19.5) - 1n } }),
  },
  {
    error: "Undercovered",
    what: "a maker without the cash",
    args: ({ maker, book }) => [maker.account, book, usdc(2.5), usdc(100)],
    before: async (scene) => leaveCash(scene, scene.maker, 0n),
  },
  {
    error: "Undercovered",
    what: "a maker that owes more than it has, which shows as 0",
    args: ({ maker, book }) => [maker.account, book, 0n, usdc(100)],
    before: async (scene) => leaveCash(scene, scene.maker, usdc(1)),
    bad: () => ({ part: { premium: -usd(50) } }),
  },
  {
    error: "RiskRestricted",
    what: "an order that opens in a restricted book",
    args: ({ book }) => [book, putSeries(book, usd(2_000))],
    // The second maker buys back what it has sold; the maker would go beyond what the taker is long.
    before: async (scene) => {
      const { ledger, guard, linear, second, linearTerms } = scene;
      const sale = await offer(scene, { by: second, order: { nonce: 9n, units: 2n * UNITS } });
      await fillMany(scene, { offers: [sale] });
      const until = (await now(scene)) + 5n * HOUR;
      await ledger.connect(guard).setGuard(linear, Level.Restricted, until, linearTerms.ceiling);
    },
    part: { legs: [put(usd(2_000), 1n)], premium: 0n },
  },
  {
    error: "CeilingReached",
    what: "an order that takes the pool above its ceiling",
    // Twenty for each put, from the maker and from the taker, who pays the premium and the fees that leave.
    args: ({ book }) => [book, usdc(180), usdc(170)],
    before: async ({ ledger, guard, linear }) =>
      ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(170)),
  },
];

/** Two good orders and, between or around them, the one that is skipped. */
async function cast(scene: Scene, { part, bad }: Skip): Promise<{ good: Offer[]; skipped: Offer }> {
  const { second, book } = scene;
  const parts = { book, ...part };
  const good = [
    await offer(scene, { by: second, order: { units: UNITS }, part: parts }),
    await offer(scene, { by: second, order: { nonce: 2n, units: UNITS }, part: parts }),
  ];
  const patch = bad?.(scene) ?? {};
  const skipped = await offer(scene, { ...patch, part: { ...parts, ...patch.part } });
  return { good, skipped };
}

async function stateOf(scene: Scene) {
  const { linearBook, inverseBook, book, quoteAddress, baseAddress, tokenAddress } = scene;
  return ledgerState(scene, parties(scene), {
    books: [linearBook, inverseBook, book],
    tokens: [quoteAddress, baseAddress, tokenAddress],
  });
}

/** What a call comes to, at a time of its own. */
async function outcome(scene: Scene, offers: readonly Offer[], maxUnits: bigint) {
  return aside(scene, async () => {
    await networkHelpers.time.increaseTo(NOW - 1n);
    await at(scene, NOW);
    const result = await manyResult(scene, { offers, maxUnits });
    await at(scene, NOW);
    const told = await toldBy(scene, fillMany(scene, { offers, maxUnits }));
    const skips = told.filter(({ name }) => name === "FillSkipped");
    const others = told.filter(({ name }) => name !== "FillSkipped");
    return { result, skips, others, state: await stateOf(scene) };
  });
}

/** The maker holds 32 legs; the taker's side of them is another sub-account's. */
async function crowd(world: World): Promise<void> {
  const { ledger, taker, quoteAddress } = world;
  const account = taker.account + 1n;
  await ledger.connect(taker.signer).deposit(account, quoteAddress, usdc(100));
  const order = { nonce: 9n, units: 1n };
  const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
  await fill(world, { account, order, part: { legs } });
}

/** The taker holds 32 legs of a book. */
async function fillUp(world: World, book: bigint): Promise<void> {
  const leg = book === world.linearBook ? put : call;
  const legs = Array.from({ length: 32 }, (_, i) => leg(usd(10 * (i + 1)), -1n));
  await fill(world, { order: { nonce: 9n, units: 1n }, part: { book, legs, premium: 0n } });
}

/** A book's market retires. */
async function shut({ ledger, admin, linear, inverse, linearBook }: World, book: bigint) {
  return ledger.connect(admin).retire(book === linearBook ? linear : inverse);
}

describe("Clearinghouse", () => {
  describe("fillMany, what it skips", () => {
    for (const skip of SKIPS) {
      const { error, what, args, maxUnits = MAX_UNITS } = skip;
      it(`skips ${what} with ${error}, and does as if it were not there`, async () => {
        const scene = await (skip.scene ?? usual)();
        await skip.before?.(scene);
        const { good, skipped } = await cast(scene, skip);
        const [first, last] = good;
        if (first === undefined || last === undefined) throw new Error("two good orders");
        const { skips: none, ...without } = await outcome(scene, good, maxUnits);
        expect(none).to.deep.equal([]);
        expect(without.result.units).to.equal(2n * UNITS);
        const hash = await orderHashOf(scene, skipped);
        const maker = skipped.order.account;
        const casts = [
          [first, skipped, last],
          [skipped, first, last],
          [first, last, skipped],
        ];
        for (const [i, offers] of casts.entries()) {
          const { skips, ...others } = await outcome(scene, offers, maxUnits);
          expect(skips.map((event) => event.args.slice(0, 3))).to.deep.equal([
            [maker, scene.taker.account, hash],
          ]);
          const reason = reasonIn(scene, skips[0]?.args[3]);
          expect(reason.name).to.equal(error);
          if (i === 0) expect(reason.args).to.deep.equal(args(scene));
          expect(others).to.deep.equal(without);
        }
      });
    }

    describe("when two things are wrong with an order", () => {
      /** In the order in which the ledger looks at them: of two neighbours, the first is the reason. */
      const faults: readonly {
        readonly error: string;
        readonly patch?: (world: World) => OfferPatch;
        readonly before?: (world: ManyWorld) => Promise<unknown>;
      }[] = [
        { error: "SameAccount", patch: ({ taker }) => ({ by: taker }) },
        { error: "OrderExpired", patch: () => ({ order: { deadline: START } }) },
        { error: "ForeignTaker", patch: ({ guard }) => ({ order: { taker: guard.address } }) },
        { error: "EpochStale", patch: () => ({ order: { epoch: 5n } }) },
        {
          error: "OrderCancelled",
          before: async ({ ledger, maker }) =>
            ledger.connect(maker.signer).cancel(maker.account, [1n]),
        },
        { error: "BelowMinFill", patch: () => ({ order: { minFill: 10n } }) },
        { error: "BadSignature", patch: () => ({ signature: "0x" }) },
        { error: "TooManyLegs", before: crowd },
        { error: "DrawTooSmall", patch: () => ({ part: { maxDraw: 0n } }) },
        { error: "Undercovered", before: async (world) => leaveCash(world, world.maker, 0n) },
      ];
      for (const [i, { error, patch, before }] of faults.slice(0, -1).entries()) {
        const next = faults[i + 1];
        it(`names ${error} before ${next?.error}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          await before?.(world);
          await next?.before?.(world);
          const [a, b] = [patch?.(world) ?? {}, next?.patch?.(world) ?? {}];
          const bad = await offer(world, {
            ...a,
            ...b,
            order: { ...a.order, ...b.order },
            part: { ...a.part, ...b.part },
          });
          const good = await offer(world, { by: world.second, order: { units: 1n } });
          const offers = [bad, good];
          const told = await toldBy(world, fillMany(world, { offers, maxUnits: 9n }));
          expect(told.map(({ name }) => name)).to.deep.equal([
            "FillSkipped",
            "OrderFilled",
            "Allocated",
          ]);
          expect(reasonIn(world, told[0]?.args[3]).name).to.equal(error);
        });
      }

      it("names the maker's failure before the gates of the book, and Restricted before the ceiling", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, second, linearBook } = world;
        const sale = await offer(world, { by: second, order: { nonce: 9n, units: 4n } });
        await fillMany(world, { offers: [sale] });
        const until = (await now(world)) + HOUR;
        await ledger.connect(guard).setGuard(linear, Level.Restricted, until, 0n);
        const back = { legs: [put(usd(2_000), 1n)], premium: -usd(1) };
        const restricted = {
          name: "RiskRestricted",
          args: [linearBook, putSeries(linearBook, usd(2_000))],
        };
        const poor = await offer(world, { part: { ...back, maxDraw: 0n } });
        const opening = await offer(world, { order: { nonce: 2n }, part: back });
        const closing = await offer(world, { by: second, order: { units: 4n }, part: back });
        const offers = [poor, opening, closing];
        const told = await toldBy(world, fillMany(world, { offers, maxUnits: 10n }));
        const reasons = told.slice(0, 2).map(({ args }) => reasonIn(world, args[3]));
        expect(reasons[0]?.name).to.equal("DrawTooSmall");
        expect(reasons[1]).to.deep.equal(restricted);
      });
    });

    describe("when an order has two parts", () => {
      it("leaves neither part of a skipped order behind, though the first had passed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, inverse, second, linearBook, linearTerms } = world;
        const parts = sorted(linearPart(world), inversePart(world));
        // The ceiling of the later book is reached by the second order, that of the first is far.
        const [market, ceiling] =
          parts[1]?.book === linearBook ? [linear, usdc(170)] : [inverse, ether(0.085)];
        expect(linearTerms.guard).to.equal(guard.address);
        await ledger.connect(guard).setGuard(market, Level.Normal, 0n, ceiling);
        const good = [
          await offer(world, { by: second, order: { parts, units: 4n } }),
          await offer(world, { by: second, order: { nonce: 2n, parts, units: 4n } }),
        ];
        const bad = await offer(world, { order: { parts } });
        const scene = { ...world, book: linearBook, tokenAddress: world.quoteAddress };
        const { skips: none, ...without } = await outcome(scene, good, 9n);
        expect(none).to.deep.equal([]);
        for (const offers of [
          [good[0], bad, good[1]],
          [bad, good[0], good[1]],
          [good[0], good[1], bad],
        ]) {
          const known = offers.filter((one) => one !== undefined);
          const { skips, ...others } = await outcome(scene, known, 9n);
          const reason = reasonIn(world, skips[0]?.args[3]);
          expect([reason.name, reason.args[0]]).to.deep.equal(["CeilingReached", parts[1]?.book]);
          expect(others).to.deep.equal(without);
        }
      });

      it("names the maker's failure in the later part before the gate of the first", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, guard, linear, inverse, second } = world;
        const parts = sorted(linearPart(world), inversePart(world));
        // One unit passes both ceilings, ten pass neither.
        await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(100));
        await ledger.connect(guard).setGuard(inverse, Level.Normal, 0n, ether(0.05));
        const tight = parts.map((part, i) => (i === 0 ? part : { ...part, maxDraw: 0n }));
        const offers = [
          await offer(world, { order: { parts: tight } }),
          await offer(world, { order: { nonce: 2n, parts } }),
          await offer(world, { by: second, order: { parts, units: 1n } }),
        ];
        const told = await toldBy(world, fillMany(world, { offers }));
        const reasons = told.slice(0, 2).map(({ args }) => reasonIn(world, args[3]));
        expect(
          reasons.map(({ name, args }) => [name, args[name === "DrawTooSmall" ? 1 : 0]]),
        ).to.deep.equal([
          ["DrawTooSmall", parts[1]?.book],
          ["CeilingReached", parts[0]?.book],
        ]);
      });

      it("looks at every gate before the number of the taker's legs, whichever part has too many", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = sorted(linearPart(world), inversePart(world));
        const books = parts.map(({ book }) => book);
        const offers = [await offer(world, { by: world.second, order: { parts } })];
        for (const full of books) {
          await aside(world, async () => {
            await fillUp(world, full);
            const args = [world.taker.account, full, 33n, 32n];
            await refusedMany(world, { offers }, "TooManyLegs", args);
            await shut(world, books.find((book) => book !== full) ?? 0n);
            await refusedMany(world, { offers }, "UnitsShort", [0n, 1n]);
          });
        }
      });
    });

    describe("when orders follow one that was skipped", () => {
      it("tells skips and fills in the order of the call", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { second } = world;
        const offers = [
          await offer(world, { signature: "0x" }),
          await offer(world, { by: second }),
          await offer(world, { order: { nonce: 2n, deadline: START } }),
          await offer(world, { order: { nonce: 3n } }),
        ];
        const told = await toldBy(world, fillMany(world, { offers }));
        expect(told.map(({ name, args }) => [name, args[0]])).to.deep.equal([
          ["FillSkipped", world.maker.account],
          ["OrderFilled", second.account],
          ["FillSkipped", world.maker.account],
          ["OrderFilled", world.maker.account],
          ["Allocated", world.taker.account],
        ]);
      });

      it("goes by what the call itself has done: the same order twice, an account that paid for another", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, linearBook } = world;
        await leaveCash(world, maker, usdc(200));
        const [first, second] = [await offer(world), await offer(world, { order: { nonce: 2n } })];
        const offers = [first, first, second, await offer(world, { by: world.second })];
        const told = await toldBy(world, fillMany(world, { offers }));
        expect(told.map(({ name }) => name)).to.deep.equal([
          "OrderFilled",
          "FillSkipped",
          "FillSkipped",
          "OrderFilled",
          "Allocated",
        ]);
        expect(reasonIn(world, told[1]?.args[3])).to.deep.equal({
          name: "OrderFilledUp",
          args: [maker.account, 1n],
        });
        expect(reasonIn(world, told[2]?.args[3])).to.deep.equal({
          name: "Undercovered",
          args: [maker.account, linearBook, usdc(210), usdc(400)],
        });
      });

      it("counts what the taker would draw, and fees of the call against it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, guard, linear, linearBook, second } = world;
        const offers = [await offer(world), await offer(world, { by: second })];
        /** What the second order is skipped for, one unit below what it leads to; there it fills. */
        const limited = async (value: bigint) => {
          await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, value - 1n);
          const told = await toldBy(world, fillMany(world, { offers }));
          expect(reasonIn(world, told[1]?.args[3])).to.deep.equal({
            name: "CeilingReached",
            args: [linearBook, value, value - 1n],
          });
        };
        // Makers draw 390 in all; the taker draws 10 for them and 0.01 for the fees, which leave.
        await aside(world, async () => limited(usdc(400)));
        await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(15));
        // It draws nothing where it has that in the book.
        await limited(usdc(15) + usdc(390) - 20n * FEE.linear);
      });

      it("counts no more of what the taker would draw than its limit allows", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, guard, linear, linearBook, second } = world;
        const offers = [await offer(world), await offer(world, { by: second })];
        const pay = usdc(10) + 20n * FEE.linear;
        await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(400) - 1n);
        const limits = (maxDraw: bigint) => ({ offers, limits: [{ ...NO_LIMIT, maxDraw }] });
        // With the whole draw the second order would be above the ceiling; with less, the call fails for the limit.
        const told = await aside(world, async () => toldBy(world, fillMany(world, limits(pay))));
        expect(told.map(({ name }) => name)).to.deep.equal([
          "OrderFilled",
          "FillSkipped",
          "Allocated",
        ]);
        const args = [taker.account, linearBook, pay, pay - 1n];
        await refusedMany(world, limits(pay - 1n), "DrawTooSmall", args);
      });
    });
  });
});
