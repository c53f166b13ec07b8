import { getVerificationInformation } from "@nomicfoundation/ignition-core";
import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import { note } from "../print.ts";
import { UsageError } from "../usage.ts";
import type { DeployArguments } from "./arguments.ts";

/** The plugin's explorers. */
const EXPLORERS = ["etherscan", "blockscout", "sourcify"] as const;

/** How showing the source of a contract came off. */
export interface Shown {
  readonly contract: string;
  readonly address: string;
  /** Explorers that have the source now. */
  readonly verified: readonly string[];
  /** What the others said. */
  readonly refused: readonly string[];
}

/** Refuses `--verify` where nobody could be shown anything, before anything is deployed. */
export function checkVerifiable(
  { config }: HardhatRuntimeEnvironment,
  { name, chainId }: ChainParameters,
  { rpc }: Pick<DeployArguments, "rpc">,
): void {
  const known = config.chainDescriptors.get(BigInt(chainId))?.blockExplorers ?? {};
  if (Object.keys(known).length === 0) {
    throw new UsageError(
      `--verify: no explorer of ${name} (${chainId}) is configured: leave the option out, or name one in chainDescriptors of hardhat.config.ts.`,
    );
  }
  if (rpc === undefined) return;
  throw new UsageError(
    "--verify: the plugin asks the node of the network itself: set its URL as the network wants it, and leave --rpc out.",
  );
}

/** Shows the sources of what Ignition deployed to every explorer that is enabled. What packages brought compiled has no sources here. */
export async function showSources(
  hre: HardhatRuntimeEnvironment,
  folder: string,
): Promise<readonly Shown[]> {
  const enabled = EXPLORERS.filter((explorer) => hre.config.verify[explorer].enabled);
  const shown: Shown[] = [];
  for await (const told of getVerificationInformation(folder)) {
    if (typeof told === "string") continue;
    const { contract, address } = told;
    if (!(await hre.artifacts.artifactExists(contract))) continue;
    const [verified, refused]: [string[], string[]] = [[], []];
    for (const provider of enabled) {
      const why = await remarking(() => verifyContract({ ...told, provider }, hre)).then(
        () => undefined,
        (error: unknown) => firstLine(error),
      );
      if (why === undefined) verified.push(provider);
      else refused.push(`${provider}: ${why}`);
    }
    note(`${contract}: ${verified.length === 0 ? refused.join("; ") : verified.join(", ")}`);
    shown.push({ contract, address, verified, refused });
  }
  return shown;
}

/** The plugin tells on stdout, where the result alone belongs. */
async function remarking<T>(work: () => Promise<T>): Promise<T> {
  const { log } = console;
  console.log = (...texts: unknown[]) => note(texts.join(" ").trim());
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}
