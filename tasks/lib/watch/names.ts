import { getAddress } from "ethers";
import type { State } from "@certus/model";

import { shortMarket } from "../markets.ts";
import type { Session } from "../session.ts";
import { idOf } from "../shapes.ts";
import { amountOf, amountText, tokenAt } from "../tokens.ts";
import type { Amount, Token } from "../tokens.ts";

/** How rules call what they speak of. */
export interface Names {
  /** A token, which has been learnt. */
  token(address: bigint): Token;
  /** A market: `1 (0x1a2b3c4d)`. */
  market(market: bigint): string;
}

/** An address, checksummed. */
export function addressName(address: bigint): string {
  return getAddress(`0x${address.toString(16).padStart(40, "0")}`);
}

/** A market for a document. */
export function marketName(names: Names, market: bigint): { market: string; name: string } {
  return { market: idOf(market), name: names.market(market) };
}

/** An amount for a document. */
export function amountName(names: Names, token: bigint, base: bigint): Amount {
  return amountOf(names.token(token), base);
}

/** An amount for a sentence. */
export function amountSaid(names: Names, token: bigint, base: bigint): string {
  return amountText(names.token(token), base);
}

/** A share for documents and sentences, in per cent. */
export function percent(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 10_000n) / whole) / 100;
}

/** Names of a ledger: tokens are asked for once, markets are numbered as they were listed. */
export class LedgerNames implements Names {
  readonly #session: Session;
  readonly #state: () => State;
  readonly #tokens = new Map<bigint, Token>();

  constructor(session: Session, state: () => State) {
    this.#session = session;
    this.#state = state;
  }

  /** Asks for the tokens that are not known yet. */
  async learn(): Promise<void> {
    const { markets, held } = this.#state();
    const terms = [...markets.values()].map((market) => market.terms.token);
    for (const token of new Set([...terms, ...held.keys()])) {
      if (this.#tokens.has(token)) continue;
      this.#tokens.set(token, await tokenAt(this.#session, addressName(token)));
    }
  }

  token(address: bigint): Token {
    const known = this.#tokens.get(address);
    const name = addressName(address);
    return known ?? { address: name, symbol: `${name.slice(0, 8)}…`, decimals: 0 };
  }

  market(market: bigint): string {
    const number = this.#state().listed.indexOf(market) + 1;
    return number === 0 ? shortMarket(market) : `${number} (${shortMarket(market)})`;
  }
}
