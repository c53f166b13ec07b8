import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { config, network } from "hardhat";

import type { ChainParameters } from "../../deploy/parameters/index.ts";
import type { Shared } from "../../deploy/plan.ts";
import { bin, root } from "../../scripts/lib/proc.ts";
import { furnish } from "../../tasks/lib/deploy/rehearsal.ts";

/** The key of the first account of every local chain, which everybody knows. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/** Its address. */
export const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** A chain of a public one's id on this machine, with its feed and, if asked for, the contracts that everybody shares. */
export interface Testnet {
  readonly chain: ChainParameters;
  readonly url: string;
  /** Writes the chain at will. */
  readonly connection: Awaited<ReturnType<typeof network.create>>;
  /** An empty folder for files of deployments. */
  readonly folder: string;
  /** Puts the chain back to how it began, and empties the folder. */
  readonly again: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts such a chain.
 *
 * @param interval - Milliseconds between blocks; left out, every transaction is mined at once.
 */
export async function startTestnet(
  chain: ChainParameters,
  shared: Shared,
  interval?: number,
): Promise<Testnet> {
  const { chainId, name } = chain;
  const server = await network.createServer(
    {
      network: "default",
      chainType: config.networks[name]?.chainType === "op" ? "op" : "l1",
      override: { chainId },
    },
    "127.0.0.1",
  );
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url } });
  const folder = await mkdtemp(join(tmpdir(), `certus-${name}-`));
  await furnish(connection, { chain, shared });
  if (interval !== undefined) {
    await connection.provider.request({ method: "evm_setAutomine", params: [false] });
    await connection.provider.request({ method: "evm_setIntervalMining", params: [interval] });
  }
  const beginning = await connection.networkHelpers.takeSnapshot();
  const again = async () => {
    await beginning.restore();
    await rm(folder, { recursive: true, force: true });
  };
  const close = async () => {
    await connection.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { chain, url, connection, folder, again, close };
}

/** The environment that tells a network where its node is. */
export function environmentOf({ name }: ChainParameters, url: string): Record<string, string> {
  const variable = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return { [`${variable}_RPC_URL`]: url, DEPLOYER_KEY: KEY };
}

/** Starts `deploy` in a process of its own. */
export function startDeploy(
  { chain, folder }: Testnet,
  url: string,
  options: readonly string[] = [],
): ChildProcess {
  const args = ["deploy", "--network", chain.name, "--deployments", folder, "--no-compile"];
  return spawn(process.execPath, [bin.hardhat, ...args, "--json", ...options], {
    cwd: root,
    // Hardhat shows stack traces by itself on a CI server.
    env: { ...process.env, CI: "", ...environmentOf(chain, url) },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
