import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { JsonRpcProvider } from "ethers";
import { config, network } from "hardhat";

import { deployLocal, firstExpiry } from "../../scripts/lib/localMarket.ts";
import type { LocalMarkets } from "../../scripts/lib/localMarket.ts";
import { bin, root } from "../../scripts/lib/proc.ts";
import { MockV3Aggregator__factory } from "../../types/ethers-contracts/index.ts";
import { commandHere } from "../helpers/commandLine.ts";
import type { Ran } from "../helpers/commandLine.ts";
import { runTask, taskJson } from "../helpers/taskRunner.ts";
import type { TaskOptions } from "../helpers/taskRunner.ts";

const FUNDED = 4;
const FUNDS = { usdc: 10n ** 12n, weth: 10n ** 21n };

/** Ways to run tasks on a ledger. */
export interface TaskRunner {
  /** Runs a task on this ledger as its command line says. */
  readonly task: (name: string, ...args: string[]) => Promise<Ran>;
  /** The same with `--json`, which must succeed. */
  readonly json: (name: string, ...args: string[]) => Promise<Json>;
  /** The sentence with which a task fails. */
  readonly refusal: (name: string, ...args: string[]) => Promise<string>;
  /** The same in this process, with options by their names in camel case. */
  readonly refusalHere: (name: string, options: TaskOptions) => Promise<string>;
  /** A task's document, likewise. */
  readonly jsonHere: (name: string, options: TaskOptions) => Promise<Json>;
}

/** A node in another process with a ledger, a linear market of USDC, an inverse one of WETH, and people with tokens. */
export interface TasksWorld extends TaskRunner {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly ledger: string;
  readonly lens: string;
  /** The first expiry that a book may have. */
  readonly expiry: bigint;
  /** A folder for files of orders. */
  readonly folder: string;
  /** Mines a block at a time, with a round of the feed there. */
  readonly publish: (time: bigint, price: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A document of `--json`; what is read of it is checked where it is read. */
export type Json = Readonly<Record<string, unknown>>;

/** Something inside a document: `at(json, "books", 0, "phase")`. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | undefined)?.[key],
    json,
  );
}

/** Runs Hardhat in a process of its own. */
export function hardhat(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin.hardhat, ...args], {
      cwd: root,
      // Hardhat shows stack traces by itself on a CI server.
      env: { ...process.env, CI: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs a task with the words of a command line, in a process of its own. */
export const commandApart: typeof commandHere = (name, words) => hardhat([name, ...words]);

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts `hardhat node` and waits until it listens. */
export async function startNode(port: number): Promise<ChildProcess> {
  const args = [bin.hardhat, "node", "--hostname", "127.0.0.1", "--port", String(port)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`hardhat node ended with ${code}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Started HTTP")) resolve();
    });
  });
  return child;
}

/** Ends a node. */
export async function stopNode(child: ChildProcess): Promise<void> {
  child.removeAllListeners("exit");
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, "exit");
}

/** Deploys the local module, lists two markets, and mints tokens for the first accounts of the node. */
async function deploy(url: string, deploymentId: string, also: Addition) {
  const connection = await network.create({ network: "localhost", override: { url } });
  try {
    const local = await deployLocal(connection, deploymentId);
    const { ledger, lens, aggregator, usdc, weth, list, mint } = local;
    await list("linear");
    await list("inverse");
    await mint(usdc, FUNDS.usdc, FUNDED);
    await mint(weth, FUNDS.weth, FUNDED);
    await also(local);
    return { ledger: await ledger.getAddress(), lens, aggregator };
  } finally {
    await connection.close();
  }
}

/** What a test wants on the chain beside what all want. */
export type Addition = (local: LocalMarkets) => Promise<void>;

/** Starts a node in another process, and everything on it that tasks need. */
export async function startTasksWorld(also: Addition = async () => {}): Promise<TasksWorld> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const node = await startNode(port);
  const folder = await mkdtemp(join(tmpdir(), "certus-tasks-"));
  const deploymentId = `tasks-${process.pid}`;
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 });
  const close = async () => {
    provider.destroy();
    await stopNode(node);
    await rm(folder, { recursive: true, force: true });
    const journal = join(config.paths.ignition, "deployments", deploymentId);
    await rm(journal, { recursive: true, force: true });
  };
  try {
    const { ledger, lens, aggregator } = await deploy(url, deploymentId, also);
    const { timestamp } = (await provider.getBlock("latest")) ?? { timestamp: 0 };
    const expiry = firstExpiry(timestamp);
    const runner = tasksOn(url, lens);
    const publish = publisher(provider, aggregator);
    return { url, provider, ledger, lens, expiry, folder, ...runner, publish, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Runs tasks on the ledger that a lens looks at.
 *
 * @param command - Runs a command line: in this process if left out, or `commandApart`.
 */
export function tasksOn(url: string, lens: string, command = commandHere): TaskRunner {
  const task = (name: string, ...args: string[]) =>
    command(name, ["--rpc", url, "--lens", lens, ...args]);
  const json = async (name: string, ...args: string[]) => {
    const { code, stdout, stderr } = await task(name, "--json", ...args);
    if (code !== 0) throw new Error(`${name} ${args.join(" ")} failed: ${stderr}`);
    return JSON.parse(stdout) as Json;
  };
  const refusal = async (name: string, ...args: string[]) => {
    const { code, stdout, stderr } = await task(name, ...args);
    if (code === 1 && stdout === "") return stderr;
    throw new Error(`${name} ${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
  };
  const refusalHere = async (name: string, options: TaskOptions) => {
    const { refusal: sentence } = await runTask(name, { rpc: url, lens, ...options });
    if (sentence !== undefined) return sentence;
    throw new Error(`${name} was not refused`);
  };
  const jsonHere = (name: string, options: TaskOptions) =>
    taskJson(name, { rpc: url, lens, ...options });
  return { task, json, refusal, refusalHere, jsonHere };
}

function publisher(provider: JsonRpcProvider, aggregator: string) {
  return async (time: bigint, price: bigint): Promise<void> => {
    const signer = await provider.getSigner(0);
    await provider.send("evm_setNextBlockTimestamp", [Number(time)]);
    const feed = MockV3Aggregator__factory.connect(aggregator, signer);
    await (await feed.updateAnswer(price)).wait();
  };
}
