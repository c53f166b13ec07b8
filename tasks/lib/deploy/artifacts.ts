import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import {
  ENTRY_POINT_ARTIFACT,
  packagedArtifact,
  SAFE_ARTIFACTS,
  SAFE_PROXY_ARTIFACT,
} from "../../../deploy/parts/packaged.ts";

/** A part of code that is only known once it is deployed. */
interface Reference {
  readonly start: number;
  readonly length: number;
}

/** What comparing code takes of an artifact. */
export interface Built {
  readonly deployedBytecode: string;
  /** Where libraries are linked: by source, then by name. */
  readonly deployedLinkReferences: Readonly<Record<string, Readonly<Record<string, Reference[]>>>>;
  /** Where immutables stand, if the artifact says. */
  readonly immutableReferences?: Readonly<Record<string, Reference[]>> | undefined;
}

/** Contracts of packages by the names that a deployment's file gives them. */
const PACKAGED: Readonly<Record<string, string>> = {
  ...SAFE_ARTIFACTS,
  safe: SAFE_PROXY_ARTIFACT,
  entryPoint: ENTRY_POINT_ARTIFACT,
};

/** Specifier of the artifact of a contract that a package ships, by its name in a deployment's file. */
export function packagedName(name: string): string | undefined {
  return PACKAGED[name];
}

/** An artifact by what a deployment's file says of it. */
export async function builtFrom(hre: HardhatRuntimeEnvironment, artifact: string): Promise<Built> {
  if (artifact.endsWith(".json")) return packagedArtifact(artifact);
  return hre.artifacts.readArtifact(artifact);
}
