import { findMarket } from "@certus/model";
import type { MarketId, State, Terms } from "@certus/model";

import type { LaidOut, LaidOutType, StorageLayout } from "../lib/artifacts.ts";
import { hex } from "../lib/ledger-storage.ts";
import type { Expected, LedgerStorage } from "../lib/ledger-storage.ts";
import type { WordFields } from "../lib/word-fields.ts";

/** A word of a market's terms: what is packed into it, by the compiler's layout. */
interface TermsWord {
  /** Counted from the first word of the market. */
  readonly slot: bigint;
  readonly names: readonly (keyof Terms)[];
  readonly fields: WordFields;
}

function typeOf(layout: StorageLayout, key: string | undefined): LaidOutType {
  const found = layout.types?.[key ?? ""];
  if (found === undefined) throw new Error(`the storage layout has no type ${key}`);
  return found;
}

function memberOf(type: LaidOutType, label: string): LaidOut {
  const found = type.members?.find((member) => member.label === label);
  if (found === undefined) throw new Error(`${type.label} has no member ${label}`);
  return found;
}

/** Where the terms of markets stand, and what the model says must stand there. */
export class TermsStorage {
  readonly #storage: LedgerStorage;
  readonly #words: readonly TermsWord[];

  constructor(storage: LedgerStorage, layout: StorageLayout) {
    this.#storage = storage;
    const markets = layout.storage.find(({ label }) => label === "_markets");
    const market = typeOf(layout, typeOf(layout, markets?.type).value);
    const terms = memberOf(market, "terms");
    const slots = new Map<bigint, [name: keyof Terms, bits: bigint][]>();
    for (const { label, slot, type } of typeOf(layout, terms.type).members ?? []) {
      const at = BigInt(terms.slot) + BigInt(slot);
      const bits = BigInt(typeOf(layout, type).numberOfBytes) * 8n;
      // The members of a word stand in the layout as they do in the word: from its low end, without a gap.
      slots.set(at, [...(slots.get(at) ?? []), [label as keyof Terms, bits]]);
    }
    this.#words = [...slots].map(([slot, fields]) => ({
      slot,
      names: fields.map(([name]) => name),
      fields,
    }));
  }

  /** The words of a market's terms. */
  expected(state: State, market: MarketId): readonly Expected[] {
    const terms = findMarket(state, market)?.terms;
    const base = this.#storage.marketSlot(market);
    return this.#words.map(({ slot, names, fields }) => {
      let [word, shift] = [0n, 0n];
      for (const [index, [, bits]] of fields.entries()) {
        const name = names[index];
        word |= (name && terms ? terms[name] : 0n) << shift;
        shift += bits;
      }
      return { slot: base + slot, word, what: () => `market ${hex(market)}: terms`, fields };
    });
  }
}
