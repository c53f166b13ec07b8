import {
  SOURCE,
  deployThreeClasses,
  profileOf,
  proofsFor,
  pulledPayloads,
} from "../../../scripts/lib/oracle/threeClasses.ts";
import type { ProofInput, ThreeClasses } from "../../../scripts/lib/oracle/threeClasses.ts";
import type { Bounties } from "../../../types/ethers-contracts/index.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { fill, linearPart } from "../../fixtures/fills.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { usd } from "../../fixtures/units.ts";
import { deployOpen, linearTermsOf, listMarket, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

export const PRICE = usd(2_000);
/** What a point earns: the book below earns 5,000 in fees and can need 8 points. */
export const PER_POINT = 600n;

/** A ledger whose treasury pays bounties, and a book that was traded and settles on three classes. */
export interface Priced {
  readonly world: World;
  readonly classes: ThreeClasses;
  readonly bounties: Bounties;
  readonly market: bigint;
  readonly book: bigint;
  readonly profile: string;
  readonly fixing: string;
}

/** New readings of all three classes, a round among them. */
export async function feed({ world, classes }: Pick<Priced, "world" | "classes">): Promise<void> {
  const { time } = world.connection.networkHelpers;
  const now = BigInt(await time.increase(30));
  const round = (await classes.aggregator.latestRound()) + 1n;
  await classes.aggregator.updateRoundData(round, PRICE, now, now);
  const { redstone, own } = pulledPayloads(classes, now, PRICE);
  await classes.hub.update(classes.feed, SOURCE.push, "0x");
  await classes.hub.update(classes.feed, SOURCE.redstone, redstone);
  await classes.hub.update(classes.feed, SOURCE.own, own);
}

export async function deployPriced(connection: Connection): Promise<Priced> {
  const world = await deployOpen(connection);
  const { ledger, admin, expiry } = world;
  const manager = await world.manager.getAddress();
  const classes = await deployThreeClasses(connection.ethers, admin, manager);
  await feed({ world, classes });
  const terms = await linearTermsOf(world);
  const profile = profileOf(0, terms.ceiling);
  const oracle = await classes.oracle.getAddress();
  const market = await listMarket(world, { ...terms, oracle, feed: classes.feed, profile });
  await ledger.openBook(market, expiry);
  const bounties = await connection.ethers.deployContract(
    "Bounties",
    [world.address, manager, world.treasury],
    admin,
  );
  await ledger.connect(admin).setTreasury(await bounties.getAddress());
  const book = bookOf(market, expiry);
  await fill(world, { order: { parts: [linearPart(world, { book })] } });
  const fixing = await classes.oracle.fixingId(classes.feed, profile, expiry);
  return { world, classes, bounties, market, book, profile, fixing };
}

/** After the expiry, with a round before and one after it: every proof of the fixing. */
export async function expired({ world, classes }: Priced): Promise<ProofInput[]> {
  const { expiry, connection } = world;
  const round = (await classes.aggregator.latestRound()) + 1n;
  await passTo(world, expiry + 40n);
  await classes.aggregator.updateRoundData(round, PRICE, expiry - 100n, expiry - 100n);
  await classes.aggregator.updateRoundData(round + 1n, PRICE, expiry + 35n, expiry + 35n);
  return proofsFor(classes, connection.ethers.provider, { expiry, kind: 0 }, () => PRICE);
}
