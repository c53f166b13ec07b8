import { addLegs, max, requirement, unpackLegs } from "@certus/model";
import type { AccountId, Address, Book } from "@certus/model";

import { heldIn } from "./cash.ts";
import type { CallDraft, Scene } from "./scene.ts";

/** Pays collateral into a position, straight or by way of free cash. */
export function covering(
  { dice }: Scene,
  sender: Address,
  account: AccountId,
  { book, market }: Book,
  amount: bigint,
): readonly CallDraft[] {
  if (dice.chance(0.7)) return [{ kind: "depositToBook", sender, account, book, amount }];
  return [
    { kind: "deposit", sender, account, token: market.terms.token, amount },
    { kind: "allocate", sender, account, book, amount },
  ];
}

/** What cover is paid for a shortfall: all of it mostly, to the unit; sometimes more, one unit less, or nothing. */
export function coverFor({ dice }: Scene, short: bigint): bigint {
  const amount = dice.weighted([
    [6, short],
    [2, short + dice.magnitude(40)],
    [1, short - 1n],
    [1, 0n],
  ]);
  return max(0n, amount);
}

/** What a position lacks after legs and collateral have moved into it, times −1 or 1; 0 or less if nothing. */
export function shortAfter(
  scene: Scene,
  account: AccountId,
  book: Book,
  legs: readonly bigint[],
  collateral: bigint,
  times: bigint,
): bigint {
  const held = heldIn(scene, account, book);
  const after = addLegs(held.legs, unpackLegs(legs), times);
  return requirement(book.market.scale, after) - held.collateral - times * collateral;
}
