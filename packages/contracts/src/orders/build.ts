import { getAddress, ZeroAddress } from "ethers";

import { isBookId, ownerOf } from "../ids.ts";
import { int, list, uint, within } from "../ranges.ts";
import { packLegs } from "./legs.ts";
import type { Order, OrderInput, Part, PartInput } from "./types.ts";

/** Most parts of an order. */
export const MAX_PARTS = 4;

function partOf(input: PartInput, index: number): Part {
  const name = `parts[${index}]`;
  const book = uint(`${name}.book`, input.book, 256);
  if (!isBookId(book)) throw new TypeError(`${name}.book is no book: ${book}; see bookId`);
  return {
    book,
    legs: packLegs(input.legs, `${name}.legs`),
    premium: int(`${name}.premium`, input.premium, 64),
    maxDraw: uint(`${name}.maxDraw`, input.maxDraw ?? 0n, 112),
  };
}

function partsOf(inputs: readonly PartInput[]): Part[] {
  const parts = list("parts", inputs, MAX_PARTS)
    .map(partOf)
    .sort((a, b) => (a.book < b.book ? -1 : 1));
  const twice = parts.find(({ book }, i) => i > 0 && book === parts[i - 1]?.book);
  if (twice !== undefined) {
    throw new TypeError(`parts hold book ${twice.book} twice: merge them into one part`);
  }
  return parts;
}

function takerOf(taker: string): string {
  try {
    return getAddress(taker);
  } catch {
    throw new TypeError(`taker must be an address, not ${JSON.stringify(taker)}`);
  }
}

/**
 * Makes an order that the ledger's own checks of form would pass: parts and legs sorted, legs packed, every field in
 * its range. What depends on the market (tick, right, netting of calls) and on the accounts is for the ledger to say.
 *
 * @throws TypeError that names the field, what it may be and what it was.
 */
export function buildOrder(input: OrderInput): Order {
  const account = uint("account", input.account, 256);
  if (BigInt(ownerOf(account)) === 0n) throw new TypeError(`account has no owner: ${account}`);
  const units = within("units", input.units, 1n, (1n << 64n) - 1n);
  const signedAt = uint("signedAt", input.signedAt, 40);
  const deadline = uint("deadline", input.deadline, 40);
  if (deadline < signedAt) {
    throw new TypeError(`deadline ${deadline} is before signedAt ${signedAt}`);
  }
  return {
    account,
    nonce: uint("nonce", input.nonce, 256),
    epoch: uint("epoch", input.epoch, 32),
    units,
    minFill: within("minFill", input.minFill ?? 1n, 0n, units),
    signedAt,
    deadline,
    taker: takerOf(input.taker ?? ZeroAddress),
    parts: partsOf(input.parts),
  };
}
