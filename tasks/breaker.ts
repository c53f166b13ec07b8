import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";
import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";
import { ANSWERABLE, OPEN_TRIGGERS } from "./lib/breaker/triggers.ts";

const MARKET = "The market: its number in market:list, or 0x and its first digits";

/** Adds what brings readings first. */
function bringing<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return builder
    .addFlag({ name: "bring", description: "First let the hub read the feed's push sources" })
    .addOption(
      optional(
        "localSigners",
        "On a local chain: bring readings first, local keys signing this price, as in 2500.5",
      ),
    );
}

/** `breaker:status` */
export const breakerStatus = common(
  task(
    "breaker:status",
    "Shows what is in force in a market, why and until when, what is left of the budgets, and what could be tripped now",
  ),
)
  .addOption(optional("market", `${MARKET}; default: all that have a breaker`))
  .setAction(() => import("./actions/breaker-status.ts"))
  .build();

/** `breaker:trip` */
export const breakerTrip = bringing(
  sending(
    task(
      "breaker:trip",
      "Trips a market with evidence, or gives the notice that has to come first; anyone may",
    ),
  ),
)
  .addOption(optional("market", MARKET))
  .addOption(optional("trigger", `Why: ${OPEN_TRIGGERS.map(({ name }) => name).join(", ")}`))
  .setAction(() => import("./actions/breaker-trip.ts"))
  .build();

/** `breaker:answer` */
export const breakerAnswer = bringing(
  sending(task("breaker:answer", "Takes a notice back whose condition is gone; anyone may")),
)
  .addOption(optional("market", MARKET))
  .addOption(optional("trigger", `Whose notice: ${ANSWERABLE.map(({ name }) => name).join(", ")}`))
  .setAction(() => import("./actions/breaker-answer.ts"))
  .build();

/** `breaker:sync` */
export const breakerSync = sending(
  task(
    "breaker:sync",
    "Writes into the ledger what ought to be in force after a halt, or begins to watch a market; anyone may",
  ),
)
  .addOption(optional("market", MARKET))
  .setAction(() => import("./actions/breaker-sync.ts"))
  .build();

/** `breaker:observe` */
export const breakerObserve = bringing(
  sending(
    task(
      "breaker:observe",
      "Observes a feed, and adapts the markets that it prices to the stress; anyone may, once a minute",
    ),
  ),
)
  .addOption(optional("feed", "The feed: its name in the hub, as in ETH-USD, or 32 bytes in hex"))
  .addOption(optional("hub", "Address of the hub; default: that of the ledger's markets"))
  .addFlag({ name: "enroll", description: "Also begin to watch markets that are not watched yet" })
  .setAction(() => import("./actions/breaker-observe.ts"))
  .build();

/** `breaker:release` */
export const breakerRelease = bringing(
  sending(
    task(
      "breaker:release",
      "Ends a level whose condition has been gone for long enough; anyone may",
    ),
  ),
)
  .addOption(optional("market", MARKET))
  .setAction(() => import("./actions/breaker-release.ts"))
  .build();
