import type { BaseContract, FunctionFragment, ParamType } from "ethers";

import { Trigger } from "../../fixtures/breaker.ts";
import { FEED } from "../../fixtures/oracles.ts";
import { DAY, HOUR } from "../../fixtures/units.ts";
import type { Stage } from "./stage.ts";

/** Numbers without end, the same for the same seed. */
export type Dice = (sides: number) => number;

/** A call that somebody may try. */
export interface Attempt {
  readonly name: string;
  readonly to: string;
  readonly data: string;
}

/** A call of a function of a contract, by its name. */
export function callOf(contract: BaseContract, name: string, args: readonly unknown[]): Attempt {
  const data = contract.interface.encodeFunctionData(name, args);
  return { name, to: contract.target as string, data };
}

/** Dice from a seed. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** One of a list. */
export function oneOf<T>(dice: Dice, list: readonly T[]): T {
  const picked = list[dice(list.length)];
  if (picked === undefined) throw new Error("there is nothing to pick from");
  return picked;
}

/** A call of any function of any contract that changes something, with arguments that may mean something there. */
export function anyCall(stage: Stage, dice: Dice): Attempt {
  const { ledger, hub, breaker, bounties, manager, settlement } = stage;
  const contract: BaseContract = oneOf<BaseContract>(dice, [
    ...[ledger, hub, breaker, breaker, bounties, manager, settlement],
  ]);
  const fragments: FunctionFragment[] = [];
  contract.interface.forEachFunction((each) => each.constant || fragments.push(each));
  const fragment = oneOf(dice, fragments);
  const args = fragment.inputs.map((type) => argument(stage, dice, type));
  return { ...callOf(contract, fragment.format("sighash"), args), name: fragment.name };
}

function argument(stage: Stage, dice: Dice, type: ParamType): unknown {
  if (type.isArray()) {
    return Array.from({ length: dice(3) }, () => argument(stage, dice, type.arrayChildren));
  }
  if (type.isTuple()) return type.components.map((each) => argument(stage, dice, each));
  const { maker, taker, stranger, chain, books, linear, quoteAddress, targets, holders } = stage;
  const addresses = [maker.address, taker.address, stranger.address, quoteAddress];
  if (type.type === "address") {
    return oneOf(dice, [...addresses, ...Object.values(targets), ...Object.values(holders)]);
  }
  if (type.type === "bool") return dice(2) === 1;
  if (type.type === "bytes") return "0x";
  if (type.type === "bytes32") return oneOf(dice, [FEED, stage.linearTerms.profile]);
  if (type.type === "bytes4") return oneOf(dice, ["0x00000000", "0xffffffff"]);
  if (type.type.startsWith("bytes")) return `0x${"00".repeat(Number(type.type.slice(5)))}`;
  if (type.type === "string") return "";
  const small = [0n, 1n, 2n, 3n, BigInt(dice(12)), HOUR, 6n * HOUR];
  const bits = Number(/\d+$/.exec(type.type)?.[0] ?? 256);
  if (bits < 40) return oneOf(dice, small) & ((1n << BigInt(bits)) - 1n);
  const times = [
    chain.time,
    chain.time + HOUR,
    chain.time + DAY,
    ...books.map((each) => each.expiry),
  ];
  if (bits < 256) return oneOf(dice, [...small, ...times]);
  const ids = [linear, ...books.map(({ book }) => book), maker.account, taker.account];
  return oneOf(dice, [...small, ...times, ...ids, ...ids]);
}

/** A number of a trigger. */
export const anyTrigger = (dice: Dice): bigint => oneOf(dice, Object.values(Trigger));
