import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinitionBuilder, TaskArguments } from "hardhat/types/tasks";

/** Where the ledger is that a task is about. */
export interface LocatedArguments {
  readonly ledger: string | undefined;
  readonly lens: string | undefined;
  readonly rpc: string | undefined;
  readonly fromBlock: string | undefined;
  readonly deployments: string | undefined;
}

/** What every task takes that ends with a report. */
export interface CommonArguments extends LocatedArguments {
  readonly json: boolean;
}

/** What a task takes that acts for somebody. */
export interface ActingArguments extends CommonArguments {
  readonly from: string;
}

/** What a task takes that sends a transaction. */
export interface SendingArguments extends ActingArguments {
  readonly dryRun: boolean;
}

/** An option that may be left out. */
export function optional<Name extends string>(name: Name, description: string) {
  return {
    name,
    description,
    type: ArgumentType.STRING_WITHOUT_DEFAULT,
    defaultValue: undefined,
  } as const;
}

/** Adds the options that say where the ledger is. */
export function located<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return builder
    .addOption(optional("ledger", "Address of the ledger; default: the known one of the chain"))
    .addOption(
      optional("lens", "Address of the lens, which names its ledger; default: as --ledger"),
    )
    .addOption(optional("rpc", "URL of the node, instead of that of --network (default localhost)"))
    .addOption(optional("fromBlock", "Where events begin; default: where the ledger was created"))
    .addOption(optional("deployments", "Folder of the files of deployments; default: deployments"));
}

/** Adds the options of every task that ends with a report. */
export function common<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return located(builder).addFlag({
    name: "json",
    description: "Print one JSON document and nothing else",
  });
}

/** Adds the options of tasks that act for somebody. */
export function acting<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return common(builder).addOption({
    name: "from",
    description: "Who acts: an account of the network, by its index or address",
    defaultValue: "0",
  });
}

/** Adds the options of tasks that send a transaction. */
export function sending<T extends TaskArguments>(builder: NewTaskDefinitionBuilder<T>) {
  return acting(builder).addFlag({
    name: "dryRun",
    description: "Say what would happen, and send nothing",
  });
}
