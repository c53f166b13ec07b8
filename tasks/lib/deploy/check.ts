import type { Provider } from "ethers";
import { keccak256 } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ROLES } from "../../../deploy/roles.ts";
import type { Holder } from "../../../deploy/roles.ts";
import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { ILens__factory } from "../../../packages/contracts/src/generated/bindings/factories/ILens__factory.ts";
import { isContractFault } from "../answers.ts";
import type { DeploymentFile } from "../deploymentFile.ts";
import { shortMarket } from "../markets.ts";
import { builtFrom } from "./artifacts.ts";
import { differenceOf } from "./bytecode.ts";
import { WIRES, wireOf } from "./wiring.ts";

/** Something that has to hold of a deployment. */
export interface Finding {
  readonly kind: "code" | "wiring" | "market" | "role";
  readonly what: string;
  /** What is wrong, in words; nothing if it holds. */
  readonly wrong: string | undefined;
}

/** Looks at everything that has to hold of a deployment. */
export async function findingsOf(
  hre: HardhatRuntimeEnvironment,
  provider: Provider,
  file: DeploymentFile,
): Promise<readonly Finding[]> {
  return [
    ...(await codes(hre, provider, file)),
    ...(await wires(provider, file)),
    ...(await markets(provider, file)),
    ...(await roles(provider, file)),
  ];
}

/** Code as the build has it, and as it was when it was deployed. */
async function codes(
  hre: HardhatRuntimeEnvironment,
  provider: Provider,
  { contracts, code }: DeploymentFile,
): Promise<Finding[]> {
  const found = Object.entries(contracts).map(async ([name, address]): Promise<Finding> => {
    const { artifact, hash, libraries = {} } = code[name] ?? { artifact: undefined, hash: "" };
    const deployed = await provider.getCode(address);
    const built = artifact === undefined ? undefined : await builtFrom(hre, artifact);
    const wrong =
      (built === undefined ? undefined : differenceOf(deployed, built, libraries)) ??
      (keccak256(deployed) === hash ? undefined : "it is not the code that was deployed");
    return { kind: "code", what: name, wrong };
  });
  return Promise.all(found);
}

async function wires(provider: Provider, { contracts }: DeploymentFile): Promise<Finding[]> {
  const found = WIRES.map(async ([contract, getter, other]): Promise<Finding> => {
    const what = `${contract}.${getter}`;
    const [address, wanted] = [contracts[contract], contracts[other]];
    if (address === undefined || wanted === undefined) {
      return { kind: "wiring", what, wrong: "the deployment's file lacks one of both" };
    }
    const told = await wireOf(provider, address, getter);
    const wrong = told === wanted ? undefined : `it is ${told ?? "silent"}, not ${other} ${wanted}`;
    return { kind: "wiring", what, wrong };
  });
  return Promise.all(found);
}

/** Whether every market is guarded by the breaker. */
async function markets(provider: Provider, { contracts }: DeploymentFile): Promise<Finding[]> {
  const { lens = "", circuitBreaker = "" } = contracts;
  const { views } = await ILens__factory.connect(lens, provider)
    .markets(0n, 100n)
    .catch(() => ({ views: [] }));
  return views.map(({ market, terms: { guard } }) => ({
    kind: "market",
    what: `guard of ${shortMarket(market)}`,
    wrong: guard === circuitBreaker ? undefined : `it is ${guard}, not ${circuitBreaker}`,
  }));
}

/** Whether those have the roles who ought to, and the deployer has none. */
async function roles(provider: Provider, file: DeploymentFile): Promise<Finding[]> {
  const { contracts, deployer, roles: governors } = file;
  const manager = AccessManager__factory.connect(contracts["accessManager"] ?? "", provider);
  const holders: Readonly<Record<Holder, string>> = { ...governors, safe: governors.admin };
  const asked = async (id: bigint, account: string) => {
    try {
      return await manager.hasRole(id, account);
    } catch (error) {
      if (!isContractFault(error)) throw error;
      return undefined;
    }
  };
  const found = ROLES.map(async ({ id, name, holder, delay }): Promise<Finding[]> => {
    const account = holders[holder];
    const of = { kind: "role", what: `${name} of ${holder}` } as const;
    const held = await asked(id, account);
    if (held === undefined) return [{ ...of, wrong: "the access manager does not answer" }];
    const late = held.executionDelay !== BigInt(delay);
    const wrong = !held.isMember
      ? `${account} does not have it`
      : late
        ? `its delay is ${held.executionDelay} s, not ${delay} s`
        : undefined;
    if (account === deployer) return [{ ...of, wrong }];
    const left = (await asked(id, deployer))?.isMember === true;
    const more = left ? `the deployer ${deployer} has it still` : undefined;
    return [
      { ...of, wrong },
      { kind: "role", what: `${name} not of the deployer`, wrong: more },
    ];
  });
  return (await Promise.all(found)).flat();
}
