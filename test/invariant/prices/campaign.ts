import { Dice } from "../generate/dice.ts";
import type { PriceBuild } from "./build.ts";
import { PriceCalls } from "./calls.ts";
import type { Figures } from "./figures.ts";
import { FixingPlay } from "./fixing.ts";
import { drawOccasion, drawPlan } from "./plan.ts";
import type { Occasion } from "./plan.ts";
import type { PricePath } from "./records.ts";
import { PriceWorld } from "./world.ts";

/** A share of the fixings of a campaign. */
export interface FixingShare {
  readonly seed: number;
  /** Fixings of the whole campaign, and orders of each. */
  readonly expiries: number;
  readonly orders: number;
  /** Which of so many shares of the time. */
  readonly part: number;
  readonly parts: number;
  /** The number of the one to play, if it is to be one alone. */
  readonly only?: number;
}

/** Rounds that the push feed has before a world's first fixing is opened. */
const ROUNDS_BEFORE = 40;
/** Streams of dice of one fixing. */
const STREAMS = 3;

interface Numbered extends Occasion {
  readonly index: number;
}

/** The fixings of a campaign in the order of their opening. */
function occasionsOf({ seed, expiries }: FixingShare, path: PricePath): readonly Numbered[] {
  const drawn = Array.from({ length: expiries }, (_, index) => ({
    ...drawOccasion(new Dice(seed, index * STREAMS), path),
    index,
  }));
  return drawn.sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0));
}

/** Where in the rounds a world stands. */
export interface Standing {
  readonly world: PriceWorld;
  /** How many rounds of the path were published or left out. */
  published: number;
}

/** A world with the last rounds before a time. */
export async function standAt(build: PriceBuild, path: PricePath, time: bigint): Promise<Standing> {
  const first = Math.max(path.countAt(time) - ROUNDS_BEFORE, 0);
  const begin = path.rounds[first]?.updatedAt ?? path.begin;
  const world = await PriceWorld.create(build, begin - 10n);
  return { world, published: first };
}

/** A fixing that fails, by its number in the campaign. */
export class FixingFailure extends Error {
  readonly index: number;

  constructor(index: number, cause: Error) {
    super(`fixing ${index}: ${cause.message}`, { cause });
    this.name = "FixingFailure";
    this.index = index;
  }
}

/**
 * Plays a share of the fixings, one after the other.
 *
 * @param told - Called after each.
 * @throws {@link FixingFailure} with what differs.
 */
export async function playShare(
  build: PriceBuild,
  path: PricePath,
  share: FixingShare,
  figures: Figures,
  told: () => void,
): Promise<void> {
  const all = occasionsOf(share, path);
  const { part, parts, seed, orders } = share;
  const [from, to] = [part, part + 1].map((at) => Math.floor((all.length * at) / parts));
  let standing: Standing | undefined;
  const chosen = all.slice(from, to).filter(({ index }) => (share.only ?? index) === index);
  for (const occasion of chosen) {
    standing ??= await standAt(build, path, occasion.openedAt);
    const { world } = standing;
    const count = path.countAt(occasion.openedAt);
    await world.publish(occasion.openedAt, path.rounds.slice(standing.published, count));
    standing.published = count;
    const kept = await world.keep();
    const before = world.transactions;
    const { index } = occasion;
    const plan = drawPlan(new Dice(seed, index * STREAMS + 1), path, occasion);
    try {
      const play = new FixingPlay(new PriceCalls(world, figures), path, plan);
      await play.play(new Dice(seed, index * STREAMS + 2), orders);
    } catch (thrown) {
      throw new FixingFailure(index, thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    await world.restore(kept);
    figures.count("done", "transactions", world.transactions - before);
    told();
  }
}
