import { task } from "hardhat/config";

import { optional, sending } from "./lib/arguments.ts";

/** `local:round` */
export const localRound = sending(
  task(
    "local:round",
    "On a local node: moves its clock and publishes a round of a market's feed, which anyone may write there",
  ),
)
  .addOption(
    optional("market", "The market: its number in market:list, or 0x and its first digits"),
  )
  .addOption(optional("price", "The price, as in 2350.5"))
  .addOption(
    optional("time", "When: 2026-12-25T07:59Z, unix seconds, or +2h; default: the next second"),
  )
  .setAction(() => import("./actions/local-round.ts"))
  .build();
