import { ZeroHash } from "ethers";

import { feedName } from "../oracle/hubs.ts";
import { iso } from "../times.ts";
import { isBehind, levelNow } from "./status.ts";
import type { Watched } from "./status.ts";

/** Seconds after which a feed may be observed again. */
const OBSERVE_GAP = 60n;
/** Seconds after which a market may be adapted again. */
const ADAPT_GAP = 600n;
/** Notices that readings answer. */
const ANSWERED: ReadonlySet<string> = new Set(["FewVotes", "NoVotes"]);
/** Tightness and stress that are the same for people, bps. */
const NEAR = 100n;

/** What could be done about a market now, most urgent first; each line ends with the command. */
export function adviceOf(watched: Watched): string[] {
  const { guarded, now, watch, tried, stress, feed, notices, release } = watched;
  const market = `--market ${guarded.number}`;
  const trip = (name: string): string => `npx hardhat breaker:trip ${market} --trigger ${name}`;
  const lines = tried.flatMap(({ row, attempt }) => {
    if (attempt.kind === "trip") return [`There is evidence of ${row.name}: ${trip(row.name)}`];
    if (attempt.kind === "notice") {
      return [`${row.name} holds, notice can be given: ${trip(row.name)}`];
    }
    if (attempt.kind !== "wait") return [];
    return [`${row.name} was noticed; from ${iso(attempt.from)} on: ${trip(row.name)}`];
  });
  if (levelNow(watch, now) !== 0n && release === undefined) {
    lines.push(`The market is healthy again: npx hardhat breaker:release ${market}`);
  }
  if (isBehind(watched)) {
    lines.push(`The ledger's word is behind: npx hardhat breaker:sync ${market}`);
  }
  if (watch.feed === ZeroHash) return lines;
  const feedText = feedName(watch.feed);
  const observe = `npx hardhat breaker:observe --feed ${feedText}`;
  if (notices.some(({ row }) => ANSWERED.has(row.name))) {
    lines.push(`Readings answer the notice: npx hardhat oracle:update --feed ${feedText}`);
  }
  if (levelNow(watch, now) !== 0n && release?.name === "NotHealthy") {
    lines.push(`Once healthy for ten minutes it can be released, so, once a minute: ${observe}`);
  }
  const stale = feed === undefined || feed.lastTime + OBSERVE_GAP <= now;
  if (stale) lines.push(`The feed has not been observed for a minute: ${observe}`);
  const apart = stress.whole > watch.tightness + NEAR || watch.tightness > stress.whole + NEAR;
  if (apart && watch.adaptedAt + ADAPT_GAP <= now) {
    lines.push(`Tightness is off the stress: ${observe}`);
  }
  return lines;
}
