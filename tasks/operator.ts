import { task } from "hardhat/config";

import { acting, optional, sending } from "./lib/arguments.ts";

const ACCOUNT = "The account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";

/** `operator:set` */
export const operatorSet = sending(
  task("operator:set", "Lets somebody act for an account of --from, or takes that back"),
)
  .addOption(optional("operator", "Who may act: an address, or INDEX of the network"))
  .addOption(
    optional(
      "scopes",
      "trade (sign, fill, cancel), manage (collateral, packages, claims), trade,manage, or none",
    ),
  )
  .addOption(optional("until", "When it ends: +30d, 2026-12-25T08:00Z or unix seconds"))
  .addOption(optional("account", ACCOUNT))
  .setAction(() => import("./actions/operator-set.ts"))
  .build();

/** `operator:show` */
export const operatorShow = acting(
  task("operator:show", "Shows who may act for an account, what, and until when"),
)
  .addOption(optional("account", ACCOUNT))
  .addOption(optional("operator", "Only this one: an address, or INDEX of the network"))
  .setAction(() => import("./actions/operator-show.ts"))
  .build();
