import { getCreate2Address, keccak256, ZeroHash } from "ethers";
import type { Provider } from "ethers";

import {
  ENTRY_POINT_ARTIFACT,
  packagedArtifact,
  SAFE_ARTIFACTS,
} from "../../../deploy/parts/packaged.ts";
import type { SafeContract } from "../../../deploy/parts/packaged.ts";
import type { Shared } from "../../../deploy/plan.ts";

/** Safe's factory of contracts whose address follows from their code. */
export const SAFE_FACTORY = "0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7";

/** The usual factory of that kind. */
export const ENTRY_POINT_FACTORY = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
/** The salt of the entry point. */
export const ENTRY_POINT_SALT =
  "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9";

const SAFE_NAMES = Object.keys(SAFE_ARTIFACTS) as SafeContract[];

/** Where the contracts of Safe 1.5.0 are on every chain that has them. No other code can be there. */
export const CANONICAL_SAFE = Object.fromEntries(
  SAFE_NAMES.map((name) => {
    const { bytecode } = packagedArtifact(SAFE_ARTIFACTS[name]);
    return [name, getCreate2Address(SAFE_FACTORY, ZeroHash, keccak256(bytecode))];
  }),
) as Readonly<Record<SafeContract, string>>;

/** Where the entry point of ERC-4337, version 0.8, is on every chain that has it. No other code can be there. */
export const CANONICAL_ENTRY_POINT = getCreate2Address(
  ENTRY_POINT_FACTORY,
  ENTRY_POINT_SALT,
  keccak256(packagedArtifact(ENTRY_POINT_ARTIFACT).bytecode),
);

/** Which of the contracts that everybody shares a chain has; Safe's count together only. */
export async function sharedOn(provider: Provider): Promise<Shared> {
  const has = async (address: string) => (await provider.getCode(address)) !== "0x";
  const all = await Promise.all(Object.values(CANONICAL_SAFE).map(has));
  return {
    safe: all.every(Boolean) ? CANONICAL_SAFE : undefined,
    entryPoint: (await has(CANONICAL_ENTRY_POINT)) ? CANONICAL_ENTRY_POINT : undefined,
  };
}
