import { expect } from "chai";
import { payout } from "@certus/model";

import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { bookOf, call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { requires, scaleOf, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { positionOf } from "../../fixtures/state.ts";
import { MAX_63, MAX_64, WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const TICK = usd(10);
const MIN_64 = -(1n << 63n);

async function opened() {
  return withLens(await deployOpen(connection));
}

/** A book whose ticks are single price units. */
async function endless() {
  const world = await networkHelpers.loadFixture(opened);
  return { ...world, ...(await openEndless(world)) };
}

const CONDOR = [
  put(usd(1_800), 1n),
  put(usd(1_900), -1n),
  call(usd(2_100), -1n),
  call(usd(2_300), 1n),
];

function unpacked(legs: readonly bigint[]) {
  return legs.map((leg) => ({
    strike: leg >> 65n,
    isCall: ((leg >> 64n) & 1n) === 1n,
    quantity: BigInt.asIntN(64, leg),
  }));
}

async function curveOf({ lens }: LensWorld, book: bigint, legs: bigint[]) {
  const { prices, payoffs } = await lens.payoffCurve(book, legs);
  return prices.map((price, i) => [price, payoffs[i]]);
}

/** The functions that take a vector of legs, with a vector. */
function asked({ lens, maker }: LensWorld, book: bigint, legs: bigint[]) {
  return [
    () => lens.requirement(book, legs),
    () => lens.requirementAfter(maker.account, book, legs, 1n),
    () => lens.payoffAt(book, legs, [usd(2_000)]),
    () => lens.payoffCurve(book, legs),
  ];
}

/** Each of them reverts with this error. */
async function refused(
  world: LensWorld,
  book: bigint,
  legs: bigint[],
  error: string,
  args: readonly unknown[],
): Promise<void> {
  for (const ask of asked(world, book, legs)) {
    await expect(ask())
      .to.be.revertedWithCustomError(world.lens, error)
      .withArgs(...args);
  }
}

describe("Lens", () => {
  describe("requirement", () => {
    const cases: [name: string, book: "linear" | "inverse", legs: bigint[], expected: bigint][] = [
      ["a short put its strike", "linear", [put(usd(1_500), -2n)], usdc(30)],
      ["a long put nothing", "linear", [put(usd(1_500), 2n)], 0n],
      ["a condor its wider wing", "linear", CONDOR, usdc(2)],
      ["a covered call its lot", "inverse", [call(usd(2_000), -3n)], ether(0.03)],
      ["a long call nothing", "inverse", [call(usd(2_000), 3n)], 0n],
      [
        "an inverse spread what V(K)/K asks, rounded up",
        "inverse",
        [call(usd(2_000), -1n), call(usd(3_000), 1n)],
        10n ** 16n / 3n + 1n,
      ],
    ];
    for (const [name, kind, legs, expected] of cases) {
      it(`is for ${name}: ${expected} base units`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const book = kind === "linear" ? world.linearBook : world.inverseBook;
        expect(await world.lens.requirement(book, legs)).to.equal(expected);
      });
    }

    it("answers in every phase of an open book", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, linearBook, expiry } = world;
      await passTo(world, expiry);
      expect(await lens.requirement(linearBook, CONDOR)).to.equal(usdc(2));
      await fix(world, usd(1_900), linearBook);
      expect(await lens.requirement(linearBook, CONDOR)).to.equal(usdc(2));
    });
  });

  describe("requirementAfter", () => {
    /** The maker is short ten puts at 2,000. */
    async function short() {
      const world = await networkHelpers.loadFixture(opened);
      await fill(world);
      return world;
    }

    it("is the requirement before and after a fill of those legs, for either side", async () => {
      const world = await short();
      const { lens, maker, taker, linearBook } = world;
      const scale = await scaleOf(world, linearBook);
      const of = async (account: bigint) =>
        requires(scale, (await positionOf(world, account, linearBook)).legs);
      const sides = [
        [maker.account, 3n],
        [taker.account, -3n],
      ] as const;
      const told = [];
      for (const [account, units] of sides) {
        const { before, current } = await lens.requirementAfter(account, linearBook, CONDOR, units);
        expect(before).to.equal(await of(account));
        told.push(current);
      }
      const order = { nonce: 2n, units: 3n };
      await fill(world, { order, part: { legs: CONDOR, premium: 0n } });
      expect(told).to.deep.equal([await of(maker.account), await of(taker.account)]);
      expect(told[0]).to.be.greaterThan(usdc(200));
    });

    it("takes legs away with negative units, down to none, and through it", async () => {
      const world = await short();
      const { lens, maker, linearBook } = world;
      const legs = [put(usd(2_000), -1n)];
      const after = async (units: bigint) => [
        ...(await lens.requirementAfter(maker.account, linearBook, legs, units)),
      ];
      expect(await after(0n)).to.deep.equal([usdc(200), usdc(200)]);
      expect(await after(-4n)).to.deep.equal([usdc(200), usdc(120)]);
      expect(await after(-10n)).to.deep.equal([usdc(200), 0n]);
      expect(await after(-11n)).to.deep.equal([usdc(200), 0n]);
      expect(await after(1n)).to.deep.equal([usdc(200), usdc(220)]);
    });

    it("reverts with QuantityBound where units × lots, or the sum, leaves its bound", async () => {
      const { lens, maker, linearBook } = await short();
      const ask = (legs: bigint[], units: bigint) =>
        lens.requirementAfter(maker.account, linearBook, legs, units);
      const [low, high] = [putSeries(linearBook, usd(2_000)), putSeries(linearBook, usd(2_010))];
      await expect(ask([put(usd(2_000), -1n)], MAX_63 - 9n))
        .to.be.revertedWithCustomError(lens, "QuantityBound")
        .withArgs(maker.account, low, -MAX_63 - 1n);
      await expect(ask([put(usd(2_010), 1n)], MIN_64))
        .to.be.revertedWithCustomError(lens, "QuantityBound")
        .withArgs(maker.account, high, MIN_64);
      const { before } = await ask([put(usd(2_000), -1n)], MAX_63 - 10n);
      expect(before).to.equal(usdc(200));
    });

    it("reverts with TooManyLegs above 32", async () => {
      const { lens, maker, linearBook } = await short();
      const legs = Array.from({ length: 32 }, (_, i) => put(TICK * BigInt(i + 1), -1n));
      await expect(lens.requirementAfter(maker.account, linearBook, legs, 1n))
        .to.be.revertedWithCustomError(lens, "TooManyLegs")
        .withArgs(maker.account, linearBook, 33n, 32n);
      const fit = legs.slice(1);
      const { current } = await lens.requirementAfter(maker.account, linearBook, fit, 1n);
      expect(current).to.be.greaterThan(usdc(200));
    });

    it("starts from nothing where the account has nothing, or has settled", async () => {
      const world = await short();
      const { lens, ledger, maker, linearBook } = world;
      const legs = [put(usd(100), -1n)];
      const other = maker.account + 1n;
      const fresh = await lens.requirementAfter(other, linearBook, legs, 1n);
      expect([...fresh]).to.deep.equal([0n, usdc(1)]);
      await fix(world, usd(1_000), linearBook);
      await ledger.settle(linearBook, [maker.account]);
      const settled = await lens.requirementAfter(maker.account, linearBook, legs, 1n);
      expect([...settled]).to.deep.equal([0n, usdc(1)]);
    });
  });

  describe("payoffAt", () => {
    it("is what the legs add to a payout, rounded down, at every price asked", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, linearBook, inverseBook } = world;
      const spread = [call(usd(2_000), -1n), call(usd(3_000), 1n)];
      const prices = [1n, usd(1_850), usd(2_000), usd(2_345.678_901), usd(3_000), MAX_63];
      for (const [book, legs] of [
        [linearBook, CONDOR],
        [inverseBook, spread],
      ] as const) {
        const scale = await scaleOf(world, book);
        const expected = prices.map((price) => payout(scale, 0n, unpacked(legs), price));
        expect([...(await lens.payoffAt(book, [...legs], prices))]).to.deep.equal(expected);
      }
    });

    it("takes prices in any order, one of them twice, and none", async () => {
      const { lens, linearBook } = await networkHelpers.loadFixture(opened);
      const legs = [put(usd(2_000), 1n)];
      const values = await lens.payoffAt(linearBook, legs, [usd(1_900), usd(2_100), usd(1_900)]);
      expect([...values]).to.deep.equal([usdc(1), 0n, usdc(1)]);
      expect([...(await lens.payoffAt(linearBook, legs, []))]).to.deep.equal([]);
    });

    it("rounds what is owed up and what is got down", async () => {
      const { lens, linearBook } = await networkHelpers.loadFixture(opened);
      for (const [lots, value] of [
        [1n, 0n],
        [-1n, -1n],
      ] as const) {
        const legs = [put(usd(2_000), lots)];
        expect([...(await lens.payoffAt(linearBook, legs, [usd(2_000) - 1n]))]).to.eql([value]);
      }
    });

    it("takes a price above 2^63 − 1 as that, as fixing does", async () => {
      const { lens, inverseBook } = await networkHelpers.loadFixture(opened);
      const legs = [call(usd(2_000), 1n)];
      const [a, b, c] = await lens.payoffAt(inverseBook, legs, [MAX_63, MAX_63 + 1n, MAX_64]);
      expect([b, c]).to.deep.equal([a, a]);
    });

    it("reverts with PriceZero", async () => {
      const { lens, linearBook, inverseBook } = await networkHelpers.loadFixture(opened);
      for (const book of [linearBook, inverseBook]) {
        const legs = [call(usd(2_000), 1n), call(usd(2_100), -1n)];
        await expect(lens.payoffAt(book, legs, [usd(2_000), 0n]))
          .to.be.revertedWithCustomError(lens, "PriceZero")
          .withArgs(book);
      }
    });
  });

  describe("payoffCurve", () => {
    it("tells the lowest price, every strike and twice the last", async () => {
      const world = await networkHelpers.loadFixture(opened);
      expect(await curveOf(world, world.linearBook, CONDOR)).to.deep.equal([
        [1n, -usdc(1)],
        [usd(1_800), -usdc(1)],
        [usd(1_900), 0n],
        [usd(2_100), 0n],
        [usd(2_300), -usdc(2)],
        [usd(4_600), -usdc(2)],
      ]);
    });

    it("tells an inverse curve in the underlying", async () => {
      const world = await networkHelpers.loadFixture(opened);
      expect(await curveOf(world, world.inverseBook, [call(usd(2_000), 4n)])).to.deep.equal([
        [1n, 0n],
        [usd(2_000), 0n],
        [usd(4_000), ether(0.02)],
      ]);
    });

    it("tells a strike of a put and a call once", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const legs = [put(usd(2_000), 1n), call(usd(2_000), 1n), call(usd(2_100), -1n)];
      expect(await curveOf(world, world.linearBook, legs)).to.deep.equal([
        [1n, usdc(20) - 1n],
        [usd(2_000), 0n],
        [usd(2_100), usdc(1)],
        [usd(4_200), usdc(1)],
      ]);
    });

    it("tells no price twice: a strike of 1, and strikes at the end of prices", async () => {
      const world = await endless();
      const { book } = world;
      expect(await curveOf(world, book, [put(1n, -1n)])).to.deep.equal([
        [1n, 0n],
        [2n, 0n],
      ]);
      expect(await curveOf(world, book, [put(MAX_63, 1n)])).to.deep.equal([
        [1n, MAX_63 - 1n],
        [MAX_63, 0n],
      ]);
      const half = (MAX_63 + 1n) / 2n;
      expect(await curveOf(world, book, [put(half, 1n)])).to.deep.equal([
        [1n, half - 1n],
        [half, 0n],
        [MAX_63, 0n],
      ]);
      expect((await curveOf(world, book, [put(half - 1n, 1n)])).at(-1)).to.deep.equal([
        MAX_63 - 1n,
        0n,
      ]);
    });

    it("takes 32 legs, and is what `payoffAt` says at its prices", async () => {
      const { lens, linearBook } = await networkHelpers.loadFixture(opened);
      const legs = Array.from({ length: 32 }, (_, i) =>
        put(TICK * BigInt(i + 100), i % 2 === 0 ? 3n : -2n),
      );
      const { prices, payoffs } = await lens.payoffCurve(linearBook, legs);
      expect(prices).to.have.length(34);
      expect([...(await lens.payoffAt(linearBook, legs, [...prices]))]).to.deep.equal([...payoffs]);
    });
  });

  describe("legs that are none of the book", () => {
    it("are refused as a fill refuses them", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linearBook, inverseBook } = world;
      const [low, high] = [put(usd(1_900), -1n), put(usd(2_000), -1n)];
      const many = Array.from({ length: 33 }, (_, i) => put(TICK * BigInt(i + 1), -1n));
      await refused(world, linearBook, [], "LegsBound", [0n, 0n, 32n]);
      await refused(world, linearBook, many, "LegsBound", [0n, 33n, 32n]);
      await refused(world, linearBook, [high, low], "LegsUnsorted", [0n, 1n]);
      await refused(world, linearBook, [low, low], "LegsUnsorted", [0n, 1n]);
      for (const lots of [0n, MIN_64]) {
        const legs = [low, put(usd(2_000), lots)];
        await refused(world, linearBook, legs, "LegQuantity", [0n, 1n, lots]);
      }
      await refused(world, linearBook, [put(TICK + 1n, 1n)], "StrikeOffTick", [TICK + 1n, TICK]);
      await refused(world, linearBook, [put(0n, 1n)], "StrikeOffTick", [0n, TICK]);
      await refused(world, linearBook, [call(TICK, 3n)], "CallsMustNet", [linearBook, 3n]);
      await refused(world, inverseBook, [put(TICK, 1n)], "PutsNotListed", [inverseBook]);
    });

    it("are looked at only in an open book", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { linear, linearBook, expiry } = world;
      const series = callSeries(linearBook, usd(2_000));
      for (const book of [0n, linear, bookOf(linear, expiry + WEEK), series]) {
        await refused(world, book, [], "BookNotOpen", [book]);
      }
    });

    it("are refused by the very bytes of the fill", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, ledger, inverseBook } = world;
      const legs = [put(TICK, 1n)];
      const data = ledger.interface.encodeErrorResult("PutsNotListed", [inverseBook]);
      const told = await lens.requirement(inverseBook, legs).catch((error: unknown) => error);
      expect(told).to.have.property("data", data);
      const parts = [inversePart(world, { legs })];
      const met = await fill(world, { order: { parts } }).catch((error: unknown) => error);
      expect(met).to.have.property("data", data);
    });
  });
});
