import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AbiEntry } from "../../../scripts/lib/abi.ts";
import { readArtifact, readBuildInfo, slotsOf } from "../../../scripts/lib/artifacts.ts";
import type { StorageLayout } from "../../../scripts/lib/artifacts.ts";
import { root } from "../../../scripts/lib/proc.ts";
import { SUBJECTS as BREAKER_SUBJECTS, readBreakerBuild } from "../breakers/build.ts";
import type { BreakerBuild } from "../breakers/build.ts";
import { readBuild } from "../chain/build.ts";
import type { Build, Contract } from "../chain/build.ts";
import { SUBJECTS, readPriceBuild } from "../prices/build.ts";
import type { PriceBuild } from "../prices/build.ts";
import type { Mutant } from "./mutant.ts";

interface Source {
  readonly content: string;
}

interface Input {
  readonly language: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly settings: Readonly<Record<string, unknown>> & {
    readonly remappings?: readonly string[];
  };
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

/** What the compiler was given last for some contracts, with the sources as they stand now. */
function readInput(contracts: readonly (readonly [source: string, name: string])[]): Input {
  const inputs = contracts.map(
    (contract) => readBuildInfo(readArtifact(...contract)).input as Input,
  );
  const [first] = inputs;
  if (first === undefined) throw new Error("nothing is to be compiled");
  const { language } = first;
  // A build that compiled only what had changed gave each of several jobs the remappings of its own sources.
  const remappings = [...new Set(inputs.flatMap((input) => input.settings.remappings ?? []))];
  const settings = { ...first.settings, remappings };
  const sources = new Map(inputs.flatMap((input) => Object.entries(input.sources)));
  const current = [...sources]
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

const LEDGER_CONTRACTS = [["contracts/Annex.sol", "Annex"]] as const;
const PRICE_CONTRACTS = Object.values(SUBJECTS);
const BREAKER_CONTRACTS = Object.values(BREAKER_SUBJECTS);

/** Throws if a mutant's text no longer stands in the sources. */
export function requireFresh(mutants: readonly Mutant[]): void {
  const { sources } = readInput([...LEDGER_CONTRACTS, ...PRICE_CONTRACTS, ...BREAKER_CONTRACTS]);
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

type Selection = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Compiles with a fault planted, or without; answers a contract by its source and name. */
function compile(
  { language, settings, sources }: Input,
  mutant: Mutant | undefined,
  selection: Selection,
): (source: string, name: string) => Compiled {
  const require = createRequire(import.meta.url);
  const solc = require("solc") as { readonly compile: (input: string) => string };
  const input = {
    language,
    sources: mutant === undefined ? sources : plant(sources, mutant),
    settings: { ...settings, ...QUICK, outputSelection: selection },
  };
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const fatal = errors.find(({ severity }) => severity === "error");
  if (fatal !== undefined) throw new Error(`${mutant?.name}: ${fatal.formattedMessage}`);
  return (source, name) => {
    const compiled = contracts?.[source]?.[name];
    if (compiled === undefined) throw new Error(`the compiler left no code of ${name}`);
    return compiled;
  };
}

/** Compiles ledger and lens with a fault, or as it is, and puts it among the contracts that are not touched. */
export function compileMutant(mutant: Mutant | undefined): Build {
  const compiled = compile(readInput(LEDGER_CONTRACTS), mutant, SELECTION);
  const annex = compiled(ANNEX, "Annex");
  return {
    ...readBuild(),
    ledger: contractOf(compiled(LEDGER, "Clearinghouse")),
    annex: contractOf(annex),
    listing: contractOf(compiled(LISTING, "Listing")),
    lens: contractOf(compiled(LENS, "Lens")),
    ledgerSlots: slotsOf(annex.storageLayout),
  };
}

/** Contracts by the part that they play, each with its source and name. */
type Subjects = Readonly<Record<string, readonly [source: string, name: string]>>;

/** Compiles some contracts with a fault, or as they are. */
function compileSubjects(
  subjects: Subjects,
  mutant: Mutant | undefined,
): Readonly<Record<string, Contract>> {
  const listed = Object.entries(subjects).map(
    ([part, [source, name]]) => [part, `project/${source}`, name] as const,
  );
  const wanted = listed.map(([, source, name]) => [source, { [name]: ["abi", "evm.bytecode"] }]);
  const selection = Object.fromEntries(wanted) as Selection;
  const compiled = compile(readInput(Object.values(subjects)), mutant, selection);
  return Object.fromEntries(
    listed.map(([part, source, name]) => [part, contractOf(compiled(source, name))]),
  );
}

/** The same of hub, oracle and sources. */
export function compilePriceMutant(mutant: Mutant | undefined): PriceBuild {
  const build = readPriceBuild();
  return { ...build, contracts: { ...build.contracts, ...compileSubjects(SUBJECTS, mutant) } };
}

/** The same of hub and breaker. */
export function compileBreakerMutant(mutant: Mutant | undefined): BreakerBuild {
  const build = readBreakerBuild();
  const compiled = compileSubjects(BREAKER_SUBJECTS, mutant);
  return { ...build, contracts: { ...build.contracts, ...compiled } };
}
