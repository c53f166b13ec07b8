import { POLICY_BOUNDS } from "@certus/model";
import type { Policy } from "@certus/model";

import { FEED, readingWords } from "../../fixtures/oracles.ts";
import { DAY, HOUR, MINUTE, WEEK } from "../../fixtures/units.ts";
import { anyCall, anyTrigger, callOf, oneOf } from "./fuzz.ts";
import type { Attempt, Dice } from "./fuzz.ts";
import { honestPrice } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** An attempt so many seconds from now. */
export interface Planned {
  readonly after: bigint;
  readonly attempt: Attempt;
}

/** Who attacks, and what it does when it is its turn. */
export interface Attacker {
  /** How often it is looked whether new risk is taken, seconds; hourly if left out. */
  readonly sampled?: bigint;
  readonly from: (stage: Stage) => string;
  readonly turn: (stage: Stage, dice: Dice) => Promise<readonly Planned[]>;
}

const LONGEST = 6n * HOUR;
const NOW = 0n;
const FIELDS = Object.keys(POLICY_BOUNDS.min) as (keyof Policy)[];
const HIGHER_IS_TIGHTER: readonly (keyof Policy)[] = ["depegBelow", "pegAbove"];

/** What anyone can do: observe, adapt, say something, trip at any time; bring honest readings when it suits. */
export function anyonesTurn(stage: Stage, dice: Dice): readonly Planned[] {
  const { linear, chain, hub, books, maker, taker } = stage;
  const now = (name: string, ...args: unknown[]) => ({
    after: NOW,
    attempt: callOf(stage.breaker, name, args),
  });
  const trigger = anyTrigger(dice);
  const hint = BigInt(dice(20));
  switch (dice(8)) {
    case 0:
      return [now("observe", FEED), now("adapt", linear)];
    case 1:
    case 2: {
      // To the second when it may be tripped first, and once more as late as it may be.
      const noticed = now("notice", linear, trigger);
      const tripped = callOf(stage.breaker, "trip", [linear, trigger, 0n]);
      return [
        noticed,
        ...[1n, 10n, 15n, 60n].map((m) => ({ after: m * MINUTE, attempt: tripped })),
      ];
    }
    case 3:
      return [now("trip", linear, trigger, hint), now("release", linear)];
    case 4: {
      const some = books.map(({ book }) => book).filter(() => dice(2) === 1);
      const accounts = [maker.account, taker.account].sort((a, b) => (a < b ? -1 : 1));
      return [now("tripShortfall", linear, some, accounts)];
    }
    case 5: {
      // One class alone, as late as it is taken.
      const time = chain.time - BigInt(dice(300));
      const payload = readingWords({ price: honestPrice(time), time });
      const attempt = callOf(hub, "update", [FEED, dice(4), payload]);
      const update = { after: NOW, attempt };
      return [update, now("observe", FEED), now("trip", linear, trigger, hint)];
    }
    default:
      return [{ after: NOW, attempt: anyCall(stage, dice) }];
  }
}

/** The guardian: as often and as long as it is let, and then some. */
export const GUARDIAN: Attacker = {
  sampled: HOUR / 2n,
  from: ({ holders }) => holders.guardian,
  turn(stage, dice) {
    const { linear, holders, manager } = stage;
    const level = oneOf(dice, [0n, 1n, 2n, 2n, 3n]);
    const duration = oneOf(dice, [1n, HOUR, LONGEST, LONGEST, LONGEST + 1n, BigInt(dice(21_600))]);
    const impose = callOf(stage.breaker, "impose", [linear, level, duration]);
    const worst = callOf(stage.breaker, "impose", [linear, 2n, LONGEST]);
    const once = (attempt: Attempt, after = NOW) => ({ after, attempt });
    switch (dice(6)) {
      case 0:
        return Promise.resolve([
          once(impose),
          once(callOf(stage.breaker, "lift", [linear]), BigInt(dice(20_000))),
        ]);
      case 1: {
        const pending = anyCall(stage, dice);
        return Promise.resolve([
          once(callOf(manager, "cancel", [holders.safe, pending.to, pending.data])),
        ]);
      }
      case 2:
        return Promise.resolve([once(callOf(stage.breaker, "rollBack", [linear]))]);
      case 3:
        return Promise.resolve(anyonesTurn(stage, dice));
      default:
        // The worst, and again as soon as its budget lets it.
        return Promise.resolve([0n, DAY, WEEK, WEEK + DAY].map((after) => once(worst, after)));
    }
  },
};

/** The tightest thresholds that one step reaches; some way there, if the dice say so. */
export async function tighter({ breaker, linear }: Stage, dice: Dice): Promise<Policy> {
  const { policy } = await breaker.watchOf(linear);
  const greedy = dice(3) > 0;
  const next: Record<keyof Policy, bigint> = { ...POLICY_BOUNDS.initial };
  for (const name of FIELDS) {
    const current = policy[name];
    const step = greedy ? current / 5n : BigInt(dice(Number(current / 4n) + 1));
    const [least, most] = [POLICY_BOUNDS.min[name], POLICY_BOUNDS.max[name]];
    if (HIGHER_IS_TIGHTER.includes(name)) {
      next[name] = current + step > most ? most : current + step;
    } else {
      next[name] = current < least + step ? least : current - step;
    }
  }
  return next;
}

/** The steward: tighter every day, and sources away. */
export const STEWARD: Attacker = {
  from: ({ steward }) => steward.address,
  async turn(stage, dice) {
    const { linear, hub } = stage;
    switch (dice(4)) {
      case 0: {
        return [{ after: NOW, attempt: callOf(hub, "disable", [FEED, dice(5)]) }];
      }
      case 1:
        return anyonesTurn(stage, dice);
      case 2:
        // Where nobody has brought a reading for an hour, stress is at its greatest.
        return [0n, 11n, 22n, 33n, 44n, 55n].map((minutes) => ({
          after: minutes * MINUTE,
          attempt: callOf(stage.breaker, "adapt", [linear]),
        }));
      default: {
        const policy = await tighter(stage, dice);
        return [{ after: NOW, attempt: callOf(stage.breaker, "tighten", [linear, policy]) }];
      }
    }
  },
};

/** A keeper: what anyone can do, and what it is there for when it suits it. */
export const KEEPER: Attacker = {
  from: ({ stranger }) => stranger.address,
  turn: (stage, dice) => Promise.resolve(anyonesTurn(stage, dice)),
};

/** A watcher: cries wolf whenever it can. */
export const WATCHER: Attacker = {
  from: ({ stranger }) => stranger.address,
  turn(stage, dice) {
    const { linear } = stage;
    const trigger = BigInt(1 + dice(3));
    const trip = callOf(stage.breaker, "trip", [linear, trigger, 0n]);
    const minutes = [10n, 60n, 120n];
    return Promise.resolve([
      { after: NOW, attempt: callOf(stage.breaker, "answer", [linear, trigger]) },
      { after: NOW, attempt: callOf(stage.breaker, "notice", [linear, trigger]) },
      ...minutes.map((after) => ({ after: after * MINUTE, attempt: trip })),
      ...anyonesTurn(stage, dice),
    ]);
  },
};
