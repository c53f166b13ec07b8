import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Interface } from "ethers";
import type { InterfaceAbi } from "ethers";

/** A contract of Safe 1.5.0 as its makers published it. */
export interface SafeArtifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

const FOLDER = "@safe-global/safe-smart-account/build/artifacts/contracts";

/**
 * One of Safe's contracts.
 *
 * @param path - Below its `contracts/`, without ending: `libraries/MultiSendCallOnly`.
 */
export function safeArtifact(path: string): SafeArtifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = fileURLToPath(import.meta.resolve(`${FOLDER}/${path}.sol/${name}.json`));
  return JSON.parse(readFileSync(file, "utf8")) as SafeArtifact;
}

/** The calls and events of a Safe; those of the form for rollups, which tells more. */
export const SAFE = new Interface(safeArtifact("SafeL2").abi);

/** The call of Safe's batches. */
export const MULTI_SEND = new Interface(safeArtifact("libraries/MultiSendCallOnly").abi);
