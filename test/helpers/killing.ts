import { once } from "node:events";

import { CUT, startProxy } from "./rpcProxy.ts";
import type { RpcCall } from "./rpcProxy.ts";
import { DEPLOYER, startDeploy } from "./testnet.ts";
import type { Testnet } from "./testnet.ts";

/**
 * When a deployment is killed: before its transaction has reached the node, when the node has it and nobody has heard of it, or
 * when its hash has been written down.
 */
export const MOMENTS = ["unsent", "unheard", "heard"] as const;

/** One of them. */
export type Moment = (typeof MOMENTS)[number];

/** How a deployment ended. */
export interface Ended {
  /** Nothing if it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Transactions that reached the node. */
  readonly sent: number;
}

/** Deploys in a process of its own, and kills it with its n-th transaction; without a number to its end. */
export async function deployKilled(
  testnet: Testnet,
  options: readonly string[],
  nth?: number,
  moment: Moment = "heard",
): Promise<Ended> {
  let [asked, sent] = [0, 0];
  let doomed = false;
  const isSend = (calls: readonly RpcCall[]) =>
    calls.some(({ method }) => method === "eth_sendRawTransaction");
  const kill = (): never => {
    child.kill("SIGKILL");
    throw CUT;
  };
  const proxy = await startProxy(testnet.url, {
    before: async (calls) => {
      if (doomed) kill();
      if (isSend(calls) && ++asked === nth && moment === "unsent") kill();
    },
    after: async (calls) => {
      if (!isSend(calls)) return;
      sent++;
      if (asked !== nth) return;
      doomed = true;
      if (moment === "unheard") kill();
    },
  });
  const child = startDeploy(testnet, proxy.url, options);
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Buffer) => (printed[stream] += chunk.toString()));
  }
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { code, signal, ...printed, sent };
  } finally {
    await proxy.close();
  }
}

/** The document of a deployment that went to its end. */
export interface Deployed {
  readonly sent: number;
  readonly cost: { readonly transactions: number };
  readonly contracts: Readonly<Record<string, string>>;
  readonly wrong: readonly unknown[];
  readonly access: { readonly differences: readonly unknown[] };
}

/** The document of a deployment that must have gone to its end. */
export function documentOf({ code, stdout, stderr }: Ended): Deployed {
  if (code !== 0) throw new Error(`deploy ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Deployed;
}

/**
 * What keeps a deployment from being as if nothing had happened to it; nothing if nothing does.
 *
 * @param transactions - How many an undisturbed one takes.
 */
export async function disturbance(
  { connection: { ethers } }: Testnet,
  document: Deployed,
  transactions: number,
): Promise<string | undefined> {
  const used = await ethers.provider.getTransactionCount(DEPLOYER);
  if (used !== transactions) return `the deployer has sent ${used} transactions`;
  if (document.cost.transactions !== transactions) {
    return `the journal knows ${document.cost.transactions} transactions`;
  }
  const addresses = Object.values(document.contracts);
  if (new Set(addresses).size !== addresses.length) return "two contracts have one address";
  const wrong = [...document.wrong, ...document.access.differences];
  return wrong.length === 0 ? undefined : `wrong is ${JSON.stringify(wrong)}`;
}
