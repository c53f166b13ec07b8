import Table from "cli-table3";
import picocolors from "picocolors";

import type { GasUse } from "./chain.ts";
import { decimal, signed } from "./format.ts";
import { redeemedIn } from "./packages.ts";
import type { BookResult } from "./settle.ts";
import type { Token } from "./venue.ts";

/** Colours on a terminal, none in a file or a pipe. */
export const paint = picocolors.createColors(Boolean(process.stdout.isTTY));

/** A row of the table of accounts; amounts in base units of the token. */
export interface AccountRow {
  readonly name: string;
  readonly book: string;
  readonly token: Token;
  readonly paidIn: bigint;
  readonly collateral: bigint;
  /** The least profit at any price. */
  readonly worst: bigint;
  readonly payout: bigint;
  readonly profit: bigint;
}

/** Something that must hold at the end. */
export interface Check {
  readonly text: string;
  readonly holds: boolean;
}

/** Places shown of an amount: cents of a dollar, and about as little of an ether. */
const PLACES = { USDC: 2, WETH: 5 } as const;

/** Accounts by book: what they hold, what they can count on, what they got. */
export function accountTable(rows: readonly AccountRow[]): string {
  const head = ["account", "book", "", "paid in", "collateral", "worst case", "payout", "profit"];
  const table = newTable(head, 3);
  for (const { name, book, token, ...row } of rows) {
    const show = (value: bigint) => amount(value, token);
    const gain = signed(row.profit, token.decimals, placesOf(token));
    table.push([
      name,
      book,
      token.symbol,
      show(row.paidIn),
      show(row.collateral),
      signed(row.worst, token.decimals, placesOf(token)),
      show(row.payout),
      row.profit < 0n ? paint.red(gain) : paint.green(gain),
    ]);
  }
  return table.toString();
}

/** Gas by kind of transaction. */
export function gasTable(gas: ReadonlyMap<string, GasUse>): string {
  const table = newTable(["step", "transactions", "gas each", "most"], 1);
  for (const [step, { count, total, most }] of gas) {
    const each = total / BigInt(count);
    table.push([step, String(count), decimal(each, 0, 0), decimal(most, 0, 0)]);
  }
  return table.toString();
}

/** `pool = payouts + redemptions + dust` of a book, to the last base unit. */
export function poolLine({ market, pool, payouts, redemptions, dust, faults }: BookResult): string {
  const { symbol, decimals } = market.token;
  const exact = (value: bigint) => decimal(value, decimals, decimals);
  const redeemed = exact(redeemedIn(redemptions));
  const packages = redemptions.length === 0 ? "" : ` + redemptions ${redeemed}`;
  const paid = `payouts ${exact(payouts)}${packages}`;
  const sum = `pool ${exact(pool)} = ${paid} + dust ${exact(dust)} ${symbol}`;
  return `${market.name.padEnd(8)} ${sum}  ${verdict(faults.length === 0)}`;
}

/** `ok`, or that it is not. */
export function verdict(holds: boolean): string {
  return holds ? paint.green("ok") : paint.red("FAILED");
}

/** An amount of a token with the places that are worth reading. */
export function amount(value: bigint, token: Token): string {
  return decimal(value, token.decimals, placesOf(token));
}

function placesOf({ symbol }: Token): number {
  return symbol === "USDC" ? PLACES.USDC : PLACES.WETH;
}

/** A plain table; the first columns hold words, the others numbers. */
function newTable(head: readonly string[], words: number) {
  return new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index < words ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}
