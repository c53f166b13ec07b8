import { refuse } from "../errors.ts";
import type { Hex } from "../types.ts";
import type { FeedReads, Round } from "./feed.ts";

/** A round is fresh for settlement, or accepted as a mark, up to this age in seconds. */
export const MAX_AGE = 3_900n;
/** An answer is below it. */
export const ANSWER_BOUND = 1n << 96n;
/** Most incomplete rounds in a row that a walk steps over. */
export const MAX_INCOMPLETE = 64n;

/** Seconds after expiry from which a phase without a later round may end a walk. */
export const END_DELAY = 300n;

/** What a proof is checked against. */
export interface ProofTarget {
  readonly reads: FeedReads;
  /** The phase in force. */
  readonly current: bigint;
  /** Phase of the fixing: none below it is looked at. */
  readonly opened: bigint;
  readonly expiry: bigint;
  readonly now: bigint;
}

/** abi.encode(uint80[] hints) in its one form: a word 0x20, a word n ≥ 1, n words. */
export function encodeProof(hints: readonly bigint[]): Hex {
  const words = [0x20n, BigInt(hints.length), ...hints];
  return `0x${words.map((word) => word.toString(16).padStart(64, "0")).join("")}`;
}

/** The hints of a proof, as whole words. */
export function parseProof(proof: Hex): readonly bigint[] {
  const digits = proof.slice(2);
  const words = (digits.match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
  const [offset, count, ...hints] = words;
  const whole = digits.length === words.length * 64;
  if (!whole || offset !== 0x20n || count !== BigInt(hints.length) || count < 1n) {
    return refuse("ProofMalformed", BigInt(digits.length / 2));
  }
  return hints;
}

function readComplete(reads: FeedReads, id: bigint): Round | undefined {
  const round = reads.getRoundData(id);
  if (round === undefined || round.roundId !== id) return undefined;
  const { answer, updatedAt, answeredInRound } = round;
  const complete = answer > 0n && answer < ANSWER_BOUND && updatedAt !== 0n;
  return complete && answeredInRound >= id ? round : undefined;
}

/** Proxy id of a phase's latest round; that of round 0 if the phase has no aggregator. */
function latestInPhase({ reads, current }: ProofTarget, phase: bigint): bigint {
  const base = phase << 64n;
  if (phase === current) {
    const word = reads.latestRound();
    if (word === undefined || word >> 64n !== phase) return refuse("LatestRoundUnreadable", phase);
    return word;
  }
  const aggregator = reads.phaseAggregators(phase);
  if (aggregator === undefined) return refuse("AggregatorUnreadable", phase);
  if (aggregator === 0n) return base;
  const number = reads.aggregatorLatestRound(aggregator);
  return number === undefined ? refuse("LatestRoundUnreadable", phase) : base | number;
}

/** Refuses a hint if the phase has another round ≤ T after it, or may still get one. */
function walk(target: ProofTarget, phase: bigint, hint: bigint): void {
  let latest: bigint | undefined;
  let incomplete = 0n;
  for (let id = (hint === 0n ? phase << 64n : hint) + 1n; ; id++) {
    const round = readComplete(target.reads, id);
    if (round !== undefined) {
      if (round.updatedAt > target.expiry) return;
      refuse("NotLastRound", hint, id);
    }
    latest ??= latestInPhase(target, phase);
    if (id >= latest) {
      const from = target.expiry + END_DELAY;
      if (target.now < from) refuse("TooEarlyToFix", target.now, from);
      return;
    }
    incomplete += 1n;
    if (incomplete > MAX_INCOMPLETE) refuse("TooManyIncomplete", hint, MAX_INCOMPLETE);
  }
}

/** The candidate that a hint proves for a phase, or nothing for a hint of 0 that holds. */
function checkHint(target: ProofTarget, phase: bigint, hint: bigint): Round | undefined {
  if (hint === 0n) {
    walk(target, phase, hint);
    return undefined;
  }
  const inPhase = hint >> 64n === phase && BigInt.asUintN(64, hint) !== 0n;
  if (!inPhase) refuse("HintOutOfPhase", hint, phase);
  const round = readComplete(target.reads, hint);
  if (round === undefined) return refuse("RoundIncomplete", hint);
  if (round.updatedAt > target.expiry) refuse("RoundAfterExpiry", round.updatedAt, target.expiry);
  walk(target, phase, hint);
  return round;
}

/** Whether a candidate is young enough to settle at once. */
export function isFresh(round: Round, expiry: bigint): boolean {
  return expiry - round.updatedAt <= MAX_AGE;
}

/**
 * The round that a proof chooses: the highest phase with a fresh candidate, else the youngest candidate. Steps 6 to 8 of
 * the proof.
 */
export function chooseRound(target: ProofTarget, hints: readonly bigint[]): Round {
  const { current, opened, expiry } = target;
  const given = BigInt(hints.length);
  let chosen: Round | undefined;
  let used = 0n;
  for (let phase = current; phase >= opened; phase--) {
    const hint = hints[Number(used)];
    if (hint === undefined) return refuse("HintsIncomplete", given, current - opened + 1n);
    const candidate = checkHint(target, phase, hint);
    used += 1n;
    if (candidate === undefined) continue;
    if (isFresh(candidate, expiry)) {
      chosen = candidate;
      break;
    }
    if (chosen === undefined || candidate.updatedAt > chosen.updatedAt) chosen = candidate;
  }
  if (used < given) refuse("HintsLeftOver", given, used);
  return chosen ?? refuse("NoRoundBeforeExpiry", expiry);
}
