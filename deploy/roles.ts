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
  /** Seconds between a grant and its effect. */
  readonly grantDelay: number;
  /** Functions that the role may call. */
  readonly functions: readonly (readonly [Target, string])[];
}

/** Role of the administrator, which also has what nobody else has: OpenZeppelin's 0. */
export const ADMIN = 0n;

/** OpenZeppelin's role of everybody; nothing here is given to it. */
export const PUBLIC = (1n << 64n) - 1n;

/** Contracts whose authority is the access manager. */
export const TARGETS: readonly Target[] = ["ledger", "hub", "breaker", "bounties"];

/**
 * Seconds for which an administrator waits, whatever its own delay, before it gives a target's functions to another role, closes
 * the target or names it another authority.
 */
export const TARGET_ADMIN_DELAY = 7 * DAY;

/** Seconds between a grant and its effect: whoever gets power has been seen with it for as long. */
const GRANT_DELAY = 7 * DAY;

/**
 * Every role, the only place where they are written down: deployment grants them, `access:audit` compares the chain with them,
 * and the tests call every function from each of them. docs/governance.md tells what each can do at worst.
 */
export const ROLES: readonly Role[] = [
  {
    id: ADMIN,
    name: "ADMIN",
    holder: "safe",
    delay: 7 * DAY,
    guardian: undefined,
    // The first step of a new administrator waits 7 days as it is.
    grantDelay: 0,
    functions: [["ledger", "setTreasury"]],
  },
  {
    id: 1n,
    name: "LISTER",
    holder: "safe",
    delay: 2 * DAY,
    guardian: "GUARDIAN",
    grantDelay: GRANT_DELAY,
    functions: [["ledger", "list"]],
  },
  {
    id: 2n,
    name: "RETIRER",
    holder: "safe",
    delay: 0,
    guardian: undefined,
    grantDelay: GRANT_DELAY,
    functions: [["ledger", "retire"]],
  },
  {
    id: 3n,
    name: "RISK",
    holder: "safe",
    delay: 2 * DAY,
    guardian: "GUARDIAN",
    grantDelay: GRANT_DELAY,
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
    grantDelay: GRANT_DELAY,
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
    grantDelay: GRANT_DELAY,
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
    grantDelay: GRANT_DELAY,
    functions: [
      ["breaker", "impose"],
      ["breaker", "lift"],
      ["breaker", "rollBack"],
    ],
  },
];

/** The role of a name. */
export function roleNamed(name: string): Role {
  const found = ROLES.find((role) => role.name === name);
  if (found === undefined) throw new Error(`there is no role ${name}`);
  return found;
}
