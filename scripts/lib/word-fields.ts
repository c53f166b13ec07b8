/** Names and widths in bits of what is packed into a word, low bits first. */
export type WordFields = readonly (readonly [name: string, bits: bigint])[];

/** The packed words of the ledger and of the oracle, as docs/protocol.md and docs/oracle-single-feed.md have them. */
export const WORDS = {
  header: [
    ["collateral", 112n],
    ["flags", 8n],
    ["count", 8n],
    ["leg 0", 128n],
  ],
  legSlot: [
    ["lower leg", 128n],
    ["upper leg", 128n],
  ],
  book: [
    ["pool", 112n],
    ["fees", 80n],
    ["settlement price", 63n],
    ["open", 1n],
  ],
  scale: [
    ["num", 64n],
    ["den", 64n],
    ["feePerLot", 64n],
    ["strikeTick", 63n],
    ["inverse", 1n],
  ],
  guard: [
    ["ceiling", 112n],
    ["until", 40n],
    ["older halt", 40n],
    ["newer halt", 40n],
    ["level", 2n],
    ["lastTrade", 17n],
    ["retired", 1n],
    ["listed", 1n],
  ],
  operator: [
    ["scopes", 8n],
    ["until", 40n],
    ["since", 40n],
  ],
  partial: [
    ["filled units", 64n],
    ["order hash", 192n],
  ],
  fixing: [
    ["price", 64n],
    ["mark", 64n],
    ["mark time", 40n],
    ["decimals", 8n],
    ["phase", 16n],
    ["step", 8n],
  ],
} as const satisfies Readonly<Record<string, WordFields>>;

/** One field of a word. */
export interface WordField {
  readonly name: string;
  readonly value: bigint;
}

/** A word taken apart; what stands above the last field comes as one more, "above". */
export function takeApart(word: bigint, fields: WordFields): readonly WordField[] {
  let rest = word;
  const taken = fields.map(([name, bits]) => {
    const value = BigInt.asUintN(Number(bits), rest);
    rest >>= bits;
    return { name, value };
  });
  return rest === 0n ? taken : [...taken, { name: "above", value: rest }];
}
