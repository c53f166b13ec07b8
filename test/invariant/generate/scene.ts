import { SCOPE_TRADE, findAccount, ownerOf } from "@certus/model";
import type { AccountId, Address, Book, Market, State } from "@certus/model";

import type { Action, SignedOrder } from "../run/command.ts";
import { ACCOUNTS, ACTORS, OPERATORS } from "../world/actors.ts";
import type { Twin } from "../world/twin.ts";
import type { Dice } from "./dice.ts";
import type { Knobs } from "./knobs.ts";

/** A command in the making; its time is the scene's unless it says otherwise. */
export type Draft = Action & { readonly at?: bigint; readonly note?: string };

/** A call of the ledger in the making. */
export type CallDraft = Extract<Draft, { readonly sender: Address }>;

/** Whether a command in the making calls the ledger. */
export function isCallDraft(draft: Draft | undefined): draft is CallDraft {
  return draft !== undefined && "sender" in draft;
}

/** A step of a plan, drafted when its turn comes; nothing if it no longer makes sense. */
export type Planned = (scene: Scene) => Draft | undefined;

/** What the generator sees. */
export interface Scene {
  readonly dice: Dice;
  readonly knobs: Knobs;
  readonly twin: Twin;
  readonly state: State;
  /** Time of the step in the making. */
  now: bigint;
  /** Orders that fills have brought forward, the youngest last. */
  readonly orders: SignedOrder[];
  /** What comes next, before anything is drawn. */
  readonly plan: Planned[];
  /** The next nonce that no order has used. */
  nextNonce: bigint;
}

/** All open books. */
export function openBooks({ state }: Scene): readonly Book[] {
  return [...state.books.values()];
}

/** Books before their expiry. */
export function liveBooks(scene: Scene): readonly Book[] {
  return openBooks(scene).filter(({ expiry }) => expiry > scene.now);
}

/** Books past their expiry. */
export function expiredBooks(scene: Scene): readonly Book[] {
  return openBooks(scene).filter(({ expiry }) => expiry <= scene.now);
}

/** All listed markets. */
export function listedMarkets({ state }: Scene): readonly Market[] {
  return [...state.markets.values()];
}

/** An id of a market that is not listed. */
export function unknownMarket({ dice }: Scene): bigint {
  return (dice.bits(151) << 104n) | (1n << 200n);
}

/** An account that trades. */
export function anyAccount({ dice }: Scene): AccountId {
  return dice.pick(ACCOUNTS);
}

/** Operators of an account that have a scope now. */
export function operatorsOf(
  { state, now }: Scene,
  account: AccountId,
  scope: bigint,
): readonly Address[] {
  const grants = findAccount(state, account)?.operators ?? new Map<Address, never>();
  return [...grants]
    .filter(([, { scopes, until }]) => (scopes & scope) !== 0n && until > now)
    .map(([operator]) => operator);
}

/** Who calls for an account: its owner mostly, an operator with the scope, now and then somebody who may not. */
export function callerFor(scene: Scene, account: AccountId, scope: bigint): Address {
  const { dice } = scene;
  const owner = ownerOf(account);
  if (dice.chance(0.04)) return dice.pick([ACTORS.sam.address, ...OPERATORS]);
  const permitted = operatorsOf(scene, account, scope);
  return (dice.chance(0.3) ? dice.maybe(permitted) : undefined) ?? owner;
}

/** Who calls what only the owner may. */
export function ownerCaller(scene: Scene, account: AccountId): Address {
  const { dice } = scene;
  if (dice.chance(0.05)) return dice.pick([ACTORS.sam.address, ACTORS.oscar.address]);
  return ownerOf(account);
}

/** Who calls what anyone may. */
export function anybody({ dice }: Scene): Address {
  return dice.pick([ACTORS.sam.address, ACTORS.alice.address, ACTORS.oscar.address]);
}

/** The scope of trading operators. */
export const TRADE = SCOPE_TRADE;
