/** Something that is wrong with a spot, and what to do about it. */
export interface Fault {
  readonly bit: number;
  readonly name: string;
  readonly means: string;
  readonly remedy: string;
}

/** By the bit of the status. */
const FAULTS: readonly Omit<Fault, "bit">[] = [
  {
    name: "NoPrice",
    means: "No vote is live.",
    remedy: "Bring readings of every class: oracle:update.",
  },
  {
    name: "FewVotes",
    means: "Fewer votes are live than the quorum.",
    remedy: "Bring readings of the votes that are out: oracle:update.",
  },
  {
    name: "Apart",
    means: "Live votes are more than 1 % apart.",
    remedy: "Bring newer readings; a vote that stays off the others is quarantined.",
  },
  {
    name: "NotFresh",
    means: "No live vote has a reading of the last 60 s.",
    remedy: "Bring a reading of any class: oracle:update.",
  },
  {
    name: "GuardApart",
    means: "A live guard is off the middle by more than 15 %.",
    remedy: "Wait until they agree, and look at the guard's market.",
  },
  {
    name: "SequencerDown",
    means: "The sequencer is down, or its uptime feed cannot be read.",
    remedy: "Wait until it is up, and its grace is over.",
  },
  {
    name: "SequencerGrace",
    means: "The sequencer is up again, but for less than its grace.",
    remedy: "Wait until the grace is over.",
  },
];

/** What a status says is wrong; nothing where it is 0. */
export function faultsOf(status: bigint): Fault[] {
  return FAULTS.map((fault, bit) => ({ bit, ...fault })).filter(
    ({ bit }) => ((status >> BigInt(bit)) & 1n) === 1n,
  );
}

const VERDICTS = ["empty", "stale", "quarantined", "guard", "used"] as const;

/** Why a vote counts or not, by the hub's numbers. */
export type Verdict = (typeof VERDICTS)[number];

/** The name of a verdict. */
export function verdictOf(verdict: bigint): Verdict {
  const name = VERDICTS[Number(verdict)];
  if (name === undefined) throw new Error(`the hub tells a verdict ${verdict} not known here`);
  return name;
}

const STANDINGS = ["clear", "suspect", "quarantined"] as const;

/** The name of a standing. */
export function standingOf(standing: bigint): string {
  return STANDINGS[Number(standing)] ?? `standing ${standing}`;
}

/** Why a vote counts or not, in words. */
export function verdictText(verdict: Verdict, maxAge: bigint | undefined): string {
  switch (verdict) {
    case "empty":
      return "out: it has no reading yet";
    case "stale":
      return `out: its reading is older than ${maxAge ?? "?"} s`;
    case "quarantined":
      return "out: off the others by more than 3 % twice; back after 600 s within 1 %, or after 24 h";
    case "guard":
      return "guards, and does not vote";
    case "used":
      return "counts";
  }
}
