import { ModelFault, stateRoot } from "@certus/model";

import type { Place } from "../lib/ledger-places.ts";
import { oracleWords } from "../lib/ledger-storage.ts";
import { compareWords } from "./compare.ts";
import type { Difference } from "./compare.ts";
import { HistoryFault } from "./errors.ts";
import { addressText } from "./node.ts";
import type { BlockRef, ChainNode } from "./node.ts";
import type { Protocol } from "./protocol.ts";
import type { Replica } from "./replica.ts";
import type { Comparison, Counts } from "./report.ts";
import { pricesApart, shortfalls, tokenTotals } from "./solvency.ts";

/** What is compared with what. */
export interface Compared {
  readonly node: ChainNode;
  readonly protocol: Protocol;
  /** Address of the ledger. */
  readonly ledger: string;
  readonly replica: Replica;
  /** The block that the replica stands at. */
  readonly block: BlockRef;
}

/** Compares all that the model says with the chain. Throws a `HistoryFault` if it says what no words hold. */
export async function compareAll(
  { node, protocol, ledger, replica, block }: Compared,
  progress: (done: number, all: number) => void,
): Promise<Comparison> {
  const { now } = replica;
  const { expectations, oracleSlots } = protocol;
  const { root, contracts } = sensible(() => ({
    root: stateRoot(now.state),
    contracts: [
      { contract: ledger, expected: expectations.ofLedger(replica) },
      ...[...now.fixings].map(([oracle, fixings]) => ({
        contract: addressText(oracle),
        expected: oracleWords({ fixings }, oracleSlots),
      })),
    ],
  }));
  const words = contracts.reduce((sum, { expected }) => sum + expected.length, 0);
  const differences: Difference[] = [];
  let before = 0;
  for (const { contract, expected } of contracts) {
    const told = (done: number): void => progress(before + done, words);
    differences.push(...(await compareWords(node, contract, expected, block, told)));
    before += expected.length;
  }
  const tokens = await tokenTotals(node, now.state, block);
  differences.push(...shortfalls(tokens), ...pricesApart(now));
  return { root, words, differences, counts: countsOf(replica), tokens };
}

/** Compares some places of the ledger, by their names, with the chain. */
export async function comparePlaces(
  { node, protocol, ledger, replica, block }: Compared,
  places: ReadonlyMap<string, Place>,
): Promise<Pick<Comparison, "words" | "differences">> {
  const expected = sensible(() => protocol.expectations.ofPlaces(replica, places));
  const differences = await compareWords(node, ledger, expected, block, () => {});
  return { words: expected.length, differences };
}

/** A state that no words hold is no state: the events are at fault. */
function sensible<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    throw new HistoryFault(`what they lead to is no state: ${error.message}`);
  }
}

function countsOf({ now: { state, fixings } }: Replica): Counts {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const accounts = [...state.accounts.values()];
  const holders = [...state.holders.values()];
  return {
    markets: state.markets.size,
    books: state.books.size,
    accounts: accounts.length,
    positions: sum(accounts.map(({ positions }) => positions.size)),
    packages: new Set(holders.flatMap(({ balances }) => [...balances.keys()])).size,
    fixings: sum([...fixings.values()].map(({ size }) => size)),
  };
}
