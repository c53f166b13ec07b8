import { AbiCoder } from "ethers";

import { Chain, Refused } from "../../../scripts/demo/chain.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { delayOf, deployGoverned, execute, schedule } from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";
import { bookOf, marketIdOf, marketOf } from "../../fixtures/ids.ts";
import { BEST, FEED, profileOf, readingWords } from "../../fixtures/oracles.ts";
import { DAY, HOUR, WEEK } from "../../fixtures/units.ts";
import { linearTermsOf, now, passTo } from "../../fixtures/world.ts";
import { sell, wrap, PUT } from "../../fixtures/wraps.ts";

/** A governed market with books of five weeks and positions in each; what an attacker gets to play with. */
export interface Stage extends Governed {
  readonly chain: Chain;
  /** Books by expiry, with positions in each. */
  readonly books: readonly { readonly book: bigint; readonly expiry: bigint }[];
  /** When everything is ready. */
  readonly begins: bigint;
}

const coder = AbiCoder.defaultAbiCoder();
const BOOKS = 5n;
const DOLLAR = 10n ** 8n;
const WAVES = [
  { dollars: 15, seconds: 150_000 },
  { dollars: 6, seconds: 31_000 },
] as const;

/** An honest price that moves as on quiet days: some ten dollars within a day. */
export function honestPrice(time: bigint): bigint {
  const off = WAVES.reduce(
    (sum, { dollars, seconds }) => sum + dollars * Math.sin((2 * Math.PI * Number(time)) / seconds),
    0,
  );
  return 1_985n * DOLLAR + BigInt(Math.round(off * 1e8));
}

/** Deploys, hands over, lists the market as the Safe does it, opens its books and puts positions into them. */
export async function openStage(connection: Connection): Promise<Stage> {
  const governed = await deployGoverned(connection);
  const { ledger, settlement, breaker, address, stranger, taker } = governed;
  const terms = {
    ...(await linearTermsOf(governed)),
    feed: FEED,
    oracle: await settlement.getAddress(),
    profile: profileOf(0n),
    guard: await breaker.getAddress(),
    horizon: BOOKS * WEEK,
  };
  const data = ledger.interface.encodeFunctionData("list", [terms]);
  await schedule(governed, { to: address, data });
  await passTo(governed, (await now(governed)) + delayOf("LISTER"));
  await execute(governed, { to: address, data });
  const linear = marketOf(marketIdOf(terms));
  await breaker.connect(stranger).enroll(linear);

  const expiries = Array.from(
    { length: Number(BOOKS) },
    (_, i) => governed.expiry + BigInt(i) * WEEK,
  );
  const books = expiries.map((expiry) => ({ expiry, book: bookOf(linear, expiry) }));
  const chain = Chain.over(connection, (await now(governed)) + HOUR);
  const stage: Stage = {
    ...governed,
    chain,
    books,
    linear,
    linearTerms: terms,
    linearBook: books[0]?.book ?? 0n,
    // Orders are good until the last book ends.
    expiry: expiries.at(-1) ?? 0n,
    begins: chain.time + HOUR,
  };
  await bring(stage);
  for (const [index, { book, expiry }] of books.entries()) {
    await ledger.openBook(linear, expiry);
    const at = { ...stage, linearBook: book };
    await sell(at, PUT, { book, units: 40n, nonce: BigInt(index) + 1n });
    await wrap(at, { book, amount: 3n });
    for (const { signer, account } of [stage.maker, taker]) {
      await ledger.connect(signer).allocate(account, book, 1_000n);
    }
  }
  await chain.synchronise();
  return stage;
}

/** Honest readings of every class that is not disabled, of the chain's time or of some seconds before. */
export async function bring({ chain, hub, stranger, targets, sources }: Stage, ago = 0n) {
  const time = chain.time - ago;
  for (const index of sources.keys()) {
    const reading = readingWords({ price: honestPrice(time), time });
    const data = hub.interface.encodeFunctionData("update", [FEED, index, reading]);
    await tried(() => chain.push("reading", { from: stranger.address, to: targets.hub, data }));
  }
}

/** What proves the price at an expiry: every class at its best. */
export function proofsAt({ sources }: Stage, expiry: bigint): string {
  const payload = coder.encode(["uint40", "uint64", "uint24"], [expiry, honestPrice(expiry), BEST]);
  const proofs = sources.map((_, source) => ({ source, slot: 0, fee: 0n, payload }));
  return coder.encode(["tuple(uint8 source,uint8 slot,uint96 fee,bytes payload)[]"], [proofs]);
}

/** Undefined if it passed, else why not; only a contract's refusal is one. */
export async function tried(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.text;
    throw error;
  }
}

/** Somebody's address may be sent from, whether or not it has a key. */
export async function actAs({ connection }: Stage, address: string): Promise<void> {
  const { networkHelpers } = connection;
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 20n);
}

/** How long a campaign goes on: beyond the fourth book, before the fifth. */
export const CAMPAIGN = 24n * DAY;
