import { type AstNode, buildOutputOf, contractNames } from "./build-output.ts";

/** An error as its declaration documents it. */
export interface ErrorDoc {
  readonly name: string;
  /** With the types and names of the source. */
  readonly signature: string;
  /** Four bytes, hex with 0x. */
  readonly selector: string;
  /** The notice. */
  readonly why: string;
  /** The dev line: what to do. */
  readonly remedy: string;
}

/** The errors that one contract or interface declares, by name. */
export interface DeclaredErrors {
  /** Fully qualified name. */
  readonly contract: string;
  /** Its name alone. */
  readonly title: string;
  readonly errors: readonly ErrorDoc[];
}

/** The text behind `@tag` up to the next tag, on one line. */
export function tagged(text: string, tag: string): string {
  const [, found = ""] = new RegExp(`@${tag}\\s([^@]*)`).exec(text) ?? [];
  return found.replaceAll(/\s+/g, " ").trim();
}

function describe(node: AstNode): ErrorDoc {
  const { name = "", errorSelector = "", documentation, parameters } = node;
  const types = (parameters?.parameters ?? []).map(
    (p) => `${p.typeDescriptions?.typeString ?? "?"} ${p.name ?? ""}`,
  );
  const text = documentation?.text ?? "";
  return {
    name,
    signature: `${name}(${types.join(", ")})`,
    selector: `0x${errorSelector}`,
    why: tagged(text, "notice"),
    remedy: tagged(text, "dev"),
  };
}

/** Every error that the contracts declare, by where it is declared. */
export async function declaredErrors(): Promise<DeclaredErrors[]> {
  const declared: DeclaredErrors[] = [];
  for (const contract of await contractNames()) {
    const { ast } = await buildOutputOf(contract);
    const nodes = (ast.nodes ?? []).filter(({ nodeType }) => nodeType === "ErrorDefinition");
    if (nodes.length === 0) continue;
    const errors = nodes.map(describe).sort((a, b) => (a.name < b.name ? -1 : 1));
    declared.push({ contract, title: ast.name ?? "", errors });
  }
  return declared;
}
