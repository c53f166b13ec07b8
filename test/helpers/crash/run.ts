import { around } from "../../../scripts/lib/oracle/threeClasses.ts";
import type { Statements } from "../../../scripts/lib/oracle/threeClasses.ts";
import { CLASS_NAMES, CrashFeed } from "./feed.ts";
import type { Fixed, Sight } from "./feed.ts";
import type { Path } from "./series.ts";

/** What the three classes look at. */
export interface Venues {
  /** Published when it has moved by half a per cent, or after an hour. */
  readonly push: Path;
  /** What each signer sees; a single path is seen by all of them. */
  readonly redstone: readonly Path[];
  readonly own: readonly Path[];
}

/** A window of a market in distress, and a book that settles within it. */
export interface Crash {
  /** What is priced in USD. */
  readonly base: string;
  /** Number of signers of RedStone and of our own, around a single path or one for each path. */
  readonly signers: { readonly redstone: number; readonly own: number };
  readonly venues: Venues;
  /** From when on the book may open, unix seconds. */
  readonly from: bigint;
  /** From forty minutes before it on the hub is updated every minute, every five before that. */
  readonly expiry: bigint;
  readonly until: bigint;
}

/** A class says a part of the price for a while. */
export interface Lie {
  readonly who: "redstone" | "own";
  readonly from: bigint;
  readonly to: bigint;
  readonly percent: bigint;
}

/** What a run through a window has left. */
export interface CrashRun {
  readonly sights: readonly Sight[];
  readonly opened: bigint;
  /** When the mark was taken that the fixing ended with. */
  readonly marked: bigint;
  readonly mark: bigint;
  /** Every try to fix, with its time. */
  readonly fixes: readonly (readonly [at: bigint, fixed: Fixed])[];
  /** Values of every class in every slot, the expiry first. */
  readonly values: readonly (readonly bigint[])[];
  readonly transactions: number;
  /** Size of the proofs, and the gas of the dearest transaction that brought them. */
  readonly proving: { readonly bytes: number; readonly gas: bigint };
}

const MINUTE = 60n;
const HOUR = 3_600n;
/** How long before the expiry updates come every minute: from before the first sample on. */
const CLOSELY = 2_400n;
/** Minutes between updates before that. */
const SELDOM = 5n;
/** The mark is moved this often, where the spot allows it. */
const MARK_EVERY = 600n;
const FIX_AFTER = 300n;
/** A push feed publishes what has moved by this many of a thousand. */
const DEVIATION = 5n;

/** Goes through a window minute by minute; a lie, if there is one, comes on top of what the venues say. */
export async function runCrash(crash: Crash, lie?: Lie): Promise<CrashRun> {
  const { base, signers, from, expiry, until } = crash;
  const feed = await CrashFeed.open({ base, signers, start: from - HOUR });
  try {
    const sights: Sight[] = [];
    const fixes: (readonly [bigint, Fixed])[] = [];
    let opened = 0n;
    let last: readonly [time: bigint, price: bigint] | undefined;
    for (let time = from; time <= until; time += MINUTE) {
      const price = crash.venues.push(time);
      if (price !== undefined && isDue(last, time, price)) {
        await feed.publish(time, price);
        last = [time, price];
      }
      feed.say(time, statementsOf(crash, time, lie ? [lie] : []));
      if (expiry - time > CLOSELY && (time - from) % (SELDOM * MINUTE) !== 0n) continue;
      const sight = await feed.update(time);
      sights.push(sight);
      if (opened === 0n && (await feed.openBook(expiry))) opened = time;
      else if (opened !== 0n && time < expiry && (expiry - time) % MARK_EVERY === 0n) {
        await feed.moveMark(expiry);
      }
      if (time === expiry + FIX_AFTER) fixes.push([time, await feed.prove(expiry)]);
    }
    const [mark, marked] = await feed.markOf(expiry);
    for (let fixed = fixes.at(-1)?.[1]; fixed?.ok === false; fixed = fixes.at(-1)?.[1]) {
      feed.chain.advance(fixed.again);
      fixes.push([feed.chain.time, await feed.fix(expiry)]);
    }
    const values = feed.valuesOf(expiry);
    const { proving, chain } = feed;
    return { sights, opened, mark, marked, fixes, values, proving, transactions: chain.sent };
  } finally {
    await feed.close();
  }
}

/** The prices in a sight of those classes that tell the truth by then, the lowest first. */
export function honest({ votes }: Sight, lie?: Lie): readonly bigint[] {
  const prices = votes.flatMap(({ store }, vote) => {
    const lies = CLASS_NAMES[vote] === lie?.who && store !== undefined && isLying(lie, store.time);
    return store === undefined || lies ? [] : [store.price];
  });
  return prices.toSorted((a, b) => (a < b ? -1 : 1));
}

function isLying(lie: Lie | undefined, time: bigint): lie is Lie {
  return lie !== undefined && time >= lie.from && time < lie.to;
}

/** Whether a push feed publishes: it has moved by half a per cent, or an hour has passed. */
export function isDue(
  last: readonly [time: bigint, price: bigint] | undefined,
  time: bigint,
  price: bigint,
): boolean {
  if (last === undefined || time - last[0] >= HOUR) return true;
  const gap = price > last[1] ? price - last[1] : last[1] - price;
  return gap * 1_000n >= last[1] * DEVIATION;
}

/** What the signers of the pulled classes say at a time. */
export function statementsOf(
  { venues, signers }: Pick<Crash, "venues" | "signers">,
  time: bigint,
  lies: readonly Lie[] = [],
): Statements {
  const said = (who: "redstone" | "own"): readonly bigint[] => {
    const prices = pricesOf(venues[who], signers[who], time);
    const lie = lies.find((each) => each.who === who && isLying(each, time));
    return lie === undefined ? prices : prices.map((price) => (price * lie.percent) / 100n);
  };
  return { redstone: said("redstone"), own: said("own") };
}

function pricesOf(paths: readonly Path[], signers: number, time: bigint): readonly bigint[] {
  const seen = paths.map((path) => path(time));
  const prices = seen.filter((price) => price !== undefined);
  if (prices.length < seen.length) throw new Error(`the venues say nothing of ${time}`);
  const [only] = prices;
  return prices.length === 1 && only !== undefined ? around(only, signers) : prices;
}
