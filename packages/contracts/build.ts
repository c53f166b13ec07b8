/**
 * Builds what the package ships beside its committed files: `dist` as ES modules and as CommonJS, and the Solidity
 * sources, copied from the contracts. Runs before every `npm pack`.
 *
 *   node build.ts
 */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const contracts = join(here, "../../contracts");
const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));

/** Folder of `dist` → the module system that Node is to read it as. */
const FORMATS = { esm: "module", cjs: "commonjs" } as const;

/** Solidity that the package ships, from and to the same path. */
const SOLIDITY = ["interfaces", "types", "examples/PackageHolder.sol"] as const;

function compile(format: keyof typeof FORMATS): void {
  const project = join(here, `tsconfig.${format}.json`);
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
  if (status !== 0) throw new Error(`${project} does not compile`);
  const text = `${JSON.stringify({ type: FORMATS[format] })}\n`;
  writeFileSync(join(here, "dist", format, "package.json"), text);
}

rmSync(join(here, "dist"), { recursive: true, force: true });
for (const format of ["esm", "cjs"] as const) compile(format);
for (const path of SOLIDITY) {
  rmSync(join(here, path), { recursive: true, force: true });
  cpSync(join(contracts, path), join(here, path), { recursive: true });
}
