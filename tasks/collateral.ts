import { task } from "hardhat/config";
import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";

import { optional, sending } from "./lib/arguments.ts";

const ACCOUNT = "The account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";

function position<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>, amount: string) {
  return sending(builder)
    .addOption(optional("book", "The book of the position: its id, or MARKET@2026-12-25"))
    .addOption(optional("amount", amount))
    .addOption(optional("account", ACCOUNT));
}

/** `collateral:deposit` */
export const collateralDeposit = position(
  task(
    "collateral:deposit",
    "Pays tokens of --from into a position of any account; account:deposit pays into free cash",
  ),
  "How much, in tokens",
)
  .setAction(() => import("./actions/collateral-deposit.ts"))
  .build();

/** `collateral:allocate` */
export const collateralAllocate = position(
  task("collateral:allocate", "Moves free cash of an account into one of its positions"),
  "How much, in tokens",
)
  .setAction(() => import("./actions/collateral-allocate.ts"))
  .build();

/** `collateral:free` */
export const collateralFree = position(
  task("collateral:free", "Moves collateral that no leg needs back to free cash"),
  "How much, in tokens; default: all that no leg needs",
)
  .setAction(() => import("./actions/collateral-free.ts"))
  .build();
