import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { id, ZeroAddress } from "ethers";

import type { Plan } from "../plan.ts";
import { packagedArtifact, SAFE_ARTIFACTS } from "./packaged.ts";
import type { SafeContract } from "./packaged.ts";

/** Safe's contracts, those that everybody shares or one's own, and the Safe that governs. */
export function safeIn(m: IgnitionModuleBuilder, { shared, safe, deployer }: Plan) {
  const contract = (name: SafeContract) => {
    const artifact = packagedArtifact(SAFE_ARTIFACTS[name]);
    const { contractName } = artifact;
    const address = shared.safe?.[name];
    return address === undefined
      ? m.contract(contractName, artifact)
      : m.contractAt(contractName, artifact, address);
  };
  const contracts = {
    safeSingleton: contract("safeSingleton"),
    safeProxyFactory: contract("safeProxyFactory"),
    safeFallbackHandler: contract("safeFallbackHandler"),
    safeExtensibleFallbackHandler: contract("safeExtensibleFallbackHandler"),
    multiSend: contract("multiSend"),
    multiSendCallOnly: contract("multiSendCallOnly"),
    signMessageLib: contract("signMessageLib"),
    createCall: contract("createCall"),
    simulateTxAccessor: contract("simulateTxAccessor"),
  };
  const at = (address: string | ReturnType<typeof m.readEventArgument>) =>
    m.contractAt("Safe", packagedArtifact(SAFE_ARTIFACTS.safeSingleton), address);
  if ("address" in safe) return { ...contracts, safe: at(safe.address) };

  const { safeSingleton, safeProxyFactory, safeFallbackHandler } = contracts;
  const [payment, data] = [0n, "0x"];
  const setup = m.encodeFunctionCall(safeSingleton, "setup", [
    [...safe.owners],
    safe.threshold,
    ...[ZeroAddress, data, safeFallbackHandler],
    ...[ZeroAddress, payment, ZeroAddress],
  ]);
  // Whoever else makes a Safe of the same owners at a shared factory takes another address.
  const salt = BigInt(id(`certus safe ${deployer}`));
  const made = m.call(safeProxyFactory, "createProxyWithNonce", [safeSingleton, setup, salt]);
  const proxy = m.readEventArgument(made, "ProxyCreation", "proxy");
  return { ...contracts, safe: at(proxy) };
}
