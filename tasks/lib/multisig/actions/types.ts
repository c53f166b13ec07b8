import type { Governed } from "../../governed.ts";
import type { Session } from "../../session.ts";
import type { SafeAccount } from "../account.ts";
import type { Call } from "../calls.ts";
import type { Given } from "../given.ts";
import type { Kit } from "../kit.ts";

/** What actions are worked out from, whoever acts. */
export interface Place {
  readonly session: Session;
  readonly governed: Governed;
}

/** The same where a Safe acts. */
export interface Desk extends Place {
  readonly safe: SafeAccount;
  readonly kit: Kit;
}

/** Something that a Safe, or the guardian, can be asked to do by a name. */
export interface Action<At extends Place = Place> {
  readonly what: string;
  /** What it takes, by name; a `?` behind the name: may be left out. */
  readonly takes: Readonly<Record<string, string>>;
  /** Whether the access manager decides who may; else the called contract does, or anyone may. */
  readonly guarded: boolean;
  /** The call; with `name(type,…)` of a function that only the proposer knows. */
  readonly call: (desk: At, given: Given) => Promise<Call & { readonly signature?: string }>;
}
