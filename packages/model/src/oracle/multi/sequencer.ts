import { refuse } from "../../errors.ts";
import { max, min } from "../../rounding.ts";
import type { FeedReads, Round } from "../feed.ts";
import { NO_READS, boundedReads } from "../reads.ts";
import { STATUS } from "./status.ts";

/** Least and longest grace after an outage, in seconds. */
export const MIN_GRACE = 300n;
/** Longest grace, and that after an outage of unknown length. */
export const MAX_GRACE = 2_700n;

/** What is read of a sequencer's uptime feed. */
export type UptimeReads = Pick<FeedReads, "latestRoundData" | "getRoundData">;

interface Uptime {
  /** Undefined: the feed cannot be read. */
  readonly latest: Round | undefined;
  /** The round before the latest one, if it reads, did not begin later and says down. */
  readonly outage: () => Round | undefined;
}

function isDown({ answer }: Round): boolean {
  return answer !== 0n;
}

function read(uptime: UptimeReads): Uptime {
  const reads = boundedReads({ ...NO_READS, ...uptime });
  const latest = reads.latestRoundData();
  const before = (latest?.roundId ?? 0n) - 1n;
  const outage = (): Round | undefined => {
    const round = before < 0n ? undefined : reads.getRoundData(before);
    const earlier = round !== undefined && round.startedAt <= (latest?.startedAt ?? 0n);
    return earlier && isDown(round) ? round : undefined;
  };
  return { latest, outage };
}

function graceOf(latest: Round, outage: Round | undefined): bigint {
  if (outage === undefined) return MAX_GRACE;
  return min(max(latest.startedAt - outage.startedAt, MIN_GRACE), MAX_GRACE);
}

/** What the uptime feed says of the sequencer. */
export interface SequencerState {
  /** By its word, or because it cannot be read or says nothing usable. */
  readonly down: boolean;
  /** Its last change; 0 if that is not known. */
  readonly since: bigint;
  /** Seconds after it came up in which it counts as not quite up; 0 while it is down. */
  readonly grace: bigint;
}

/** What an uptime feed says at a time. */
export function sequencerState(uptime: UptimeReads, now: bigint): SequencerState {
  const { latest, outage } = read(uptime);
  if (latest === undefined) return { down: true, since: 0n, grace: 0n };
  const since = latest.startedAt;
  if (isDown(latest) || since === 0n || since > now) return { down: true, since, grace: 0n };
  return { down: false, since, grace: graceOf(latest, outage()) };
}

/** The sequencer's status bit, 0 if it is up for long enough or there is none. */
export function sequencerStatus(uptime: UptimeReads | undefined, now: bigint): bigint {
  if (uptime === undefined) return 0n;
  const { down, since, grace } = sequencerState(uptime, now);
  if (down) return STATUS.sequencerDown;
  return now < since + grace ? STATUS.sequencerGrace : 0n;
}

/** When the outage that reaches beyond a time began or ended; refuses if there is none. */
export function requireOutage(uptime: UptimeReads | undefined, after: bigint, now: bigint): bigint {
  if (uptime === undefined) return refuse("NoOutage", 0n);
  const { latest, outage } = read(uptime);
  if (latest === undefined) return refuse("NoOutage", 0n);
  const since = latest.startedAt;
  if (isDown(latest)) return since;
  const ended = since > after && since <= now && outage() !== undefined;
  return ended ? since : refuse("NoOutage", since);
}
