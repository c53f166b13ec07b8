import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { AbiEntry } from "./abi.ts";
import { root } from "./proc.ts";

interface Reference {
  readonly start: number;
  readonly length: number;
}

/** Where the addresses of libraries go in code: by source, then by library. */
export type References = Readonly<Record<string, Readonly<Record<string, readonly Reference[]>>>>;

/** A contract as Hardhat writes it. Code begins with 0x. */
export interface Artifact {
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: References;
  readonly buildInfoId: string;
  readonly inputSourceName: string;
  readonly contractName: string;
}

/** Part of the compiler's output. */
export interface SolcOutput {
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly storageLayout?: StorageLayout }>>>
  >;
}

/** A variable, or a member of a struct, in the compiler's storage layout. */
export interface LaidOut {
  readonly label: string;
  /** Decimal; of a member, counted from the slot of its struct. */
  readonly slot: string;
  /** Bytes from the low end of the slot. */
  readonly offset: number;
  readonly type: string;
}

/** A type in the compiler's storage layout. */
export interface LaidOutType {
  readonly label: string;
  readonly numberOfBytes: string;
  /** Of a mapping: the type of its values. */
  readonly value?: string;
  readonly members?: readonly LaidOut[];
}

/** The compiler's storage layout, as far as it is needed here. */
export interface StorageLayout {
  readonly storage: readonly LaidOut[];
  readonly types: Readonly<Record<string, LaidOutType>> | null;
}

/** Slot of each variable by its name. */
export type Slots = Readonly<Record<string, bigint>>;

const artifacts = join(root, "artifacts");

function readJson(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(artifacts, ...path), "utf8"));
}

/** An artifact as Hardhat writes it. */
export function readArtifact(source: string, name: string): Artifact {
  return readJson(source, `${name}.json`) as Artifact;
}

/** Input and output of the build that an artifact comes from. */
export function readBuildInfo({ buildInfoId }: Artifact): {
  readonly input: unknown;
  readonly output: SolcOutput;
} {
  const { input } = readJson("build-info", `${buildInfoId}.json`) as { readonly input: unknown };
  const { output } = readJson("build-info", `${buildInfoId}.output.json`) as {
    readonly output: SolcOutput;
  };
  return { input, output };
}

/** Slot of each variable of a layout. */
export function slotsOf(layout: StorageLayout | undefined): Slots {
  if (layout === undefined) throw new Error("the build holds no storage layout");
  return Object.fromEntries(layout.storage.map(({ label, slot }) => [label, BigInt(slot)]));
}

/** Storage layouts of artifacts. Contracts of one build may have been compiled at different times: each has its own build info. */
export function layoutsOf(several: readonly Artifact[]): readonly StorageLayout[] {
  const outputs = new Map<string, SolcOutput>();
  return several.map((artifact) => {
    const { buildInfoId, inputSourceName, contractName } = artifact;
    const output = outputs.get(buildInfoId) ?? readBuildInfo(artifact).output;
    outputs.set(buildInfoId, output);
    const layout = output.contracts[inputSourceName]?.[contractName]?.storageLayout;
    if (layout === undefined) throw new Error(`the build holds no layout of ${contractName}`);
    return layout;
  });
}
