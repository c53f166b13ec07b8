/**
 * Sets of signers as the sources with signers name them: bit i of a bitmap for the signer i.
 *
 * @module
 */
import { getAddress } from "ethers";

/** What a signer said, as far as choosing among statements goes. */
export interface Statement {
  /** Address of the signer. */
  readonly signer: string;
  /** When, in the unit of the source. */
  readonly time: bigint;
  /** What. */
  readonly price: bigint;
}

/** A statement names a signer that the source does not have, or one twice, or not all are of one time. */
export class StatementsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StatementsError";
  }
}

/**
 * Puts statements into the order of the bits.
 *
 * @param signers - The source's signers, as its `signers()` answers.
 * @param statements - One of each signer, in any order, all of one time.
 * @returns The bitmap of their signers, and the statements, lowest bit first.
 * @throws {@link StatementsError} if a signer is unknown or comes twice, or if the times differ.
 */
export function ordered<T extends Omit<Statement, "price">>(
  signers: readonly string[],
  statements: readonly T[],
): { bitmap: bigint; statements: T[] } {
  const places = new Map(signers.map((signer, index) => [getAddress(signer), index]));
  const byIndex = new Map<number, T>();
  for (const statement of statements) {
    const index = places.get(getAddress(statement.signer));
    if (index === undefined) throw new StatementsError(`${statement.signer} is no signer.`);
    if (byIndex.has(index)) throw new StatementsError(`${statement.signer} comes twice.`);
    byIndex.set(index, statement);
  }
  const times = new Set(statements.map(({ time }) => time));
  if (times.size > 1) throw new StatementsError(`Times differ: ${[...times].join(", ")}.`);
  const sorted = [...byIndex].sort(([a], [b]) => a - b);
  return {
    bitmap: sorted.reduce((bits, [index]) => bits | (1n << BigInt(index)), 0n),
    statements: sorted.map(([, statement]) => statement),
  };
}

/**
 * Picks the best set out of all statements that came in: the newest time for which enough signers said something, and
 * all of them. Of a signer that said two things for one time it takes the lower price.
 *
 * @param signers - Whose statements count: the source's signers, without removed ones.
 * @param statements - Any, in any order; those of other signers are left out.
 * @param quorum - Fewest signers that make a value.
 * @param time - Only this time, if given.
 * @returns One statement a signer, all of one time; undefined if no time has enough.
 */
export function newestSet<T extends Statement>(
  signers: readonly string[],
  statements: readonly T[],
  quorum: number,
  time?: bigint,
): T[] | undefined {
  const known = new Set(signers.map((signer) => getAddress(signer)));
  const byTime = new Map<bigint, Map<string, T>>();
  for (const statement of statements) {
    const signer = getAddress(statement.signer);
    if (!known.has(signer) || (time !== undefined && statement.time !== time)) continue;
    const said = byTime.get(statement.time) ?? new Map<string, T>();
    byTime.set(statement.time, said);
    const before = said.get(signer);
    if (before === undefined || statement.price < before.price) said.set(signer, statement);
  }
  const times = [...byTime.keys()].sort((a, b) => (a < b ? 1 : -1));
  for (const candidate of times) {
    const said = byTime.get(candidate);
    if (said !== undefined && said.size >= quorum) return [...said.values()];
  }
  return undefined;
}
