import { task } from "hardhat/config";

import { optional, sending } from "./lib/arguments.ts";

const ACCOUNT = "The account: address[:sub], :sub, or INDEX[:sub]; default: that of --from";

/** `package:wrap` */
export const packageWrap = sending(
  task(
    "package:wrap",
    "Makes packages of legs that an account holds; they are tokens of its owner, who may hand them on",
  ),
)
  .addOption(optional("book", "The book: its id, or MARKET@2026-12-25"))
  .addOption(
    optional(
      "legs",
      'Legs of one package, which must owe nothing: "+1 P2400, -1 P2300"; a minus in front is written "sell 1 P2300"',
    ),
  )
  .addOption(optional("amount", "How many packages"))
  .addOption(optional("account", ACCOUNT))
  .setAction(() => import("./actions/package-wrap.ts"))
  .build();

/** `package:unwrap` */
export const packageUnwrap = sending(
  task("package:unwrap", "Turns packages of an account's owner back into legs of the account"),
)
  .addOption(optional("package", "Id of the package, as account:show tells it"))
  .addOption(optional("amount", "How many; default: all that the owner holds"))
  .addOption(optional("account", ACCOUNT))
  .setAction(() => import("./actions/package-unwrap.ts"))
  .build();
