import { expect } from "chai";
import fc from "fast-check";
import { packLeg } from "@certus/model";
import type { Leg } from "@certus/model";

import { connect } from "../fixtures/connection.ts";
import { fill, orderOf, sign } from "../fixtures/fills.ts";
import { accountOf } from "../fixtures/ids.ts";
import { bookView, positionOf } from "../fixtures/state.ts";
import { MAX_112, MAX_63, ether, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix } from "../fixtures/world.ts";
import type { Party } from "../fixtures/world.ts";
import { packages } from "../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 30);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const TICK = usd(10);

/** One fill between two of four accounts. */
interface Trade {
  readonly pair: readonly [maker: number, taker: number];
  readonly legs: readonly Leg[];
  readonly units: bigint;
  readonly premium: bigint;
}

/** A book's whole life: fills, a price, and the order in which accounts come afterwards. */
interface Life {
  readonly trades: readonly Trade[];
  readonly price: bigint;
  readonly order: readonly number[];
}

interface Holder extends Party {
  readonly index: number;
}

const pairs = fc
  .constantFrom([0, 1], [1, 0], [0, 2], [2, 1], [1, 3], [3, 2], [2, 3])
  .map(([maker = 0, taker = 1]) => [maker, taker] as const);

/** Prices at, beside and between the strikes, and at both ends. */
const prices = fc.oneof(
  fc.constantFrom(1n, 2n, TICK - 1n, TICK, TICK + 1n, MAX_63 - 1n, MAX_63),
  fc.tuple(fc.bigInt(1n, 1_000n), fc.bigInt(-1n, 1n)).map(([n, off]) => n * TICK + off),
  fc.bigInt(1n, 1_200n * TICK),
);

function lives(inverse: boolean): fc.Arbitrary<Life> {
  const trades = fc.record({
    pair: pairs,
    legs: packages({ inverse, tick: TICK, most: 20n, highest: 1_000n }),
    units: fc.bigInt(1n, 7n),
    premium: inverse ? fc.bigInt(-9_999_999n, 9_999_999n) : fc.bigInt(-usd(500), usd(500)),
  });
  return fc.record({
    trades: fc.array(trades, { minLength: 2, maxLength: 7, size: "max" }),
    price: prices,
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
  });
}

/** Four accounts of two owners, each with plenty of cash. */
async function opened() {
  const world = await deployOpen(connection);
  const { ledger, quote, base, quoteAddress, baseAddress } = world;
  const holders: Holder[] = [];
  for (const sub of [0n, 1n]) {
    for (const party of [world.maker, world.taker]) {
      const account = accountOf(party.address, sub);
      await quote.mint(party.address, usdc(50_000_000));
      await base.mint(party.address, ether(50_000));
      const own = ledger.connect(party.signer);
      await own.deposit(account, quoteAddress, usdc(50_000_000));
      await own.deposit(account, baseAddress, ether(50_000));
      holders.push({ ...party, account, index: holders.length });
    }
  }
  return { ...world, holders };
}

type Scene = Awaited<ReturnType<typeof opened>>;

async function play(scene: Scene, book: bigint, trades: readonly Trade[]): Promise<void> {
  for (const [nonce, { pair, legs, units, premium }] of trades.entries()) {
    const [maker, taker] = [scene.holders[pair[0]], scene.holders[pair[1]]];
    if (maker === undefined || taker === undefined) throw new Error("no such account");
    const part = { book, legs: legs.map(packLeg), premium, maxDraw: MAX_112 };
    const order = { account: maker.account, nonce: BigInt(nonce), units, parts: [part] };
    const signature = await sign(scene, orderOf(scene, order), maker.signer);
    const { signer: from, account } = taker;
    await fill(scene, { order, signature, signer: maker.address, from, account });
  }
}

/** Everything anyone holds of the book's token, and what is left in the book. */
async function holdings(scene: Scene, book: bigint, token: string) {
  const contract = token === scene.quoteAddress ? scene.quote : scene.base;
  const cash: bigint[] = [];
  const wallets: bigint[] = [];
  for (const { account, address } of scene.holders) {
    cash.push(await scene.ledger.cashOf(account, token));
    wallets.push(await contract.balanceOf(address));
  }
  const { pool, fees } = await bookView(scene, book);
  return { cash, wallets, pool, fees };
}

/** Frees whatever the legs do not need, so that every account is covered to the base unit. */
async function tighten(scene: Scene, book: bigint): Promise<void> {
  const { ledger, holders } = scene;
  for (const { account, signer } of holders) {
    const { collateral } = await positionOf(scene, account, book);
    if (collateral === 0n) continue;
    const own = ledger.connect(signer);
    const requirement = await own.free
      .staticCall(account, book, collateral)
      .then(() => 0n)
      .catch((error: unknown) => requirementIn(scene, error));
    if (collateral > requirement) await own.free(account, book, collateral - requirement);
  }
}

/** What `Undercovered` says that the legs require. */
function requirementIn({ ledger }: Scene, error: unknown): bigint {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : "0x";
  const parsed = typeof data === "string" ? ledger.interface.parseError(data) : null;
  if (parsed?.name !== "Undercovered") throw error;
  return BigInt(String(parsed.args.getValue("requirement")));
}

/** Settles one by one and claims at once, in this order; some to the wallet. */
async function claimSingly(scene: Scene, book: bigint, order: readonly number[]): Promise<bigint> {
  let paid = 0n;
  for (const index of order) {
    const holder = scene.holders[index];
    if (holder === undefined) throw new Error("no such account");
    await scene.ledger.settle(book, [holder.account]);
    paid += (await positionOf(scene, holder.account, book)).collateral;
    const own = scene.ledger.connect(holder.signer);
    await own.claim(holder.account, [book], holder.index % 2 === 0);
  }
  return paid;
}

/** Settles all in one call with duplicates, then claims in the opposite order. */
async function claimTogether(scene: Scene, book: bigint, order: readonly number[]): Promise<void> {
  const accounts = scene.holders.map(({ account }) => account);
  await scene.ledger.settle(book, [...accounts, ...accounts.slice(0, 2)]);
  for (const index of [...order].reverse()) {
    const holder = scene.holders[index];
    if (holder === undefined) throw new Error("no such account");
    const own = scene.ledger.connect(holder.signer);
    await own.claim(holder.account, [book, book], holder.index % 2 === 0);
  }
}

async function check(kind: "linear" | "inverse", life: Life): Promise<void> {
  const scene = await networkHelpers.loadFixture(opened);
  const book = kind === "linear" ? scene.linearBook : scene.inverseBook;
  const token = kind === "linear" ? scene.quoteAddress : scene.baseAddress;
  const contract = kind === "linear" ? scene.quote : scene.base;
  await play(scene, book, life.trades);
  await tighten(scene, book);
  await fix(scene, life.price, book);
  const { pool } = await bookView(scene, book);
  const snapshot = await networkHelpers.takeSnapshot();

  const paid = await claimSingly(scene, book, life.order);
  const singly = await holdings(scene, book, token);
  expect(paid <= pool, `paid ${paid} of ${pool}`).to.equal(true);
  expect(singly.pool, "dust").to.equal(pool - paid);
  expect(singly.pool <= 4n, `dust ${singly.pool}`).to.equal(true);
  const owed = singly.cash.reduce((a, b) => a + b, 0n);
  const held = await contract.balanceOf(scene.address);
  expect(held, "tokens held").to.equal(owed + singly.pool + singly.fees);

  await snapshot.restore();
  await claimTogether(scene, book, life.order);
  expect(await holdings(scene, book, token), "order of claims").to.deep.equal(singly);
}

describe("Payouts", () => {
  for (const kind of ["linear", "inverse"] as const) {
    it(`never pay more than the pool of ${kind === "linear" ? "a linear" : "an inverse"} book, in any order (${RUNS} runs, seed ${SEED})`, async () => {
      const property = fc.asyncProperty(lives(kind === "inverse"), (life) => check(kind, life));
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  }
});
