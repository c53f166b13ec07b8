import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { FinalityRule } from "../../deploy/parameters/index.ts";
import { addressesOf } from "../../packages/contracts/src/addresses.ts";
import { fileOf } from "./deploymentFile.ts";
import { UsageError } from "./usage.ts";

/** Where the ledger and its lens are on a chain. */
export interface Deployed {
  readonly ledger: string;
  readonly lens: string | undefined;
  /** Events begin here. */
  readonly block: number;
  /** What to wait for, if it is written down. */
  readonly finality?: FinalityRule;
  /** How it was found, for errors. */
  readonly source: string;
}

/** Where deployments are written down. */
export interface Places {
  /** Folders of the files that `deploy` writes. */
  readonly files: readonly string[];
  /** Ignition's folder, `deploy/deployments`. */
  readonly journals: string;
}

const LOCALLY = "npx hardhat deploy --network localhost";

/** What to do where no node answers. */
export const HOW_TO_START = `start one in another terminal, npx hardhat node, and put a ledger on it: ${LOCALLY}`;

/** What to do where there is no ledger. */
export const HOW_TO_DEPLOY = `Pass --ledger and --lens, or ${HOW_TO_START}`;

/** What to do where a local node was started anew. */
export const HOW_TO_REDEPLOY = `If the node was started anew, deploy again: ${LOCALLY}`;

/** The deployment that is known of a chain: that of `deploy`, or the package's, or else what Ignition wrote down. */
export async function deployedOn(chainId: bigint, places: Places): Promise<Deployed> {
  return (
    (await written(chainId, places.files)) ??
    published(chainId) ??
    (await journalled(chainId, places.journals))
  );
}

async function written(chainId: bigint, folders: readonly string[]): Promise<Deployed | undefined> {
  const found = await fileOf(chainId, folders);
  if (found === undefined) return undefined;
  const { contracts, block, finality } = found.file;
  const { clearinghouse: ledger = "", lens } = contracts;
  return { ledger, lens, block, finality, source: found.path };
}

function published(chainId: bigint): Deployed | undefined {
  try {
    const { contracts, block } = addressesOf(chainId);
    const { clearinghouse: ledger, lens } = contracts;
    return { ledger, lens, block, source: "the addresses of @certus/contracts" };
  } catch {
    return undefined;
  }
}

async function journalled(chainId: bigint, deployments: string): Promise<Deployed> {
  const usual = `chain-${chainId}`;
  const found = await addressesIn(deployments, usual);
  if (found !== undefined) return found;
  const others = await Promise.all(
    (await folders(deployments)).map(async (id) => ({
      id,
      chain: await chainOf(deployments, id),
      deployed: await addressesIn(deployments, id),
    })),
  );
  const here = others.filter(({ chain, deployed }) => chain === chainId && deployed !== undefined);
  const [only] = here;
  if (only?.deployed !== undefined && here.length === 1) return only.deployed;
  if (here.length > 1) {
    const ids = here.map(({ id }) => id).join(", ");
    throw new UsageError(
      `Chain ${chainId} has several deployments (${ids}): pass --ledger and --lens.`,
    );
  }
  throw new UsageError(`No ledger is known on chain ${chainId}. ${HOW_TO_DEPLOY}`);
}

async function folders(deployments: string): Promise<string[]> {
  try {
    const entries = await readdir(deployments, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Ledger and lens of a deployment of Ignition, if it holds a ledger. */
async function addressesIn(deployments: string, id: string): Promise<Deployed | undefined> {
  const path = join(deployments, id, "deployed_addresses.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const addresses = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  const ledger = addresses.get("Certus#Clearinghouse");
  if (ledger === undefined) return undefined;
  return {
    ledger,
    lens: addresses.get("Certus#Lens"),
    block: 0,
    source: `deploy/deployments/${id}`,
  };
}

/** The chain of a deployment: what its journal begins with. */
async function chainOf(deployments: string, id: string): Promise<bigint | undefined> {
  const text = await readFile(join(deployments, id, "journal.jsonl"), "utf8").catch(() => "");
  const chain = /"chainId":(\d+)/.exec(text)?.[1];
  return chain === undefined ? undefined : BigInt(chain);
}
