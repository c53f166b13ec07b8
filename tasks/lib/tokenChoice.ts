import { isAddress } from "ethers";

import { parseAddress } from "./accounts.ts";
import { isContractFault } from "./answers.ts";
import { allMarkets } from "./markets.ts";
import type { Session } from "./session.ts";
import { tokenAt, walletBalance } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { required, UsageError } from "./usage.ts";

/** Tokens of the markets of the ledger, each once. */
export async function marketTokens(session: Session): Promise<Token[]> {
  const markets = await allMarkets(session);
  return [...new Map(markets.map(({ token }) => [token.address, token])).values()];
}

/** The token that `--token` means. */
export async function tokenBy(session: Session, option: string | undefined): Promise<Token> {
  const text = required("--token", option, "write its address, or the symbol of a market's token");
  if (isAddress(text.trim())) return erc20(session, "--token", parseAddress("--token", text));
  const known = await marketTokens(session);
  const wanted = text.trim().toLowerCase();
  const found = known.filter(({ symbol }) => symbol.toLowerCase() === wanted);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const list = (found.length > 1 ? found : known).map(
    ({ symbol, address }) => `${symbol} ${address}`,
  );
  throw new UsageError(
    `--token: ${text} ${found.length > 1 ? "is the symbol of several tokens" : "is the token of no market"}: write an address; markets have ${list.join(", ") || "none"}.`,
  );
}

/** The token at an address that somebody wrote: it must be one. */
export async function erc20(session: Session, name: string, address: string): Promise<Token> {
  const token = await tokenAt(session, address);
  try {
    await walletBalance(session, token, session.ledgerAddress);
    return token;
  } catch (error) {
    if (!isContractFault(error)) throw error;
    throw new UsageError(
      `${name}: ${address} is no token on this chain: it does not answer balanceOf(address).`,
    );
  }
}
