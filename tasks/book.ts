import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";

/** `book:list` */
export const bookList = common(
  task(
    "book:list",
    "Lists a market's books: expiries to come, and past ones with their fixings; strikes and open interest",
  ),
)
  .addOption(optional("market", "The market: its number or 0x and its first digits; default: all"))
  .addOption({
    name: "upcoming",
    description: "How many expiries to come, opened or not",
    defaultValue: "4",
  })
  .addOption({
    name: "past",
    description: "How many expiries that have passed, the latest, of those opened",
    defaultValue: "4",
  })
  .setAction(() => import("./actions/book-list.ts"))
  .build();

/** `book:open` */
export const bookOpen = sending(task("book:open", "Opens a book of a market; anyone may"))
  .addOption(
    optional("market", "The market: its number in market:list, or 0x and its first digits"),
  )
  .addOption(optional("expiry", "The expiry: 2026-12-25, 2026-12-25T08:00Z, or unix seconds"))
  .setAction(() => import("./actions/book-open.ts"))
  .build();
