/**
 * The transition function of Certus in pure TypeScript: bigint, no clock, no input or output.
 *
 * @module
 */
export type { BatchCall, BatchResult, BatchableCall, BatchableName } from "./batch.ts";
export { accountLeaf } from "./commitment/account.ts";
export { ACCOUNT_KINDS, KINDS, encodeLeaf, hashLeaf } from "./commitment/leaf.ts";
export type { Kind, StateLeaf } from "./commitment/leaf.ts";
export { StateTree, prove, stateRoot } from "./commitment/tree.ts";
export type { ProvenLeaf } from "./commitment/tree.ts";
export { verify } from "./commitment/verify.ts";
export type { StateProof } from "./commitment/verify.ts";
export * from "./constants.ts";
export * from "./coverage.ts";
export * from "./curve.ts";
export * from "./digest.ts";
export * from "./eip712.ts";
export * from "./errors.ts";
export * from "./events.ts";
export { requireSettled } from "./fills.ts";
export * from "./guard.ts";
export * from "./holders.ts";
export * from "./ids.ts";
export * from "./invariants.ts";
export * from "./keccak.ts";
export * from "./ledger.ts";
export * from "./legs.ts";
export * from "./oracle/chainlink.ts";
export * from "./oracle/errors.ts";
export * from "./oracle/feed.ts";
export * from "./oracle/interface.ts";
export * from "./oracle/proof.ts";
export * from "./packages.ts";
export * from "./payoff.ts";
export * from "./payout.ts";
export * from "./premium.ts";
export * from "./replay.ts";
export * from "./rounding.ts";
export * from "./selectors.ts";
export * from "./state.ts";
export { feeCapOf } from "./transitions/markets.ts";
export type { Listing } from "./transitions/markets.ts";
export type { FilledMany } from "./transitions/fill/many.ts";
export * from "./types.ts";
export type { Undo } from "./undo.ts";
export * from "./words.ts";
export * from "./world/permit.ts";
export * from "./world/tokens.ts";
export * from "./world/world.ts";
