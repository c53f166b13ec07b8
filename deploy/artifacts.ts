import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Artifact } from "hardhat/types/artifacts";

/**
 * A contract that its makers deployed and published with its bytecode: what is put on a local chain is what stands on the
 * others, not a build of ours.
 *
 * @param path - As one would import it: `package/path/Name.json`.
 */
export function publishedArtifact(path: string): Artifact {
  const text = readFileSync(fileURLToPath(import.meta.resolve(path)), "utf8");
  return JSON.parse(text) as Artifact;
}

/** Safe 1.5.0, by the path of a contract below its `contracts/`. */
export function safeArtifact(path: string): Artifact {
  const name = path.split("/").at(-1) ?? path;
  const folder = "@safe-global/safe-smart-account/build/artifacts/contracts";
  return publishedArtifact(`${folder}/${path}.sol/${name}.json`);
}

/** ERC-4337's entry point, version 0.8. */
export function entryPointArtifact(): Artifact {
  return publishedArtifact("@account-abstraction/contracts/artifacts/EntryPoint.json");
}
