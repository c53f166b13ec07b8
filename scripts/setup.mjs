// Puts the workspace into a state in which every other script can run, and says what it does. Runs
// before each entry script, with whatever Node the shell has: built-in modules only, no TypeScript.
//
// Hardhat needs Node 22 or later, and npm leaves out Hardhat's native part (EDR) when it installs
// under an older one. So the packages are installed by npm on Node 24; the `node` package among
// them then gives every script of package.json that Node, whatever the host runs.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";

/** What is missing, as a sentence, or undefined if the workspace is complete. */
function missing() {
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, "node_modules/.package-lock.json"), "utf8"));
  } catch {
    return "the packages are not installed";
  }
  for (const [path, { version, optional, link }] of Object.entries(wanted.packages)) {
    if (link || optional || !path.includes("node_modules/")) continue;
    const have = installed.packages[path]?.version;
    if (have !== version) return `${path} is ${have ?? "absent"}, the lockfile says ${version}`;
  }
  if (!existsSync(join(root, "node_modules/.bin", windows ? "node.cmd" : "node"))) {
    return "the Node 24 of this workspace is absent";
  }
  return missingEdr();
}

/**
 * EDR's JavaScript is there, its native part is an optional package that Node 20 skips: ask for the
 * file itself.
 */
function missingEdr() {
  const require = createRequire(join(root, "node_modules/@nomicfoundation/edr/package.json"));
  const { optionalDependencies, dependencies } = require("./package.json");
  const natives = Object.keys({ ...optionalDependencies, ...dependencies }).filter((name) =>
    name.startsWith(`@nomicfoundation/edr-${process.platform}-${process.arch}`),
  );
  // No build for this platform: Hardhat itself will say so.
  if (natives.length === 0) return undefined;
  const found = natives.some((name) =>
    existsSync(join(root, "node_modules", name, "package.json")),
  );
  return found ? undefined : `the native part of Hardhat (${natives.join(" or ")}) is absent`;
}

function run(command, args) {
  console.log(`setup: ${command} ${args.join(" ")}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: windows,
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(`setup: that failed with exit code ${status}.`);
    process.exit(status ?? 1);
  }
}

const reason = missing();
if (reason) {
  console.log(`setup: ${reason}.`);
  const major = Number(process.versions.node.split(".")[0]);
  if (major === 24) run("npm", ["ci"]);
  else run("npx", ["-y", "-p", "node@24", "--", "npm", "ci"]);
  const left = missing();
  if (left) {
    console.error(`setup: the installation is not complete: ${left}.`);
    process.exit(1);
  }
  console.log("setup: done.");
}
