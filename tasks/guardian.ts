import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";
import { task } from "hardhat/config";

import { common, optional, sending } from "./lib/arguments.ts";

/** Adds what says which guardian is meant. */
function guarding<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return builder
    .addOption(optional("guardian", "Address of the guardian; default: that of deployments/*.json"))
    .addOption(optional("manager", "Address of the access manager; default: the ledger's"))
    .addOption(optional("breaker", "Address of the circuit breaker; default: as --guardian"));
}

const FILE = "File that guardian:propose wrote; several of one operation with commas between";

/** `guardian:propose` */
export const guardianPropose = guarding(
  common(task("guardian:propose", "Writes an operation of the guardian for its keys into a file")),
)
  .addOption(optional("action", "What to do: names with ; between, or a JSON file; see docs"))
  .addOption(optional("args", "What the actions take: name=value,… with ; between, or JSON"))
  .addOption(optional("to", "Instead of --action, any call: whom"))
  .addOption(optional("value", "With --to: wei to send along"))
  .addOption(optional("data", "With --to: call data in hex"))
  .addOption(
    optional("signature", 'With --to: the function, as in "f(uint256)"; --args: its values'),
  )
  .addOption(
    optional(
      "nonceKey",
      "A number of its own, so that the operation can be kept: others do not use it up. Also written if it would be refused now",
    ),
  )
  .addOption(
    optional(
      "maxFee",
      "Most gwei a gas that the guardian's deposit pays; what is beyond is the sender's. 0: the sender pays all, and no deposit is needed. Default: twice what gas costs now; 0 with --nonce-key, or if the deposit would not do",
    ),
  )
  .addOption(optional("priorityFee", "Of that, gwei on top of the base fee; default: as now"))
  .addOption(optional("callGas", "Gas for the calls; default: half more than an estimate"))
  .addOption(optional("verificationGas", "Gas for the signatures; default: for the dearest keys"))
  .addOption(
    optional("preVerificationGas", "Gas that is paid for the rest of the transaction; 50000"),
  )
  .addOption(optional("out", "File to write; default: print it"))
  .setAction(() => import("./actions/guardian-propose.ts"))
  .build();

/** `guardian:sign` */
export const guardianSign = guarding(
  sending(task("guardian:sign", "Shows what an operation of the guardian would do, and signs it")),
)
  .addOption(optional("file", FILE))
  .addOption(
    optional("hash", "The operation hash that you have compared; nothing is signed without"),
  )
  .addOption(optional("p256", "Instead of --from: PEM file of a P-256 key"))
  .addOption(
    optional(
      "assertion",
      "Instead of --from: JSON of a passkey's answer to the challenge that --dry-run shows",
    ),
  )
  .addOption(optional("out", "File to write; default: the first of --file, with the signature"))
  .setAction(() => import("./actions/guardian-sign.ts"))
  .build();

/** `guardian:send` */
export const guardianSend = guarding(
  sending(
    task("guardian:send", "Sends an operation of the guardian that has its signatures; anyone may"),
  ),
)
  .addOption(optional("file", FILE))
  .setAction(() => import("./actions/guardian-send.ts"))
  .build();

/** `guardian:status` */
export const guardianStatus = guarding(
  common(task("guardian:status", "Shows the guardian's keys and deposit, and how far files are")),
)
  .addOption(optional("nonceKey", "Nonce keys to look at, commas between; default: 0"))
  .addOption(optional("file", "Files that guardian:propose wrote, commas between; or their folder"))
  .setAction(() => import("./actions/guardian-status.ts"))
  .build();

/** `guardian:deposit` */
export const guardianDeposit = guarding(
  sending(
    task("guardian:deposit", "Pays ether for the guardian's operations in advance; anyone may"),
  ),
)
  .addOption(optional("amount", "How much ether"))
  .setAction(() => import("./actions/guardian-deposit.ts"))
  .build();

/** `guardian:verifier` */
export const guardianVerifier = task(
  "guardian:verifier",
  "Deploys OpenZeppelin's contract that checks signatures of a key without an address; before deploy or later",
)
  .addOption(optional("rpc", "URL of the node, instead of that of --network (default localhost)"))
  .addOption({
    name: "from",
    description: "Who deploys: an account of the network, by its index or address",
    defaultValue: "0",
  })
  .addOption(optional("kind", "Which keys: p256, or passkey (WebAuthn)"))
  .addOption(optional("key", "PEM file of a P-256 key, public or private: shows the whole signer"))
  .addFlag({ name: "dryRun", description: "Say what would happen, and send nothing" })
  .addFlag({ name: "json", description: "Print one JSON document and nothing else" })
  .setAction(() => import("./actions/guardian-verifier.ts"))
  .build();
