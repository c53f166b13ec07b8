import { Interface, keccak256 } from "ethers";

import { packagedArtifact, SAFE_ARTIFACTS } from "../../../deploy/parts/packaged.ts";

/** The calls and events of a Safe; those of the form for rollups, which tells more. */
export const SAFE = callsOf(SAFE_ARTIFACTS.safeSingleton);

/** The call of Safe's batches. */
export const MULTI_SEND = callsOf(SAFE_ARTIFACTS.multiSendCallOnly);

/** Hash of the code of Safe's contract for batches. */
export const MULTI_SEND_HASH = keccak256(
  packagedArtifact(SAFE_ARTIFACTS.multiSendCallOnly).deployedBytecode,
);

function callsOf(specifier: string): Interface {
  return new Interface([...packagedArtifact(specifier).abi]);
}
