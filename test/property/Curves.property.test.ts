import { expect } from "chai";
import fc from "fast-check";
import { addLegs, packLeg, payout, requirement, strikesOf } from "@certus/model";
import type { Leg, Scale } from "@certus/model";
import { encodeBytes32String } from "ethers";

import { connect } from "../fixtures/connection.ts";
import { fill } from "../fixtures/fills.ts";
import { bookOf } from "../fixtures/ids.ts";
import { scaleOf, withLens } from "../fixtures/lens.ts";
import { MAX_63, ether, usd } from "../fixtures/units.ts";
import { deployOpen, listMarket } from "../fixtures/world.ts";
import { biased, normalise, packages } from "../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const TICK = usd(10);

/** Two markets with residues in every amount. */
async function opened() {
  const world = await withLens(await deployOpen(connection));
  const { ledger, expiry } = world;
  const salt = encodeBytes32String("odd");
  const linear = { ...world.linearTerms, num: 7n, den: 30_011n, salt };
  const inverse = { ...world.inverseTerms, num: 10_000_019n, den: 7n, feePerLot: 3n, salt };
  const books: bigint[] = [];
  for (const terms of [linear, inverse]) {
    const market = await listMarket(world, { ...terms, ceiling: ether(1_000_000) });
    await ledger.openBook(market, expiry);
    books.push(bookOf(market, expiry));
  }
  const [linearBook = 0n, inverseBook = 0n] = books;
  return { ...world, linearBook, inverseBook };
}

/** What an account holds, more legs, units of them, and prices to look at. */
interface Question {
  readonly held: readonly Leg[];
  readonly legs: readonly Leg[];
  readonly units: bigint;
  readonly prices: readonly bigint[];
}

function questions(inverse: boolean): fc.Arbitrary<Question> {
  const some = packages({ inverse, tick: TICK, most: 9n, highest: 400n });
  const vectors = fc.array(some, { minLength: 1, maxLength: 5 }).map((v) => normalise(v.flat()));
  return fc.record({
    held: some,
    legs: vectors.filter((legs) => legs.length > 0),
    units: fc.bigInt(-20n, 20n),
    prices: fc.array(fc.oneof(biased(1n, 900n * TICK), biased(1n, MAX_63)), {
      minLength: 12,
      maxLength: 12,
    }),
  });
}

/** How much of b's value is in the value at `price`, on the line through a and b, as a fraction. */
function weight(inverse: boolean, a: bigint, b: bigint, price: bigint): [bigint, bigint] {
  return inverse ? [(price - a) * b, (b - a) * price] : [price - a, b - a];
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** Every value asked for lies on the line through the knots beside it, but for the roundings down of all three. */
function expectOnCurve(
  { inverse }: Scale,
  knots: readonly (readonly [bigint, bigint])[],
  price: bigint,
  value: bigint,
): void {
  const next = knots.findIndex(([knot]) => price <= knot);
  const last = next === -1 ? knots.length - 1 : Math.max(1, next);
  const [[a, atA] = [0n, 0n], [b, atB] = [0n, 0n]] = knots.slice(last - 1, last + 1);
  const [part, whole] = weight(inverse, a, b, price);
  const off = value * whole - (atA * (whole - part) + atB * part);
  const bound = whole + size(part) + size(whole - part);
  expect(size(off) < bound, `${value} at ${price} is off by ${off}/${whole}`).to.equal(true);
}

async function check(kind: "linear" | "inverse", question: Question): Promise<void> {
  const world = await networkHelpers.loadFixture(opened);
  const { lens, maker } = world;
  const { held, legs, units, prices } = question;
  const book = kind === "linear" ? world.linearBook : world.inverseBook;
  const scale = await scaleOf(world, book);
  const packed = legs.map(packLeg);

  const needed = await lens.requirement(book, packed);
  expect(needed, "requirement").to.equal(requirement(scale, legs));

  await fill(world, { order: { units: 1n }, part: { book, legs: held.map(packLeg), premium: 0n } });
  const { before, current } = await lens.requirementAfter(maker.account, book, packed, units);
  expect(before, "before").to.equal(requirement(scale, held));
  expect(current, "after").to.equal(requirement(scale, addLegs(held, legs, units)));

  const values = [...(await lens.payoffAt(book, packed, [...prices]))];
  expect(values, "payoffAt").to.deep.equal(prices.map((price) => payout(scale, 0n, legs, price)));
  expect(values.every((value) => value + needed >= 0n)).to.equal(true);

  const curve = await lens.payoffCurve(book, packed);
  const strikes = strikesOf(legs);
  const last = strikes.at(-1) ?? 0n;
  expect([...curve.prices]).to.deep.equal([1n, ...strikes, 2n * last]);
  const knots = curve.prices.map((price, i) => [price, curve.payoffs[i] ?? 0n] as const);
  for (const [price, value] of knots) expect(value).to.equal(payout(scale, 0n, legs, price));
  for (const [i, price] of prices.entries()) expectOnCurve(scale, knots, price, values[i] ?? 0n);
}

describe("Curves", () => {
  for (const kind of ["linear", "inverse"] as const) {
    it(`are what the model says, and lines between their knots, in ${kind === "linear" ? "a linear" : "an inverse"} book (${RUNS} runs, seed ${SEED})`, async () => {
      const property = fc.asyncProperty(questions(kind === "inverse"), (it) => check(kind, it));
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  }
});
