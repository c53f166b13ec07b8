import { readFile, writeFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import type { Plan } from "../../../deploy/plan.ts";
import { pathOf } from "../deploymentFile.ts";
import { UsageError } from "../usage.ts";

/** Where a deployment is written down. */
export interface DeploymentPlaces {
  /** Ignition's folder of it, with the plan beside the journal. */
  readonly folder: string;
  /** What all tasks read. */
  readonly file: string;
}

/** Where a deployment on a chain is written down. */
export function placesOf(
  { config: { paths } }: HardhatRuntimeEnvironment,
  deployments: string | undefined,
  chain: ChainParameters,
): DeploymentPlaces {
  const journals =
    deployments === undefined ? join(paths.ignition, "deployments") : join(deployments, "journals");
  return {
    folder: join(journals, `certus-${chain.name}`),
    file: pathOf(paths.root, deployments, chain),
  };
}

/** The plan that a deployment was begun with; nothing if none was. */
export async function plannedIn({ folder }: DeploymentPlaces): Promise<Plan | undefined> {
  const text = await readFile(join(folder, "plan.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Plan);
}

/** Keeps the plan of a deployment, so that whoever goes on with it does the same. */
export async function keepPlan({ folder }: DeploymentPlaces, plan: Plan): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "plan.json"), `${JSON.stringify(plan, null, 2)}\n`);
}

/** Forgets a deployment on a chain that one throws away. */
export async function reset(
  { folder, file }: DeploymentPlaces,
  { local, name }: ChainParameters,
): Promise<void> {
  if (!local) {
    throw new UsageError(
      `--reset is for chains that one throws away: what stands on ${name} stands there for good. Move ${folder} and ${file} away to deploy once more.`,
    );
  }
  await rm(folder, { recursive: true, force: true });
  await rm(file, { force: true });
}
