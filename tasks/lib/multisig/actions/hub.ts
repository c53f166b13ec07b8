import { parseAddress } from "../../accounts.ts";
import { ABIS, callOf } from "../calls.ts";
import type { Action } from "./types.ts";

const FEED = "its name in the hub, as in ETH-USD, or 32 bytes in hex";
const BYTE = 255n;
const SHORT = 65_535n;

/** What a Safe does at the hub of prices. */
export const HUB_ACTIONS: Readonly<Record<string, Action>> = {
  "create-feed": {
    what: "makes a feed of sources",
    takes: {
      feed: FEED,
      base: "what is priced, as in ETH",
      quote: "what it is priced in, as in USD",
      "priceExp?": "power of ten of the underlying that a price unit refers to; 0",
      quorum: "votes without which the spot is degraded",
      dailyVol: "volatility of a day in bps",
      sources: "addresses of the adapters, spaces between",
    },
    guarded: true,
    call: async ({ governed }, given) => {
      const values = [
        given.feed("feed"),
        given.feed("base"),
        given.feed("quote"),
        given.has("priceExp") ? given.whole("priceExp", "a power of ten", 0n, BYTE) : 0n,
        given.whole("quorum", "a number of votes", 1n, BYTE),
        given.whole("dailyVol", "bps", 0n, SHORT),
        given
          .texts("sources", "addresses, spaces between")
          .map((address) => parseAddress(given.name("sources"), address)),
      ];
      return callOf(await governed.need("hub"), ABIS.hub, "createFeed", values);
    },
  },
  "add-source": {
    what: "adds a source to a feed, in shadow",
    takes: { feed: FEED, source: "address of the adapter" },
    guarded: true,
    call: async ({ governed }, given) => {
      const values = [given.feed("feed"), given.address("source", "address of the adapter")];
      return callOf(await governed.need("hub"), ABIS.hub, "addSource", values);
    },
  },
  "disable-source": {
    what: "takes a source out of a feed, for ever",
    takes: { feed: FEED, index: "the source's index in oracle:status" },
    guarded: true,
    call: async ({ governed }, given) => {
      const feed = given.feed("feed");
      const index = given.whole("index", "the source's index in oracle:status", 0n, BYTE);
      return callOf(await governed.need("hub"), ABIS.hub, "disable", [feed, index]);
    },
  },
};
