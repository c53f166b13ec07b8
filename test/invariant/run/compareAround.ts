import { findBook } from "@certus/model";
import type { Address } from "@certus/model";

import { AT } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import type { Stage } from "./chainSide.ts";
import type { InnerCall, SignedOrder } from "./command.ts";
import type { Expected } from "./storage.ts";
import { comparePermits, compareWords } from "./words.ts";

/** Every word that the fill of an order writes on its maker's side. */
function wordsOfMaker(
  { storage }: Stage,
  { ledger: { state } }: Twin,
  order: SignedOrder["order"],
): Expected[] {
  const { account, nonce, parts } = order;
  const positions = parts.flatMap(({ book }) =>
    findBook(state, book) === undefined ? [] : storage.position(state, account, book, 2),
  );
  return [...storage.nonce(state, account, nonce), ...positions];
}

/**
 * Compares what a call has to do with although no event of its own tells it: permits at tokens, and the makers whose
 * orders were skipped.
 *
 * @param caller - Who made the call.
 */
export async function compareAround(
  stage: Stage,
  twin: Twin,
  caller: Address,
  call: InnerCall,
): Promise<void> {
  if (call.kind === "selfPermit") await comparePermits(stage, twin, call.token, [caller]);
  if (call.kind === "fillMany") {
    const words = call.fills.flatMap(({ order }) => wordsOfMaker(stage, twin, order));
    await compareWords(stage.chain, AT.ledger, words);
  }
  if (call.kind !== "batch") return;
  for (const inner of call.calls) await compareAround(stage, twin, caller, inner);
}
