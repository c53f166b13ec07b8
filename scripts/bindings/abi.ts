import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import hre from "hardhat";

import { makeErasable } from "../lib/erasable.ts";
import { root } from "../lib/proc.ts";
import type { Bound } from "./contracts.ts";
import type { GeneratedFile } from "./files.ts";

const TYPECHAIN = join(root, "node_modules/typechain/dist/cli/cli.js");
const BINDINGS = "src/generated/bindings";

/** The ABI of a contract as the compiler wrote it. */
export async function abiOf({ artifact }: Bound): Promise<readonly object[]> {
  return (await hre.artifacts.readArtifact(artifact)).abi as readonly object[];
}

/** One constant a contract: the ABI that its factory carries, with its literal type. */
function constants(contracts: readonly Bound[]): GeneratedFile {
  const factories = contracts.map(({ name }) => `${name}__factory`);
  const exports = contracts.flatMap(({ name, constant }) => [
    `/** ABI of \`${name}\`, typed as it is written. */`,
    `export const ${constant}: typeof ${name}__factory.abi = ${name}__factory.abi;`,
  ]);
  const head = `import { ${factories.join(", ")} } from "./bindings/index.ts";`;
  return { path: "src/generated/abi.ts", text: [head, "", ...exports].join("\n") };
}

/** ABIs as JSON, typed bindings for ethers v6, and the ABIs as typed constants. */
export async function abis(contracts: readonly Bound[]): Promise<GeneratedFile[]> {
  const scratch = await mkdtemp(join(tmpdir(), "certus-bindings-"));
  try {
    await mkdir(join(scratch, "abi"));
    const files: GeneratedFile[] = [];
    for (const bound of contracts) {
      const text = JSON.stringify(await abiOf(bound));
      await writeFile(join(scratch, "abi", `${bound.name}.json`), text);
      files.push({ path: `abi/${bound.name}.json`, text });
    }
    const target = ["--target", "ethers-v6", "--node16-modules", "--out-dir", "out"];
    await promisify(execFile)(process.execPath, [TYPECHAIN, ...target, "abi/*.json"], {
      cwd: scratch,
      env: { ...process.env, NODE_PATH: join(root, "node_modules") },
    });
    const out = join(scratch, "out");
    await makeErasable(out);
    for (const path of globSync("**/*.ts", { cwd: out }).sort()) {
      files.push({ path: `${BINDINGS}/${path}`, text: await readFile(join(out, path), "utf8") });
    }
    return [...files, constants(contracts)];
  } finally {
    await rm(scratch, { recursive: true });
  }
}
