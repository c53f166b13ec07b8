import { ZeroHash } from "ethers";

import { ICircuitBreaker__factory } from "../../../../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { UsageError } from "../../usage.ts";
import { ABIS, callOf } from "../calls.ts";
import type { Call } from "../calls.ts";
import type { Given } from "../given.ts";
import { MARKET, marketIn } from "./ledger.ts";
import type { Action, Place } from "./types.ts";

/** Thresholds of a market, in the order of the contract. */
const POLICY = ["apart", "farApart", "move", "depegBelow", "pegAbove", "ceiling", "floor"] as const;

type Threshold = (typeof POLICY)[number];

/** What anyone may trip with, in the order of the contract, which begins at 1. A shortfall has a function of its own. */
const TRIGGERS = [
  "FewVotes",
  "NoVotes",
  "Apart",
  "FarApart",
  "Move",
  "BigMove",
  "HugeMove",
  "Sequencer",
  "Depeg",
];

/** What the guardian may impose, in the order of the contract, which begins at 1. */
const LEVELS = ["restricted", "halted"];

const MOST_BPS = 65_535n;
const THRESHOLDS = Object.fromEntries(
  POLICY.map((name) => [`${name}?`, "bps; as it is if left out"]),
);

/** A call of the breaker about the market that is given. */
export async function breakerCall(
  desk: Place,
  given: Given,
  name: string,
  ...values: readonly unknown[]
): Promise<Call> {
  const market = await marketIn(desk, given);
  const to = await desk.governed.need("breaker");
  return callOf(to, ABIS.breaker, name, [market, ...values]);
}

/** The thresholds as they are, but for those that are given. */
async function policyCall(
  desk: Place,
  given: Given,
  name: "setPolicy" | "tighten",
  asked: readonly Threshold[] = POLICY,
): Promise<Call> {
  const to = await desk.governed.need("breaker");
  const market = await marketIn(desk, given);
  const breaker = ICircuitBreaker__factory.connect(to, desk.session.provider);
  const { policy: current } = await breaker.watchOf(market);
  if (!asked.some((field) => given.has(field))) {
    throw new UsageError(`--args: say what is to change, of ${asked.join(", ")}, in bps.`);
  }
  const policy = POLICY.map((field) =>
    asked.includes(field) && given.has(field)
      ? given.whole(field, "bps", 0n, MOST_BPS)
      : current[field],
  );
  return callOf(to, ABIS.breaker, name, [market, policy]);
}

function oneOf(given: Given, key: string, words: readonly string[]): number {
  const hint = `one of ${words.join(", ")}`;
  const text = given.text(key, hint);
  const index = words.findIndex((word) => word.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index + 1;
  throw new UsageError(`${given.name(key)}: ${JSON.stringify(text)} is not ${hint}.`);
}

function onMarket(name: string, what: string, guarded: boolean): Action {
  return {
    what,
    takes: { market: MARKET },
    guarded,
    call: (desk, given) => breakerCall(desk, given, name),
  };
}

/** What a Safe does at the circuit breaker. */
export const BREAKER_ACTIONS: Readonly<Record<string, Action>> = {
  "set-cap": {
    what: "sets which share of the terms' ceiling a market uses",
    takes: { market: MARKET, ceiling: "bps of the terms' ceiling" },
    guarded: true,
    call: (desk, given) => policyCall(desk, given, "setPolicy", ["ceiling"]),
  },
  "set-policy": {
    what: "sets a market's thresholds",
    takes: { market: MARKET, ...THRESHOLDS },
    guarded: true,
    call: (desk, given) => policyCall(desk, given, "setPolicy"),
  },
  tighten: {
    what: "sets tighter thresholds",
    takes: { market: MARKET, ...THRESHOLDS },
    guarded: true,
    call: (desk, given) => policyCall(desk, given, "tighten"),
  },
  impose: {
    what: "restricts or halts a market without evidence",
    takes: { market: MARKET, level: "restricted or halted", duration: "at most 6h" },
    guarded: true,
    call: (desk, given) => {
      const level = oneOf(given, "level", LEVELS);
      const duration = given.span("duration", "a length of time, as in 6h");
      return breakerCall(desk, given, "impose", level, duration);
    },
  },
  lift: onMarket("lift", "ends what was imposed on a market", true),
  "roll-back": onMarket("rollBack", "puts a market's last thresholds back", true),
  release: onMarket("release", "ends a level whose condition is gone; anyone may", false),
  trip: {
    what: "trips a market with evidence; anyone may",
    takes: {
      market: MARKET,
      trigger: `one of ${TRIGGERS.join(", ")}`,
      "hint?": "of a move: the number of the observation to compare with; 0",
    },
    guarded: false,
    call: (desk, given) => {
      const trigger = oneOf(given, "trigger", TRIGGERS);
      const hint = given.has("hint") ? given.whole("hint", "a number", 0n, MOST_BPS) : 0n;
      return breakerCall(desk, given, "trip", trigger, hint);
    },
  },
  "set-token-feed": {
    what: "names the feed that prices a market's collateral",
    takes: { market: MARKET, feed: "its name in the hub, or none" },
    guarded: true,
    call: (desk, given) => {
      const none = given.is("feed", "none");
      return breakerCall(desk, given, "setTokenFeed", none ? ZeroHash : given.feed("feed"));
    },
  },
};
