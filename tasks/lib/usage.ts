/** What was asked for cannot be done as it was asked: shown as one sentence that says what to do, without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A value that must have been given. */
export function required(option: string, value: string | undefined, hint: string): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw new UsageError(`${option} is missing: ${hint}.`);
}

/** The entries of a list whose entries may not be empty. */
export function listed(option: string, text: string, separator: "," | ";"): string[] {
  const entries = text.split(separator).map((entry) => entry.trim());
  if (entries.every((entry) => entry !== "")) return entries;
  throw new UsageError(`${option}: one entry of ${JSON.stringify(text)} is empty: remove it.`);
}
