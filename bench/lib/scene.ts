import { toBeHex, zeroPadValue } from "ethers";

import { deployCertus, deployFeed, type Certus, type LocalFeed } from "../../scripts/lib/deploy.ts";
import {
  FloorLedger__factory,
  IClearinghouse__factory,
  TestToken__factory,
  WideFloor__factory,
} from "../../types/ethers-contracts/index.ts";
import type { FloorLedger, IClearinghouse, TestToken } from "../../types/ethers-contracts/index.ts";
import type { Chain, Trader } from "./chain.ts";

/** 2026-01-09 08:00 UTC, a Friday. */
export const EXPIRY = 1_767_945_600n;
/** 8-decimal prices. */
export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e8));
/** Base units of the 6-decimal collateral of the linear market. */
export const cash = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6));
/** Base units of the 18-decimal collateral of the inverse market. */
export const ether = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 10n ** 12n;

/** Distance of strikes, in dollars. */
export const TICK = 50;

const SPOT = usd(3_000);
const CEILING = 10n ** 27n;
const MINTED = 10n ** 27n;
const GRID_ANCHOR = 115_200n;
const GRID_PERIOD = 604_800n;
const HORIZON = 8_640_000n;
const LAST_TRADE = 1_800n;

/** A market with one open book. */
export interface Venue {
  readonly market: bigint;
  readonly book: bigint;
  readonly token: TestToken;
  readonly tokenAddress: string;
}

/** What every operation starts from: a ledger, two markets on one feed, and traders with tokens. */
export interface Scene {
  readonly chain: Chain;
  /** The ledger that is measured: Certus, or the floor under the same interface. */
  readonly ledger: IClearinghouse;
  /** The address in whose domain orders are signed: that of Certus, on the floor as well. */
  readonly domain: string;
  readonly feed: LocalFeed;
  /** One lot = 0.01 underlying, collateral in the quote asset, 6 decimals. */
  readonly linear: Venue;
  /** One lot = 0.01 underlying, collateral in the underlying, 18 decimals. */
  readonly inverse: Venue;
  readonly admin: Trader;
  readonly maker: Trader;
  readonly taker: Trader;
  /** Takers of a batch. */
  readonly crowd: readonly Trader[];
}

/** The scene on Certus and the same on the floors. */
export interface Scenes {
  readonly certus: Scene;
  readonly floor: Scene;
  readonly wideFloor: Scene;
}

/** The account of an owner, sub-account 0 where no other is named. */
export const accountOf = (owner: string, sub = 0n): bigint => (BigInt(owner) << 96n) | sub;

/** What tells the two markets apart: one lot × one price unit, or one lot, is num/den base units. */
export interface Style {
  /** 0 linear, 1 inverse. */
  readonly style: 0 | 1;
  readonly num: bigint;
  readonly den: bigint;
  readonly feePerLot: bigint;
}

/** A lot of 0.01 underlying, collateral in 6-decimal dollars. */
export const LINEAR: Style = { style: 0, num: 1n, den: 10_000n, feePerLot: cash(0.01) };
/** A lot of 0.01 underlying, collateral in the 18-decimal underlying. */
export const INVERSE: Style = { style: 1, num: 10n ** 16n, den: 1n, feePerLot: 3n * 10n ** 12n };

/** Deploys the ledgers on one chain and lists the same markets on all. */
export async function setTheScene(chain: Chain): Promise<Scenes> {
  const [admin, maker, taker, ...crowd] = await chain.traders();
  if (admin === undefined || maker === undefined || taker === undefined)
    throw new Error("no traders");
  const { certus, feed, usdToken, ethToken, floor, wideFloor } = await chain.deploying(
    async () => ({
      certus: await deployCertus(admin, admin.address),
      floor: await new FloorLedger__factory(admin).deploy(),
      feed: await deployFeed(admin, 8, SPOT),
      usdToken: await new TestToken__factory(admin).deploy("US dollar", "USD", 6),
      ethToken: await new TestToken__factory(admin).deploy("Ether", "ETH", 18),
      wideFloor: await new WideFloor__factory(admin).deploy(),
    }),
  );
  const domain = await certus.ledger.getAddress();
  const common = { chain, domain, feed, admin, maker, taker, crowd };
  const floors = [floor, wideFloor];
  const linear = await list(chain, certus, floors, feed, usdToken, LINEAR);
  const inverse = await list(chain, certus, floors, feed, ethToken, INVERSE);
  const ledgers = [domain, await floor.getAddress(), await wideFloor.getAddress()];
  for (const token of [usdToken, ethToken]) {
    for (const trader of [admin, maker, taker, ...crowd]) {
      await chain.send(() => token.mint(trader.address, MINTED));
      for (const ledger of ledgers) {
        await chain.send(() => token.connect(trader).approve(ledger, (1n << 256n) - 1n));
      }
    }
  }
  const [onCertus, onFloor, onWideFloor] = ledgers.map((ledger) =>
    IClearinghouse__factory.connect(ledger, admin),
  );
  if (onCertus === undefined || onFloor === undefined || onWideFloor === undefined)
    throw new Error("no ledgers");
  for (const ledger of [onCertus, onFloor, onWideFloor]) {
    for (const { market } of [linear, inverse]) {
      await chain.send(() => ledger.openBook(market, EXPIRY, { gasLimit: 1_000_000n }));
    }
  }
  return {
    certus: { ...common, linear, inverse, ledger: onCertus },
    floor: { ...common, linear, inverse, ledger: onFloor },
    wideFloor: { ...common, linear, inverse, ledger: onWideFloor },
  };
}

async function list(
  chain: Chain,
  certus: Certus,
  floors: readonly FloorLedger[],
  feed: LocalFeed,
  token: TestToken,
  style: Style,
): Promise<Venue> {
  const tokenAddress = await token.getAddress();
  const proxy = await feed.proxy.getAddress();
  const terms = {
    ...style,
    feed: zeroPadValue(proxy, 32),
    token: tokenAddress,
    strikeTick: usd(TICK),
    priceExp: 0,
    oracle: await certus.oracle.getAddress(),
    profile: toBeHex(CEILING << 8n, 32),
    guard: "0x0000000000000000000000000000000000000000",
    gridAnchor: GRID_ANCHOR,
    gridPeriod: GRID_PERIOD,
    horizon: HORIZON,
    lastTrade: LAST_TRADE,
    ceiling: CEILING,
    marginMode: 0,
    salt: toBeHex(0, 32),
  };
  const { market } = await certus.ledger.list.staticCall(terms);
  await chain.send(() => certus.ledger.list(terms));
  for (const floor of floors) {
    await chain.send(() => floor.setMarket(market, tokenAddress, proxy));
  }
  return { market, book: market | (EXPIRY << 64n), token, tokenAddress };
}
