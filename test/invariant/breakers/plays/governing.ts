import { POLICY_BOUNDS, POLICY_FIELDS, findMarket, isLooser } from "@certus/model";
import type { Policy } from "@certus/model";

import { BREAKER_ROLES } from "../twin.ts";
import { ANYONE, FEEDS, HOLDERS, NO_FEED } from "../places.ts";
import { anyMarket, call, holder, nearTime, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";

const DAY = 86_400n;
const LONGEST = 21_600n;

/** Thresholds near those in force: within, at or beyond bounds and steps; mostly tighter where a steward asks. */
function drawPolicy({ dice }: Scene, current: Policy, tighter: boolean): Policy {
  const { min, max } = POLICY_BOUNDS;
  const fair = dice.chance(0.6);
  const kept = tighter && dice.chance(0.85);
  const changed = POLICY_FIELDS.map((field): readonly [keyof Policy, bigint] => {
    const value = current[field];
    if (!dice.chance(0.5)) return [field, value];
    const step = value / 5n;
    const drawn = dice.weighted([
      [4, dice.between(value - step, value + step)],
      [1, dice.near(value - step)],
      [1, dice.near(value + step)],
      [1, dice.near(min[field])],
      [1, dice.near(max[field])],
      [0.2, dice.between(0n, 65_535n)],
    ]);
    if (!fair) return [field, drawn < 0n ? 0n : drawn > 65_535n ? 65_535n : drawn];
    const least = value - step > min[field] ? value - step : min[field];
    const most = value + step < max[field] ? value + step : max[field];
    const within = drawn < least ? least : drawn > most ? most : drawn;
    return [field, kept && isLooser(field, within, value) ? value : within];
  });
  return Object.fromEntries(changed) as unknown as Policy;
}

/** Thresholds change, are put back, and change again. */
export function* policies(scene: Scene): Play {
  const { dice } = scene;
  const market = anyMarket(scene);
  const { policy, tightenedAt, setAt } = watchOf(scene, market);
  const tighter = dice.chance(0.5);
  const last = tighter ? tightenedAt : setAt;
  const soon = scene.now + dice.between(0n, 500n);
  const due = last + DAY;
  const at = last > 0n && due >= scene.now && dice.chance(0.5) ? nearTime(scene, due) : soon;
  const next = drawPolicy(scene, policy, tighter);
  if (tighter) {
    const sender = holder(scene, "steward");
    yield call(at, { kind: "tighten", market, policy: next, sender });
  } else {
    yield call(at, { kind: "setPolicy", market, policy: next, sender: holder(scene, "safe") });
  }
  if (!dice.chance(0.45)) return;
  const { policySince } = watchOf(scene, market);
  const back = dice.chance(0.15) ? nearTime(scene, policySince + 3n * DAY) : scene.now;
  yield call(back, { kind: "rollBack", market, sender: holder(scene, "guardian") });
  if (dice.chance(0.4)) {
    const again = call(scene.now, {
      kind: "tighten",
      market,
      policy: next,
      sender: holder(scene, "steward"),
    });
    yield again;
  }
}

/** The guardian imposes and lifts, within its budget and beside it. */
export function* impose(scene: Scene): Play {
  const { dice } = scene;
  const market = anyMarket(scene);
  const { olderImposed, newerImposed, until } = watchOf(scene, market);
  const level = dice.weighted([
    [5, 1n],
    [5, 2n],
    [0.8, dice.pick([0n, 3n, 255n])],
  ]);
  const bounds = [newerImposed + DAY, olderImposed + 7n * DAY].filter((time) => time > scene.now);
  const at =
    bounds.length > 0 && dice.chance(0.4)
      ? nearTime(scene, dice.pick(bounds))
      : scene.now + dice.between(0n, 600n);
  const duration = dice.weighted([
    [4, dice.between(60n, LONGEST)],
    [2, until > at ? dice.near(until - at) : 300n],
    [1, LONGEST],
    [0.9, dice.pick([0n, 1n, LONGEST + 1n, (1n << 32n) - 1n])],
  ]);
  yield call(at, {
    kind: "impose",
    market,
    level,
    duration: duration < 0n ? 0n : duration,
    sender: holder(scene, "guardian"),
  });
  if (!dice.chance(0.5)) return;
  const lifted = scene.now + dice.between(0n, 4_000n);
  yield call(lifted, { kind: "lift", market, sender: holder(scene, "guardian") });
}

/** The feed of collateral changes, to a good one, none, an unknown one or one in another unit. */
export function* tokenFeed(scene: Scene): Play {
  const { dice } = scene;
  const feed = dice.weighted([
    [6, FEEDS.coin.name],
    [1, 0n],
    [1, NO_FEED],
    [2, FEEDS.odd.name],
    [1, FEEDS.ether.name],
  ]);
  const market = anyMarket(scene);
  yield call(scene.now, { kind: "setTokenFeed", market, feed, sender: holder(scene, "safe") });
}

/** A role is taken from who holds it and used all the same, or given to somebody for a while. */
export function* roles(scene: Scene): Play {
  const { dice } = scene;
  const role = dice.pick(BREAKER_ROLES);
  const who = HOLDERS[role.holder];
  const market = anyMarket(scene);
  yield { kind: "role", id: role.id, who, granted: false, at: scene.now };
  yield { kind: "role", id: role.id, who: ANYONE, granted: true, at: scene.now };
  const sender = dice.pick([who, ANYONE]);
  const { policy } = watchOf(scene, market);
  if (role.name === "GUARDIAN") yield call(scene.now, { kind: "lift", market, sender });
  else if (role.name === "SOURCES") {
    yield call(scene.now, { kind: "setTokenFeed", market, feed: FEEDS.coin.name, sender });
  } else if (role.name === "STEWARD") {
    yield call(scene.now, {
      kind: "tighten",
      market,
      policy: drawPolicy(scene, policy, true),
      sender,
    });
  } else {
    yield call(scene.now, {
      kind: "setPolicy",
      market,
      policy: drawPolicy(scene, policy, false),
      sender,
    });
  }
  yield { kind: "role", id: role.id, who: ANYONE, granted: false, at: scene.now };
  yield { kind: "role", id: role.id, who, granted: true, at: scene.now };
}

/** Markets are watched from now on, or the hub learns of their feed. */
export function* enrolment(scene: Scene): Play {
  const { dice } = scene;
  if (dice.chance(0.4)) yield { kind: "createFeed", at: scene.now + dice.between(0n, 60n) };
  const market = dice.chance(0.3) ? dice.pick(scene.twin.markets) : anyMarket(scene);
  yield call(scene.now, { kind: "enroll", market });
}

/** A market is retired, which the breaker does not see: it goes on. */
export function* retire(scene: Scene): Play {
  const market = anyMarket(scene);
  if (findMarket(scene.twin.ledger.state, market) === undefined) return;
  const sender = HOLDERS.safe;
  yield { kind: "ledger", call: { kind: "retire", sender, market }, at: scene.now };
  yield call(scene.now, { kind: "sync", market });
}
