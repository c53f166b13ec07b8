import { Refusal } from "../../errors.ts";
import { setEntry, undoAll } from "../../undo.ts";
import type { Undo } from "../../undo.ts";
import type { OracleOutcome } from "../chainlink.ts";
import type { MultiOracleEvent } from "./events.ts";

/** How a call of the hub or of its fixings ends. */
export type MultiOutcome<T> = OracleOutcome<T, MultiOracleEvent>;

/** An event of any contract. */
interface Emitted {
  readonly name: string;
  readonly args: object;
}

/** What a call has done so far: all of it is taken back where the call is refused. */
export class Transaction<E extends Emitted = MultiOracleEvent> {
  /** In the order of their emission. */
  readonly events: E[] = [];
  readonly #undos: Undo[] = [];

  /** Writes an entry of a map. */
  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.#undos.push(setEntry(map, key, value));
  }

  emit<N extends E["name"]>(name: N, args: Extract<E, { readonly name: N }>["args"]): void {
    // The compiler cannot see that a name and the fields looked up by it belong together.
    this.events.push({ name, args } as unknown as E);
  }

  /** Takes every write back. */
  revert(): void {
    undoAll(this.#undos);
  }
}

/** Runs a call: it happens whole or not at all. */
export function transact<T, E extends Emitted = MultiOracleEvent>(
  call: (tx: Transaction<E>) => T,
): OracleOutcome<T, E> {
  const tx = new Transaction<E>();
  try {
    const returned = call(tx);
    return { ok: true, returned, events: tx.events };
  } catch (thrown) {
    tx.revert();
    if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
    throw thrown;
  }
}
