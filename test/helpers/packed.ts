import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "../../scripts/lib/proc.ts";
import { output } from "./processes.ts";

/** A project of somebody else's, in which the packed package is installed. */
export interface Project {
  readonly path: string;
  /** Size of the tarball, bytes. */
  readonly size: number;
  /** Paths of the tarball. */
  readonly files: readonly string[];
  readonly remove: () => Promise<void>;
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs `packages/contracts`, and installs it with ethers into an empty project. */
export async function installPacked(): Promise<Project> {
  const path = await mkdtemp(join(tmpdir(), "certus-package-"));
  const source = join(root, "packages/contracts");
  const pack = ["pack", "--json", "--silent", "--pack-destination", path];
  const printed = await output("npm", pack, { cwd: source });
  // What `prepack` prints comes first.
  const [packed] = JSON.parse(printed.slice(printed.search(/^\[/m))) as readonly Packed[];
  if (packed === undefined) throw new Error("npm packed nothing");

  const manifest = await readFile(join(root, "package.json"), "utf8");
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: { ethers: string } };
  await writeFile(join(path, "package.json"), JSON.stringify({ private: true }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const wanted = [`./${packed.filename}`, `ethers@${devDependencies.ethers}`];
  await output("npm", ["install", ...quiet, ...wanted], { cwd: path });

  const examples = join(path, "node_modules/@certus/contracts/examples");
  await cp(examples, path, { recursive: true });
  const files = packed.files.map((file) => file.path);
  const remove = () => rm(path, { recursive: true, force: true });
  return { path, size: packed.size, files, remove };
}
