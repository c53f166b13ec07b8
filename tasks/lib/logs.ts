import type { Session } from "./session.ts";

/** Finds events between two blocks, both included. */
export type Query<Found> = (from: number, to: number) => Promise<Found[]>;

const FEWEST_BLOCKS = 8;

/**
 * Events since the ledger was created. Nodes bound the blocks, or the answers, of one query, each in its own way: one
 * that is refused is asked again in halves.
 */
export async function eventsSince<Found>(session: Session, query: Query<Found>): Promise<Found[]> {
  return between(query, session.fromBlock, await session.provider.getBlockNumber());
}

/** Events between two blocks, both included, in the order of their blocks; asked for in pieces like those above. */
export async function between<Found>(
  query: Query<Found>,
  from: number,
  to: number,
): Promise<Found[]> {
  if (to < from) return [];
  try {
    return await query(from, to);
  } catch (error) {
    if (to - from < FEWEST_BLOCKS) throw error;
    const middle = Math.floor((from + to) / 2);
    const earlier = await between(query, from, middle);
    return [...earlier, ...(await between(query, middle + 1, to))];
  }
}
