/** An error in words. */
export interface ErrorEntry {
  /** The declaration: `error Name(type name, …)`. */
  readonly error: string;
  /** Why the call was refused. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
}
