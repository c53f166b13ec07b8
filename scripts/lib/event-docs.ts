import { type AstNode, buildOutputOf, contractNames } from "./build-output.ts";
import { tagged } from "./error-docs.ts";

/** One field of an event. */
export interface FieldDoc {
  readonly name: string;
  readonly type: string;
  readonly indexed: boolean;
  /** What its `@param` says. */
  readonly what: string;
}

/** An event as its declaration documents it. */
export interface EventDoc {
  readonly name: string;
  /** With the types of the ABI. */
  readonly signature: string;
  /** Hash of the signature, hex with 0x. */
  readonly topic: string;
  /** The notice. */
  readonly what: string;
  readonly parameters: readonly FieldDoc[];
}

/** The events that one contract or interface declares, in the order of its source. */
export interface DeclaredEvents {
  /** Fully qualified name. */
  readonly contract: string;
  /** Its name alone. */
  readonly title: string;
  readonly events: readonly EventDoc[];
}

/** What `@param name` says, on one line. */
function said(text: string, name: string): string {
  const [, found = ""] = new RegExp(`@param\\s+${name}\\s([^@]*)`).exec(text) ?? [];
  return found.replaceAll(/\s+/g, " ").trim();
}

function describe({ name = "", eventSelector = "", documentation, parameters }: AstNode): EventDoc {
  const text = documentation?.text ?? "";
  const fields = (parameters?.parameters ?? []).map((field) => ({
    name: field.name ?? "",
    type: (field.typeDescriptions?.typeString ?? "?").replaceAll(/^(struct|enum|contract) /g, ""),
    indexed: field.indexed === true,
    what: said(text, field.name ?? ""),
  }));
  return {
    name,
    signature: `${name}(${fields.map(({ type }) => type).join(",")})`,
    topic: `0x${eventSelector}`,
    what: tagged(text, "notice"),
    parameters: fields,
  };
}

/** Every event that the contracts declare, by where it is declared. */
export async function declaredEvents(): Promise<DeclaredEvents[]> {
  const declared: DeclaredEvents[] = [];
  for (const contract of await contractNames()) {
    const { ast } = await buildOutputOf(contract);
    const nodes = (ast.nodes ?? []).filter(({ nodeType }) => nodeType === "EventDefinition");
    if (nodes.length > 0) {
      declared.push({ contract, title: ast.name ?? "", events: nodes.map(describe) });
    }
  }
  return declared;
}
