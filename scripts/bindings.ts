/**
 * Writes what `packages/contracts` holds of the contracts: ABIs, typed bindings, the catalogue of
 * errors, addresses, the orders' typed data and golden signatures, and the example in its forms.
 *
 *   node scripts/bindings.ts           writes it
 *   node scripts/bindings.ts --check   fails if a committed file differs, is missing or left over
 */
import { abis } from "./bindings/abi.ts";
import { deployedAddresses } from "./bindings/addresses.ts";
import { CONTRACTS } from "./bindings/contracts.ts";
import { errorCatalogue } from "./bindings/errors.ts";
import { example } from "./bindings/example.ts";
import { compare, formatted, PACKAGE, write } from "./bindings/files.ts";
import { typedData } from "./bindings/typed-data.ts";
import { vectors } from "./bindings/vectors.ts";

const REFRESH = "npm run bindings";

async function main(check: boolean): Promise<string[]> {
  const [ledger] = CONTRACTS;
  if (ledger === undefined) throw new Error("no contract is to be bound");
  // First, as it builds the contracts if anything is stale.
  const errors = await errorCatalogue(CONTRACTS);
  const files = await formatted([
    errors,
    ...(await abis(CONTRACTS)),
    await deployedAddresses(),
    typedData(),
    await vectors(ledger),
    ...(await example()),
  ]);
  if (!check) {
    await write(files);
    return [];
  }
  const problems = await compare(files);
  return problems.length === 0
    ? []
    : [...problems, `If that is meant, refresh with \`${REFRESH}\`.`];
}

const problems = await main(process.argv.includes("--check"));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${PACKAGE}: fresh` : `${PACKAGE}: FAILED`);
process.exitCode = problems.length === 0 ? 0 : 1;
