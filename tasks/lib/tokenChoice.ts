import { isAddress } from "ethers";

import { parseAddress } from "./accounts.ts";
import { listedMarkets, withViews } from "./markets.ts";
import type { Session } from "./session.ts";
import { tokenAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { required, UsageError } from "./usage.ts";

/** Tokens of the markets of the ledger, each once. */
export async function marketTokens(session: Session): Promise<Token[]> {
  const markets = await withViews(session, await listedMarkets(session));
  return [...new Map(markets.map(({ token }) => [token.address, token])).values()];
}

/** The token that `--token` means. */
export async function tokenBy(session: Session, option: string | undefined): Promise<Token> {
  const text = required("--token", option, "write its address, or the symbol of a market's token");
  if (isAddress(text.trim())) return tokenAt(session, parseAddress("--token", text));
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
