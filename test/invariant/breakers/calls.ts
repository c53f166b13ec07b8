/**
 * A command on either side.
 *
 * @module
 */
import { balanceOf, mint, policyValues } from "@certus/model";
import type {
  Block,
  BreakerEvent,
  BreakerOutcome,
  CircuitBreaker,
  ModelError,
  Outcome,
} from "@certus/model";

import { toWord } from "../../../scripts/lib/abi.ts";
import type { Value } from "../../../scripts/lib/abi.ts";
import { REFUSING } from "../chain/bytecode.ts";
import { quantity } from "../chain/chain.ts";
import { ensure } from "../run/difference.ts";
import { callChain } from "../run/chainCalls.ts";
import { callModel } from "../run/modelCalls.ts";
import { WALLET } from "../world/actors.ts";
import { compareOutcome, triggerIndex } from "./agree.ts";
import type { BreakerCall, BreakerCommand, Command, Said, WorldAction } from "./command.ts";
import { ANYONE, AT } from "./places.ts";
import type { BreakerTwin } from "./twin.ts";
import type { BreakerWorld } from "./world.ts";

type Callers = {
  readonly [K in BreakerCall]: (
    breaker: CircuitBreaker,
    command: BreakerCommand<K>,
    block: Block,
  ) => BreakerOutcome<unknown>;
};

const ON_MODEL: Callers = {
  enroll: (breaker, { market }) => breaker.enroll(market),
  observe: (breaker, { feed }, block) => breaker.observe(block, feed),
  notice: (breaker, { market, trigger }, { now }) => breaker.notice(now, market, trigger),
  answer: (breaker, { market, trigger }, { now }) => breaker.answer(now, market, trigger),
  trip: (breaker, { market, trigger, hint }, { now }) => breaker.trip(now, market, trigger, hint),
  tripShortfall: (breaker, { market, books, accounts }, { now }) =>
    breaker.tripShortfall(now, market, books, accounts),
  release: (breaker, { market }, { now }) => breaker.release(now, market),
  sync: (breaker, { market }, { now }) => breaker.sync(now, market),
  adapt: (breaker, { market }, { now }) => breaker.adapt(now, market),
  impose: (breaker, { market, level, duration, sender }, { now }) =>
    breaker.impose({ now, sender }, market, level, duration),
  lift: (breaker, { market, sender }, { now }) => breaker.lift({ now, sender }, market),
  tighten: (breaker, { market, policy, sender }, { now }) =>
    breaker.tighten({ now, sender }, market, policy),
  setPolicy: (breaker, { market, policy, sender }, { now }) =>
    breaker.setPolicy({ now, sender }, market, policy),
  rollBack: (breaker, { market, sender }, { now }) => breaker.rollBack({ now, sender }, market),
  setTokenFeed: (breaker, { market, feed, sender }) =>
    breaker.setTokenFeed({ sender }, market, feed),
};

/** Makes a call on the model. */
export function callBreakerModel(
  { breaker }: BreakerTwin,
  command: BreakerCommand,
  block: Block,
): BreakerOutcome<unknown> {
  // The compiler cannot see that a kind and the arguments that stand beside it belong together.
  const call = ON_MODEL[command.kind] as (
    breaker: CircuitBreaker,
    command: BreakerCommand,
    block: Block,
  ) => BreakerOutcome<unknown>;
  return call(breaker, command, block);
}

/** Arguments of a call in the order of the contract's function. */
export function argumentsOf(command: BreakerCommand): readonly Value[] {
  switch (command.kind) {
    case "observe":
      return [command.feed];
    case "notice":
    case "answer":
      return [command.market, triggerIndex(command.trigger)];
    case "trip":
      return [command.market, triggerIndex(command.trigger), command.hint];
    case "tripShortfall":
      return [command.market, command.books, command.accounts];
    case "impose":
      return [command.market, command.level, command.duration];
    case "tighten":
    case "setPolicy":
      return [command.market, policyValues(command.policy)];
    case "setTokenFeed":
      return [command.market, command.feed];
    default:
      return [command.market];
  }
}

/** What a call that went through returns, in the order of declaration. */
function returnedValues(returned: unknown): readonly Value[] {
  if (typeof returned === "bigint") return [returned];
  if (typeof returned !== "object" || returned === null) return [];
  return Object.values(returned as Readonly<Record<string, Value>>);
}

/** How a command ended, the same on both sides. */
export type Ending =
  | { readonly ok: true; readonly returned: unknown; readonly events: readonly BreakerEvent[] }
  | { readonly ok: false; readonly error: ModelError };

/** Both sides of a run. */
export interface Sides {
  readonly world: BreakerWorld;
  readonly twin: BreakerTwin;
}

async function numberOf({ chain }: BreakerWorld): Promise<bigint> {
  return BigInt(String(await chain.request("eth_blockNumber")));
}

/** Makes a call of the breaker on both sides and compares how it ends. */
export async function callBreaker(
  { world, twin }: Sides,
  command: BreakerCommand & Command,
): Promise<Ending> {
  const { chain, interfaces } = world;
  const { at: now, kind, sender } = command;
  const number = kind === "observe" ? (await numberOf(world)) + 1n : 0n;
  const block = { now, number, baseFee: chain.baseFee ?? 0n };
  const outcome = callBreakerModel(twin, command, block);
  const method = interfaces.method("breaker", kind);
  const data = method.encode(argumentsOf(command));
  await chain.setTime(now);
  const values = outcome.ok ? returnedValues(outcome.returned) : [];
  // A lean chain tells no output of a transaction: what it would return is asked for before.
  const asked = values.length > 0 ? await chain.callNext(sender, AT.breaker, data) : undefined;
  const sent = await chain.send(sender, AT.breaker, data);
  const returned = asked?.ok === true ? method.decode(asked.output) : undefined;
  compareOutcome(interfaces, `${kind} at ${now}`, sent, outcome, { values, returned });
  return outcome;
}

/** Makes a call of the ledger on both sides; what it does to the ledger is the other campaign's subject. */
export async function callLedger(
  { world, twin }: Sides,
  { call, at }: Command & { readonly kind: "ledger" },
): Promise<Outcome<unknown>> {
  const signatories = { caller: call.sender, wallet: { address: WALLET, accepts: true } };
  await world.chain.setTime(at);
  const sent = await callChain({ chain: world.chain, interfaces: world.ledger }, call, signatories);
  const outcome = callModel(twin, { ...call, at }, signatories);
  const failure = outcome.ok ? outcome : { ...outcome, events: [] };
  ensure(sent.ok === outcome.ok, "ledger", () => {
    const chain = sent.ok
      ? "succeeds"
      : `reverts with ${world.interfaces.errors.decode(sent.data).name}`;
    return `${call.kind} ${chain}, on the model it ${failure.ok ? "succeeds" : failure.error.name}`;
  });
  return outcome;
}

/** Does to both worlds what a command says. */
export async function changeWorld(
  sides: Sides,
  action: WorldAction & { readonly at: bigint },
): Promise<void> {
  const { world, twin } = sides;
  const { at: now } = action;
  switch (action.kind) {
    case "wait":
      return world.mine(now);
    case "say":
      return say(sides, now, action.feed, action.readings);
    case "createFeed":
      if (!twin.createFeed(now, "late").ok) return world.mine(now);
      return world.createFeed(now, twin, "late");
    case "uptime": {
      const { answer, startedAt } = action;
      const args = [twin.uptime.latest + 1n, answer, startedAt, startedAt];
      if (!twin.uptime.readable) return world.mine(now);
      twin.uptime.push(answer, startedAt);
      return world.must(now, ANYONE, AT.uptime, ["aggregator", "updateRoundData"], args);
    }
    case "uptimeRead": {
      twin.uptime.readable = action.readable;
      const code = action.readable ? world.build.ledger.aggregator.deployedBytecode : REFUSING;
      await world.chain.setCode(AT.uptime, code);
      return world.mine(now);
    }
    case "blocks":
      await world.chain.setTime(now);
      await world.chain.request("hardhat_mine", quantity(action.count), "0x0");
      return;
    case "baseFee":
      world.chain.baseFee = action.baseFee;
      return world.mine(now);
    case "lose":
    case "donate":
      return moveTokens(sides, action);
    case "role":
      twin.setRole(action.id, action.who, action.granted);
      return world.setRole(now, action.id, action.who, action.granted);
  }
}

/** Brings what sources say; each side takes or refuses each reading. */
async function say(
  { world, twin }: Sides,
  now: bigint,
  feed: bigint,
  readings: readonly Said[],
): Promise<void> {
  const { interfaces, chain } = world;
  const update = interfaces.method("hub", "update");
  const form = (1n << 21n) | 1n;
  const calls = readings.map(({ index, price, time }) =>
    update.encode([feed, index, [price, time, 0n, form].map(toWord).join("")]),
  );
  const run = interfaces.method("relay", "run");
  await chain.setTime(now);
  const sent = await chain.send(ANYONE, AT.relay, run.encode([calls.map(() => AT.hub), calls]));
  const ran = sent.ok ? sent.logs.at(-1) : undefined;
  if (ran === undefined) throw new Error("the relay failed");
  const found = interfaces.events.decode(ran.topics, ran.data)?.args[0];
  const outcomes = found as readonly (readonly [boolean, string])[];
  readings.forEach(({ index, price, time }, at) => {
    const reading = { price, time, confidence: 0n, form };
    const { ok } = twin.hub.update(now, feed, index, reading);
    ensure(outcomes[at]?.[0] === ok, "hub", () => `update ${at} at ${now} ends differently`);
  });
}

async function moveTokens(
  { world, twin }: Sides,
  { at, kind, token, amount }: Command & { readonly kind: "lose" | "donate" },
): Promise<void> {
  const kept = twin.ledger.world.tokens.get(token);
  if (kept === undefined) throw new Error("the token is not there");
  if (kind === "donate") {
    mint(kept, AT.ledger, amount);
    return world.must(at, ANYONE, token, ["token", "mint"], [AT.ledger, amount]);
  }
  const balance = balanceOf(kept, AT.ledger);
  const lost = amount > balance ? balance : amount;
  kept.balances.set(AT.ledger, balance - lost);
  mint(kept, ANYONE, lost);
  return world.must(at, AT.ledger, token, ["token", "transfer"], [ANYONE, lost]);
}
