import { AbiCoder, id } from "ethers";

import type { MockPyth, Pyth } from "../../../types/ethers-contracts/index.ts";
import { START } from "../../fixtures/connection.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { Unit } from "../../fixtures/sources.ts";

/** The time that updates speak of: an hour after the chain's first second. */
export const TIME = START + 3_600n;
export const MAX_AGE = 60n;
export const MAX_AHEAD = 5n;
export const FEED = id("Crypto.ETH/USD");
export const OTHER_FEED = id("Crypto.BTC/USD");
/** What the mock wants for each update, wei. */
export const FEE = 11n;
export const EXPONENT = -8n;

/** An update of a feed. */
export interface Update {
  readonly feed: string;
  readonly price: bigint;
  readonly conf: bigint;
  readonly exponent: bigint;
  readonly published: bigint;
  /** When the one before was published. */
  readonly before: bigint;
}

/** The SDK's mock of Pyth, and a source of ETH in USD over it. */
export async function deployPyth(connection: Connection) {
  const pyth = await connection.ethers.deployContract("MockPyth", [MAX_AGE, FEE]);
  return { pyth, source: await makePyth(connection, await pyth.getAddress()) };
}

/** A source over a Pyth contract. */
export function makePyth(
  { ethers }: Connection,
  pyth: string,
  { exponent = EXPONENT, priceExp = 0n } = {},
): Promise<Pyth> {
  const unit = [Unit.ETH, Unit.USD, priceExp] as const;
  return ethers.deployContract("Pyth", [pyth, FEED, exponent, ...unit, MAX_AGE, MAX_AHEAD]);
}

/** An update as the mock takes it: $2,000 ± 1 at TIME, the one before a second earlier, unless a test says otherwise. */
export function updateOf(pyth: MockPyth, changes: Partial<Update> = {}): Promise<string> {
  const { feed, price, conf, exponent, published, before } = {
    feed: FEED,
    price: 2_000n * 10n ** 8n,
    conf: 10n ** 8n,
    exponent: EXPONENT,
    published: TIME,
    before: TIME - 1n,
    ...changes,
  };
  return pyth.createPriceFeedUpdateData(
    feed,
    price,
    conf,
    exponent,
    price,
    conf,
    published,
    before,
  );
}

/** The payload of these updates. */
export function payloadOf(updates: readonly string[]): string {
  return AbiCoder.defaultAbiCoder().encode(["bytes[]"], [updates]);
}

/** The payload of one update. */
export async function payloadWith(pyth: MockPyth, changes: Partial<Update> = {}): Promise<string> {
  return payloadOf([await updateOf(pyth, changes)]);
}
