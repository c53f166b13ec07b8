import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";
import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";

/** Adds what says which feed is meant. */
function ofFeed<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return builder
    .addOption(optional("feed", "The feed: its name in the hub, as in ETH-USD, or 32 bytes in hex"))
    .addOption(optional("hub", "Address of the hub; default: that of the ledger's markets"));
}

const SOURCE = "The source: its index in oracle:status";

/** `oracle:status` */
export const oracleStatus = ofFeed(
  common(
    task(
      "oracle:status",
      "Shows the spot of a feed: band, what is wrong with it, every vote and why it counts or not",
    ),
  ),
)
  .setAction(() => import("./actions/oracle-status.ts"))
  .build();

/** `oracle:update` */
export const oracleUpdate = ofFeed(
  sending(task("oracle:update", "Brings readings to the hub; anyone may")),
)
  .addOption(optional("source", `${SOURCE}; default: all that are read, or that local keys sign`))
  .addOption(
    optional(
      "payload",
      "What the source's network signed: hex, a file of it, or JSON as oracle:prove takes",
    ),
  )
  .addOption(
    optional("localSigners", "On a local chain: let the local keys sign this price, as in 2500.5"),
  )
  .setAction(() => import("./actions/oracle-update.ts"))
  .build();

/** `oracle:shadow` */
export const oracleShadow = ofFeed(
  sending(task("oracle:shadow", "Shows what a source has shown in shadow, and promotes it")),
)
  .addOption(optional("source", SOURCE))
  .addFlag({ name: "promote", description: "Let the source vote, if it is proven; anyone may" })
  .setAction(() => import("./actions/oracle-shadow.ts"))
  .build();

/** `oracle:prove` */
export const oracleProve = sending(
  task(
    "oracle:prove",
    "Brings the values of an expired book's fixing that are missing, and fixes its price when it is due; anyone may",
  ),
)
  .addOption(optional("book", "The book: its id, or MARKET@2026-12-25"))
  .addOption(optional("observations", "File of the own signers' observations, JSON"))
  .addOption(optional("packages", "File of RedStone packages, JSON as its gateways give it"))
  .addOption(optional("reports", "File of Data Streams reports, JSON or hex"))
  .addFlag({
    name: "localSigners",
    description: "On a local chain: let the local keys sign what is missing",
  })
  .setAction(() => import("./actions/oracle-prove.ts"))
  .build();
