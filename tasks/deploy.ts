import { task } from "hardhat/config";

import { optional } from "./lib/arguments.ts";

/** `deploy` */
export const deploy = task(
  "deploy",
  "Deploys everything on --network, or goes on with a deployment that was stopped; run again, it does nothing",
)
  .addOption(optional("rpc", "URL of the node, instead of that of --network (default localhost)"))
  .addOption({
    name: "from",
    description: "Who deploys: an account of the network, by its index or address",
    defaultValue: "0",
  })
  .addOption(
    optional("safe", "Address of a Safe that is to govern; default: a new one of --owners"),
  )
  .addOption(optional("owners", "Owners of a new Safe, addresses with commas between"))
  .addOption(optional("threshold", "How many of them sign; default: more than half"))
  .addOption(optional("steward", "Who may only tighten, an address"))
  .addOption(
    optional("guardians", "Signers of the guardian: addresses, or verifier and key, with commas"),
  )
  .addOption(optional("guardianThreshold", "How many of them sign; default: more than half"))
  .addOption(
    optional("ownSigners", "Signers of a price feed of one's own, 4, 7, 10, 13 or 16 addresses"),
  )
  .addFlag({ name: "solo", description: "The deployer stands for everybody who is not named" })
  .addOption(
    optional(
      "finality",
      "What tasks wait for: safe, finalized, or a number of blocks; default: the chain's",
    ),
  )
  .addOption(optional("deployments", "Folder of the files of deployments; default: deployments"))
  .addFlag({
    name: "reset",
    description: "On a local chain: forgets the deployment, and begins anew",
  })
  .addFlag({ name: "verify", description: "Shows the sources to the chain's explorer afterwards" })
  .addFlag({ name: "noCompile", description: "Takes what was built before" })
  .addFlag({
    name: "dryRun",
    description: "Say what would happen and what it costs, and send nothing",
  })
  .addFlag({ name: "json", description: "Print one JSON document and nothing else" })
  .setAction(() => import("./actions/deploy.ts"))
  .build();

/** `deploy:check` */
export const deployCheck = task(
  "deploy:check",
  "Compares a deployment with the build: code, who points at whom, who has which role; fails on a difference",
)
  .addOption(optional("rpc", "URL of the node, instead of that of --network (default localhost)"))
  .addOption(optional("deployments", "Folder of the files of deployments; default: deployments"))
  .addFlag({ name: "noCompile", description: "Compares with what was built before" })
  .addFlag({ name: "json", description: "Print one JSON document and nothing else" })
  .setAction(() => import("./actions/deploy-check.ts"))
  .build();
