import { task } from "hardhat/config";

import { acting, optional, sending } from "./lib/arguments.ts";

const ACCOUNT = "The account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";
const TOKEN = "The token: its address, or its symbol if a market has it";

/** `account:show` */
export const accountShow = acting(
  task(
    "account:show",
    "Shows an account: free cash, positions with legs and worst case, what is claimable, and its owner's packages",
  ),
)
  .addOption(optional("account", ACCOUNT))
  .addOption(optional("books", "Books to show, with commas between; default: all of its events"))
  .setAction(() => import("./actions/account-show.ts"))
  .build();

/** `account:deposit` */
export const accountDeposit = sending(
  task("account:deposit", "Pays tokens of --from into an account's free cash; approves them first"),
)
  .addOption(optional("token", TOKEN))
  .addOption(optional("amount", "How much, in tokens"))
  .addOption(optional("account", ACCOUNT))
  .setAction(() => import("./actions/account-deposit.ts"))
  .build();

/** `account:withdraw` */
export const accountWithdraw = sending(
  task("account:withdraw", "Sends free cash of an account to its owner, or to another address"),
)
  .addOption(optional("token", TOKEN))
  .addOption(optional("amount", "How much, in tokens; default: all of it"))
  .addOption(optional("to", "The receiver, an address or INDEX of the network; default: the owner"))
  .addOption(optional("account", ACCOUNT))
  .setAction(() => import("./actions/account-withdraw.ts"))
  .build();
