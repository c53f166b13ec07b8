import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import type { Plan } from "../../../deploy/plan.ts";
import { UsageError } from "../usage.ts";
import type { DeployArguments } from "./arguments.ts";
import { journalIn } from "./journal.ts";
import { plannedIn } from "./places.ts";
import type { DeploymentPlaces } from "./places.ts";
import { checkBalance, checkSame, planned, saysNothing } from "./prepare.ts";
import { rehearse } from "./rehearsal.ts";

/** A deployment that is asked for. */
export interface Asked {
  readonly args: DeployArguments;
  readonly hre: HardhatRuntimeEnvironment;
  readonly connection: NetworkConnection;
  readonly chain: ChainParameters;
  readonly deployer: string;
  readonly places: DeploymentPlaces;
}

/** What is to be deployed: as it was begun, or else by options and environment. */
export async function planOf({ args, connection, chain, deployer, places }: Asked): Promise<Plan> {
  const begun =
    (await journalIn(places.folder)) === undefined ? undefined : await plannedIn(places);
  const make = () => planned(args, chain, deployer, connection.ethers.provider);
  if (begun === undefined) return make();
  if (!saysNothing(args)) checkSame(begun, await make(), places.folder);
  const { finality } = args.finality === undefined ? begun.chain : chain;
  return { ...begun, chain: { ...begun.chain, finality } };
}

/** Refuses another deployer than the one who began. */
export async function checkDeployer({ deployer, places, chain }: Asked): Promise<void> {
  const begun = await plannedIn(places);
  if (begun === undefined || begun.deployer === deployer) return;
  throw new UsageError(
    `The deployment in ${places.folder} was begun by ${begun.deployer}, not ${deployer}: choose that account by --from${chain.local ? ", or pass --reset to forget it" : ""}.`,
  );
}

/** Refuses to begin what the deployer cannot pay to the end. */
export async function checkPurse({ hre, connection, deployer }: Asked, plan: Plan): Promise<void> {
  const { provider } = connection.ethers;
  const price = (await provider.getFeeData()).gasPrice ?? 0n;
  const { gas } = await rehearse(hre, plan);
  await checkBalance(provider, deployer, gas * price);
}
