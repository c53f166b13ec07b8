import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";
import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";

/** Adds what says which governed deployment is meant. */
function governed<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return builder
    .addOption(optional("safe", "Address of the Safe; default: that of deployments/*.json"))
    .addOption(optional("manager", "Address of the access manager; default: the ledger's"))
    .addOption(
      optional("hub", "Address of the hub; default: that of deployments or of the markets"),
    )
    .addOption(optional("breaker", "Address of the circuit breaker; default: as --safe"))
    .addOption(optional("bounties", "Address of the bounties; default: as --safe"))
    .addOption(
      optional(
        "multiSend",
        "Address of Safe's MultiSendCallOnly; default: as --safe, or the usual",
      ),
    );
}

const FILE = "File that multisig:propose wrote; several of one transaction with commas between";

/** `multisig:propose` */
export const multisigPropose = governed(
  common(task("multisig:propose", "Writes a transaction of the Safe for its signers into a file")),
)
  .addOption(optional("action", "What to do: names with ; between, or a JSON file; see docs"))
  .addOption(optional("args", "What the actions take: name=value,… with ; between, or JSON"))
  .addOption(optional("to", "Instead of --action, any call: whom"))
  .addOption(optional("value", "With --to: wei to send along"))
  .addOption(optional("data", "With --to: call data in hex"))
  .addOption(
    optional("signature", 'With --to: the function, as in "f(uint256)"; --args: its values'),
  )
  .addOption(optional("importBuilder", "Instead of --action: a file of Safe's Transaction Builder"))
  .addFlag({ name: "schedule", description: "Schedule the calls in the access manager first" })
  .addOption(optional("when", "With --schedule: the earliest time; default: as soon as allowed"))
  .addOption(optional("nonce", "Turn of the transaction; default: the Safe's next"))
  .addOption(optional("out", "File to write; default: print it"))
  .addOption(optional("exportBuilder", "File for Safe's Transaction Builder to write as well"))
  .setAction(() => import("./actions/multisig-propose.ts"))
  .build();

/** `multisig:sign` */
export const multisigSign = governed(
  sending(task("multisig:sign", "Shows what a proposal would do, and signs it")),
)
  .addOption(optional("file", FILE))
  .addOption(optional("hash", "The safeTxHash that you have compared; nothing is signed without"))
  .addOption(optional("out", "File to write; default: the first of --file, with the signature"))
  .setAction(() => import("./actions/multisig-sign.ts"))
  .build();

/** `multisig:list` */
export const multisigList = governed(
  common(task("multisig:list", "Shows the Safe, and how far proposals are")),
)
  .addOption(optional("file", "Files that multisig:propose wrote, commas between; or their folder"))
  .setAction(() => import("./actions/multisig-list.ts"))
  .build();

/** `multisig:execute` */
export const multisigExecute = governed(
  sending(task("multisig:execute", "Executes a proposal that has its signatures; anyone may")),
)
  .addOption(optional("file", FILE))
  .setAction(() => import("./actions/multisig-execute.ts"))
  .build();

/** `multisig:cancel` */
export const multisigCancel = governed(
  common(
    task(
      "multisig:cancel",
      "Writes what takes a proposal's turn, or cancels an operation that waits, for the signers",
    ),
  ),
)
  .addOption(optional("file", "The proposal whose turn to take"))
  .addOption(optional("nonce", "The same by its nonce"))
  .addOption(optional("operation", "An operation of timelock:queue: its id or its first digits"))
  .addOption(optional("out", "File to write; default: print it"))
  .setAction(() => import("./actions/multisig-cancel.ts"))
  .build();

/** `timelock:queue` */
export const timelockQueue = governed(
  common(task("timelock:queue", "Shows what waits in the access manager, and what it changes")),
)
  .setAction(() => import("./actions/timelock-queue.ts"))
  .build();
