import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { allMarkets, isInverse, shortMarket } from "../lib/markets.ts";
import type { Market } from "../lib/markets.ts";
import { levelText, marketJson } from "../lib/marketReport.ts";
import { table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { formatDecimal, formatPrice } from "../lib/decimals.ts";

const NONE = "No market is listed on this ledger: its lister lists one with list(terms).";

export default (args: CommonArguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const markets = await allMarkets(session);
    return {
      json: { markets: markets.map(marketJson) },
      text: markets.length === 0 ? NONE : table(COLUMNS, markets.map(row)),
    };
  });

const COLUMNS = [
  ">#",
  "market",
  "style",
  "token",
  ">strike tick",
  ">fee a lot",
  ">ceiling",
  "state",
];

function row({ number, market, view, token }: Market): string[] {
  const { terms } = view;
  return [
    String(number),
    shortMarket(market),
    isInverse(terms) ? "inverse" : "linear",
    token.symbol,
    formatPrice(terms.strikeTick),
    formatDecimal(terms.feePerLot, token.decimals),
    formatDecimal(view.ceiling, token.decimals),
    levelText(view),
  ];
}
