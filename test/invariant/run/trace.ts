import { unpackLeg } from "@certus/model";
import type { Order } from "@certus/model";

import { GENESIS_TIME } from "../chain/chain.ts";
import { ACTOR_AT, WALLET } from "../world/actors.ts";
import { AT, FOREIGN } from "../world/places.ts";
import type { Command, InnerCall, SignedOrder } from "./command.ts";
import { show } from "./difference.ts";
import type { Step } from "./lockstep.ts";

/** Names of addresses. */
const NAMES = new Map<bigint, string>([
  [WALLET, "wallet"],
  ...[...ACTOR_AT.values()].map(({ address, name }) => [address, name] as const),
  ...Object.entries({ ...AT, ...FOREIGN }).map(([name, address]) => [address, name] as const),
]);

function nameOf(value: bigint): string {
  const name = NAMES.get(value);
  if (name !== undefined) return name;
  const owner = NAMES.get(value >> 96n);
  return owner === undefined ? show(value) : `${owner}/${value & ((1n << 96n) - 1n)}`;
}

function legs(packed: readonly bigint[]): string {
  return packed
    .map(unpackLeg)
    .map(({ strike, isCall, quantity }) => `${quantity} ${isCall ? "call" : "put"} ${strike}`)
    .join(", ");
}

function order({ account, nonce, units, minFill, parts }: Order): string {
  const each = parts.map(
    ({ book, premium, maxDraw, legs: packed }) =>
      `[book ${show(book)}: ${legs(packed)}; premium ${premium}, draw ${show(maxDraw)}]`,
  );
  return `${nameOf(account)} nonce ${show(nonce)}, ${units} units from ${minFill} on, ${each.join(" ")}`;
}

function inner({ kind, ...fields }: InnerCall): string {
  const what = Object.entries(fields).map(([name, value]) => field(name, value));
  return `\n       ${kind} ${what.join(", ")}`;
}

function field(name: string, value: unknown): string {
  if (name === "calls") return `calls${(value as readonly InnerCall[]).map(inner).join("")}`;
  if (name === "fills") {
    const each = (value as readonly SignedOrder[]).map(
      ({ order: made, signer }) => `\n       {${order(made)}} by ${nameOf(signer)}`,
    );
    return `fills${each.join("")}`;
  }
  if (name === "order") return `order {${order(value as Order)}}`;
  if (typeof value === "bigint") return `${name} ${nameOf(value)}`;
  if (Array.isArray(value) && value.every((item) => typeof item === "bigint")) {
    return `${name} [${value.map(nameOf).join(", ")}]`;
  }
  return `${name} ${show(value).replaceAll(/\s+/g, " ")}`;
}

/** One step for people: when, what, and what came of it; nothing if that is where the sides part. */
export function traceLine(index: number, command: Command, step: Step | undefined): string {
  const { kind, at, ...fields } = command;
  const what = Object.entries(fields).map(([name, value]) => field(name, value));
  const head = `${String(index).padStart(4)} +${at - GENESIS_TIME} s ${kind} ${what.join(", ")}`;
  if (step === undefined) return `${head}\n     ≠`;
  if (step.error !== undefined) return `${head}\n     ${step.error.name}${show(step.error.args)}`;
  const { inner: calls = [] } = step;
  if (calls.length > 0) {
    return `${head}\n     ${calls.map(({ error }) => error?.name ?? "ok").join(", ")}`;
  }
  const events = step.events?.map(({ name }) => name).join(", ") ?? "";
  return `${head}\n     ok ${events}`;
}
