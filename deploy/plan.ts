import type { ChainParameters } from "./parameters/index.ts";
import type { SafeContract } from "./parts/packaged.ts";

/** The Safe that governs: one that is there, or who owns the one to be made. */
export type SafePlan =
  { readonly address: string } | { readonly owners: readonly string[]; readonly threshold: number };

/** Who signs for the guardian. */
export interface GuardianPlan {
  /** Addresses, or ERC-7913 verifiers followed by keys. */
  readonly signers: readonly string[];
  readonly threshold: number;
}

/** Contracts that everybody on a chain shares, by address; where there is none, one's own are deployed. */
export interface Shared {
  readonly safe: Readonly<Record<SafeContract, string>> | undefined;
  readonly entryPoint: string | undefined;
}

/** All that a deployment is made of. From equal plans come equal modules, by which Ignition knows what is done already. */
export interface Plan {
  readonly chain: ChainParameters;
  readonly deployer: string;
  readonly safe: SafePlan;
  readonly steward: string;
  readonly guardian: GuardianPlan;
  /** Signers of the protocol's own feed, 3f + 1 of them; none where nobody signs. */
  readonly ownSigners: readonly string[];
  readonly shared: Shared;
}
