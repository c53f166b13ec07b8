import { expect } from "chai";
import fc from "fast-check";
import { packLeg } from "@certus/model";
import type { Leg } from "@certus/model";
import { ZeroAddress, encodeBytes32String } from "ethers";

import type { OrderInput, PartInput } from "../../scripts/lib/orders.ts";
import { connect } from "../fixtures/connection.ts";
import { NO_LIMIT, sign, sorted } from "../fixtures/fills.ts";
import type { FillCall, LimitInput } from "../fixtures/fills.ts";
import { accountOf, bookOf } from "../fixtures/ids.ts";
import { expectPreviewed, previewOf, withLens } from "../fixtures/lens.ts";
import {
  HOUR,
  MAX_112,
  MAX_127,
  MINUTE,
  Scope,
  WEEK,
  ether,
  usd,
  usdc,
} from "../fixtures/units.ts";
import { Mode, deployWallet } from "../fixtures/wallet.ts";
import { deployOpen, listMarket, now, passTo } from "../fixtures/world.ts";
import type { Signer } from "../fixtures/world.ts";
import { packages } from "../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 36);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
/** Orders of one run. */
const ORDERS = 15;
const TICK = usd(10);

/** Mostly `usual`, else one of these. */
function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: 30 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
}

/** One part, its book by index. */
interface Piece {
  readonly legs: readonly Leg[];
  /** In hundredths of what is usual in the book. */
  readonly premium: bigint;
  readonly maxDraw: bigint;
}

/** How a limit stands to what the fill would pay or draw. */
type Tightness = "none" | "exact" | "below" | "zero";

/** An order and how it is taken; accounts, people and books by index. */
interface Attempt {
  /** Take the order before once more. */
  readonly again: boolean;
  readonly sides: readonly [maker: number, taker: number];
  readonly order: Omit<
    OrderInput,
    "account" | "epoch" | "taker" | "parts" | "deadline" | "signedAt"
  >;
  /** Above the epoch of the maker's account. */
  readonly epoch: bigint;
  /** Seconds from now. */
  readonly deadline: bigint;
  readonly signedAt: bigint;
  readonly pieces: readonly [first: Piece, second: Piece, third: Piece];
  readonly books: readonly number[];
  readonly unsorted: boolean;
  readonly reserved: "anyone" | "taker" | "other";
  readonly caller: "owner" | "operator" | "stranger";
  readonly signer: "owner" | "operator" | "stranger";
  readonly forged: boolean;
  readonly units: bigint;
  readonly maxPay: Tightness;
  readonly maxDraw: Tightness;
  readonly limits: number;
}

/** What happens before an order is taken. */
type Happening =
  | { readonly kind: "nothing" }
  | { readonly kind: "time"; readonly by: bigint }
  | { readonly kind: "near expiry"; readonly by: bigint }
  | {
      readonly kind: "guard";
      readonly market: number;
      readonly level: bigint;
      readonly ceiling: bigint;
    }
  | { readonly kind: "retire"; readonly market: number }
  | { readonly kind: "cancel" | "epoch"; readonly account: number }
  | { readonly kind: "cash"; readonly account: number; readonly rest: bigint }
  | { readonly kind: "allocate"; readonly account: number; readonly book: number }
  | { readonly kind: "operator"; readonly account: number; readonly scopes: bigint }
  | { readonly kind: "wallet"; readonly mode: bigint };

interface Step {
  readonly before: Happening;
  readonly attempt: Attempt;
}

const ACCOUNTS = 5;

const pieces = (inverse: boolean): fc.Arbitrary<Piece> =>
  fc.record({
    legs: packages({ inverse, tick: TICK, most: 9n, highest: 300n }),
    premium: fc.bigInt(-60n, 60n),
    maxDraw: mostly(MAX_112, 0n, 1_000n, usdc(1)),
  });

const tightness = fc.oneof(
  { arbitrary: fc.constant<Tightness>("none"), weight: 4 },
  { arbitrary: fc.constantFrom<Tightness>("exact", "below", "zero"), weight: 1 },
);

const attempts: fc.Arbitrary<Attempt> = fc.record({
  again: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  sides: fc
    .oneof(
      {
        arbitrary: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 2 }),
        weight: 40,
      },
      { arbitrary: fc.integer({ min: 0, max: ACCOUNTS - 1 }).map((n) => [n, n]), weight: 1 },
    )
    // Nobody trades for the wallet: it is a maker.
    .map(([a = 0, b = 1]) => (b === ACCOUNTS - 1 ? ([b, a] as const) : ([a, b] as const))),
  order: fc.record({
    nonce: fc.bigInt(0n, 12n),
    units: mostly(10n, 0n, 1n, 7n, 1n << 60n),
    minFill: mostly(1n, 0n, 4n, 11n),
  }),
  epoch: mostly(0n, 1n),
  deadline: mostly(4n * WEEK, -1n, 0n, HOUR),
  signedAt: mostly(0n, -WEEK, 1n),
  pieces: fc.tuple(pieces(false), pieces(true), pieces(false)),
  books: fc.oneof(
    { arbitrary: fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }), weight: 20 },
    { arbitrary: fc.constantFrom([4], [0, 4], [], [0, 0], [0, 1, 2, 3, 4]), weight: 1 },
  ),
  unsorted: mostly(false, true),
  reserved: mostly<Attempt["reserved"]>("anyone", "taker", "other"),
  caller: mostly<Attempt["caller"]>("owner", "operator", "stranger"),
  signer: mostly<Attempt["signer"]>("owner", "operator", "stranger"),
  forged: mostly(false, true),
  units: fc.oneof(fc.bigInt(1n, 10n), mostly(3n, 0n, 11n, 1n << 59n)),
  maxPay: tightness,
  maxDraw: tightness,
  limits: mostly(0, 1, -1),
});

const accounts = fc.integer({ min: 0, max: ACCOUNTS - 1 });
const markets = fc.integer({ min: 0, max: 2 });

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fc.constant({ kind: "nothing" as const }), weight: 20 },
  {
    arbitrary: fc.bigInt(1n, HOUR).map((by) => ({ kind: "time" as const, by })),
    weight: 3,
  },
  {
    arbitrary: fc
      .constantFrom(-HOUR, -30n * MINUTE - 1n, -30n * MINUTE, -1n, 0n, 1n)
      .map((by) => ({ kind: "near expiry" as const, by })),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("guard" as const),
      market: markets,
      level: fc.constantFrom(0n, 0n, 1n, 2n),
      ceiling: fc.constantFrom(0n, usdc(50), usdc(1_000), MAX_112),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant("retire" as const), market: markets }), weight: 1 },
  {
    arbitrary: fc.record({ kind: fc.constantFrom("cancel", "epoch"), account: accounts }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("cash" as const),
      account: accounts,
      rest: fc.constantFrom(0n, 1n, usdc(1), usdc(40)),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("allocate" as const),
      account: accounts,
      book: fc.integer({ min: 0, max: 3 }),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("operator" as const),
      account: accounts,
      scopes: fc.bigInt(0n, 3n),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("wallet" as const),
      mode: fc.constantFrom(Mode.Accept, Mode.Refuse, Mode.BurnGas, Mode.ReturnBomb),
    }),
    weight: 2,
  },
);

const lives = fc.array(fc.record({ before: happenings, attempt: attempts }), {
  minLength: ORDERS,
  maxLength: ORDERS,
});

/** Someone whose account takes part: whose key it is, if it is anyone's. */
interface Holder {
  readonly account: bigint;
  readonly owner: string;
  readonly signer: Signer | undefined;
}

/**
 * Three markets, one of them with residues in every amount, one of its books at a later expiry; four accounts of two owners
 * and one of a wallet, an operator of all but the last, and a book that nobody opened.
 */
async function opened() {
  const world = await withLens(await deployWallet(await deployOpen(connection)));
  const { connection: chain, ledger, maker, taker, stranger, guard, expiry, wallet } = world;
  const terms = { ...world.linearTerms, num: 7n, den: 30_011n, salt: encodeBytes32String("odd") };
  const odd = await listMarket(world, terms);
  await ledger.openBook(odd, expiry);
  await ledger.openBook(world.linear, expiry + WEEK);
  const books = [
    world.linearBook,
    world.inverseBook,
    bookOf(odd, expiry),
    bookOf(world.linear, expiry + WEEK),
    bookOf(world.inverse, expiry + WEEK),
  ];
  const signers = await chain.ethers.getSigners();
  const operator = signers[7];
  if (operator === undefined) throw new Error("no signers");
  const holders: Holder[] = [];
  for (const sub of [0n, 1n]) {
    for (const { signer, address } of [maker, taker]) {
      holders.push({ account: accountOf(address, sub), owner: address, signer });
    }
  }
  holders.push({ account: world.walletAccount, owner: world.walletAddress, signer: undefined });
  for (const [token, address, amount] of [
    [world.quote, world.quoteAddress, usdc(3_000)],
    [world.base, world.baseAddress, ether(3)],
  ] as const) {
    await token.mint(guard.address, 100n * amount);
    await token.connect(guard).approve(world.address, MAX_127);
    for (const { account } of holders) {
      await ledger.connect(guard).deposit(account, address, amount);
    }
  }
  for (const { account, signer } of holders) {
    if (signer === undefined) continue;
    const own = ledger.connect(signer);
    await own.setAccountOperator(account, operator.address, Scope.Trade, expiry);
  }
  await wallet.setMode(Mode.Accept);
  const marketKeys = [world.linear, world.inverse, odd];
  return { ...world, books, marketKeys, operator, holders, stranger };
}

type Scene = Awaited<ReturnType<typeof opened>>;

function holder({ holders }: Scene, index: number): Holder {
  const found = holders[index];
  if (found === undefined) throw new Error("no such account");
  return found;
}

async function happen(scene: Scene, it: Happening): Promise<void> {
  const { ledger, guard, admin, expiry, marketKeys, books, wallet, operator } = scene;
  const time = await now(scene);
  switch (it.kind) {
    case "nothing":
      return;
    case "time":
      return passTo(scene, time + it.by);
    case "near expiry":
      return time < expiry + it.by ? passTo(scene, expiry + it.by) : undefined;
    case "guard": {
      const market = marketKeys[it.market] ?? 0n;
      const { ceiling } = await ledger.termsOf(market);
      const { older } = await ledger.guardOf(market);
      if (it.level === 2n && older !== 0n && older + WEEK > time) return;
      const most = it.ceiling < ceiling ? it.ceiling : ceiling;
      await ledger.connect(guard).setGuard(market, it.level, time + 10n * MINUTE, most);
      return;
    }
    case "retire": {
      const market = marketKeys[it.market] ?? 0n;
      if (!(await ledger.guardOf(market)).retired) await ledger.connect(admin).retire(market);
      return;
    }
    case "wallet":
      await wallet.setMode(it.mode);
      return;
    case "cancel":
    case "epoch":
    case "cash":
    case "allocate":
    case "operator":
  }
  const { account, signer, owner } = holder(scene, it.account);
  if (signer === undefined) return;
  const own = ledger.connect(signer);
  switch (it.kind) {
    case "cancel":
      await own.cancel(account, [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
      return;
    case "epoch":
      await own.raiseEpoch(account);
      return;
    case "cash": {
      const cash = await ledger.cashOf(account, scene.quoteAddress);
      if (cash > it.rest) await own.withdraw(account, scene.quoteAddress, cash - it.rest, owner);
      return;
    }
    case "allocate": {
      const book = books[it.book] ?? 0n;
      const { token } = await ledger.termsOf((book >> 104n) << 104n);
      const cash = await ledger.cashOf(account, token);
      if (time + MINUTE < expiry && cash > 3n) await own.allocate(account, book, cash / 3n);
      return;
    }
    case "operator":
      await own.setAccountOperator(
        account,
        operator.address,
        it.scopes,
        it.scopes === 0n ? 0n : time + WEEK,
      );
  }
}

function partsOf(scene: Scene, { books, pieces, unsorted }: Attempt): PartInput[] {
  const parts = books.map((index, i) => {
    const inverse = index === 1 || index === 4;
    const piece = inverse ? pieces[1] : pieces[i % 2 === 0 ? 0 : 2];
    const premium = piece.premium * (inverse ? 1_000_000n / 6n : usd(1));
    const book = scene.books[index] ?? 0n;
    return { book, legs: piece.legs.map(packLeg), premium, maxDraw: piece.maxDraw };
  });
  return unsorted ? sorted(...parts).reverse() : sorted(...parts);
}

/** The order and its signature, by whoever is to sign. */
async function offered(scene: Scene, attempt: Attempt) {
  const { operator, stranger, walletAddress } = scene;
  const maker = holder(scene, attempt.sides[0]);
  const time = await now(scene);
  const taker = holder(scene, attempt.sides[1]).owner;
  const order = {
    ...attempt.order,
    account: maker.account,
    epoch: (await scene.ledger.epochOf(maker.account)) + attempt.epoch,
    deadline: time + attempt.deadline,
    signedAt: time + attempt.signedAt,
    taker: { anyone: ZeroAddress, taker, other: walletAddress }[attempt.reserved],
    parts: partsOf(scene, attempt),
  };
  const signer = { owner: maker.signer, operator, stranger }[attempt.signer];
  const by = attempt.signer === "owner" ? maker.owner : (signer?.address ?? ZeroAddress);
  const signature = signer === undefined ? "0x" : await sign(scene, order, signer);
  return { order, signer: by, signature: attempt.forged ? `${signature}00` : signature };
}

type Offered = Awaited<ReturnType<typeof offered>>;

/** Limits as tight as asked, by what the preview says of the fill without any. */
async function limited(scene: Scene, request: FillCall, attempt: Attempt): Promise<FillCall> {
  if (attempt.maxPay === "none" && attempt.maxDraw === "none") return request;
  const { parts } = await previewOf(scene, request);
  const tight = (how: Tightness, value: bigint, most: bigint): bigint =>
    ({ none: most, exact: value, below: value - 1n, zero: 0n })[how];
  const limits = request.limits.map((limit, i): LimitInput => {
    const part = [...parts][i];
    if (part === undefined) return limit;
    const draw = tight(attempt.maxDraw, part.taker.draw, MAX_112);
    return {
      maxPay: tight(attempt.maxPay, part.pay, MAX_127),
      maxDraw: draw < 0n ? 0n : draw,
    };
  });
  return { ...request, limits };
}

/** One order is offered and taken; answers what came of it. */
async function take(scene: Scene, attempt: Attempt, offer: Offered): Promise<string> {
  const { stranger, operator } = scene;
  const taker = holder(scene, attempt.sides[1]);
  const { order } = offer;
  const from = { owner: taker.signer ?? operator, operator, stranger }[attempt.caller];
  const count = Math.max(0, order.parts.length + attempt.limits);
  const limits = Array.from({ length: count }, () => NO_LIMIT);
  const { account } = taker;
  const request = { from, account, ...offer, units: attempt.units, limits };
  return expectPreviewed(scene, await limited(scene, request, attempt));
}

async function play(steps: readonly Step[], outcomes: Map<string, number>): Promise<void> {
  const scene = await networkHelpers.loadFixture(opened);
  let last: Offered | undefined;
  for (const { before, attempt } of steps) {
    await happen(scene, before);
    const offer = attempt.again && last !== undefined ? last : await offered(scene, attempt);
    last = offer;
    const outcome = await take(scene, attempt, offer);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

describe("Previews", () => {
  it(`say of every fill what it then does, and of every refusal its bytes (${RUNS * ORDERS} orders, seed ${SEED})`, async () => {
    const outcomes = new Map<string, number>();
    const property = fc.asyncProperty(lives, (steps) => play(steps, outcomes));
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    if (process.env["DUMP"]) console.log([...outcomes].sort((a, b) => b[1] - a[1]));
    // A generator that has gone astray would prove nothing.
    expect(outcomes.size).to.be.greaterThan(12);
    expect(outcomes.get("filled") ?? 0).to.be.greaterThan((RUNS * ORDERS) / 10);
  });
});
