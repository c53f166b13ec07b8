import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { getVerificationInformation } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import { keccak256 } from "ethers";

import type { Plan } from "../../../deploy/plan.ts";
import type { Code, DeploymentFile } from "../deploymentFile.ts";
import { iso } from "../times.ts";
import { packagedName } from "./artifacts.ts";

/** What is known of a deployment that is done. */
export interface Finished {
  readonly root: string;
  /** Ignition's folder. */
  readonly folder: string;
  readonly plan: Plan;
  readonly provider: Provider;
  readonly contracts: Readonly<Record<string, string>>;
}

/** What Ignition tells of the contracts that it deployed, by address. */
async function deployedIn(folder: string) {
  const found = new Map<string, Omit<Code, "hash" | "shared"> & { readonly creation: string }>();
  for await (const told of getVerificationInformation(folder)) {
    if (typeof told === "string") throw new Error(`Ignition kept no artifact of ${told}`);
    const { address, contract, constructorArgs, libraries, creationTxHash: creation = "" } = told;
    found.set(address, {
      creation,
      artifact: contract,
      ...(constructorArgs.length === 0 ? {} : { arguments: constructorArgs }),
      ...(Object.keys(libraries).length === 0 ? {} : { libraries }),
    });
  }
  return found;
}

/** The file of a deployment that is done. */
export async function recordOf(finished: Finished): Promise<DeploymentFile> {
  const { root, folder, plan, provider, contracts } = finished;
  const deployed = await deployedIn(folder);
  const entries = Object.entries(contracts).map(async ([name, address]) => {
    const { creation, ...told } = deployed.get(address) ?? { artifact: undefined };
    const hash = keccak256(await provider.getCode(address));
    const artifact = packagedName(name) ?? told.artifact;
    if (creation === undefined) {
      // The Safe comes out of its factory.
      const shared = name !== "safe" || "address" in plan.safe;
      return [name, { artifact, shared, hash }] as const;
    }
    const block = (await provider.getTransactionReceipt(creation))?.blockNumber ?? 0;
    const made: Code = { ...told, artifact, shared: false, hash, block, transaction: creation };
    return [name, made] as const;
  });
  const code = Object.fromEntries(await Promise.all(entries)) as Record<string, Code>;
  const block = code["clearinghouse"]?.block ?? 0;
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const { name, chainId, finality } = plan.chain;
  const at = (contract: string) => contracts[contract] ?? "";
  return {
    chainId,
    name,
    version,
    time: iso(BigInt((await provider.getBlock(block))?.timestamp ?? 0)),
    deployer: plan.deployer,
    block,
    finality,
    contracts,
    roles: { admin: at("safe"), steward: plan.steward, guardian: at("guardian") },
    code,
  };
}
