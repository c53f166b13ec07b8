import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AbiEntry } from "../../../scripts/lib/abi.ts";
import { readArtifact, readBuildInfo, slotsOf } from "../../../scripts/lib/artifacts.ts";
import type { StorageLayout } from "../../../scripts/lib/artifacts.ts";
import { root } from "../../../scripts/lib/proc.ts";
import { readBuild } from "../chain/build.ts";
import type { Build, Contract } from "../chain/build.ts";
import type { Mutant } from "./mutant.ts";

interface Source {
  readonly content: string;
}

interface Input {
  readonly language: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Compiled {
  readonly abi: readonly AbiEntry[];
  readonly storageLayout: StorageLayout;
  readonly evm: {
    readonly bytecode: {
      readonly object: string;
      readonly linkReferences: Contract["linkReferences"];
    };
  };
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, Compiled>>>>;
}

/** Where Hardhat puts the project's sources in the compiler's input. */
const PROJECT = "project/contracts/";
const LEDGER = `${PROJECT}Clearinghouse.sol`;
const ANNEX = `${PROJECT}Annex.sol`;
const LISTING = `${PROJECT}libraries/Listing.sol`;
const LENS = `${PROJECT}lens/Lens.sol`;

/**
 * The IR pipeline with next to no optimisation, because optimising takes longer than finding the fault: it prunes what is
 * unused and joins expressions, without which it finds the stack too deep, as the legacy pipeline does.
 */
const QUICK = {
  viaIR: true,
  optimizer: {
    enabled: true,
    runs: 1,
    details: { yul: true, yulDetails: { optimizerSteps: "uj" } },
  },
};

const SELECTION = {
  [LEDGER]: { Clearinghouse: ["abi", "evm.bytecode"] },
  [ANNEX]: { Annex: ["abi", "evm.bytecode", "storageLayout"] },
  [LISTING]: { Listing: ["abi", "evm.bytecode"] },
  [LENS]: { Lens: ["abi", "evm.bytecode"] },
};

/** A text that a mutant names does not stand in the source exactly once: the list of mutants is out of date. */
export class StaleMutant extends Error {}

/** What the compiler was given last, with the sources as they stand now. */
function readInput(): Input {
  const { input } = readBuildInfo(readArtifact("contracts/Annex.sol", "Annex"));
  const { language, settings, sources } = input as Input;
  const current = Object.entries(sources)
    .filter(([path]) => !path.startsWith(`${PROJECT}mocks/`))
    .map(([path, source]) => {
      if (!path.startsWith(PROJECT)) return [path, source] as const;
      const file = join(root, path.slice("project/".length));
      return [path, { content: readFileSync(file, "utf8") }] as const;
    });
  return { language, settings, sources: Object.fromEntries(current) };
}

/** The sources with the fault planted. */
export function plant(sources: Input["sources"], mutant: Mutant): Input["sources"] {
  const path = PROJECT + mutant.file;
  const content = sources[path]?.content;
  if (content === undefined) throw new StaleMutant(`${mutant.name}: there is no ${mutant.file}`);
  const pieces = content.split(mutant.find);
  if (pieces.length !== 2) {
    const times = pieces.length - 1;
    throw new StaleMutant(`${mutant.name}: ${mutant.file} has "${mutant.find}" ${times} times`);
  }
  return { ...sources, [path]: { content: pieces.join(mutant.replace) } };
}

/** Throws if a mutant's text no longer stands in the sources. */
export function requireFresh(mutants: readonly Mutant[]): void {
  const { sources } = readInput();
  const stale = mutants.flatMap((mutant) => {
    try {
      plant(sources, mutant);
      return [];
    } catch (error) {
      if (error instanceof StaleMutant) return [error.message];
      throw error;
    }
  });
  if (stale.length > 0) throw new StaleMutant(stale.join("\n"));
}

function contractOf({ abi, evm: { bytecode } }: Compiled): Contract {
  const { object, linkReferences } = bytecode;
  return { abi, bytecode: object, deployedBytecode: "", linkReferences };
}

/** Compiles ledger and lens with a fault, or as it is, and puts it among the contracts that are not touched. */
export function compileMutant(mutant: Mutant | undefined): Build {
  const require = createRequire(import.meta.url);
  const solc = require("solc") as { readonly compile: (input: string) => string };
  const input = readInput();
  const sources = mutant === undefined ? input.sources : plant(input.sources, mutant);
  const settings = { ...input.settings, ...QUICK, outputSelection: SELECTION };
  const compiled = solc.compile(JSON.stringify({ ...input, sources, settings }));
  const { errors = [], contracts } = JSON.parse(compiled) as Output;
  const fatal = errors.find(({ severity }) => severity === "error");
  if (fatal !== undefined) throw new Error(`${mutant?.name}: ${fatal.formattedMessage}`);
  const ledger = contracts?.[LEDGER]?.["Clearinghouse"];
  const annex = contracts?.[ANNEX]?.["Annex"];
  const listing = contracts?.[LISTING]?.["Listing"];
  const lens = contracts?.[LENS]?.["Lens"];
  if (ledger === undefined || annex === undefined || listing === undefined || lens === undefined)
    throw new Error("the compiler left no code");
  return {
    ...readBuild(),
    ledger: contractOf(ledger),
    annex: contractOf(annex),
    listing: contractOf(listing),
    lens: contractOf(lens),
    ledgerSlots: slotsOf(annex.storageLayout),
  };
}
