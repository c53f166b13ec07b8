import {
  Ledger,
  MAX_UINT256,
  STYLE_INVERSE,
  STYLE_LINEAR,
  accountOf,
  approve,
  cashOf,
  createToken,
  emptyWorld,
  findAccount,
  findBook,
  mint,
  orderDigest,
  packLeg,
  positionOf,
} from "@certus/model";
import type {
  Book,
  Description,
  Env,
  Hex,
  Leg,
  LedgerEvent,
  Opening,
  Order,
  Outcome,
  Part,
  Pending,
  SettlementOracle,
  Signature,
  Terms,
} from "@certus/model";

/** Addresses of the scene. */
export const ADMIN = 0xa0n;
export const GUARD = 0xa1n;
export const TREASURY = 0xa2n;
export const OPERATOR = 0xa3n;
export const STRANGER = 0xa4n;
export const LEDGER = 0x1ed9e7n;
export const QUOTE = 0x10n;
export const UNDERLYING = 0x11n;
export const ORACLE = 0x12n;
/** Domain separator of the quote token's permits; the other token knows none. */
export const PERMIT_DOMAIN = 0xd0n;
export const ALICE = 0x1n << 150n;
export const BOB = 0x2n << 150n;
export const CAROL = 0x3n << 150n;

/** Time at which a scene starts: Friday, one week before the expiry of its books. */
export const START = 1_800_000_000n;
/** Expiry of the books of a scene. */
export const EXPIRY = START + 604_800n;
/** One lot of the linear market × one whole price = 1 unit of a token of 6 decimals. */
export const DOLLAR = 1_000_000n;

/** An oracle that says what it is told. */
export class ScriptedOracle implements SettlementOracle {
  description: Description = { priceExp: 0n, maxCeiling: (1n << 112n) - 1n };
  mark = 2_000n * 10n ** 8n;
  price = 2_000n * 10n ** 8n;
  /** How many calls were committed. */
  commits = 0;

  planDescribe(): Description {
    return this.description;
  }

  planOpen(): Pending<Opening> {
    return this.#pending({ fixing: 0xf1n, mark: this.mark });
  }

  planFix(): Pending<bigint> {
    return this.#pending(this.price);
  }

  #pending<T>(returned: T): Pending<T> {
    const commit = () => {
      this.commits++;
      return () => void this.commits--;
    };
    return { returned, events: [], commit };
  }
}

/** A ledger with two markets, one book each, and three traders with cash. */
export interface Scene {
  readonly ledger: Ledger;
  readonly oracle: ScriptedOracle;
  readonly linear: Book;
  readonly inverse: Book;
  readonly alice: bigint;
  readonly bob: bigint;
  readonly carol: bigint;
}

/** Terms of the linear market; a scene may change some. */
export function linearTerms(changes: Partial<Terms> = {}): Terms {
  return {
    feed: 0xfeedn,
    token: QUOTE,
    style: STYLE_LINEAR,
    num: 1n,
    den: 100n,
    strikeTick: 10n ** 8n,
    priceExp: 0n,
    oracle: ORACLE,
    profile: 0n,
    guard: GUARD,
    gridAnchor: START,
    gridPeriod: 604_800n,
    horizon: 8_640_000n,
    lastTrade: 1_800n,
    feePerLot: 1_000n,
    ceiling: 10n ** 30n,
    marginMode: 0n,
    salt: 0n,
    ...changes,
  };
}

/** Terms of the inverse market: one lot is 10^16 base units of a token of 18 decimals. */
export function inverseTerms(changes: Partial<Terms> = {}): Terms {
  const terms = { style: STYLE_INVERSE, token: UNDERLYING, num: 10n ** 16n, den: 1n };
  return linearTerms({ ...terms, feePerLot: 10n ** 12n, ...changes });
}

/** A call from someone at a time. */
export function from(sender: bigint, now: bigint = START): Env {
  return { sender, now };
}

/** The return value of a call that must succeed; its events go to the log, if there is one. */
export function expectOk<T>(outcome: Outcome<T>, log?: LedgerEvent[]): T {
  if (!outcome.ok) {
    throw new Error(`refused: ${outcome.error.name}(${outcome.error.args.join(", ")})`);
  }
  log?.push(...outcome.events);
  return outcome.returned;
}

/** A ledger in a world with the two tokens, the oracle, and an administrator. */
export function createLedger(): { ledger: Ledger; oracle: ScriptedOracle } {
  const world = emptyWorld();
  const oracle = new ScriptedOracle();
  for (const token of [QUOTE, UNDERLYING]) {
    world.code.add(token);
    world.tokens.set(token, createToken(token === QUOTE ? PERMIT_DOMAIN : undefined));
  }
  world.code.add(ORACLE);
  world.oracles.set(ORACLE, oracle);
  for (const holders of Object.values(world.authority)) holders.add(ADMIN);
  const genesis = { chainId: 31_337n, ledger: LEDGER, treasury: TREASURY };
  return { ledger: new Ledger(genesis, world), oracle };
}

/** Opens the book of a market. */
export function openBook(
  ledger: Ledger,
  market: bigint,
  expiry: bigint = EXPIRY,
  log?: LedgerEvent[],
): Book {
  const id = expectOk(ledger.openBook(from(STRANGER), market, expiry), log);
  const book = findBook(ledger.state, id);
  if (book === undefined) throw new Error("the book did not open");
  return book;
}

/** Lists a market and opens its book. */
export function openMarket(ledger: Ledger, terms: Terms, log?: LedgerEvent[]): Book {
  const { market } = expectOk(ledger.list(from(ADMIN), terms), log);
  return openBook(ledger, market, EXPIRY, log);
}

/** Gives an account free cash, paid by its owner's address. */
export function fund(
  ledger: Ledger,
  account: bigint,
  token: bigint,
  amount: bigint,
  log?: LedgerEvent[],
): void {
  const owner = account >> 96n;
  const held = ledger.world.tokens.get(token);
  if (held === undefined) throw new Error("no such token");
  mint(held, owner, amount);
  approve(held, owner, LEDGER, MAX_UINT256);
  expectOk(ledger.deposit(from(owner), account, token, amount), log);
}

/** The whole scene. */
export function createScene(
  changes: { linear?: Partial<Terms>; inverse?: Partial<Terms>; cash?: bigint } = {},
): Scene {
  const { ledger, oracle } = createLedger();
  const linear = openMarket(ledger, linearTerms(changes.linear));
  const inverse = openMarket(ledger, inverseTerms(changes.inverse));
  const [alice, bob, carol] = [accountOf(ALICE, 0n), accountOf(BOB, 7n), accountOf(CAROL, 0n)];
  const cash = changes.cash ?? 10n ** 30n;
  for (const account of [alice, bob, carol]) {
    if (cash === 0n) continue;
    fund(ledger, account, QUOTE, cash);
    fund(ledger, account, UNDERLYING, cash);
  }
  return { ledger, oracle, linear, inverse, alice, bob, carol };
}

/** A leg from a whole strike: `leg("put", 1800, -1)`. */
export function leg(right: "put" | "call", strike: number, quantity: bigint | number): Leg {
  return {
    strike: BigInt(strike) * 10n ** 8n,
    isCall: right === "call",
    quantity: BigInt(quantity),
  };
}

/** A part of an order; draws as much as it takes unless told otherwise. */
export function part(book: Book, legs: readonly Leg[], changes: Partial<Part> = {}): Part {
  return {
    book: book.book,
    legs: legs.map(packLeg),
    premium: 0n,
    maxDraw: (1n << 112n) - 1n,
    ...changes,
  };
}

/** An order of an account: one unit of one part, valid until expiry, unless told otherwise. */
export function order(
  account: bigint,
  parts: readonly Part[],
  changes: Partial<Order> = {},
): Order {
  return {
    account,
    nonce: 0n,
    epoch: 0n,
    units: 1n,
    minFill: 0n,
    signedAt: START,
    deadline: EXPIRY,
    taker: 0n,
    parts,
    ...changes,
  };
}

/** The owner's signature of an order. */
export function sign(ledger: Ledger, signed: Order, by: bigint = signed.account >> 96n): Signature {
  return { kind: "ecdsa", by, digest: orderDigest(ledger.state.domain, signed) };
}

/** Limits that allow anything. */
export const OPEN_LIMIT = { maxPay: (1n << 127n) - 1n, maxDraw: (1n << 112n) - 1n };

/** Fills an order for an account by its owner's hand, with open limits. */
export function take(
  ledger: Ledger,
  account: bigint,
  signed: Order,
  units: bigint = signed.units,
  env: Env = from(account >> 96n),
): Outcome<readonly bigint[]> {
  const limits = signed.parts.map(() => OPEN_LIMIT);
  const signer = signed.account >> 96n;
  return ledger.fill(env, account, signed, signer, sign(ledger, signed), units, limits);
}

/** What an account has in a book, and the free cash beside it. */
export function holding(
  ledger: Ledger,
  account: bigint,
  book: Book,
): { collateral: bigint; legs: readonly Leg[]; cash: bigint } {
  const owner = findAccount(ledger.state, account);
  const { collateral, legs } = positionOf(owner, book);
  return { collateral, legs, cash: cashOf(owner, book.market.terms.token) };
}

/** A proof of nothing. */
export const NO_PROOF: Hex = "0x";
