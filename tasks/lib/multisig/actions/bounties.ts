import { parseAmount } from "../../decimals.ts";
import { marketBy } from "../../markets.ts";
import { ABIS, callOf } from "../calls.ts";
import { MARKET } from "./ledger.ts";
import type { Action } from "./types.ts";

const AMOUNT = "whole tokens of the market";

/** What a Safe does at the bounties for prices. */
export const BOUNTY_ACTIONS: Readonly<Record<string, Action>> = {
  "set-bounty": {
    what: "sets what a market pays for each point of a price that was brought",
    takes: { market: MARKET, perPoint: AMOUNT },
    guarded: true,
    call: async ({ session, governed }, given) => {
      const text = given.text("market", MARKET);
      const { market, token } = await marketBy(session, given.name("market"), text);
      const amount = given.text("perPoint", AMOUNT);
      const perPoint = parseAmount(given.name("perPoint"), amount, token.decimals);
      return callOf(await governed.need("bounties"), ABIS.bounties, "setBounty", [
        market,
        perPoint,
      ]);
    },
  },
};
