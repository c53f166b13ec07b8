import { AbiCoder, encodeBytes32String } from "ethers";

import type { Product, ScriptedSource } from "../../../types/ethers-contracts/index.ts";
import { START } from "../../fixtures/connection.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { Class, MAXIMAL, Unit } from "../../fixtures/sources.ts";

/** When tests read. */
export const NOW = START + 86_400n;
export const ONE = 10n ** 8n;

/** What a scripted leg is. */
export interface LegTerms {
  readonly classes: bigint;
  readonly push: boolean;
  readonly priceExp: bigint;
  readonly maxAge: bigint;
  readonly maxAhead: bigint;
  readonly base: string;
  readonly quote: string;
}

/** stETH in ETH and ETH in USD, both pushed, of two networks. */
export const STETH: LegTerms = {
  classes: Class.Chainlink,
  push: true,
  priceExp: 0n,
  maxAge: 90_000n,
  maxAhead: 9n,
  base: encodeBytes32String("stETH"),
  quote: Unit.ETH,
};
export const ETHER: LegTerms = {
  classes: Class.Pyth,
  push: true,
  priceExp: 0n,
  maxAge: 60n,
  maxAhead: 4n,
  base: Unit.ETH,
  quote: Unit.USD,
};

/** What a leg says now. */
export interface Said {
  readonly price: bigint;
  readonly time: bigint;
  readonly confidence: bigint;
  readonly form: bigint;
}

/** A reading of a price of one, of this second, exact, maximal of rank 1; with what a test wants otherwise. */
export const said = (changes: Partial<Said> = {}): Said => ({
  price: ONE,
  time: NOW,
  confidence: 0n,
  form: MAXIMAL | 1n,
  ...changes,
});

const coder = AbiCoder.defaultAbiCoder();

/** The payload with which a scripted leg that is not pushed says this. */
export function saying({ price, time, confidence, form }: Said): string {
  const reading = "tuple(uint64, uint40, uint16, uint24)";
  return coder.encode([reading], [[price, time, confidence, form]]);
}

/** The payload with which a scripted leg gives a value of a time. */
export function valuing(time: bigint, price: bigint, form: bigint): string {
  return coder.encode(["uint40", "uint64", "uint24"], [time, price, form]);
}

/** The payload of a product: both legs' own, and what the first one is sent. */
export function both(a: string, b: string, feeA = 0n): string {
  return coder.encode(["bytes", "bytes", "uint256"], [a, b, feeA]);
}

/** A leg that says what a test tells it. */
export function makeLeg({ ethers }: Connection, terms: LegTerms): Promise<ScriptedSource> {
  return ethers.deployContract("ScriptedSource", [terms]);
}

/** Two scripted legs, stETH in ETH and ETH in USD unless a test says otherwise, and their product. */
export async function deployProduct(
  connection: Connection,
  changesA: Partial<LegTerms> = {},
  changesB: Partial<LegTerms> = {},
): Promise<{ a: ScriptedSource; b: ScriptedSource; source: Product }> {
  const a = await makeLeg(connection, { ...STETH, ...changesA });
  const b = await makeLeg(connection, { ...ETHER, ...changesB });
  const source = await connection.ethers.deployContract("Product", [a, b]);
  return { a, b, source };
}
