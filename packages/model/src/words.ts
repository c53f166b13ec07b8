import { packLeg } from "./ids.ts";
import { bit, pack } from "./packing.ts";
import type { Account, Book, Market, Nonce, Operator, Position } from "./state.ts";

/** Header of a position: collateral 112, flags 8, count 8, leg 0 128. */
export function headerWord(position: Position): bigint {
  const first = position.legs[0];
  return pack([
    [position.collateral, 112n],
    [bit(position.settled), 8n],
    [BigInt(position.legs.length), 8n],
    [first === undefined ? 0n : packLeg(first), 128n],
  ]);
}

/** Leg slots of a position that are in use: slot j holds leg 2j + 1 and above it leg 2j + 2. */
export function legSlotWords(position: Position): readonly bigint[] {
  const packed = position.legs.map(packLeg);
  const words: bigint[] = [];
  for (let leg = 1; leg < packed.length; leg += 2) {
    words.push(
      pack([
        [packed[leg] ?? 0n, 128n],
        [packed[leg + 1] ?? 0n, 128n],
      ]),
    );
  }
  return words;
}

/** Book: pool 112, fees 80, settlement price 63, open 1. */
export function bookWord(book: Book): bigint {
  return pack([
    [book.pool, 112n],
    [book.fees, 80n],
    [book.price, 63n],
    [1n, 1n],
  ]);
}

/** Market scale: num 64, den 64, feePerLot 64, strikeTick 63, inverse 1. */
export function scaleWord({ terms, scale }: Market): bigint {
  return pack([
    [scale.num, 64n],
    [scale.den, 64n],
    [terms.feePerLot, 64n],
    [terms.strikeTick, 63n],
    [bit(scale.inverse), 1n],
  ]);
}

/** Market guard: ceiling 112, until 40, older halt 40, newer halt 40, level 2, lastTrade 17, retired 1, listed 1. */
export function guardWord({ terms, guard }: Market): bigint {
  return pack([
    [guard.ceiling, 112n],
    [guard.until, 40n],
    [guard.olderHalt, 40n],
    [guard.newerHalt, 40n],
    [guard.level, 2n],
    [terms.lastTrade, 17n],
    [bit(guard.retired), 1n],
    [1n, 1n],
  ]);
}

/** Operator: scopes 8, until 40, since 40. */
export function operatorWord(operator: Operator): bigint {
  return pack([
    [operator.scopes, 8n],
    [operator.until, 40n],
    [operator.since, 40n],
  ]);
}

const NONCE_BITS: { readonly [S in Nonce["state"]]: bigint } = {
  partial: 1n,
  cancelled: 2n,
  filled: 3n,
};

/** Words of nonces that are not zero, by index; 128 nonces a word, 2 bits each: 0 unused, 1 partial, 2 cancelled, 3 filled. */
export function noncesWords(account: Account | undefined): ReadonlyMap<bigint, bigint> {
  const words = new Map<bigint, bigint>();
  for (const [nonce, { state }] of account?.nonces ?? []) {
    const index = nonce >> 7n;
    words.set(index, (words.get(index) ?? 0n) | (NONCE_BITS[state] << (2n * (nonce & 127n))));
  }
  return words;
}

/** The word of 128 nonces with an index. */
export function noncesWord(account: Account | undefined, index: bigint): bigint {
  return noncesWords(account).get(index) ?? 0n;
}

/** Slot of a partial order: filled units 64, top 192 bits of the order hash above; 0 for any other nonce. */
export function partialWord(nonce: Nonce | undefined): bigint {
  if (nonce?.state !== "partial") return 0n;
  return pack([
    [nonce.filled, 64n],
    [nonce.hashTop, 192n],
  ]);
}
