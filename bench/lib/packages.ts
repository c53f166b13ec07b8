import { packLegs } from "../../scripts/lib/orders.ts";
import {
  CONDOR,
  GAS,
  UNITS,
  condor,
  endowBoth,
  expire,
  fill,
  fix,
  part,
  put,
  reversed,
  useNonceWord,
  type Lot,
} from "./moves.ts";
import type { Operation } from "./operation.ts";
import { accountOf, usd, type Scene } from "./scene.ts";

const HALF = UNITS / 2n;

/** What the taker holds of the condor that makers sell. */
const BOUGHT_CONDOR = reversed(CONDOR);
const BOUGHT_PUT: readonly Lot[] = [put(2_800, 1n)];

const packed = (lots: readonly Lot[]): bigint[] =>
  packLegs(lots.map((lot) => ({ ...lot, strike: usd(lot.strike) })));

/** Sells `UNITS` times the lots to the taker. */
async function buy(scene: Scene, lots: readonly Lot[]): Promise<void> {
  await endowBoth(scene, scene.linear);
  await useNonceWord(scene);
  const sold = lots === BOUGHT_CONDOR ? condor(scene) : part(scene.linear, reversed(lots), usd(20));
  await fill(scene, 1n, [sold]);
}

function wrapping(scene: Scene, lots: readonly Lot[], amount: bigint): Promise<bigint> {
  const { chain, ledger, linear, taker } = scene;
  const account = accountOf(taker.address);
  return chain.send(() =>
    ledger.connect(taker).wrap(account, linear.book, packed(lots), amount, GAS),
  );
}

const wrap =
  (lots: readonly Lot[], amount: bigint) =>
  async (scene: Scene): Promise<bigint> => {
    await buy(scene, lots);
    return wrapping(scene, lots, amount);
  };

async function unwrap(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, taker } = scene;
  await buy(scene, BOUGHT_CONDOR);
  await wrapping(scene, BOUGHT_CONDOR, UNITS - 1n);
  const account = accountOf(taker.address);
  return chain.send(() =>
    ledger.connect(taker).unwrap(account, linear.book, packed(BOUGHT_CONDOR), HALF, GAS),
  );
}

const redeem =
  (lots: readonly Lot[]) =>
  async (scene: Scene): Promise<bigint> => {
    const { chain, ledger, linear, taker } = scene;
    await buy(scene, lots);
    await wrapping(scene, lots, HALF);
    await fix(scene, await expire(scene, 2_700));
    return chain.send(() =>
      ledger.connect(taker).redeem(linear.book, packed(lots), HALF, taker.address, GAS),
    );
  };

async function send(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, taker, maker } = scene;
  await buy(scene, BOUGHT_CONDOR);
  const legs = packed(BOUGHT_CONDOR);
  const account = accountOf(taker.address);
  const id = await ledger.connect(taker).wrap.staticCall(account, linear.book, legs, UNITS, GAS);
  await wrapping(scene, BOUGHT_CONDOR, UNITS);
  const sending = (): Promise<bigint> =>
    chain.send(() => ledger.connect(taker).transfer(maker.address, id, 1n, GAS));
  await sending();
  return sending();
}

/** Legs as tokens. */
export const PACKAGES: readonly Operation[] = [
  {
    op: "wrap, one put",
    target: 75_000n,
    warm: "half of the puts held, so one leg before and after; the owner has none of the packages",
    run: wrap(BOUGHT_PUT, HALF),
    wide: true,
  },
  {
    op: "wrap, 4-leg condor",
    warm: "half of the condors held, so four legs before and after; the owner has none of the packages",
    run: wrap(BOUGHT_CONDOR, HALF),
    wide: true,
  },
  {
    op: "unwrap, 4-leg condor",
    warm: "four legs and packages, before and after",
    run: unwrap,
    wide: true,
  },
  {
    op: "redeem a wrapped long",
    target: 50_000n,
    why:
      "transaction and calldata 22,432, payment 15,130, storage 12,300 after the refund (balance, book, scale, token), " +
      "events 5,798: 55,660 without a single rule; the annex takes 3,842 and the rules 2,062",
    warm: "all packages of the holder, puts in the money; its wallet and the pool keep a balance",
    run: redeem(BOUGHT_PUT),
    wide: true,
  },
  {
    op: "redeem a wrapped 4-leg condor",
    warm: "all packages of the holder, in the money; its wallet and the pool keep a balance",
    run: redeem(BOUGHT_CONDOR),
    wide: true,
  },
  {
    op: "transfer of a package",
    warm: "sender and receiver hold some before and after",
    run: send,
    wide: true,
  },
];
