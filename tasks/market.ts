import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";

/** `market:list` */
export const marketList = common(
  task("market:list", "Lists the markets of the ledger, with their state now"),
)
  .setAction(() => import("./actions/market-list.ts"))
  .build();

/** `market:show` */
export const marketShow = common(
  task("market:show", "Shows a market: its state, and its terms, which never change"),
)
  .addOption(
    optional("market", "The market: its number in market:list, or 0x and its first digits"),
  )
  .setAction(() => import("./actions/market-show.ts"))
  .build();

/** `market:add` */
export const marketAdd = sending(
  task("market:add", "Lists a market; --from needs the role that the access manager asks for"),
)
  .addOption(optional("terms", "JSON file with the terms, as market:show --json prints them"))
  .setAction(() => import("./actions/market-add.ts"))
  .build();
