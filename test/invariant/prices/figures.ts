/** What was counted, by group and name; plain, so that it can be sent between processes. */
export type Counts = Record<string, Record<string, number>>;

/** What a part of the campaign did and met. */
export class Figures {
  #counts: Counts = {};

  /** What was counted since the beginning, or since it was taken away. */
  get counts(): Counts {
    return this.#counts;
  }

  /** Takes away what was counted. */
  take(): Counts {
    const counts = this.#counts;
    this.#counts = {};
    return counts;
  }

  /** Counts something. */
  count(group: string, name: string, times = 1): void {
    const names = (this.#counts[group] ??= {});
    names[name] = (names[name] ?? 0) + times;
  }

  /** Counts each bit of a set, by the names of the bits. */
  countBits(group: string, set: bigint, names: readonly string[]): void {
    names.forEach((name, bit) => {
      if (((set >> BigInt(bit)) & 1n) === 1n) this.count(group, name);
    });
  }

  /** Adds what another one counted. */
  add(counts: Counts): void {
    for (const [group, names] of Object.entries(counts)) {
      for (const [name, times] of Object.entries(names)) this.count(group, name, times);
    }
  }

  /** How often anything of a group was counted. */
  sumOf(group: string): number {
    return Object.values(this.#counts[group] ?? {}).reduce((sum, times) => sum + times, 0);
  }

  /** How often something was counted. */
  of(group: string, name: string): number {
    return this.#counts[group]?.[name] ?? 0;
  }
}

/** Names of the ladder's steps, by number. */
export const STEPS = ["none", "F0", "F1", "F2", "F3", "F4"] as const;
/** Names of the flags, by bit. */
export const FLAGS = ["Mark", "Apart", "Jump"] as const;
/** Names of the bits of a spot's status. */
export const STATUS_BITS = [
  "NoPrice",
  "FewVotes",
  "Apart",
  "NotFresh",
  "GuardApart",
  "SequencerDown",
  "SequencerGrace",
] as const;
/** Names of the verdicts on a vote, by number. */
export const VERDICTS = ["Empty", "Stale", "Quarantined", "Guard", "Used"] as const;
/** Names of a vote's standings, by number. */
export const STANDINGS = ["clear", "suspect", "quarantined"] as const;
