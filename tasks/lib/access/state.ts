/** A delay in seconds, and what it will be from some time on. */
export interface Delay {
  readonly now: number;
  readonly next?: { readonly seconds: number; readonly from: bigint };
}

/** A member of a role. */
export interface MemberState {
  readonly account: string;
  /** Since when it counts, unix seconds; later than now where the grant waits. */
  readonly since: bigint;
  /** How long it waits between scheduling and executing. */
  readonly delay: Delay;
}

/** A role as the chain has it. */
export interface RoleState {
  readonly id: bigint;
  readonly label: string | undefined;
  /** Role whose members grant and revoke it. */
  readonly admin: bigint;
  /** Role whose members cancel what its members scheduled. */
  readonly guardian: bigint;
  readonly grantDelay: Delay;
  readonly members: readonly MemberState[];
}

/** A contract whose functions the access manager guards, as the chain has it. */
export interface TargetState {
  readonly address: string;
  /** Whom it asks who may call; nothing where it asks nobody. */
  readonly authority: string | undefined;
  readonly closed: boolean;
  readonly adminDelay: Delay;
  /** Role by selector, of every function that was ever given to one and of those that should be. */
  readonly functions: ReadonlyMap<string, bigint>;
}

/** A scheduled operation that was neither executed nor cancelled. */
export interface OperationState {
  readonly id: string;
  readonly caller: string;
  readonly target: string;
  readonly data: string;
  /** When it may be executed, and until when; unix seconds. */
  readonly from: bigint;
  readonly until: bigint;
  readonly standing: "waiting" | "ready" | "expired";
}

/** All that an access manager says, as of one block. */
export interface AccessState {
  readonly manager: string;
  readonly block: number;
  /** Of that block, unix seconds. */
  readonly time: bigint;
  /** The administrator of the first block: who deployed it, as a rule. */
  readonly firstAdmin: string;
  readonly roles: readonly RoleState[];
  readonly targets: readonly TargetState[];
  readonly operations: readonly OperationState[];
  /** Where the events, replayed, and the views do not say the same. */
  readonly contradictions: readonly string[];
}
