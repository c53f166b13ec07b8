/** What was asked for cannot be done: shown as one line, without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Code of what the system reported, `ENOENT` and the like. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
