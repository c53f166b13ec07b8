/** A day in seconds. */
const DAY = 86_400;

/** Who holds a role in a governed deployment. */
export type Holder = "safe" | "steward" | "guardian";

/** A contract whose functions the access manager guards. */
export type Target = "ledger" | "hub" | "breaker" | "bounties";

/** A role of the access manager as it has to be. */
export interface Role {
  readonly id: bigint;
  readonly name: string;
  readonly holder: Holder;
  /** Seconds between scheduling and executing. */
  readonly delay: number;
  /** Role that may cancel what was scheduled; OpenZeppelin knows none for the administrator. */
  readonly guardian: string | undefined;
  /** Functions that the role may call. */
  readonly functions: readonly (readonly [Target, string])[];
}

/**
 * Every role, the only place where they are written down: deployment grants them, `access:audit` compares the chain with them,
 * and the tests call every function from each of them. docs/governance.md tells what each can do at worst.
 */
export const ROLES: readonly Role[] = [
  {
    id: 0n,
    name: "ADMIN",
    holder: "safe",
    delay: 7 * DAY,
    guardian: undefined,
    functions: [["ledger", "setTreasury"]],
  },
  {
    id: 1n,
    name: "LISTER",
    holder: "safe",
    delay: 2 * DAY,
    guardian: "GUARDIAN",
    functions: [["ledger", "list"]],
  },
  {
    id: 2n,
    name: "RETIRER",
    holder: "safe",
    delay: 0,
    guardian: undefined,
    functions: [["ledger", "retire"]],
  },
  {
    id: 3n,
    name: "RISK",
    holder: "safe",
    delay: 2 * DAY,
    guardian: "GUARDIAN",
    functions: [
      ["breaker", "setPolicy"],
      ["bounties", "setBounty"],
    ],
  },
  {
    id: 4n,
    name: "SOURCES",
    holder: "safe",
    delay: 7 * DAY,
    guardian: "GUARDIAN",
    functions: [
      ["hub", "createFeed"],
      ["hub", "addSource"],
      ["breaker", "setTokenFeed"],
    ],
  },
  {
    id: 5n,
    name: "STEWARD",
    holder: "steward",
    delay: 0,
    guardian: undefined,
    functions: [
      ["breaker", "tighten"],
      ["hub", "disable"],
    ],
  },
  {
    id: 6n,
    name: "GUARDIAN",
    holder: "guardian",
    delay: 0,
    guardian: undefined,
    functions: [
      ["breaker", "impose"],
      ["breaker", "lift"],
      ["breaker", "rollBack"],
    ],
  },
];
