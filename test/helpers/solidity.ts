import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Compiler {
  compile(
    input: string,
    callbacks: { import: (path: string) => { contents: string } | { error: string } },
  ): string;
}

interface CompilerOutput {
  readonly errors?: readonly {
    readonly severity: string;
    readonly formattedMessage: string;
  }[];
}

const compiler = createRequire(import.meta.url)("solc") as Compiler;

/**
 * Type-checks a Solidity file with the compiler of the workspace, and answers what is wrong with it.
 *
 * @param content - The file.
 * @param folders - Prefix of import paths → the folder it stands for.
 */
export function compileFile(content: string, folders: Readonly<Record<string, string>>): string[] {
  const find = (path: string) => {
    const [prefix, folder] =
      Object.entries(folders).find(([start]) => path.startsWith(`${start}/`)) ?? [];
    if (prefix === undefined || folder === undefined) return { error: `no folder for ${path}` };
    try {
      return { contents: readFileSync(join(folder, path.slice(prefix.length)), "utf8") };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const input = {
    language: "Solidity",
    sources: { "File.sol": { content } },
    settings: { outputSelection: { "*": { "*": ["abi"] } } },
  };
  const answer = compiler.compile(JSON.stringify(input), { import: find });
  const { errors = [] } = JSON.parse(answer) as CompilerOutput;
  return errors
    .filter(({ severity }) => severity === "error")
    .map(({ formattedMessage }) => formattedMessage);
}
