import type {
  FillPreviewStructOutput,
  PartPreviewStructOutput,
  SideViewStructOutput,
} from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import { bookJson, bookText } from "./books.ts";
import type { Limit } from "./limits.ts";
import type { SignedOrder } from "./orderFile.ts";
import { table } from "./print.ts";
import { reasonOf } from "./refusals.ts";
import type { Session } from "./session.ts";
import { amountOf, amountText } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Who would take what of an order. */
export interface Taking {
  readonly caller: string;
  readonly account: bigint;
  readonly units: bigint;
  readonly limits: readonly Limit[];
}

/** Asks the lens what a fill would do now. */
export function previewOf(
  { lens }: Session,
  { order, signer, signature }: SignedOrder,
  { caller, account, units, limits }: Taking,
): Promise<FillPreviewStructOutput> {
  return lens.previewFill(caller, account, order, signer, signature, units, [...limits]);
}

/** Units of an order that nobody has filled, as its nonce tells; 0 when that is cancelled, filled or another order's. */
export async function unitsLeft({ ledger }: Session, signed: SignedOrder): Promise<bigint> {
  const { account, nonce, units } = signed.order;
  const { state, filled, boundHash } = await ledger.nonceOf(account, nonce);
  if (state === 0n) return units;
  const bound = state === 1n && BigInt(boundHash) >> 64n === BigInt(signed.hash) >> 64n;
  return bound ? units - filled : 0n;
}

/** What the preview says that the taker would pay and have drawn, as limits that let just that pass. */
export function exactLimits({ parts }: FillPreviewStructOutput): Limit[] {
  return parts.map(({ pay, taker }) => ({ maxPay: pay, maxDraw: taker.draw }));
}

/** A preview as a document and for people: part by part, or the sentence why not. */
export async function previewReport(
  session: Session,
  preview: FillPreviewStructOutput,
  units: bigint,
  tokens: readonly Token[],
): Promise<{ readonly json: object; readonly text: string }> {
  const { refusal, orderHash, remaining, parts } = preview;
  if (refusal !== "0x") {
    const { name, args } = decodeError(refusal);
    const sentence = await reasonOf(session, refusal, tokens);
    return {
      json: { fillable: false, units, orderHash, refusal: { name, args, sentence } },
      text: `It would be refused. ${sentence}`,
    };
  }
  const rows = [...parts].flatMap((part, i) => partRows(part, tokenOf(tokens, i)));
  return {
    json: {
      fillable: true,
      units,
      orderHash,
      remaining,
      parts: parts.map((part, i) => partJson(part, tokenOf(tokens, i))),
    },
    text: `A fill of ${units} units would go through and leave ${remaining}.\n${table(COLUMNS, rows)}`,
  };
}

function tokenOf(tokens: readonly Token[], part: number): Token {
  const token = tokens[part];
  if (token === undefined) throw new Error(`part ${part} has no token`);
  return token;
}

function partJson(part: PartPreviewStructOutput, token: Token) {
  return {
    ...bookJson(part.book),
    premium: amountOf(token, part.premium),
    fee: amountOf(token, part.fee),
    takerPays: amountOf(token, part.pay),
    pool: amountOf(token, part.pool),
    maker: sideJson(part.maker, token),
    taker: sideJson(part.taker, token),
  };
}

function sideJson(side: SideViewStructOutput, token: Token) {
  return {
    draw: amountOf(token, side.draw),
    collateral: {
      before: amountOf(token, side.collateralBefore),
      after: amountOf(token, side.collateralAfter),
    },
    requirement: {
      before: amountOf(token, side.requirementBefore),
      after: amountOf(token, side.requirementAfter),
    },
    worstCase: {
      before: amountOf(token, side.collateralBefore - side.requirementBefore),
      after: amountOf(token, side.collateralAfter - side.requirementAfter),
    },
  };
}

const COLUMNS = [
  "book (UTC)",
  "side",
  ">pays",
  ">of it fee",
  ">drawn",
  ">collateral",
  ">requirement",
  ">pays out at least",
];

/** A row a side; what a side pays the other receives, but for the fee. */
function partRows(part: PartPreviewStructOutput, token: Token): string[][] {
  const amount = (base: bigint) => amountText(token, base);
  const change = (before: bigint, after: bigint) =>
    before === after ? amount(after) : `${amount(before)}\n→ ${amount(after)}`;
  const row = (name: string, pays: bigint, fee: bigint, side: SideViewStructOutput) => [
    bookText(part.book),
    name,
    amount(pays),
    amount(fee),
    amount(side.draw),
    change(side.collateralBefore, side.collateralAfter),
    change(side.requirementBefore, side.requirementAfter),
    change(
      side.collateralBefore - side.requirementBefore,
      side.collateralAfter - side.requirementAfter,
    ),
  ];
  return [
    row("taker", part.pay, part.fee, part.taker),
    row("maker", -part.premium, 0n, part.maker),
  ];
}
