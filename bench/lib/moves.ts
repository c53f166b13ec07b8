import { orderDomain, packLegs, signOrder } from "../../scripts/lib/orders.ts";
import type { PartInput } from "../../scripts/lib/orders.ts";
import { encodeHints } from "../../scripts/lib/roundHints.ts";
import type { Trader } from "./chain.ts";
import { EXPIRY, accountOf, cash, ether, usd, type Scene, type Venue } from "./scene.ts";

/** Chain id of the benchmark's chain. */
export const CHAIN_ID = 31_337n;
const GAS_LIMIT = 10_000_000n;
const SIGNED_AT = 1_767_225_600n;
const PHASE = 1n << 64n;
/** Units of every order. */
export const UNITS = 10n;
/** Gas is given, not estimated: an estimate would add calls, not change what a transaction uses. */
export const GAS = { gasLimit: GAS_LIMIT };

/** A leg per unit, as the maker receives it. */
export interface Lot {
  readonly strike: number;
  readonly isCall: boolean;
  readonly quantity: bigint;
}

export const put = (strike: number, quantity: bigint): Lot => ({ strike, isCall: false, quantity });
export const call = (strike: number, quantity: bigint): Lot => ({ strike, isCall: true, quantity });

/** The maker's iron condor, sold. */
export const CONDOR: readonly Lot[] = [
  put(2_600, 1n),
  put(2_800, -1n),
  call(3_200, -1n),
  call(3_400, 1n),
];

/** The opposite legs. */
export const reversed = (lots: readonly Lot[]): Lot[] =>
  lots.map((lot) => ({ ...lot, quantity: -lot.quantity }));

/** One part of an order. */
export function part(venue: Venue, lots: readonly Lot[], premium: bigint, maxDraw = 0n): PartInput {
  const legs = packLegs(
    lots.map(({ strike, isCall, quantity }) => ({ strike: usd(strike), isCall, quantity })),
  );
  return { book: venue.book, legs, premium, maxDraw };
}

/** Who trades with whom; maker and taker of the scene where nothing else is said. */
export interface Sides {
  readonly maker?: Trader;
  readonly taker?: Trader;
  /** The taker's sub-account. */
  readonly sub?: bigint;
  /** Owner of the maker account, if it is a wallet; its key is the maker. */
  readonly wallet?: string;
}

/** A signed order, as `fillMany` takes it. */
export type Signed = Awaited<ReturnType<typeof sign>>;

/** Signs an order of `UNITS` over `parts`. */
export async function sign(
  scene: Scene,
  nonce: bigint,
  parts: readonly PartInput[],
  { maker = scene.maker, wallet }: Sides = {},
) {
  const owner = wallet ?? maker.address;
  const sorted = [...parts].sort((a, b) => (a.book < b.book ? -1 : 1));
  const order = {
    account: accountOf(owner),
    nonce,
    epoch: 0n,
    units: UNITS,
    minFill: 1n,
    signedAt: SIGNED_AT,
    deadline: EXPIRY,
    taker: "0x0000000000000000000000000000000000000000",
    parts: sorted.map((one) => ({ ...one, legs: [...one.legs] })),
  };
  const signature = await signOrder(maker, orderDomain(CHAIN_ID, scene.domain), order);
  return { order, signer: owner, signature };
}

/** Limits of a taker that never bind: nothing is drawn, anything is paid. */
export const limitsOf = ({ order }: Signed) =>
  order.parts.map(() => ({ maxPay: ether(1), maxDraw: 0n }));

/** Signs an order over `parts` and fills it whole; answers the gas. */
export async function fill(
  scene: Scene,
  nonce: bigint,
  parts: readonly PartInput[],
  sides: Sides = {},
): Promise<bigint> {
  const { taker = scene.taker, sub } = sides;
  const signed = await sign(scene, nonce, parts, sides);
  const { order, signer, signature } = signed;
  const account = accountOf(taker.address, sub);
  const ledger = scene.ledger.connect(taker);
  return scene.chain.send(() =>
    ledger.fill(account, order, signer, signature, UNITS, limitsOf(signed), GAS),
  );
}

/** The condor at a premium of 20 dollars a unit, or at another. */
export const condor = (scene: Scene, premium = usd(20), maxDraw = 0n): PartInput =>
  part(scene.linear, CONDOR, premium, maxDraw);

/** Pays collateral into a book for an account. */
export function endow(
  scene: Scene,
  venue: Venue,
  owner: string,
  amount: bigint,
  sub?: bigint,
): Promise<bigint> {
  const account = accountOf(owner, sub);
  return scene.chain.send(() =>
    scene.ledger.connect(scene.admin).depositToBook(account, venue.book, amount, GAS),
  );
}

/** Pays into free cash of a trader. */
export function credit(
  scene: Scene,
  venue: Venue,
  trader: Trader,
  amount: bigint,
): Promise<bigint> {
  return scene.chain.send(() =>
    scene.ledger
      .connect(trader)
      .deposit(accountOf(trader.address), venue.tokenAddress, amount, GAS),
  );
}

/** Collateral for both sides of a venue: 10,000 dollars, or 10 ether. */
export async function endowBoth(scene: Scene, venue: Venue): Promise<void> {
  const amount = venue === scene.linear ? cash(10_000) : ether(10);
  for (const { address } of [scene.maker, scene.taker]) await endow(scene, venue, address, amount);
}

/** Puts another nonce of the same word to use, so that no fill pays for the word's first write. */
export function useNonceWord(scene: Scene, maker = scene.maker): Promise<bigint> {
  return scene.chain.send(() =>
    scene.ledger.connect(maker).cancel(accountOf(maker.address), [0n], GAS),
  );
}

/** Publishes a round ten minutes before the expiry and one a minute after it; answers the proof. */
export async function expire(scene: Scene, price: number): Promise<string> {
  const { aggregator } = scene.feed;
  await scene.chain.send(() => aggregator.updateAnswer(usd(price), GAS), EXPIRY - 600n);
  const last = await aggregator.latestRound();
  await scene.chain.send(() => aggregator.updateAnswer(usd(price), GAS), EXPIRY + 60n);
  return encodeHints([PHASE | last]);
}

/** Fixes the price of the linear book with the proof; answers the gas. */
export function fix(scene: Scene, proof: string): Promise<bigint> {
  return scene.chain.send(() => scene.ledger.fixPrice(scene.linear.book, proof, GAS));
}

/** Settles accounts of the linear book; answers the gas. */
export function settle(scene: Scene, traders: readonly Trader[]): Promise<bigint> {
  return scene.chain.send(() =>
    scene.ledger.settle(
      scene.linear.book,
      traders.map(({ address }) => accountOf(address)),
      GAS,
    ),
  );
}
