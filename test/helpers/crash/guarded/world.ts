import { ledgerCalls } from "../../../../scripts/demo/chain.ts";
import type { Chain } from "../../../../scripts/demo/chain.ts";
import { marketTerms, profileOf } from "../../../../scripts/demo/terms.ts";
import { deployCertus } from "../../../../scripts/lib/deploy.ts";
import {
  createFeed,
  deploySources,
  deployThreeClasses,
} from "../../../../scripts/lib/oracle/threeClasses.ts";
import type { PairSources } from "../../../../scripts/lib/oracle/threeClasses.ts";
import {
  CircuitBreaker__factory,
  SettlementOracle__factory,
} from "../../../../types/ethers-contracts/index.ts";
import { accountOf, marketIdOf, marketOf } from "../../../fixtures/ids.ts";
import { DAY, MAX_256, usdc } from "../../../fixtures/units.ts";
import type { Recorded } from "../windows.ts";

/** The breaker's functions and events. */
export const breakerCalls = CircuitBreaker__factory.createInterface();

const oracleCalls = SettlementOracle__factory.createInterface();

/** Who acts. */
export interface Actor {
  readonly address: string;
  readonly account: bigint;
}

/** A market guarded by a breaker, priced by three classes, on a chain of its own. */
export interface GuardedWorld {
  readonly chain: Chain;
  readonly ledger: string;
  readonly breaker: string;
  readonly token: string;
  readonly market: bigint;
  /** Brings readings and trips; has deployed everything. */
  readonly keeper: string;
  readonly maker: Actor;
  readonly taker: Actor;
  readonly hub: string;
  readonly oracle: string;
  readonly underlying: PairSources;
  /** What prices the collateral, where something does. */
  readonly collateral: PairSources | undefined;
}

const GRID = 300n;
const HORIZON = 10n * DAY;
const PURSE = usdc(10_000_000);

/** Deploys everything, lists and enrols the market, gives maker and taker free cash. */
export async function openGuarded(
  chain: Chain,
  underlying: Recorded,
  collateral?: Recorded,
): Promise<GuardedWorld> {
  const { ethers } = chain.connection;
  const [deployer, maker, taker] = await ethers.getSigners();
  if (!deployer || !maker || !taker) throw new Error("the network has no accounts");
  const { manager, ledger } = await deployCertus(deployer, deployer.address);
  const authority = await manager.getAddress();
  const classes = await deployThreeClasses(ethers, deployer, authority, underlying);
  const oracle = await classes.oracle.getAddress();
  const token = await ethers.deployContract("TestToken", ["USD Coin", "USDC", 6]);
  const breaker = await ethers.deployContract("CircuitBreaker", [
    ledger,
    classes.hub,
    authority,
    // Blocks here come as the test wants them.
    0n,
  ]);
  const terms = {
    ...marketTerms("linear", {
      feed: classes.feed,
      oracle,
      token: await token.getAddress(),
      strikeTick: 10n ** 5n,
      period: GRID,
    }),
    guard: await breaker.getAddress(),
    horizon: HORIZON,
  };
  await ledger.list(terms);
  const market = marketOf(marketIdOf(terms));
  await breaker.enroll(market);
  const priced = collateral && (await deploySources(ethers, deployer, collateral));
  if (priced) {
    await createFeed(classes.hub, priced);
    await breaker.setTokenFeed(market, priced.feed);
  }
  for (const party of [maker, taker]) {
    await token.mint(party.address, PURSE);
    await token.connect(party).approve(ledger, MAX_256);
    await ledger.connect(party).deposit(accountOf(party.address), token, PURSE);
  }
  await chain.synchronise();
  const actor = ({ address }: { address: string }) => ({ address, account: accountOf(address) });
  return {
    chain,
    ledger: await ledger.getAddress(),
    breaker: await breaker.getAddress(),
    token: await token.getAddress(),
    market,
    keeper: deployer.address,
    maker: actor(maker),
    taker: actor(taker),
    hub: await classes.hub.getAddress(),
    oracle,
    underlying: classes,
    collateral: priced,
  };
}

/** What is in force in the ledger at the chain's time. */
export async function inForce({ chain, ledger, market }: GuardedWorld) {
  const guard = await chain.read(ledger, ledgerCalls, "guardOf", [market]);
  const until = guard.getValue("until") as bigint;
  const level = until > chain.time ? (guard.getValue("level") as bigint) : 0n;
  return { level, until, ceiling: guard.getValue("ceiling") as bigint };
}

/** Moves the mark of an expiry to the spot. */
export async function moveMark(world: GuardedWorld, expiry: bigint): Promise<void> {
  const { chain, underlying, oracle, keeper } = world;
  const args = [underlying.feed, profileOf(0), expiry] as const;
  const data = oracleCalls.encodeFunctionData("refreshMark", [...args]);
  await chain.push("refreshMark", { from: keeper, to: oracle, data });
}
