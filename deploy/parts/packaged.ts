import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Abi, Artifact } from "@nomicfoundation/ignition-core";

/** Artifact of a contract that a package ships compiled. */
export function packagedArtifact(specifier: string): Artifact<Abi> {
  const path = fileURLToPath(import.meta.resolve(specifier));
  return JSON.parse(readFileSync(path, "utf8")) as Artifact<Abi>;
}

const SAFE = "@safe-global/safe-smart-account/build/artifacts/contracts";

/** Artifacts of Safe 1.5.0, by the names that a deployment's file gives its contracts. */
export const SAFE_ARTIFACTS = {
  safeSingleton: `${SAFE}/SafeL2.sol/SafeL2.json`,
  safeProxyFactory: `${SAFE}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`,
  safeFallbackHandler: `${SAFE}/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json`,
  safeExtensibleFallbackHandler: `${SAFE}/handler/ExtensibleFallbackHandler.sol/ExtensibleFallbackHandler.json`,
  multiSend: `${SAFE}/libraries/MultiSend.sol/MultiSend.json`,
  multiSendCallOnly: `${SAFE}/libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json`,
  signMessageLib: `${SAFE}/libraries/SignMessageLib.sol/SignMessageLib.json`,
  createCall: `${SAFE}/libraries/CreateCall.sol/CreateCall.json`,
  simulateTxAccessor: `${SAFE}/accessors/SimulateTxAccessor.sol/SimulateTxAccessor.json`,
} as const;

/** Name of one of Safe's contracts. */
export type SafeContract = keyof typeof SAFE_ARTIFACTS;

/** Artifact of the proxy that every Safe is. */
export const SAFE_PROXY_ARTIFACT = `${SAFE}/proxies/SafeProxy.sol/SafeProxy.json`;

/** Artifact of the entry point of ERC-4337, version 0.8. */
export const ENTRY_POINT_ARTIFACT = "@account-abstraction/contracts/artifacts/EntryPoint.json";
