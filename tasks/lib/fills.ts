import type { ContractTransactionReceipt } from "ethers";

import { scaleLegs } from "../../packages/contracts/src/orders/legs.ts";
import { accountText } from "./accounts.ts";
import type { SendingArguments } from "./arguments.ts";
import { bookJson } from "./books.ts";
import { packedLegsText } from "./legs.ts";
import { table } from "./print.ts";
import { reasonOf } from "./refusals.ts";
import { eventsIn } from "./send.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import type { Acting } from "./signers.ts";
import { amountOf } from "./tokens.ts";
import type { Amount, Token } from "./tokens.ts";

/** Who fills, and with which options. */
export interface Filling {
  readonly args: SendingArguments & {
    readonly units: string | undefined;
    readonly minUnits: string | undefined;
    readonly maxUnits: string | undefined;
    readonly maxPay: string | undefined;
    readonly maxDraw: string | undefined;
  };
  readonly actor: Acting;
  readonly account: bigint;
}

/** One order's fill, as the ledger told it, from the taker's side. */
export interface FillJson {
  readonly orderHash: string;
  readonly maker: string;
  readonly taker: string;
  readonly nonce: bigint;
  readonly units: bigint;
  readonly remaining: bigint;
  readonly parts: readonly FillPartJson[];
}

/** One part of a fill. */
type FillPartJson = ReturnType<typeof bookJson> & {
  /** What the taker received in all. */
  readonly legs: string;
  /** From the taker to the maker. */
  readonly premium: Amount;
  readonly fee: Amount;
  /** What the taker paid, fee included. */
  readonly paid: Amount;
  readonly draws: { readonly maker: Amount; readonly taker: Amount };
};

interface FilledPart {
  readonly book: bigint;
  readonly premium: bigint;
  readonly fee: bigint;
  readonly draws: bigint;
  readonly legs: readonly bigint[];
}

const LOW_128 = (1n << 128n) - 1n;

/** The fills of a transaction. */
export function fillsIn(
  session: Session,
  receipt: ContractTransactionReceipt,
  tokens: readonly Token[],
): FillJson[] {
  return eventsIn(session, receipt, "OrderFilled", (arg) => {
    const units = arg("units") as bigint;
    const parts = [...(arg("parts") as FilledPart[])];
    return {
      orderHash: arg("orderHash") as string,
      maker: accountText(arg("maker") as bigint),
      taker: accountText(arg("taker") as bigint),
      nonce: arg("nonce") as bigint,
      units,
      remaining: arg("remaining") as bigint,
      parts: parts.map((part, i) => partJson(part, units, tokens[i])),
    };
  });
}

function partJson(part: FilledPart, units: bigint, token: Token | undefined): FillPartJson {
  if (token === undefined) throw new Error(`the book ${idOf(part.book)} has no token`);
  const { book, premium, fee, draws, legs } = part;
  return {
    ...bookJson(book),
    legs: packedLegsText(scaleLegs([...legs], -units)),
    premium: amountOf(token, premium),
    fee: amountOf(token, fee),
    paid: amountOf(token, premium + fee),
    draws: { maker: amountOf(token, draws >> 128n), taker: amountOf(token, draws & LOW_128) },
  };
}

/** An order that `fillMany` passed over. */
export interface SkipJson {
  readonly orderHash: string;
  readonly maker: string;
  readonly reason: string;
}

/** The orders that a transaction passed over, with the sentences why. */
export function skipsIn(
  session: Session,
  receipt: ContractTransactionReceipt,
  tokens: readonly Token[],
): Promise<SkipJson[]> {
  const skips = eventsIn(session, receipt, "FillSkipped", (arg) => ({
    orderHash: arg("orderHash") as string,
    maker: accountText(arg("maker") as bigint),
    reason: arg("reason") as string,
  }));
  return Promise.all(
    skips.map(async (skip) => ({ ...skip, reason: await reasonOf(session, skip.reason, tokens) })),
  );
}

const text = ({ amount, symbol }: Amount) => `${amount} ${symbol}`;

/** What one order's fill drew of the taker, part by part. */
export function drawnBy({ parts }: FillJson): Amount[] {
  return parts.map(({ draws }) => draws.taker);
}

/**
 * Fills for people.
 *
 * @param drawn - What was drawn of the taker in all, part by part.
 */
export function fillsText(fills: readonly FillJson[], drawn: readonly Amount[]): string {
  const columns = [
    "maker",
    ">units",
    ">left",
    "book (UTC)",
    "taker receives",
    ">pays",
    ">of it fee",
  ];
  const rows = fills.flatMap(({ maker, units, remaining, parts }) =>
    parts.map(({ name, legs, paid, fee }) => [
      maker,
      String(units),
      String(remaining),
      name,
      legs.replaceAll(", ", "\n"),
      text(paid),
      text(fee),
    ]),
  );
  return `${table(columns, rows)}\nDrawn from the taker's free cash: ${drawn.map(text).join("; ")}.`;
}
