import type { Operation, Operations } from "./rules/pending.ts";
import type { Told } from "./told.ts";

/** An operation, and the blocks in which it was scheduled and done with. */
interface Followed extends Operation {
  readonly block: number;
  readonly doneIn: number | undefined;
}

/** Seconds in which the access manager takes a scheduled operation for executable. */
const EXPIRATION = 604_800n;

/** The operations of an access manager, followed by its events. */
export class OperationBook {
  readonly #known = new Map<string, Followed>();

  /** All that were scheduled, by id. */
  get all(): Operations {
    return this.#known;
  }

  /** Follows an event. */
  follow({ name, args }: Told, block: number): void {
    const id = String(args["operationId"]);
    if (name === "OperationScheduled") {
      const { schedule, caller, target, data } = args;
      this.#known.set(id, {
        schedule: schedule as bigint,
        caller: String(caller),
        target: String(target),
        data: String(data),
        block,
        doneIn: undefined,
      });
    }
    const known = this.#known.get(id);
    if (known && (name === "OperationExecuted" || name === "OperationCanceled")) {
      this.#known.set(id, { ...known, doneIn: block });
    }
  }

  /** Forgets what blocks told that are no more. */
  rewind(to: number): void {
    for (const [id, known] of [...this.#known]) {
      if (known.block > to) this.#known.delete(id);
      else if ((known.doneIn ?? 0) > to) this.#known.set(id, { ...known, doneIn: undefined });
    }
  }

  /** Those that wait, or can be executed still. */
  standing(now: bigint): [id: string, operation: Operation][] {
    return [...this.#known].filter(
      ([, { doneIn, schedule }]) => doneIn === undefined && now < schedule + EXPIRATION,
    );
  }
}
