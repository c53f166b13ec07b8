import { Contract, Interface } from "ethers";
import type { ContractRunner } from "ethers";

import { formatDecimal } from "./decimals.ts";
import type { Session } from "./session.ts";

/** An ERC-20, as far as people see it. */
export interface Token {
  readonly address: string;
  readonly symbol: string;
  readonly decimals: number;
}

/** An amount, exactly and as people read it. */
export interface Amount {
  /** Base units. */
  readonly base: bigint;
  /** In whole tokens. */
  readonly amount: string;
  readonly symbol: string;
}

const CALLS = new Interface([
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

/** The contract of a token. */
export function tokenContract(address: string, runner: ContractRunner): Contract {
  return new Contract(address, CALLS, runner);
}

/** A token by its address. One without symbol is called by its address; one without decimals has none. */
export async function tokenAt(session: Session, address: string): Promise<Token> {
  const contract = tokenContract(address, session.provider);
  const [symbol, decimals] = await Promise.all([
    contract
      .getFunction("symbol")()
      .then(String, () => `${address.slice(0, 8)}…`),
    contract
      .getFunction("decimals")()
      .then(Number, () => 0),
  ]);
  return { address, symbol, decimals };
}

/** Tokens by their addresses, each asked once. */
export async function tokensAt(
  session: Session,
  addresses: Iterable<string>,
): Promise<Map<string, Token>> {
  const found = await Promise.all(
    [...new Set(addresses)].map((address) => tokenAt(session, address)),
  );
  return new Map(found.map((token) => [token.address, token]));
}

/** A wallet's balance. */
export async function walletBalance(
  session: Session,
  token: Token,
  owner: string,
): Promise<bigint> {
  return BigInt(
    String(await tokenContract(token.address, session.provider).getFunction("balanceOf")(owner)),
  );
}

/** An amount for a document. */
export function amountOf({ symbol, decimals }: Token, base: bigint): Amount {
  return { base, amount: formatDecimal(base, decimals), symbol };
}

/** An amount for a table: `12.5 USDC`. */
export function amountText({ symbol, decimals }: Token, base: bigint): string {
  return `${formatDecimal(base, decimals)} ${symbol}`;
}
