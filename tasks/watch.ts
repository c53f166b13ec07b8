import { task } from "hardhat/config";

import { located, optional } from "./lib/arguments.ts";
import { USUAL_SETTINGS } from "./lib/watch/options.ts";

/** An option that says what holds without it. */
function usual<Name extends keyof typeof USUAL_SETTINGS>(name: Name, description: string) {
  return optional(name, `${description}; default ${USUAL_SETTINGS[name]}`);
}

/** `watch` */
export const watch = located(
  task(
    "watch",
    "Follows the ledger block by block: compares it with a replica, and prints alarms as lines of JSON",
  ),
)
  .addOption(optional("since", "Alarms are told of blocks after this one; default: the newest"))
  .addOption(optional("untilBlock", "The last block to watch"))
  .addOption(optional("for", "Ends after this time, as in 30s, 1h"))
  .addOption(optional("state", "File that keeps the last block, to go on from there"))
  .addOption(
    optional(
      "settings",
      "JSON file of the options that have a default here, by their names in camel case",
    ),
  )
  .addOption(usual("window", "Time over which outflow and volume are summed"))
  .addOption(usual("outflow", "Share of a token that may leave within the window, or off"))
  .addOption(usual("volume", "Times the average of the day before that a market may trade, or off"))
  .addOption(usual("payout", "Share of its book's pool that one account may win, or off"))
  .addOption(usual("stale", "Time that a class's reading may be out of date, or off"))
  .addOption(usual("lag", "Time in which the chain may be without a new block, or off"))
  .addOption(usual("reorgDepth", "Blocks that a reorganisation may give up"))
  .addOption(usual("fullEvery", "Blocks between two comparisons of everything"))
  .addOption(usual("confirmations", "Follows so many blocks below the newest"))
  .addOption(usual("poll", "Seconds between two looks for a new block"))
  .addOption(usual("patience", "How long the node may be silent"))
  .addFlag({ name: "keepGoing", description: "Goes on after a difference" })
  .addFlag({ name: "strict", description: "Ends with 1 if there were warnings" })
  .addFlag({ name: "pretty", description: "Prints alarms for people, not as JSON" })
  .setAction(() => import("./actions/watch.ts"))
  .build();
