import Table from "cli-table3";

/** What a task has to say: as a document, and as text for people. */
export interface Report {
  readonly json: unknown;
  readonly text: string;
  /** Why the command fails all the same, as one that looks for differences does when it finds some. */
  readonly failure?: { readonly name: string; readonly message: string };
}

/** One JSON document; bigints as strings. */
export function toJson(document: unknown): string {
  return JSON.stringify(document, bigintsAsText, 2);
}

/** The same in one line. */
export function toJsonLine(document: unknown): string {
  return JSON.stringify(document, bigintsAsText);
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

const PLAIN = { head: [], border: [] };
const COMPACT = { ...PLAIN, compact: true };

/** A table with a heading; columns named with a leading `>` are aligned to the right. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: columns.map((column) => column.replace(/^>/, "")),
    colAligns: columns.map((column) => (column.startsWith(">") ? "right" : "left")),
    style: PLAIN,
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

/** A table of names and values; entries without a value are left out. */
export function facts(
  entries: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const made = new Table({ style: COMPACT });
  for (const [name, value] of entries) if (value !== undefined) made.push([name, value]);
  return made.toString();
}

/** Paragraphs, those that are empty left out. */
export function paragraphs(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n\n");
}

/** What is said on the way: on stderr, so that stdout holds the result alone. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
