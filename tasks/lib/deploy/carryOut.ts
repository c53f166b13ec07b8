import { errorDeploymentResultToExceptionMessage } from "@nomicfoundation/hardhat-ignition/helpers";
import { deploy, DeploymentResultType, FutureType } from "@nomicfoundation/ignition-core";
import type {
  ArtifactResolver,
  ExecutionEventListener,
  IgnitionModule,
} from "@nomicfoundation/ignition-core";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import type { Contracts } from "../../../deploy/modules/Deployment.ts";
import { note } from "../print.ts";
import { UsageError } from "../usage.ts";

/** What Ignition is asked to do. */
export interface Order {
  readonly hre: HardhatRuntimeEnvironment;
  readonly connection: Pick<NetworkConnection, "provider">;
  readonly module: IgnitionModule<string, string, Contracts>;
  /** Where it keeps its journal; nothing for a chain that ends with the process. */
  readonly folder: string | undefined;
  readonly deployer: string;
  /** Blocks, the own one counted, before what depends on a transaction is sent. */
  readonly confirmations: number;
  /** Milliseconds between two looks for a new block. */
  readonly poll: number;
  /** Transactions that were sent before. */
  readonly before?: number;
  readonly quiet?: boolean;
}

const SENDING: readonly FutureType[] = [
  FutureType.NAMED_ARTIFACT_CONTRACT_DEPLOYMENT,
  FutureType.CONTRACT_DEPLOYMENT,
  FutureType.NAMED_ARTIFACT_LIBRARY_DEPLOYMENT,
  FutureType.CONTRACT_CALL,
];

/** What is done. */
export interface Done {
  /** Addresses by the names of the module's results. */
  readonly contracts: Readonly<Record<string, string>>;
  /** How many transactions were sent now. */
  readonly sent: number;
}

/** Lets Ignition do what is not done yet. */
export async function carryOut(order: Order): Promise<Done> {
  const { hre, connection, module, folder, deployer, confirmations, poll } = order;
  const progress = new Progress(order);
  const result = await deploy({
    config: { requiredConfirmations: confirmations, blockPollingInterval: poll },
    provider: connection.provider,
    executionEventListener: progress.listener,
    artifactResolver: resolverOf(hre),
    ...(folder === undefined ? {} : { deploymentDir: folder }),
    ignitionModule: module,
    deploymentParameters: {},
    accounts: [deployer],
    defaultSender: deployer,
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new UsageError(
      `${errorDeploymentResultToExceptionMessage(result)}\n\nWhat is done is kept: put right what is wrong, and run deploy again.`,
    );
  }
  const contracts = Object.entries(module.results).map(([name, { id }]) => {
    const address = result.contracts[id]?.address;
    if (address === undefined) throw new Error(`Ignition tells no address of ${id}`);
    return [name, address] as const;
  });
  return { contracts: Object.fromEntries(contracts), sent: progress.sent };
}

/** Artifacts as they were built. Of the compiler's input, megabytes for each contract, Ignition is told nothing: it asks only to keep it. */
function resolverOf({ artifacts }: HardhatRuntimeEnvironment): ArtifactResolver {
  return {
    loadArtifact: (name) => artifacts.readArtifact(name),
    getBuildInfo: async () => undefined,
  };
}

/** Says on the way what is done. */
class Progress {
  readonly listener: ExecutionEventListener;
  sent = 0;

  constructor({ module, before = 0, quiet = false }: Order) {
    const all = sendingIn(module).size;
    const told: Partial<ExecutionEventListener> = {
      transactionSend: async ({ futureId, hash }) => {
        this.sent++;
        if (!quiet) note(`sent ${before + this.sent} of ${all}: ${futureId} ${hash}`);
      },
    };
    const ignored = async (): Promise<void> => {};
    this.listener = new Proxy(told as ExecutionEventListener, {
      get: (target, name: keyof ExecutionEventListener) => target[name] ?? ignored,
    });
  }
}

/** Futures of a module that take a transaction. */
function sendingIn(module: IgnitionModule): ReadonlySet<string> {
  const own = [...module.futures].filter((future) => SENDING.includes(future.type));
  const below = [...module.submodules].flatMap((each) => [...sendingIn(each)]);
  return new Set([...own.map(({ id }) => id), ...below]);
}
