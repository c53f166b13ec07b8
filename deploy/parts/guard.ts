import type { ContractFuture, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

import type { Plan } from "../plan.ts";
import { ENTRY_POINT_ARTIFACT, packagedArtifact } from "./packaged.ts";

/** What guards a ledger rests on. */
interface Guarded {
  readonly ledger: ContractFuture<string>;
  readonly oracleHub: ContractFuture<string>;
  readonly manager: ContractFuture<string>;
}

/** The circuit breaker of the markets, and the guardian's account behind an entry point. */
export function guardIn(
  m: IgnitionModuleBuilder,
  { chain, guardian: { signers, threshold }, shared }: Plan,
  { ledger, oracleHub, manager }: Guarded,
) {
  const circuitBreaker = m.contract("CircuitBreaker", [
    ...[ledger, oracleHub, manager],
    chain.blockTimeMs,
  ]);
  const artifact = packagedArtifact(ENTRY_POINT_ARTIFACT);
  const entryPoint =
    shared.entryPoint === undefined
      ? m.contract("EntryPoint", artifact)
      : m.contractAt("EntryPoint", artifact, shared.entryPoint);
  const guardian = m.contract("Guardian", [entryPoint, [...signers], threshold]);
  return { circuitBreaker, entryPoint, guardian };
}
