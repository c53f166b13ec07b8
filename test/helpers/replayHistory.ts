import { zeroPadValue } from "ethers";

import { findHints } from "../../scripts/lib/roundHints.ts";
import { batch, fillData } from "../fixtures/batches.ts";
import type { Connection } from "../fixtures/connection.ts";
import { fill, inversePart, linearPart, sorted } from "../fixtures/fills.ts";
import { bookOf, put } from "../fixtures/ids.ts";
import { fillMany, offer, withSecond } from "../fixtures/takes.ts";
import type { ManyWorld } from "../fixtures/takes.ts";
import { HOUR, Level, Scope, ether, usd, usdc } from "../fixtures/units.ts";
import {
  at,
  chainlinkTermsOf,
  deployOpen,
  fix,
  listMarket,
  now,
  passTo,
} from "../fixtures/world.ts";
import type { LocalFeed } from "../../scripts/lib/deploy.ts";
import { CONDOR, redeem, sell, unwrap, wrap, wrapId } from "../fixtures/wraps.ts";

/** A world in which everything has happened that a ledger tells of. */
export interface Past extends ManyWorld {
  /** The single-feed oracle. */
  readonly oracleAddress: string;
}

/** Books that settle on a real phase proxy. */
async function openChained(
  world: ManyWorld,
): Promise<{ feed: LocalFeed; book: bigint; name: string; profile: string }> {
  const { ledger, chainlink, expiry } = world;
  const { terms, feed } = await chainlinkTermsOf(world);
  const market = await listMarket(world, { ...terms, salt: zeroPadValue("0x01", 32) });
  await feed.aggregator.updateAnswer(usd(2_000));
  await ledger.openBook(market, expiry);
  await at(world, (await now(world)) + 60n);
  await feed.aggregator.updateAnswer(usd(2_010));
  await chainlink.refreshMark(terms.feed, terms.profile, expiry);
  return { feed, book: bookOf(market, expiry), name: terms.feed, profile: terms.profile };
}

async function moveCash(world: ManyWorld): Promise<void> {
  const { ledger, maker, linearBook, quoteAddress } = world;
  const own = ledger.connect(maker.signer);
  await own.depositToBook(maker.account, linearBook, usdc(500));
  await own.allocate(maker.account, linearBook, usdc(700));
  await own.free(maker.account, linearBook, usdc(300));
  await own.withdraw(maker.account, quoteAddress, usdc(11), maker.address);
}

async function grant(world: ManyWorld): Promise<void> {
  const { ledger, maker, taker, stranger, guard, expiry } = world;
  const own = ledger.connect(maker.signer);
  await own.setAccountOperator(maker.account, stranger.address, Scope.Both, expiry);
  await own.setAccountOperator(maker.account, guard.address, Scope.Trade, expiry);
  await own.setAccountOperator(maker.account, guard.address, 0n, 0n);
  await ledger
    .connect(taker.signer)
    .setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
}

async function tradeAll(world: ManyWorld): Promise<void> {
  const { ledger, maker, second, taker } = world;
  const own = ledger.connect(maker.signer);
  await fill(world, { units: 3n });
  await fill(world, { units: 7n });
  await fill(world, { order: { nonce: 2n }, units: 4n });
  await fill(world, { order: { nonce: 3n }, units: 4n });
  await own.cancel(maker.account, [3n, 4n, 130n]);
  const parts = sorted(linearPart(world), inversePart(world));
  await fill(world, { order: { nonce: 5n, parts } });
  const cancelled = await offer(world, { order: { nonce: 4n } });
  const good = await offer(world, { order: { nonce: 6n } });
  const better = await offer(world, { by: second, part: { premium: usd(60) } });
  await fillMany(world, { offers: [cancelled, good, better] });
  const { interface: abi } = ledger;
  await batch(world, [
    abi.encodeFunctionData("allocate", [taker.account, world.linearBook, usdc(90)]),
    await fillData(world, { order: { nonce: 7n } }),
    await fillData(world, { order: { nonce: 8n }, units: 1n }),
    abi.encodeFunctionData("free", [taker.account, world.linearBook, usdc(30)]),
    abi.encodeFunctionData("cancel", [taker.account, [9n]]),
  ]);
  await ledger.connect(second.signer).raiseEpoch(second.account);
}

async function packageAll(world: ManyWorld): Promise<void> {
  const { ledger, taker, stranger, maker, guard, linearBook } = world;
  await sell(world, CONDOR, { nonce: 20n });
  const own = ledger.connect(taker.signer);
  const [puts, condors] = [await wrapId(world), await wrapId(world, { legs: CONDOR })];
  await wrap(world, { amount: 6n });
  await wrap(world, { legs: CONDOR, amount: 5n });
  await unwrap(world, { amount: 1n });
  await own.transfer(stranger.address, puts, 2n);
  await own.approve(guard.address, condors, 4n);
  await ledger.connect(guard).transferFrom(taker.address, maker.address, condors, 3n);
  await own.setOperator(stranger.address, true);
  await own.setOperator(guard.address, true);
  await own.setOperator(guard.address, false);
  await ledger.connect(stranger).transferFrom(taker.address, guard.address, puts, 1n);
  const [sub, legs] = [taker.account + 1n, [put(usd(2_000), 2n)]];
  await own.transferLegs(taker.account, sub, linearBook, legs, usdc(1));
}

async function guardAll(world: ManyWorld, spare: bigint): Promise<void> {
  const { ledger, guard, admin, linear, inverse } = world;
  const own = ledger.connect(guard);
  await own.setGuard(linear, Level.Halted, (await now(world)) + HOUR, usdc(50_000_000));
  await own.setGuard(linear, Level.Normal, 0n, usdc(90_000_000));
  await own.setGuard(inverse, Level.Restricted, (await now(world)) + HOUR, ether(99_999));
  await ledger.connect(admin).retire(spare);
}

async function settleAll(
  world: ManyWorld,
  chained: Awaited<ReturnType<typeof openChained>>,
): Promise<void> {
  const { connection, ledger, maker, taker, second, stranger, admin } = world;
  const { linearBook, inverseBook, expiry } = world;
  await passTo(world, expiry - HOUR);
  await chained.feed.aggregator.updateAnswer(usd(1_960));
  await fix(world, usd(1_950), linearBook, inverseBook);
  await passTo(world, expiry + 2n * HOUR);
  await chained.feed.aggregator.updateAnswer(usd(1_970));
  const found = await findHints(connection.ethers.provider, chained.name, expiry, 1n);
  await ledger.fixPrice(chained.book, found?.proof ?? "0x");
  const accounts = [maker.account, taker.account, taker.account + 1n, second.account];
  await ledger.settle(linearBook, accounts);
  await ledger.settle(inverseBook, [maker.account]);
  await ledger.connect(maker.signer).claim(maker.account, [linearBook, inverseBook], true);
  await ledger.connect(taker.signer).claim(taker.account, [linearBook], false);
  await redeem(world, { amount: 1n });
  await redeem(world, { from: stranger, amount: 2n, to: stranger.address });
  await ledger.pushFees(linearBook);
  await ledger.connect(admin).setTreasury(stranger.address);
}

/** Has everything happen, on a chain that begins with it. */
export async function makePast(connection: Connection): Promise<Past> {
  const world = await withSecond(await deployOpen(connection));
  const spare = await listMarket(world, {
    ...world.linearTerms,
    salt: zeroPadValue("0x02", 32),
  });
  const chained = await openChained(world);
  await moveCash(world);
  await grant(world);
  await tradeAll(world);
  await packageAll(world);
  await guardAll(world, spare);
  await settleAll(world, chained);
  return { ...world, oracleAddress: await world.chainlink.getAddress() };
}
