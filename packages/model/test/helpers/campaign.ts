import { accountOf, approve, createState, mint } from "@certus/model";
import type { Book, Leg, Ledger, LedgerEvent, Order, Outcome, State, Terms } from "@certus/model";
import {
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  LEDGER,
  QUOTE,
  START,
  STRANGER,
  TREASURY,
  UNDERLYING,
  createLedger,
  fund,
  inverseTerms,
  linearTerms,
  openBook,
  openMarket,
} from "./scene.ts";
import type { ScriptedOracle } from "./scene.ts";

/** One step of a campaign: plain data, read against whatever state it meets. */
export interface Step {
  /** Name of the operation. */
  readonly op: string;
  /** Which account acts. */
  readonly who: number;
  /** Which account is met. */
  readonly other: number;
  readonly book: number;
  /** Which of the values around a bound. */
  readonly near: number;
  readonly amount: bigint;
  /** What a part in a linear book has. */
  readonly netted: readonly Leg[];
  /** What a part in an inverse book has. */
  readonly calls: readonly Leg[];
  readonly premium: bigint;
  readonly units: bigint;
}

/** A ledger under way. */
export interface Campaign {
  readonly ledger: Ledger;
  readonly oracle: ScriptedOracle;
  readonly books: Book[];
  readonly accounts: readonly bigint[];
  readonly orders: Order[];
  /** Every event so far, with the time of its block. */
  readonly log: { readonly event: LedgerEvent; readonly time: bigint }[];
  now: bigint;
}

/** One operation: what a step calls, if anything. */
export type Op = (campaign: Campaign, step: Step) => Outcome<unknown> | undefined;

/** Strike tick of a campaign's markets. */
export const TICK = 7n;
/** Distance of expiries. */
export const WEEK = 604_800n;
const CASH = 10n ** 24n;

const ODD: Partial<Terms> = { num: 7n, den: 3n, strikeTick: TICK, feePerLot: 1n, lastTrade: 600n };

/** Two linear books of one market, an inverse one, and four accounts, two of them of one owner. */
export function createCampaign(): Campaign {
  const { ledger, oracle } = createLedger();
  const log: LedgerEvent[] = [];
  const calls = { num: 1_001n, den: 3n, feePerLot: 0n };
  const near = openMarket(ledger, linearTerms({ ...ODD, ceiling: 10n ** 20n }), log);
  const inverse = openMarket(ledger, inverseTerms({ ...ODD, ...calls, ceiling: 10n ** 20n }), log);
  const far = openBook(ledger, near.market.market, EXPIRY + WEEK, log);
  const accounts = [accountOf(ALICE, 0n), accountOf(ALICE, 1n), accountOf(BOB, 0n)];
  for (const account of accounts) {
    fund(ledger, account, QUOTE, CASH, log);
    fund(ledger, account, UNDERLYING, CASH, log);
  }
  const poor = accountOf(CAROL, 0n);
  fund(ledger, poor, QUOTE, 5_000n, log);
  for (const token of ledger.world.tokens.values()) {
    for (const payer of [ALICE, BOB, STRANGER]) mint(token, payer, CASH);
    approve(token, STRANGER, LEDGER, CASH / 10n);
  }
  return {
    ledger,
    oracle,
    books: [near, inverse, far],
    accounts: [...accounts, poor],
    orders: [],
    log: log.map((event) => ({ event, time: START })),
    now: START,
  };
}

/** The state from which a replica starts. */
export function createReplica(): State {
  return createState({ chainId: 31_337n, ledger: LEDGER, treasury: TREASURY });
}
