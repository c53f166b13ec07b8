import { ownerOf } from "@certus/model";
import type { LedgerEvent, OracleEvent, State } from "@certus/model";

import type { Command } from "../command.ts";
import type { Step } from "../lockstep.ts";
import { OF_BATCHES, ofBatch, ofRefusedBatch, ofSequence } from "./batches.ts";
import { OF_FILLS, ofFill } from "./fills.ts";
import { OF_MANY, ofMany } from "./many.ts";
import { OF_PACKAGES, ofPackages, ofRefusedRedemption } from "./packages.ts";

/** How a price was found, by the step of the oracle's event. */
const PRICES = ["", "a fresh round", "a stale round", "the mark, dead feed", "the mark, overdue"];

/** Every situation that a campaign must meet. */
export const SITUATIONS: readonly string[] = [
  ...OF_FILLS,
  ...OF_MANY,
  ...OF_PACKAGES,
  ...OF_BATCHES,
  "caller is an operator",
  "settlement of several accounts",
  "position that cannot be settled",
  "payout of 0 claimed",
  "payout to the wallet",
  ...PRICES.slice(1).map((price) => `price by ${price}`),
];

function* ofEvent(state: State, event: LedgerEvent, command: Command): Iterable<string> {
  if (event.name === "OrderFilled" && command.kind === "fill") {
    yield* ofFill(state, event.args, command);
  }
  if (event.name === "Settled" && event.args.accounts.length > 1) {
    yield "settlement of several accounts";
  }
  if (event.name === "SettleSkipped") yield "position that cannot be settled";
  if (event.name === "Claimed") {
    if (event.args.amount === 0n) yield "payout of 0 claimed";
    if (event.args.toWallet) yield "payout to the wallet";
  }
}

function* ofOracle(events: readonly OracleEvent[]): Iterable<string> {
  for (const event of events) {
    if (event.name === "PriceSettled") yield `price by ${PRICES[Number(event.args.step)] ?? ""}`;
  }
}

/** What a call of one function met with, by its events and the model's state after it. */
function* ofCall(state: State, command: Command, step: Step): Iterable<string> {
  const { events = [] } = step;
  if (command.kind === "fillMany") yield* ofMany(state, command, events);
  if (command.kind === "batch") yield* ofBatch(state, command, events);
  yield* ofPackages(state, command, step);
  if ("account" in command && "sender" in command) {
    const paying = command.kind === "deposit" || command.kind === "depositToBook";
    if (!paying && command.sender !== ownerOf(command.account)) yield "caller is an operator";
  }
}

/** What a command met with, by what it came to and the model's state after it. */
export function* situationsOf(state: State, command: Command, step: Step): Iterable<string> {
  if (command.kind === "sequence") yield* ofSequence(command, step.inner ?? []);
  if (command.kind === "batch" && !step.ok) yield* ofRefusedBatch(command, step);
  if (command.kind === "redeem" && !step.ok) yield* ofRefusedRedemption(step);
  if (!step.ok) return;
  for (const event of step.events ?? []) yield* ofEvent(state, event, command);
  yield* ofOracle(step.oracleEvents ?? []);
  yield* ofCall(state, command, step);
}
