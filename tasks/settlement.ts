import { task } from "hardhat/config";

import { optional, sending } from "./lib/arguments.ts";

const BOOK = "The book: its id, or MARKET@2026-12-25";

/** `book:fix` */
export const bookFix = sending(
  task(
    "book:fix",
    "Fixes the price of an expired book: finds the proof in its Chainlink feed; anyone may",
  ),
)
  .addOption(optional("book", BOOK))
  .addOption(optional("proof", "Proof in hex, 0x for none; default: the rounds of the feed"))
  .setAction(() => import("./actions/book-fix.ts"))
  .build();

/** `settle` */
export const settle = sending(
  task(
    "settle",
    "Turns the positions of a fixed book into payouts, those of all accounts; anyone may",
  ),
)
  .addOption(optional("book", BOOK))
  .addOption(optional("accounts", "Accounts, with commas between; default: all that events name"))
  .addOption({ name: "chunk", description: "Accounts a transaction", defaultValue: "100" })
  .setAction(() => import("./actions/settle.ts"))
  .build();

/** `claim` */
export const claim = sending(
  task("claim", "Claims payouts of an account, and says what else is to be done until it is paid"),
)
  .addOption(
    optional(
      "account",
      "The account: address[:sub], :sub, or INDEX[:sub]; default: that of --from",
    ),
  )
  .addOption(
    optional("books", "Books to claim, with commas between; default: all that are settled"),
  )
  .addFlag({ name: "toWallet", description: "Pay to the owner's wallet, not into free cash" })
  .setAction(() => import("./actions/claim.ts"))
  .build();

/** `redeem` */
export const redeem = sending(
  task("redeem", "Pays out packages of --from at their books' settlement prices"),
)
  .addOption(optional("package", "Id of the package; default: all whose books are fixed"))
  .addOption(optional("amount", "How many; default: all that --from holds"))
  .addOption(optional("to", "The receiver, an address or INDEX of the network; default: --from"))
  .setAction(() => import("./actions/redeem.ts"))
  .build();
