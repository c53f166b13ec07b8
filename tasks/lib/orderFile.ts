import { writeFile } from "node:fs/promises";

import { getAddress, isHexString } from "ethers";

import { buildOrder } from "../../packages/contracts/src/orders/build.ts";
import { hashOrder } from "../../packages/contracts/src/orders/typedData.ts";
import type { Order } from "../../packages/contracts/src/orders/types.ts";
import { fileReason, readText } from "./files.ts";
import { toJson } from "./print.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { listed, required, UsageError } from "./usage.ts";

/** What `order:sign` writes and every other task of orders reads. */
export interface SignedOrder {
  readonly chainId: bigint;
  readonly ledger: string;
  /** EIP-712 struct hash of the order. */
  readonly hash: string;
  readonly signer: string;
  readonly signature: string;
  readonly order: Order;
}

/** A signed order for its file: identifiers in hex, numbers as decimals. */
export function orderFileJson({ order, chainId, ...signed }: SignedOrder) {
  return {
    chainId,
    ...signed,
    order: {
      ...order,
      account: idOf(order.account),
      nonce: order.nonce,
      parts: order.parts.map((part) => ({ ...part, book: idOf(part.book) })),
    },
  };
}

/** Writes a signed order; one that stands there already is not overwritten. */
export async function writeOrderFile(path: string, signed: SignedOrder): Promise<void> {
  try {
    await writeFile(path, `${toJson(orderFileJson(signed))}\n`, { flag: "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw new UsageError(`--out: ${path} is there already: choose another name, or remove it.`);
    }
    throw new UsageError(`--out: ${path} cannot be written: ${fileReason(error)}.`);
  }
}

/** The signed orders of `--order`, one file or several with commas between, all of this ledger. */
export async function ordersOf(
  { chainId, ledgerAddress }: Session,
  option: string | undefined,
): Promise<SignedOrder[]> {
  const hint = "name a file that order:sign wrote, several with commas between";
  const paths = listed("--order", required("--order", option, hint), ",");
  const orders = await Promise.all(paths.map(readOrderFile));
  orders.forEach((signed, i) => {
    if (signed.chainId === chainId && signed.ledger === ledgerAddress) return;
    throw new UsageError(
      `--order: ${paths[i]} is an order of the ledger ${signed.ledger} on chain ${signed.chainId}; this is ${ledgerAddress} on chain ${chainId}: choose --network, --ledger or another file.`,
    );
  });
  return orders;
}

/** The one signed order of `--order`. */
export async function orderOf(session: Session, option: string | undefined): Promise<SignedOrder> {
  const [signed, ...others] = await ordersOf(session, option);
  if (signed !== undefined && others.length === 0) return signed;
  throw new UsageError("--order: this task takes one file.");
}

async function readOrderFile(path: string): Promise<SignedOrder> {
  const text = await readText("--order", path);
  try {
    return parseOrderFile(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--order: ${path} is no order as order:sign writes it: ${why}.`);
  }
}

/**
 * A signed order out of its file's text.
 *
 * @throws Error that names the field that is missing or wrong, or says that the hash is another order's.
 */
export function parseOrderFile(text: string): SignedOrder {
  const file = record("the file", JSON.parse(text));
  const signed = {
    chainId: whole(file, "chainId"),
    ledger: address(file, "ledger"),
    hash: hex(file, "hash"),
    signer: address(file, "signer"),
    signature: hex(file, "signature"),
    order: orderIn(record("order", file["order"])),
  };
  const hash = hashOrder(signed.order);
  if (hash === signed.hash) return signed;
  throw new Error(`its hash is ${hash}, not ${signed.hash}: somebody has changed it`);
}

function orderIn(order: Fields): Order {
  return buildOrder({
    account: whole(order, "account"),
    nonce: whole(order, "nonce"),
    epoch: whole(order, "epoch"),
    units: whole(order, "units"),
    minFill: whole(order, "minFill"),
    signedAt: whole(order, "signedAt"),
    deadline: whole(order, "deadline"),
    taker: address(order, "taker"),
    parts: list(order, "parts").map((part, i) => partIn(record(`parts[${i}]`, part))),
  });
}

function partIn(part: Fields) {
  return {
    book: whole(part, "book"),
    legs: list(part, "legs").map((leg, i) => whole({ [`legs[${i}]`]: leg }, `legs[${i}]`)),
    premium: whole(part, "premium"),
    maxDraw: whole(part, "maxDraw"),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function record(name: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${name} is no object`);
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value as unknown[];
  throw new Error(`${name} is no list`);
}

function whole(fields: Fields, name: string): bigint {
  const value = fields[name];
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === "string" && /^(?:-?\d+|0x[\da-fA-F]+)$/.test(text)) return BigInt(text);
  throw new Error(`${name} is no whole number`);
}

function address(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && isHexString(value, 20)) return getAddress(value);
  throw new Error(`${name} is no address`);
}

function hex(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && isHexString(value)) return value.toLowerCase();
  throw new Error(`${name} is no hex`);
}
