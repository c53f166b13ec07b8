import { ErrorFragment, Interface } from "ethers";
import hre from "hardhat";

import type { ErrorEntry } from "../../packages/contracts/src/errors/catalogue.ts";
import { declaredErrors } from "../lib/error-docs.ts";
import { abiOf } from "./abi.ts";
import type { Bound } from "./contracts.ts";
import type { GeneratedFile } from "./files.ts";
import { FOREIGN_ERRORS } from "./foreign-errors.ts";

const HEAD = `import type { ErrorEntry } from "../errors/catalogue.ts";

/** Every error that a call can end with, as its declaration documents it. */
export const ERRORS: readonly ErrorEntry[] = `;

/** Entries from the NatSpec of our own declarations, the text that \`docs/errors.md\` shows. */
async function ownErrors(): Promise<ErrorEntry[]> {
  const entries: ErrorEntry[] = [];
  for (const { contract, errors } of await declaredErrors()) {
    const { abi } = await hre.artifacts.readArtifact(contract);
    const calls = new Interface(abi);
    for (const { selector, why, remedy } of errors) {
      const fragment = calls.getError(selector);
      if (fragment === null) throw new Error(`${contract} has no error ${selector} in its ABI`);
      entries.push({ error: fragment.format("full"), why, remedy });
    }
  }
  return entries;
}

/** Errors of the contracts for which there are no words. */
async function unexplained(
  contracts: readonly Bound[],
  entries: readonly ErrorEntry[],
): Promise<string[]> {
  const known = new Set(entries.map(({ error }) => ErrorFragment.from(error).selector));
  const missing: string[] = [];
  for (const bound of contracts) {
    new Interface(await abiOf(bound)).forEachError((fragment) => {
      if (!known.has(fragment.selector)) missing.push(`${bound.name}.${fragment.format()}`);
    });
  }
  return missing;
}

/** The catalogue of errors: ours from their NatSpec, those of others from `foreign-errors.ts`. */
export async function errorCatalogue(contracts: readonly Bound[]): Promise<GeneratedFile> {
  const entries = [...(await ownErrors()), ...FOREIGN_ERRORS];
  const missing = await unexplained(contracts, entries);
  if (missing.length > 0) throw new Error(`no words for ${missing.join(", ")}`);
  entries.sort((a, b) => (a.error < b.error ? -1 : 1));
  return { path: "src/generated/errors.ts", text: `${HEAD}${JSON.stringify(entries)};\n` };
}
