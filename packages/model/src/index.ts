/**
 * The transition function of Certus in pure TypeScript: bigint, no clock, no input or output.
 *
 * @module
 */
export type { BatchCall, BatchResult, BatchableCall, BatchableName } from "./batch.ts";
export * from "./breaker/breaker.ts";
export * from "./breaker/errors.ts";
export * from "./breaker/events.ts";
export type { Block, NetworkWatch } from "./breaker/network.ts";
export { observationAt } from "./breaker/observations.ts";
export type { FeedWatch, Observation } from "./breaker/observations.ts";
export { POLICY_FIELDS, isLooser, policyValues } from "./breaker/policy.ts";
export type { Stress } from "./breaker/stress.ts";
export * from "./breaker/table.ts";
export type { Notice, Tripped } from "./breaker/tripping.ts";
export * from "./breaker/volatility.ts";
export { freshWatch } from "./breaker/watch.ts";
export type { MarketWatch } from "./breaker/watch.ts";
export { breakerAuthority } from "./breaker/watching.ts";
export type {
  BreakerAuthority,
  BreakerOutcome,
  BreakerSetup,
  RestrictedBreakerFunction,
} from "./breaker/watching.ts";
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
export * from "./oracle/multi/band.ts";
export * from "./oracle/multi/errors.ts";
export * from "./oracle/multi/events.ts";
export type { FeedTerms, HubFeed, HubSource, HubVote } from "./oracle/multi/feeds.ts";
export { fixingHeaderWord, samplesOf } from "./oracle/multi/fixings.ts";
export type { MultiFixing } from "./oracle/multi/fixings.ts";
export * from "./oracle/multi/forms.ts";
export * from "./oracle/multi/hub.ts";
export * from "./oracle/multi/ladder.ts";
export * from "./oracle/multi/lanes.ts";
export * from "./oracle/multi/product.ts";
export * from "./oracle/multi/profile.ts";
export * from "./oracle/multi/push.ts";
export * from "./oracle/multi/sequencer.ts";
export * from "./oracle/multi/settlement.ts";
export type { ShadowRecord } from "./oracle/multi/shadow.ts";
export { isProven } from "./oracle/multi/shadow.ts";
export * from "./oracle/multi/signers.ts";
export * from "./oracle/multi/slots.ts";
export * from "./oracle/multi/sources.ts";
export { dispersionOf } from "./oracle/multi/spot.ts";
export type { Dispersion, Spot, VoteReport } from "./oracle/multi/spot.ts";
export * from "./oracle/multi/status.ts";
export { STANDING, storeWord } from "./oracle/multi/store.ts";
export type { Store } from "./oracle/multi/store.ts";
export * from "./oracle/multi/streams.ts";
export type { MultiOutcome } from "./oracle/multi/transaction.ts";
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
