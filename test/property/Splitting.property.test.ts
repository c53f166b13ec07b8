import { expect } from "chai";
import fc from "fast-check";
import { packLeg } from "@certus/model";
import type { Leg } from "@certus/model";

import type { PartInput } from "../../scripts/lib/orders.ts";
import { connect } from "../fixtures/connection.ts";
import { fill } from "../fixtures/fills.ts";
import { bookOf } from "../fixtures/ids.ts";
import { bookView, positionOf } from "../fixtures/state.ts";
import { MAX_112, usd } from "../fixtures/units.ts";
import { deployOpen, listMarket } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { packages } from "../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 30);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const TICK = usd(10);

/** An order and the steps in which it is taken. */
interface Pieces {
  readonly legs: readonly Leg[];
  readonly premium: bigint;
  readonly steps: readonly bigint[];
  /** Units of the same legs that the maker holds before; negative: that it is short. */
  readonly held: bigint;
}

/** Lot scales of two markets with residues in every premium and requirement. */
async function opened() {
  const world = await deployOpen(connection);
  const { ledger, expiry } = world;
  const linear = { ...world.linearTerms, num: 7n, den: 30_011n };
  const inverse = { ...world.inverseTerms, num: 10_000_019n, den: 7n, feePerLot: 3n };
  const books: bigint[] = [];
  for (const terms of [linear, inverse]) {
    const market = await listMarket(world, terms);
    await ledger.openBook(market, expiry);
    books.push(bookOf(market, expiry));
  }
  const [linearBook = 0n, inverseBook = 0n] = books;
  return { ...world, linearBook, inverseBook };
}

function pieces(inverse: boolean): fc.Arbitrary<Pieces> {
  return fc.record({
    legs: packages({ inverse, tick: TICK, most: 9n, highest: 500n }),
    premium: inverse ? fc.bigInt(-9_999_999n, 9_999_999n) : fc.bigInt(-usd(50), usd(50)),
    steps: fc.array(fc.bigInt(1n, 9n), { minLength: 2, maxLength: 6 }),
    held: fc.bigInt(-30n, 30n),
  });
}

/** What each party holds in all, its legs, and the fees. */
async function wealth(world: World, book: bigint, token: string) {
  const rows = [];
  for (const { account } of [world.maker, world.taker]) {
    const { collateral, legs } = await positionOf(world, account, book);
    rows.push({ wealth: (await world.ledger.cashOf(account, token)) + collateral, legs });
  }
  return { rows, fees: (await bookView(world, book)).fees };
}

/** The maker comes to hold `held` units of the legs. */
async function hold(world: World, part: PartInput, held: bigint): Promise<void> {
  if (held === 0n) return;
  const legs = part.legs.map((leg) => (held > 0n ? leg : opposite(leg)));
  const units = held > 0n ? held : -held;
  await fill(world, { order: { nonce: 2n, units, parts: [{ ...part, legs, premium: 0n }] } });
}

function opposite(leg: bigint): bigint {
  return ((leg >> 64n) << 64n) | BigInt.asUintN(64, -BigInt.asIntN(64, leg));
}

async function check(kind: "linear" | "inverse", pieces: Pieces): Promise<void> {
  const { legs, premium, steps, held } = pieces;
  const units = steps.reduce((a, b) => a + b, 0n);
  const outcomes = [];
  for (const taken of [[units], steps]) {
    const world = await networkHelpers.loadFixture(opened);
    const book = kind === "linear" ? world.linearBook : world.inverseBook;
    const token = kind === "linear" ? world.quoteAddress : world.baseAddress;
    const part = { book, legs: legs.map(packLeg), premium, maxDraw: MAX_112 };
    await hold(world, part, held);
    for (const step of taken) await fill(world, { order: { units, parts: [part] }, units: step });
    outcomes.push(await wealth(world, book, token));
  }
  expect(outcomes[1]).to.deep.equal(outcomes[0]);
}

describe("Splitting", () => {
  for (const kind of ["linear", "inverse"] as const) {
    it(`neither gains nor loses in ${kind === "linear" ? "a linear" : "an inverse"} book (${RUNS} runs, seed ${SEED})`, async () => {
      const property = fc.asyncProperty(pieces(kind === "inverse"), (it) => check(kind, it));
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  }
});
