/**
 * How long a proof takes from a state at hand, and how large it is: 100,000 accounts, each with free cash in two tokens, a
 * position of four legs and an operator.
 */
import { accountOf, applyEvent, createState, encodeLeaf, StateTree, verify } from "@certus/model";
import type { Kind, LedgerEvent } from "@certus/model";

import {
  ALICE,
  UNDERLYING,
  LEDGER,
  QUOTE,
  START,
  TREASURY,
  createScene,
  leg,
} from "../packages/model/test/helpers/scene.ts";

const ACCOUNTS = 100_000;
const SAMPLE = 2_000;
const WORD = 32;

const { linear } = createScene({ cash: 0n });
const legs = [
  leg("put", 1_500, 1),
  leg("put", 1_600, -1),
  leg("call", 2_100, -1),
  leg("call", 2_200, 1),
];
const sold = legs.map(
  ({ strike, isCall, quantity }) =>
    (strike << 65n) | ((isCall ? 1n : 0n) << 64n) | BigInt.asUintN(64, quantity),
);
const accountAt = (index: number): bigint => accountOf(ALICE + BigInt(index), 0n);

/** Two accounts that trade a condor, from nothing. */
function* trade(index: number): Generator<LedgerEvent> {
  const [maker, taker] = [accountAt(index), accountAt(index + 1)];
  const { book } = linear;
  for (const account of [maker, taker]) {
    const paid = { account, payer: account >> 96n, amount: 10n ** 15n };
    for (const token of [QUOTE, UNDERLYING])
      yield { name: "Deposited", args: { ...paid, token, book: 0n } };
    yield { name: "Deposited", args: { ...paid, token: QUOTE, book } };
    const operator = { account, operator: 7n, scopes: 3n, until: START + 1n, since: START };
    yield { name: "AccountOperatorSet", args: operator };
  }
  const part = { book, premium: 1n, fee: 0n, makerDraw: 0n, takerDraw: 0n, legs: sold };
  const args = { maker, taker, orderHash: 1n, nonce: 0n, units: 1n, remaining: 0n, parts: [part] };
  yield { name: "OrderFilled", args };
}

const state = createState({ chainId: 31_337n, ledger: LEDGER, treasury: TREASURY });
const { marketId, market, terms } = linear.market;
const apply = (event: LedgerEvent): void => applyEvent(state, event, START);
apply({ name: "MarketListed", args: { marketId, market, terms } });
const opened = { book: linear.book, market, expiry: linear.expiry, fixing: 0n, mark: 1n };
apply({ name: "BookOpened", args: opened });
for (let index = 0; index < ACCOUNTS; index += 2) for (const event of trade(index)) apply(event);

const started = performance.now();
const tree = new StateTree(state);
const built = (performance.now() - started) / 1_000;
console.log(`tree of ${ACCOUNTS} accounts built in ${built.toFixed(1)} s`);

function sample(what: string, kind: Kind, keyAt: (index: number) => readonly bigint[]): number {
  let [most, total, bytes] = [0, 0, 0];
  for (let i = 0; i < SAMPLE; i++) {
    const key = keyAt((i * 7_919) % ACCOUNTS);
    const start = performance.now();
    const proven = tree.prove(kind, key);
    const took = performance.now() - start;
    if (proven === undefined) throw new Error(`there is no ${what} of ${key.join(", ")}`);
    [most, total] = [Math.max(most, took), total + took];
    if (i % 100 === 0) {
      const { leaf, proof } = proven;
      if (!verify(tree.root, leaf, proof)) throw new Error(`the proof of a ${what} does not hold`);
      const path = (proof.inner?.length ?? 0) + proof.outer.length;
      bytes = Math.max(bytes, (path + encodeLeaf(leaf).length) * WORD);
    }
  }
  const mean = total / SAMPLE;
  console.log(
    `${what}: ${mean.toFixed(3)} ms on average, ${most.toFixed(1)} ms at most, ${bytes} bytes`,
  );
  return mean;
}

const mean = sample("account", "account", (index) => [accountAt(index)]);
sample("position", "position", (index) => [accountAt(index), linear.book]);
sample("cash", "cash", (index) => [accountAt(index), QUOTE]);
console.log(`proofs ${Math.floor(1_000 / Math.max(mean, 0.001))} a second`);
