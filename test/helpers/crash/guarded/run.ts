import type { Chain } from "../../../../scripts/demo/chain.ts";
import { recordedAll } from "../../../../scripts/lib/recorded.ts";
import { DAY, HOUR, MINUTE } from "../../../fixtures/units.ts";
import type { Lie } from "../run.ts";
import type { Recorded } from "../windows.ts";
import { LiveFeed } from "./feed.ts";
import { Keeper } from "./keeper.ts";
import type { Act } from "./keeper.ts";
import { Trades } from "./trades.ts";
import type { Ended } from "./trades.ts";
import { inForce, moveMark, openGuarded } from "./world.ts";

/** A window to go through with a breaker on guard. */
export interface GuardedWindow {
  readonly recorded: Recorded;
  /** What prices the collateral, if anything does. */
  readonly collateral?: Recorded;
  /** Seconds by which a push feed that follows a venue is late; 0n if left out. */
  readonly lag?: bigint;
  /** A book expires as the crash begins, and settles in it. */
  readonly settles: bigint;
  /** How often everybody looks from then on, and until when. */
  readonly spans: readonly (readonly [until: bigint, every: bigint])[];
  readonly lies?: readonly Lie[];
}

/** What there was to be seen at a time. */
export interface Row {
  readonly time: bigint;
  readonly mid: bigint;
  readonly status: bigint;
  readonly apart: bigint;
  /** Price of the collateral; 0n where nothing prices it. */
  readonly peg: bigint;
  readonly acts: readonly Act[];
  readonly level: bigint;
  readonly until: bigint;
  readonly ceiling: bigint;
  readonly tightness: bigint;
  /** What new risk would be told. */
  readonly opens: Ended;
}

/** What could be done, by its name. */
export type Exits = Readonly<Record<string, Ended>>;

/** What a run has left. */
export interface GuardedRun {
  readonly rows: readonly Row[];
  /** What could be done when a level was first in force; at the end, under 0n, if none ever was. */
  readonly exits: ReadonlyMap<bigint, Exits>;
  /** What new risk came to at the end. */
  readonly opened: Ended;
  readonly transactions: number;
}

/** Books are open at least two hours. */
const BEFORE = 2n * HOUR + 10n * MINUTE;
const FAR = 8n * DAY;
/** Times before the expiry at which everybody looks. */
const LOOKS = [HOUR, 10n * MINUTE, MINUTE, 0n];
/** The mark is moved from so long before the expiry on. */
const MARKED = 10n * MINUTE;

/** Goes through a window with a keeper that trips whatever can be tripped. */
export async function runGuarded(chain: Chain, window: GuardedWindow): Promise<GuardedRun> {
  const { recorded, collateral, settles, lag = 0n, lies } = window;
  const world = await openGuarded(chain, recorded, collateral);
  const feed = new LiveFeed(world, world.underlying, venuesOf(recorded, lag), lies);
  const peg = world.collateral && new LiveFeed(world, world.collateral, venuesOf(collateral, lag));
  const keeper = new Keeper(world, feed);
  const rows: Row[] = [];
  const exits = new Map<bigint, Exits>();

  chain.advance(settles - BEFORE);
  await feed.bring(world.keeper);
  const { mid: strike } = await feed.seen();
  const trades = new Trades(world, strike, [settles, settles + FAR]);
  await trades.begin();

  const look = async (time: bigint): Promise<Row> => {
    chain.advance(time);
    await feed.bring(world.keeper);
    await peg?.bring(world.keeper);
    const [seen, priced] = [await feed.seen(), await peg?.seen()];
    const acts = await keeper.look(seen, priced, rows.at(-1)?.level ?? 0n);
    const { mid, status, apart } = seen;
    const shown = { time, mid, status, apart, peg: priced?.mid ?? 0n, acts };
    const opens = await trades.opens();
    const row = { ...shown, ...(await inForce(world)), tightness: keeper.tightness, opens };
    rows.push(row);
    return row;
  };
  const leave = async (level: bigint) => {
    const settled = exits.size === 0 ? await trades.settle(await feed.proof(settles)) : {};
    const left = { withdraw: await trades.withdraw(), close: await trades.close() };
    exits.set(level, { ...settled, ...left });
  };

  for (const before of LOOKS) {
    const { status } = await look(settles - before);
    if (status === 0n && before > 0n && before <= MARKED) await moveMark(world, settles);
  }
  for (const time of timesOf(settles, window.spans)) {
    const { level } = await look(time);
    if (level !== 0n && !exits.has(level)) await leave(level);
  }
  if (exits.size === 0) await leave(0n);
  return { rows, exits, opened: await trades.open(), transactions: chain.sent };
}

function timesOf(start: bigint, spans: GuardedWindow["spans"]): readonly bigint[] {
  const times: bigint[] = [];
  let last = start;
  for (const [until, every] of spans) {
    for (; last + every <= until; last += every) times.push(last + every);
  }
  return times;
}

function venuesOf(recorded: Recorded | undefined, lag: bigint) {
  const paths = recorded && recordedAll(recorded.files);
  if (recorded === undefined || paths === undefined) throw new Error("nothing is recorded of it");
  return recorded.venues(paths, lag);
}
