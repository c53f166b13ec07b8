/**
 * What happens to a fixing: when it is opened, which proofs come in which window, what the world does meanwhile. Drawn
 * from a seed alone; the orders in which the proofs come are drawn apart.
 *
 * @module
 */
import { CLOSINGS, PROLONGATION } from "@certus/model";

import type { Dice } from "../generate/dice.ts";
import type { Said } from "./keys.ts";
import { TRUTH, bend, drawLie } from "./lies.ts";
import type { Lie } from "./lies.ts";
import { LOOSE, OWN, REDSTONE, THREE, WIDE } from "./places.ts";
import { shuffled } from "./orders.ts";
import type { FeedPlan, SourcePlace } from "./places.ts";
import type { PricePath } from "./records.ts";

/** Slots of a profile's kind and the seconds between them. */
export const KINDS = [
  { slots: 1, period: 0n },
  { slots: 7, period: 300n },
  { slots: 30, period: 60n },
] as const;

/** A proof that somebody brings, before it is made: what the push feed proves depends on its phase. */
export type Wish =
  | { readonly kind: "push"; readonly slot: number; readonly shift: bigint }
  | {
      readonly kind: "signed";
      readonly place: "redstone" | "own";
      readonly slot: number;
      readonly said: Said;
      /** Seconds by which it is of another time. */
      readonly late: bigint;
    }
  | {
      readonly kind: "told";
      readonly place: SourcePlace;
      readonly slot: number;
      readonly price: bigint;
      readonly form: bigint;
    }
  | { readonly kind: "foreign"; readonly source: number; readonly slot: number };

/** What the world does at the beginning of a segment. */
export type WorldAct =
  | { readonly kind: "rounds"; readonly until: bigint }
  | { readonly kind: "phase"; readonly before: bigint; readonly lie: Lie }
  | { readonly kind: "outage"; readonly began: bigint; readonly ended: bigint | undefined }
  | { readonly kind: "equivocation"; readonly index: number };

/** A time in which proofs come in any order. */
export interface Segment {
  readonly from: bigint;
  readonly until: bigint;
  readonly acts: readonly WorldAct[];
  readonly wishes: readonly Wish[];
  /** Proofs that are refused. */
  readonly spoilt: readonly Wish[];
  /** Whether somebody tries to fix at its end. */
  readonly tries: boolean;
  /** Whether somebody notes an outage at its beginning. */
  readonly notes: boolean;
}

/** All that happens to a fixing. */
export interface Plan {
  readonly feed: FeedPlan;
  readonly kind: number;
  readonly expiry: bigint;
  readonly openedAt: bigint;
  /** How the mark is off at the opening. */
  readonly markLie: Lie;
  /** How the push feed's rounds are off after it. */
  readonly pushLie: Lie;
  /** An own signer that is removed before the opening. */
  readonly removed: number | undefined;
  /** What is wrong at the first try to open. */
  readonly hitch: "none" | "few" | "apart" | "old" | "down" | "grace" | "guard";
  /** When the mark moves. */
  readonly refreshes: readonly bigint[];
  readonly segments: readonly Segment[];
  /** Times from the last segment on at which somebody fixes. */
  readonly endings: readonly bigint[];
}

const HOUR = 3_600n;
const DAY = 86_400n;
const [C1, C2, C3, C4] = CLOSINGS;

/** When a plan's fixing is opened and expires. */
export interface Occasion {
  readonly expiry: bigint;
  readonly openedAt: bigint;
}

/** Draws when a fixing is opened and expires within the time of the rounds. */
export function drawOccasion(dice: Dice, path: PricePath): Occasion {
  const [from, to] = [path.begin + 2n * HOUR, path.end - 2n * HOUR];
  const day = dice.between(from / DAY + 1n, to / DAY - 1n);
  const expiry = dice.chance(0.4) ? day * DAY + 8n * HOUR : dice.between(from, to);
  const lead = dice.weighted<bigint>([
    [4, dice.between(20n, HOUR - 20n)],
    [1, dice.near(HOUR)],
    [4, dice.between(HOUR, DAY)],
    [2, dice.near(DAY)],
    [4, dice.between(DAY, 6n * DAY)],
  ]);
  const openedAt = expiry - lead;
  return { expiry, openedAt: openedAt < path.begin ? path.begin : openedAt };
}

/** What a class does in a fixing. */
interface Conduct {
  readonly missing: boolean;
  readonly lie: Lie;
  /** Probability of a slot's being there. */
  readonly fill: number;
  /** Slots that are missing in any case. */
  readonly gaps: ReadonlySet<number>;
  /** Probability of everything's coming in the first segment that can take it. */
  readonly prompt: number;
}

/** So many slots that one more or one less of them is four fifths; none for a single slot. */
function drawGaps(dice: Dice, slots: number): ReadonlySet<number> {
  if (slots === 1 || !dice.chance(0.2)) return new Set();
  const count = slots - Math.ceil((slots * 4) / 5) + dice.below(2);
  return new Set(shuffled(dice, indicesOf(slots)).slice(0, count));
}

function drawConduct(dice: Dice, slots: number): Conduct {
  const missing = dice.chance(0.16);
  const lie = dice.chance(0.18) ? drawLie(dice) : TRUTH;
  const fill = dice.weighted([
    [6, 1],
    [1, 0.9],
    [1, 0.5],
    [1, 0.1],
  ]);
  const prompt = dice.weighted([
    [6, 1],
    [2, 0.5],
    [2, 0],
  ]);
  return { missing, lie, fill, prompt, gaps: drawGaps(dice, slots) };
}

/** Everything comes, at once, and is true. */
const PERFECT: Conduct = { missing: false, lie: TRUTH, fill: 1, prompt: 1, gaps: new Set() };

/** Which of the classes speak: now and then none, one or two of three; in one fixing of four nothing is wrong. */
function drawConducts(dice: Dice, feed: FeedPlan, slots: number): readonly Conduct[] {
  if (dice.chance(0.25)) {
    const gaps = drawGaps(dice, slots);
    const at = dice.below(feed.sources.length);
    return feed.sources.map((_, index) => (index === at ? { ...PERFECT, gaps } : PERFECT));
  }
  const silent = dice.chance(0.08) ? dice.pick([2, 3, 3]) : 0;
  const drawn = feed.sources.map(() => drawConduct(dice, slots));
  const quiet = new Set<number>();
  while (quiet.size < silent) quiet.add(dice.below(feed.sources.length));
  return drawn.map((conduct, index) =>
    quiet.has(index) ? { ...conduct, missing: true } : conduct,
  );
}

/** Prices of signers around one price, some parts of 10,000 apart; exactly it for a lie on a bound. */
function around(dice: Dice, price: bigint, lie: Lie, indices: readonly number[]): Said {
  const bent = bend(price, lie);
  const noise = (): bigint => (lie.kind === "edge" ? 0n : (bent * dice.between(-5n, 5n)) / 10_000n);
  return new Map(
    indices.map((index) => {
      const said = bent + noise();
      return [index, said < 1n ? 1n : said];
    }),
  );
}

function indicesOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

interface Scene {
  readonly dice: Dice;
  readonly removed: number | undefined;
  readonly path: PricePath;
  readonly between: boolean;
  readonly feed: FeedPlan;
  readonly kind: number;
  readonly expiry: bigint;
  readonly openedAt: bigint;
  readonly conducts: readonly Conduct[];
}

/** Sets of a class's signers for a slot: mostly all of them, now and then some, or one that says two things. */
function drawSets(
  scene: Scene,
  place: "redstone" | "own",
  price: bigint,
  lie: Lie,
): readonly Said[] {
  const { dice, removed } = scene;
  const { signers, threshold } = place === "redstone" ? REDSTONE : OWN;
  const all = indicesOf(signers.length).filter((index) => place !== "own" || index !== removed);
  const full = around(dice, price, lie, all);
  const spare = BigInt(all.length) > threshold;
  const without = (): Said => {
    const left = spare ? dice.pick(all) : undefined;
    return new Map([...full].filter(([index]) => index !== left));
  };
  const sets: Said[] = dice.chance(0.8) ? [full] : [];
  while (sets.length === 0 || dice.chance(0.25)) sets.push(without());
  if (dice.chance(0.1)) {
    const two = new Map(full);
    for (const index of dice.some(all, 0.5)) two.set(index, bend(price, drawLie(dice)));
    sets.push(two);
  }
  return sets;
}

/** Forms of sources that say what they are told. */
function drawForm(dice: Dice): bigint {
  const rank = dice.pick([1n, 2n, (1n << 21n) - 1n]);
  return dice.chance(0.7) ? (1n << 21n) | 1n : rank;
}

function slotTimeOf(kind: number, expiry: bigint, slot: number): bigint {
  return expiry - BigInt(slot) * (KINDS[kind]?.period ?? 0n);
}

/** All proofs that a fixing's classes give for a slot. */
function wishesFor(scene: Scene, index: number, slot: number): readonly Wish[] {
  const { dice, path, between, feed, kind, expiry, conducts } = scene;
  const conduct = conducts[index];
  const place = feed.sources[index];
  if (conduct === undefined || place === undefined || conduct.missing) return [];
  if (place === "guard" || conduct.gaps.has(slot) || !dice.chance(conduct.fill)) return [];
  if (place === "push") return [{ kind: "push", slot, shift: 0n }];
  const price = path.priceAt(slotTimeOf(kind, expiry, slot), between);
  if (place === "redstone" || place === "own") {
    return drawSets(scene, place, price, conduct.lie).map((said) => ({
      kind: "signed",
      place,
      slot,
      said,
      late: 0n,
    }));
  }
  const told = { kind: "told", place, slot, price: bend(price, conduct.lie) } as const;
  const wishes: Wish[] = [{ ...told, form: drawForm(dice) }];
  if (dice.chance(0.2)) wishes.push({ ...told, price: told.price + 7n, form: drawForm(dice) });
  return wishes;
}

/** A proof that is refused: spoilt in one way. */
function drawSpoilt({ dice, path, feed, kind, expiry }: Scene): Wish {
  const slots = KINDS[kind]?.slots ?? 1;
  const slot = dice.below(slots);
  const price = path.priceAt(expiry);
  const set = (count: number): Said => around(dice, price, TRUTH, indicesOf(count));
  const signed = { kind: "signed", slot, late: 0n } as const;
  return dice.pick<() => Wish>([
    () => ({ kind: "foreign", source: feed.sources.length + dice.below(3), slot }),
    () => ({ kind: "foreign", source: dice.pick([0, 31, 40]), slot: slots + dice.below(3) }),
    () => ({ kind: "push", slot, shift: dice.pick([-1n, 1n, 2n]) }),
    () => ({ ...signed, place: "own", said: set(4), late: dice.pick([-1n, 1n]) }),
    () => ({ ...signed, place: "redstone", said: set(5), late: dice.pick([-1n, 1n]) }),
    () => ({ ...signed, place: "own", said: set(2) }),
    () => ({ ...signed, place: "redstone", said: set(3) }),
  ])();
}

/** When a round can be shown to be the last one up to a time: as a later one is there, or 300 s have passed. */
function shownFrom(path: PricePath, time: bigint): bigint {
  const next = path.rounds[path.countAt(time)]?.updatedAt ?? time + 300n;
  return next < time + 300n ? next : time + 300n;
}

/** The last second of a window up to `most`: no closing lies between, whether an outage was noted or not. */
function lastBeforeClosing(expiry: bigint, from: bigint, most: bigint): bigint {
  const next = closingsOf(expiry).find((closing) => closing > from) ?? most + 1n;
  return next <= most ? next - 1n : most;
}

/** All closings of an expiry, prolonged or not, in their order. */
function closingsOf(expiry: bigint): readonly bigint[] {
  const usual = CLOSINGS.map((after) => expiry + after);
  return inOrder([...usual, ...usual.map((time) => time + PROLONGATION)]);
}

function inOrder(times: readonly bigint[]): readonly bigint[] {
  return [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Times in which proofs may come, one after the other; none of them goes beyond a closing. */
function drawSpans(scene: Scene): readonly (readonly [from: bigint, until: bigint])[] {
  const { dice, path, kind, expiry, openedAt } = scene;
  const first = slotTimeOf(kind, expiry, (KINDS[kind]?.slots ?? 1) - 1);
  const spans: (readonly [bigint, bigint])[] = [];
  const add = (least: bigint, most: bigint): void => {
    const from = dice.between(least, most);
    const last = lastBeforeClosing(expiry, from, most);
    spans.push([from, dice.chance(0.1) ? last : dice.between(from, last)]);
  };
  const early = first > openedAt + 10n ? first + 1n : openedAt + 10n;
  if (early < expiry && first < expiry && dice.chance(0.25)) add(early, expiry);
  if (dice.chance(0.85)) {
    const soon = shownFrom(path, expiry);
    const until = expiry + C1 - 1n;
    add(soon, dice.chance(0.5) ? soon + 60n : until);
  }
  if (dice.chance(0.35)) add(expiry + C1, expiry + C2 - 1n);
  if (dice.chance(0.15)) add(expiry + C1, expiry + C1);
  if (dice.chance(0.35)) add(expiry + C2, expiry + C3 - 1n);
  if (dice.chance(0.1)) add(expiry + C3, expiry + C3 + PROLONGATION - 1n);
  if (!spans.some(([from]) => from > expiry)) add(expiry + C2, expiry + C3 - 1n);
  return ascending(spans);
}

/** Spans in their order, none of which begins before the last one has ended. */
function ascending(
  spans: readonly (readonly [bigint, bigint])[],
): readonly (readonly [bigint, bigint])[] {
  const sorted = [...spans].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(([from, until], at) => {
    const next = sorted[at + 1]?.[0];
    return [from, next !== undefined && until > next ? next : until];
  });
}

/** What the world does when a segment begins. */
function drawActs(scene: Scene, from: bigint, first: boolean): readonly WorldAct[] {
  const { dice, expiry } = scene;
  const acts: WorldAct[] = from <= expiry + C1 ? [{ kind: "rounds", until: from }] : [];
  const after = from > expiry + 300n;
  if (after && dice.chance(0.08)) {
    const before = dice.pick([30n, 600n, 3_900n, 3_901n, 100_000n]);
    acts.push({ kind: "phase", before, lie: dice.chance(0.3) ? drawLie(dice) : TRUTH });
  }
  if (dice.chance(0.08)) {
    // Now and then a time is none, is ahead, or is later than the one that should follow.
    const began = dice.chance(0.9)
      ? dice.between(from - 2n * HOUR, from - 1n)
      : dice.pick([0n, from, from + 10n]);
    const ended = dice.chance(0.6) ? dice.between(from - 2n * HOUR, from + 5n) : undefined;
    acts.push({ kind: "outage", began, ended });
  }
  if (!first && dice.chance(0.04)) acts.push({ kind: "equivocation", index: dice.below(4) });
  return acts;
}

/** Draws all that happens to a fixing. */
export function drawPlan(dice: Dice, path: PricePath, { expiry, openedAt }: Occasion): Plan {
  const feed = dice.weighted([
    [85, THREE],
    [8, WIDE],
    [7, LOOSE],
  ]);
  const kind = dice.weighted([
    [88, 0],
    [10, 1],
    [2, 2],
  ]);
  const conducts = drawConducts(dice, feed, KINDS[kind]?.slots ?? 1);
  const between = dice.chance(0.5);
  const removed = dice.chance(0.06) ? dice.below(OWN.signers.length) : undefined;
  const scene: Scene = { dice, removed, path, between, feed, kind, expiry, openedAt, conducts };
  const spans = drawSpans(scene);
  const wishes = spreadWishes(scene, spans);
  const segments = spans.map(([from, until], at): Segment => {
    const acts = drawActs(scene, from, at === 0);
    const outage = acts.some((act) => act.kind === "outage");
    return {
      from,
      until,
      acts,
      wishes: wishes[at] ?? [],
      spoilt: dice.chance(0.25) ? [drawSpoilt(scene)] : [],
      tries: dice.chance(0.6),
      notes: dice.chance(outage ? 0.8 : 0.02),
    };
  });
  const refreshes = [DAY - 1n, DAY, HOUR + 1n, HOUR, 60n, 1n]
    .filter(() => dice.chance(0.07))
    .map((before) => expiry - before)
    .filter((time) => time > openedAt + 5n && time < (spans[0]?.[0] ?? expiry));
  return {
    feed,
    kind,
    expiry,
    openedAt,
    markLie: dice.chance(0.15) ? drawLie(dice) : TRUTH,
    pushLie: conducts[0]?.lie ?? TRUTH,
    removed,
    hitch: dice.chance(0.12)
      ? dice.pick(["few", "apart", "old", "down", "grace", "guard"])
      : "none",
    refreshes,
    segments,
    endings: drawEndings(scene, spans),
  };
}

/** Each proof with the segment in which it comes. */
function spreadWishes(
  scene: Scene,
  spans: readonly (readonly [bigint, bigint])[],
): readonly (readonly Wish[])[] {
  const { dice, path, feed, kind, expiry, conducts } = scene;
  const wishes = spans.map((): Wish[] => []);
  feed.sources.forEach((place, index) => {
    for (let slot = 0; slot < (KINDS[kind]?.slots ?? 1); slot++) {
      const time = slotTimeOf(kind, expiry, slot);
      const since = place === "push" ? shownFrom(path, time) : time + 1n;
      const open = spans.findIndex(([from]) => from >= since);
      const last = spans.length - 1;
      const begin = open >= 0 ? open : last;
      for (const wish of wishesFor(scene, index, slot)) {
        const prompt = dice.chance(conducts[index]?.prompt ?? 1);
        wishes[prompt ? begin : begin + dice.below(last - begin + 1)]?.push(wish);
      }
    }
  });
  return wishes;
}

function drawEndings(
  { dice, expiry }: Scene,
  spans: readonly (readonly [bigint, bigint])[],
): readonly bigint[] {
  const begin = spans.at(-1)?.[1] ?? expiry;
  const beside = closingsOf(expiry)
    .filter(() => dice.chance(0.25))
    .map((time) => dice.near(time));
  const end = expiry + C4 + PROLONGATION;
  return inOrder([...beside.filter((time) => time > begin && time < end), end]);
}
