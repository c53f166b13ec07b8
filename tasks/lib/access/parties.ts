import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { getAddress, isAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { parseAddress } from "../accounts.ts";
import { foldersOf } from "../deploymentFile.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import type { Parties } from "./read.ts";

/** What an option or a deployment's file names. */
const NAMES = ["manager", "hub", "breaker", "bounties", "safe", "guardian", "steward"] as const;
type Name = (typeof NAMES)[number];

/** Addresses that override those of the deployment's file. */
export type PartyArguments = { readonly [name in Name]: string | undefined };

/** How files call them, the first that is there. */
const WRITTEN: Readonly<Record<Name | "ledger", readonly string[]>> = {
  manager: ["contracts.manager", "contracts.accessManager"],
  ledger: ["contracts.ledger", "contracts.clearinghouse"],
  hub: ["contracts.hub", "contracts.oracleHub"],
  breaker: ["contracts.breaker", "contracts.circuitBreaker"],
  bounties: ["contracts.bounties"],
  safe: ["contracts.safe", "roles.safe", "roles.admin"],
  guardian: ["contracts.guardian", "roles.guardian"],
  steward: ["roles.steward"],
};

/** A deployment's file, as far as it is read here. */
type Written = Readonly<Record<string, unknown>>;

/** Whose access is looked at around the session's ledger: options first, then the deployment's file, then the ledger itself. */
export async function partiesOf(
  session: Session,
  args: PartyArguments & { readonly deployments?: string | undefined },
  { config }: HardhatRuntimeEnvironment,
): Promise<Parties> {
  const { ledger, ledgerAddress } = session;
  const file = await fileOf(session, foldersOf(config.paths.root, args.deployments));
  const found = new Map<Name, string>();
  for (const name of NAMES) {
    const given = args[name];
    const address = given === undefined ? addressIn(file, name) : parseAddress(`--${name}`, given);
    if (address !== undefined) found.set(name, address);
  }
  if (!found.has("manager")) found.set("manager", await ledger.authority());
  const missing = NAMES.filter((name) => !found.has(name)).map((name) => `--${name}`);
  if (missing.length > 0) {
    throw new UsageError(
      `No file below deployments/ names all of this deployment: pass ${missing.join(", ")}.`,
    );
  }
  const at = (name: Name): string => found.get(name) ?? "";
  const parties = {
    manager: at("manager"),
    targets: {
      ledger: ledgerAddress,
      hub: at("hub"),
      breaker: at("breaker"),
      bounties: at("bounties"),
    },
    holders: { safe: at("safe"), guardian: at("guardian"), steward: at("steward") },
  };
  await checkCode(session, parties);
  return parties;
}

async function checkCode(
  { provider, chainId }: Session,
  { manager, targets, holders }: Parties,
): Promise<void> {
  // A steward may be an account without code.
  const { safe, guardian } = holders;
  const { hub, breaker, bounties } = targets;
  for (const [name, address] of Object.entries({
    manager,
    hub,
    breaker,
    bounties,
    safe,
    guardian,
  })) {
    if ((await provider.getCode(address)) !== "0x") continue;
    throw new UsageError(
      `There is no contract at ${address} on chain ${chainId}: pass the right address with --${name}.`,
    );
  }
}

/** The file of the deployment of this ledger, if there is one. */
async function fileOf(
  { chainId, ledgerAddress }: Session,
  folders: readonly string[],
): Promise<Written> {
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
    for (const name of names) {
      const path = join(folder, name);
      const file = parsed(path, await readFile(path, "utf8"));
      const isHere = String(file["chainId"]) === chainId.toString();
      if (isHere && addressIn(file, "ledger") === ledgerAddress) return file;
    }
  }
  return {};
}

function parsed(path: string, text: string): Written {
  try {
    return JSON.parse(text) as Written;
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${String(error)}. Restore it, or deploy again.`);
  }
}

function addressIn(file: Written, name: Name | "ledger"): string | undefined {
  for (const path of WRITTEN[name]) {
    const [group = "", key = ""] = path.split(".");
    const value = (file[group] as Written | undefined)?.[key];
    if (isAddress(value)) return getAddress(value);
  }
  return undefined;
}
