import {
  HALT_WINDOW,
  LEVEL_HALTED,
  LEVEL_NORMAL,
  LEVEL_RESTRICTED,
  MAX_UINT112,
  bookOf,
  findBook,
} from "@certus/model";
import type { Market } from "@certus/model";

import { ACTORS } from "../world/actors.ts";
import { AT, FOREIGN } from "../world/places.ts";
import { draftRound } from "./feed.ts";
import { draftFill } from "./fill.ts";
import { BOUNDS_FEE, BOUNDS_LINEAR, SPOILS, termsOf } from "./terms.ts";
import type { Mould } from "./terms.ts";
import { anybody, listedMarkets, openBooks, unknownMarket } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

/** Most markets of a run. */
const MOST_MARKETS = 5;

/** Who calls a restricted function. */
function administrator({ dice }: Scene): bigint {
  return dice.chance(0.06) ? ACTORS.sam.address : ACTORS.admin.address;
}

/** The markets that a run starts with. */
export function openingMarkets(scene: Scene): readonly Draft[] {
  const { knobs, dice } = scene;
  const moulds: Mould[] = [
    { inverse: false, scale: knobs.linear, feed: 0 },
    { inverse: true, scale: knobs.inverse, feed: 0 },
  ];
  if (knobs.flavour === "scripted") {
    const oracle = dice.pick([FOREIGN.zeroOracle, FOREIGN.topOracle]);
    moulds.push({ inverse: dice.chance(0.5), scale: knobs.third, feed: 1, oracle });
  } else if (knobs.flavour !== "bounds") {
    moulds.push({ inverse: dice.chance(0.5), scale: knobs.third, feed: 1 });
  }
  const drafts = moulds.map((mould, salt) =>
    listing(scene, termsOf(knobs, mould, BigInt(salt)), ACTORS.admin.address),
  );
  if (knobs.flavour !== "bounds") return drafts;
  const terms = termsOf(knobs, { inverse: false, scale: BOUNDS_LINEAR, feed: 1 }, 9n);
  const fees = { ...terms, feePerLot: BOUNDS_FEE };
  return [...drafts, listing(scene, fees, ACTORS.admin.address)];
}

function listing(
  _scene: Scene,
  terms: ReturnType<typeof termsOf>,
  sender: bigint,
): Draft & { readonly kind: "list" } {
  return { kind: "list", sender, terms };
}

/** list: a new market, or terms that break one rule. */
export function draftList(scene: Scene): Draft {
  const { dice, knobs, state } = scene;
  const inverse = dice.chance(0.5);
  const scale = inverse ? knobs.inverse : knobs.linear;
  const terms = termsOf(knobs, { inverse, scale, feed: dice.pick([0, 1]) }, dice.bits(256));
  const full = state.markets.size >= MOST_MARKETS;
  const spoilt = full || dice.chance(0.7) ? dice.pick(SPOILS)(terms, scene) : terms;
  return listing(scene, spoilt, administrator(scene));
}

function anyMarket(scene: Scene): bigint {
  if (scene.dice.chance(0.06)) return unknownMarket(scene);
  return scene.dice.maybe(listedMarkets(scene))?.market ?? unknownMarket(scene);
}

/** retire: late in a run, mostly a market that matters little. */
export function draftRetire(scene: Scene): Draft {
  const { dice } = scene;
  const [first, ...others] = [...listedMarkets(scene)].reverse();
  const spare = dice.chance(0.8) ? first : dice.maybe(others);
  const market = dice.chance(0.25) ? unknownMarket(scene) : (spare?.market ?? 0n);
  return { kind: "retire", sender: administrator(scene), market };
}

/** A ceiling that matters: around a pool, around the terms' own, or wide open. */
function ceilingFor(scene: Scene, market: Market): bigint {
  const { dice } = scene;
  const pools = openBooks(scene)
    .filter((book) => book.market === market)
    .map(({ pool }) => pool);
  const drawn = dice.weighted([
    [6, market.terms.ceiling],
    [1, market.terms.ceiling + 1n],
    [3, dice.near(dice.maybe(pools) ?? 1n)],
    [1, 0n],
  ]);
  if (drawn < 0n) return 0n;
  return drawn > MAX_UINT112 ? MAX_UINT112 : drawn;
}

/** setGuard: levels that soon end, halts up to their budget, ceilings around the pools. */
export function draftGuard(scene: Scene): Draft {
  const { dice, now } = scene;
  const id = anyMarket(scene);
  const market = listedMarkets(scene).find((listed) => listed.market === id);
  const level = dice.weighted([
    [4, LEVEL_NORMAL],
    [3, LEVEL_RESTRICTED],
    [4, LEVEL_HALTED],
    [0.3, 3n],
  ]);
  const until = dice.weighted([
    [6, now + dice.between(0n, 60n)],
    [2, dice.near(now + 21_600n)],
    [1, now + dice.between(60n, 1_000n)],
    [1, 0n],
  ]);
  const ceiling = market === undefined ? 1n : ceilingFor(scene, market);
  const sender = dice.chance(0.06) ? ACTORS.sam.address : ACTORS.guard.address;
  const older = market?.guard.olderHalt ?? 0n;
  if (older !== 0n && dice.chance(0.08)) {
    const at = dice.near(older + HALT_WINDOW);
    const halt = { level: LEVEL_HALTED, until: at + 60n, ceiling: market?.terms.ceiling ?? 0n };
    if (at > now)
      return { kind: "setGuard", sender: ACTORS.guard.address, market: id, ...halt, at };
  }
  if (level === LEVEL_HALTED && dice.chance(0.25)) {
    // A guard that would halt for longer than the ledger lets it.
    const again: Draft = { kind: "setGuard", sender, market: id, level, until, ceiling };
    scene.plan.push(
      () => again,
      () => again,
    );
  }
  if (market !== undefined && ceiling < market.terms.ceiling && dice.chance(0.9)) {
    // A ceiling stays when the level ends: what it blocks is tried, then it is opened again.
    const wide = { level: LEVEL_NORMAL, until: 0n, ceiling: market.terms.ceiling };
    const restored: Draft = { kind: "setGuard", sender: ACTORS.guard.address, market: id, ...wide };
    scene.plan.push(draftFill, draftFill, () => restored);
  }
  return { kind: "setGuard", sender, market: id, level, until, ceiling };
}

/** Whether a feed has no round young enough to open a book. */
function isStale({ twin, now }: Scene, proxy: bigint): boolean {
  const feed = twin.feeds.get(proxy);
  const phase = feed?.phases.get(feed.current);
  const latest = phase?.rounds.get(phase.latest ?? 0n);
  return latest === undefined || latest.updatedAt + 3_900n < now || latest.answer <= 0n;
}

/** The expiries of a market that may open now; those without a book yet if there are any. */
function expiriesOf({ now, state }: Scene, { terms, market }: Market): readonly bigint[] {
  const { gridAnchor, gridPeriod, horizon } = terms;
  const from = now + 7_200n;
  const behind = from > gridAnchor ? (from - gridAnchor + gridPeriod - 1n) / gridPeriod : 0n;
  const first = gridAnchor + behind * gridPeriod;
  const within = [0n, 1n, 2n, 3n]
    .map((step) => first + step * gridPeriod)
    .filter((expiry) => expiry <= now + horizon);
  const free = within.filter((expiry) => findBook(state, bookOf(market, expiry)) === undefined);
  return free.length > 0 ? free : within;
}

/** openBook: one of the next expiries mostly, else one that is off the grid, too near or too far. */
export function draftOpen(scene: Scene): Draft {
  const { dice, now } = scene;
  const id = anyMarket(scene);
  const market = listedMarkets(scene).find((listed) => listed.market === id);
  const sender = anybody(scene);
  if (market === undefined) return { kind: "openBook", sender, market: id, expiry: now + 9_000n };
  const { gridAnchor, gridPeriod, horizon, feed, oracle } = market.terms;
  const good = dice.maybe(expiriesOf(scene, market)) ?? gridAnchor;
  if (oracle === AT.oracle && dice.chance(0.85) && isStale(scene, feed)) {
    scene.plan.push(() => ({ kind: "openBook", sender, market: id, expiry: good }));
    return draftRound(scene, feed, true);
  }
  const far = gridAnchor + ((now + horizon - gridAnchor) / gridPeriod) * gridPeriod;
  const near = now < gridAnchor ? gridAnchor : good - gridPeriod;
  const expiry = dice.weighted([
    [10, good],
    [0.4, dice.near(good)],
    [0.5, far],
    [0.5, far + gridPeriod],
    [0.5, near],
    [0.2, gridAnchor - gridPeriod],
  ]);
  return { kind: "openBook", sender, market: id, expiry: expiry < 0n ? 0n : expiry };
}
