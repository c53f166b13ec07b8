import { marketBy } from "../../markets.ts";
import { readText } from "../../files.ts";
import { parseTerms, termsFields, tokenField } from "../../termsFile.ts";
import { erc20 } from "../../tokenChoice.ts";
import { ABIS, callOf } from "../calls.ts";
import type { Call } from "../calls.ts";
import type { Given } from "../given.ts";
import type { Action, Place } from "./types.ts";

/** How a market is named. */
export const MARKET = "its number in market:list, or 0x and its first digits";

/** Key of the market that is given. */
export async function marketIn({ session }: Place, given: Given): Promise<bigint> {
  const text = given.text("market", MARKET);
  return (await marketBy(session, given.name("market"), text)).market;
}

function onLedger({ session }: Place, name: string, values: readonly unknown[]): Call {
  return callOf(session.ledgerAddress, ABIS.ledger, name, values);
}

/** What a Safe does at the ledger. */
export const LEDGER_ACTIONS: Readonly<Record<string, Action>> = {
  list: {
    what: "lists a market",
    takes: { terms: "JSON file with the terms, as market:add takes it" },
    guarded: true,
    call: async (desk, given) => {
      const { session } = desk;
      const path = given.text("terms", "name a JSON file of terms");
      const fields = termsFields(path, await readText(given.name("terms"), path));
      const token = await erc20(session, `${path}, token`, tokenField(path, fields));
      return onLedger(desk, "list", [parseTerms(path, fields, token.decimals, session.now)]);
    },
  },
  retire: {
    what: "retires a market: no new risk in it, for ever",
    takes: { market: MARKET },
    guarded: true,
    call: async (desk, given) => onLedger(desk, "retire", [await marketIn(desk, given)]),
  },
  "set-treasury": {
    what: "names who receives the fees",
    takes: { treasury: "its address" },
    guarded: true,
    call: async (desk, given) =>
      onLedger(desk, "setTreasury", [given.address("treasury", "write its address")]),
  },
};
