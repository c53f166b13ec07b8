import type { SettlementOracle } from "../oracle/interface.ts";
import type { Address } from "../types.ts";
import type { Token } from "./tokens.ts";

/** The functions of the ledger that the access manager restricts. */
export type RestrictedFunction = "list" | "retire" | "setTreasury";

/** Who may call each restricted function. */
export type Authority = Record<RestrictedFunction, Set<Address>>;

/** Everything outside the ledger that it meets. Its owner may change it between calls. */
export interface World {
  /** Addresses with code. */
  readonly code: Set<Address>;
  /** Tokens by address. */
  readonly tokens: Map<Address, Token>;
  /** Settlement oracles by address. */
  readonly oracles: Map<Address, SettlementOracle>;
  /** What the access manager says. */
  readonly authority: Authority;
}

/** An empty world: no code, no tokens, no oracles, nobody authorised. */
export function emptyWorld(): World {
  return {
    code: new Set(),
    tokens: new Map(),
    oracles: new Map(),
    authority: { list: new Set(), retire: new Set(), setTreasury: new Set() },
  };
}
