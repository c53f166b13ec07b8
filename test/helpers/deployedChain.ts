import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { network } from "hardhat";

import type { DeploymentFile } from "../../tasks/lib/deploymentFile.ts";
import { taskJson } from "./taskRunner.ts";

/** A chain inside the tests' process that tasks reach as they reach a node. */
export interface OpenChain {
  readonly url: string;
  /** Writes the chain at will. */
  readonly connection: Awaited<ReturnType<typeof network.create>>;
  /** A folder for files of deployments. */
  readonly deployments: string;
  /** What is written down of the deployment there. */
  readonly file: () => Promise<DeploymentFile>;
  /** Deploys, and tells what the task told. */
  readonly deploy: (options?: Readonly<Record<string, unknown>>) => Promise<Document>;
  readonly close: () => Promise<void>;
}

type Document = Readonly<Record<string, unknown>>;

/** Starts such a chain; nothing is deployed yet. */
export async function startOpenChain(): Promise<OpenChain> {
  const server = await network.createServer("default", "127.0.0.1");
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url } });
  const deployments = await mkdtemp(join(tmpdir(), "certus-open-"));
  const path = join(deployments, "localhost.json");
  return {
    url,
    connection,
    deployments,
    file: async () => JSON.parse(await readFile(path, "utf8")) as DeploymentFile,
    deploy: (options = {}) =>
      taskJson("deploy", { rpc: url, deployments, from: "0", noCompile: true, ...options }),
    close: async () => {
      await connection.close();
      await server.close();
      await rm(deployments, { recursive: true, force: true });
    },
  };
}
