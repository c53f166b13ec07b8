import { task } from "hardhat/config";

import { acting, optional, sending } from "./lib/arguments.ts";

const MAKER = "The maker's account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";
const TAKER = "The taking account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";
const MAX_DRAW =
  "Most that may be drawn from the taker's free cash, in tokens; one a part with ; between";

/** `order:sign` */
export const orderSign = acting(
  task(
    "order:sign",
    "Signs an order, without a transaction: one to four parts, each option of a part with ; between",
  ),
)
  .addOption(optional("book", "The book of each part: its id, or MARKET@2026-12-25"))
  .addOption(
    optional(
      "legs",
      'Legs a unit that the maker receives: "+1 P2800, -2 C3200.5"; a minus in front is written "sell 2 C3200.5"',
    ),
  )
  .addOption(
    optional(
      "premium",
      'What the maker receives a unit, as a price times one lot: 12.5, or "pay 12.5" if the maker pays',
    ),
  )
  .addOption(
    optional(
      "maxDraw",
      "Most that may be drawn from the maker's free cash a unit, in tokens; default: what an empty position needs",
    ),
  )
  .addOption(optional("units", "Size of the order in units"))
  .addOption({ name: "minFill", description: "Smallest fill in units", defaultValue: "1" })
  .addOption({
    name: "deadline",
    description: "Until when it can be filled: +2h, 2026-12-25T08:00Z or unix seconds",
    defaultValue: "+1h",
  })
  .addOption(
    optional("nonce", "Nonce that no other order of the account has; default: a random one"),
  )
  .addOption(
    optional(
      "taker",
      "The only one who may take it, an address or INDEX of the network; default: anyone",
    ),
  )
  .addOption(optional("account", MAKER))
  .addOption(optional("out", "File to write; default: the order is printed"))
  .setAction(() => import("./actions/order-sign.ts"))
  .build();

/** `order:check` */
export const orderCheck = acting(
  task(
    "order:check",
    "Says what a fill of an order would do now, part by part, or why it would not",
  ),
)
  .addOption(optional("order", "File that order:sign wrote"))
  .addOption(optional("units", "Units to fill; default: all that are left"))
  .addOption(
    optional("maxPay", 'Limit as for order:fill; default: none. "receive 3" for at least 3'),
  )
  .addOption(optional("maxDraw", "Limit as for order:fill; default: none"))
  .addOption(optional("account", TAKER))
  .setAction(() => import("./actions/order-check.ts"))
  .build();

/** `order:fill` */
export const orderFill = sending(
  task("order:fill", "Fills an order; or several of one shape in one call, as far as they go"),
)
  .addOption(optional("order", "File that order:sign wrote; several with commas between"))
  .addOption(optional("units", "Units to fill of one order, all or nothing"))
  .addOption(optional("minUnits", "Least units to fill of several orders; default: 1"))
  .addOption(optional("maxUnits", "Most units to fill of several orders"))
  .addOption(
    optional(
      "maxPay",
      'Most that the taker pays in all, fee included, in tokens; "receive 3" for at least 3; one a part with ; between',
    ),
  )
  .addOption(optional("maxDraw", MAX_DRAW))
  .addOption(optional("account", TAKER))
  .setAction(() => import("./actions/order-fill.ts"))
  .build();

/** `order:cancel` */
export const orderCancel = sending(
  task(
    "order:cancel",
    "Cancels orders: by file, by nonce, or all of an account by raising its epoch",
  ),
)
  .addOption(optional("order", "Files that order:sign wrote, with commas between"))
  .addOption(optional("nonces", "Nonces, with commas between"))
  .addFlag({ name: "all", description: "Cancel every order that the account has signed so far" })
  .addOption(optional("account", MAKER))
  .setAction(() => import("./actions/order-cancel.ts"))
  .build();
