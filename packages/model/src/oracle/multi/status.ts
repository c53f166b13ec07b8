/** Bits of a spot's status; 0 is undegraded. */
export const STATUS = {
  noPrice: 1n << 0n,
  fewVotes: 1n << 1n,
  apart: 1n << 2n,
  notFresh: 1n << 3n,
  guardApart: 1n << 4n,
  sequencerDown: 1n << 5n,
  sequencerGrace: 1n << 6n,
};

/** Why a vote counts or not, by number. */
export const VERDICT = { empty: 0n, stale: 1n, quarantined: 2n, guard: 3n, used: 4n };
