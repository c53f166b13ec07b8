import { bookText, phaseOf } from "./books.ts";
import type { Phase } from "./books.ts";
import { parseWhole } from "./decimals.ts";
import { packedLegsText } from "./legs.ts";
import { eventsSince } from "./logs.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { UsageError } from "./usage.ts";

/** Packages of one kind in somebody's wallet. */
export interface Held {
  readonly id: bigint;
  readonly book: bigint;
  /** Legs of one package, packed. */
  readonly legs: readonly bigint[];
  readonly amount: bigint;
  readonly phase: Phase;
}

/** Packages that somebody holds: of all that were ever made, as only whoever made one has told its legs. */
export async function packagesOf(session: Session, holder: string): Promise<Held[]> {
  const { ledger, lens } = session;
  const events = await eventsSince(session, (from, to) =>
    ledger.queryFilter(ledger.filters.Wrapped(), from, to),
  );
  const kinds = [...new Map(events.map(({ args }) => [args.id, args])).values()];
  const amounts = await Promise.all(kinds.map(({ id }) => ledger.balanceOf(holder, id)));
  const held = kinds.flatMap(({ id, book, legs }, i) => {
    const amount = amounts[i] ?? 0n;
    return amount === 0n ? [] : [{ id, book, legs: [...legs], amount }];
  });
  if (held.length === 0) return [];
  const views = await lens.booksOf(held.map(({ book }) => book));
  return held.flatMap((one, i) => {
    const view = views[i];
    return view === undefined ? [] : [{ ...one, phase: phaseOf(view) }];
  });
}

/** The packages of a holder that an id means. */
export async function heldBy(session: Session, holder: string, text: string): Promise<Held> {
  const id = parseWhole("--package", text, 0n, (1n << 256n) - 1n);
  const all = await packagesOf(session, holder);
  const found = all.find((held) => held.id === id);
  if (found !== undefined) return found;
  const ids = all.map((held) => idOf(held.id)).join(", ") || "no package";
  throw new UsageError(`--package: ${holder} holds none of ${text}: it holds ${ids}.`);
}

/** Packages for a document. */
export function heldJson({ id, book, legs, amount, phase }: Held) {
  return {
    package: idOf(id),
    book: idOf(book),
    legs: packedLegsText(legs),
    amount,
    redeemable: phase === "fixed",
  };
}

/** Columns of `heldRow`. */
export const HELD_COLUMNS = ["package", "book (UTC)", "legs", ">amount", "state"];

/** Packages for people. */
export function heldRow({ id, book, legs, amount, phase }: Held): string[] {
  const text = packedLegsText(legs).replaceAll(", ", "\n");
  return [idOf(id), bookText(book), text, String(amount), phase === "fixed" ? "redeem it" : phase];
}
