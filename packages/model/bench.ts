import { accountOf, applyEvent, createState, hashOrder } from "@certus/model";
import type { LedgerEvent, Order, Outcome } from "@certus/model";
import {
  ALICE,
  LEDGER,
  OPEN_LIMIT,
  QUOTE,
  START,
  TREASURY,
  createScene,
  from,
  fund,
  leg,
  order,
  part,
  sign,
} from "./test/helpers/scene.ts";
import type { Scene } from "./test/helpers/scene.ts";

const ACCOUNTS = 2_000;
const FILLS_PER_ORDER = 5n;

/** What the traders of the bench do, collected as events. */
const events: LedgerEvent[] = [];

function keep<T>(outcome: Outcome<T>): void {
  if (!outcome.ok) throw new Error(`refused: ${outcome.error.name}`);
  events.push(...outcome.events);
}

function rate(label: string, count: number, work: () => void): void {
  const start = performance.now();
  work();
  const seconds = (performance.now() - start) / 1_000;
  const perSecond = Math.round(count / seconds).toLocaleString("en");
  console.log(
    `${label.padEnd(44)} ${perSecond.padStart(12)} /s   (${count} in ${seconds.toFixed(2)} s)`,
  );
}

function prepare(): Scene {
  const scene = createScene({ cash: 0n });
  const { ledger, linear, inverse } = scene;
  for (const { market } of [linear, inverse]) {
    const { marketId, market: prefix, terms } = market;
    events.push({ name: "MarketListed", args: { marketId, market: prefix, terms } });
  }
  for (const { book, market, expiry } of [linear, inverse]) {
    const args = { book, market: market.market, expiry, fixing: 0n, mark: 1n };
    events.push({ name: "BookOpened", args });
  }
  for (let index = 0; index < ACCOUNTS; index++) {
    const owner = ALICE + BigInt(index);
    fund(ledger, accountOf(owner, 0n), QUOTE, 10n ** 18n);
    const args = { account: accountOf(owner, 0n), token: QUOTE, book: 0n, payer: owner };
    events.push({ name: "Deposited", args: { ...args, amount: 10n ** 18n } });
    keep(ledger.allocate(from(owner), accountOf(owner, 0n), linear.book, 10n ** 15n));
  }
  return scene;
}

/** One iron condor an account, each to be taken by the next account. */
function condors({ linear }: Scene): readonly Order[] {
  return Array.from({ length: ACCOUNTS }, (_, index) => {
    const base = 1_500 + (index % 7) * 50;
    const legs = [
      leg("put", base, 1),
      leg("put", base + 100, -1),
      leg("call", base + 600, -1),
      leg("call", base + 700, 1),
    ];
    const parts = [part(linear, legs, { premium: 12_345_678n })];
    return order(accountOf(ALICE + BigInt(index), 0n), parts, {
      nonce: BigInt(index),
      units: FILLS_PER_ORDER,
    });
  });
}

function fillAll({ ledger }: Scene, orders: readonly Order[]): void {
  orders.forEach((signed, index) => {
    const owner = ALICE + BigInt((index + 1) % ACCOUNTS);
    const account = accountOf(owner, 0n);
    const signature = sign(ledger, signed);
    for (let unit = 0n; unit < FILLS_PER_ORDER; unit++) {
      const signer = signed.account >> 96n;
      keep(ledger.fill(from(owner), account, signed, signer, signature, 1n, [OPEN_LIMIT]));
    }
  });
}

function shrink({ ledger, linear }: Scene): void {
  for (let index = 0; index < ACCOUNTS; index++) {
    const owner = ALICE + BigInt(index);
    keep(ledger.free(from(owner), accountOf(owner, 0n), linear.book, 10n ** 14n));
    keep(ledger.cancel(from(owner), accountOf(owner, 0n), [10_000n]));
  }
}

const scene = prepare();
const orders = condors(scene);
rate("hash of an order of four legs", ACCOUNTS, () => orders.forEach(hashOrder));
rate("fill of four legs, hash remembered", ACCOUNTS * Number(FILLS_PER_ORDER), () =>
  fillAll(scene, orders),
);
shrink(scene);
const streams = Array.from({ length: 10 }, () => structuredClone(events));
rate("applyEvent, 10,000 fills of 18,004 events", events.length * streams.length, () => {
  for (const stream of streams) {
    const state = createState({ chainId: 31_337n, ledger: LEDGER, treasury: TREASURY });
    for (const event of stream) applyEvent(state, event, START);
  }
});
