import { isAddress, getAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { parseAddress } from "./accounts.ts";
import { fileOf, foldersOf } from "./deploymentFile.ts";
import { hubBy } from "./oracle/hubs.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** A part of a governed deployment that an option can name. */
export type Part = "safe" | "manager" | "hub" | "breaker" | "bounties" | "multiSend" | "guardian";

/** What tasks of governance take beside what all take; no task takes all of it. */
export type GovernedArguments = { readonly [part in Part]?: string | undefined };

/** Where the parts of a governed deployment are. */
export interface Governed {
  /** Address of a part; a `UsageError` says what to do where none is known. */
  readonly need: (part: Part) => Promise<string>;
  /** The same; nothing where none is known. */
  readonly find: (part: Part) => string | undefined;
  /** Names of the addresses that are known, the ledger's and others of the deployment among them. */
  readonly names: ReadonlyMap<string, string>;
}

/** How files of deployments call what is called otherwise here. Of Safe's two contracts for batches only the second is meant. */
const ALIASES: Readonly<Record<string, string>> = {
  accessManager: "manager",
  admin: "safe",
  circuitBreaker: "breaker",
  clearinghouse: "ledger",
  multiSend: "multiSendOfAnything",
  multiSendCallOnly: "multiSend",
  oracleHub: "hub",
};

const OPTIONS: Readonly<Record<Part, string>> = {
  safe: "--safe",
  manager: "--manager",
  hub: "--hub",
  breaker: "--breaker",
  bounties: "--bounties",
  multiSend: "--multi-send",
  guardian: "--guardian",
};

/** The governed deployment around the session's ledger: options first, then the file below `deployments/`, then the chain itself. */
export async function governedOf(
  session: Session,
  args: GovernedArguments & { readonly deployments?: string | undefined },
  hre: HardhatRuntimeEnvironment,
): Promise<Governed> {
  const { ledgerAddress, chainId } = session;
  const folders = foldersOf(hre.config.paths.root, args.deployments);
  const written = await writtenDown(session, folders);
  const known = new Map([["manager", await session.ledger.authority()], ...written]);
  for (const [part, option] of Object.entries(OPTIONS)) {
    const given = args[part as Part];
    if (given !== undefined) known.set(part, parseAddress(option, given));
  }
  const names = new Map([...known].map(([name, address]) => [address, name]));
  names.set(ledgerAddress, "ledger");
  const need = async (part: Part) => {
    const address =
      known.get(part) ?? (part === "hub" ? await hubBy(session, undefined) : undefined);
    if (address === undefined) {
      throw new UsageError(
        `No ${part} is known of the ledger ${ledgerAddress} on chain ${chainId}: pass its address with ${OPTIONS[part]}.`,
      );
    }
    if ((await session.provider.getCode(address)) !== "0x") return address;
    throw new UsageError(`There is no contract at ${address} (${OPTIONS[part]}) on this chain.`);
  };
  return { need, find: (part) => known.get(part), names };
}

/** Addresses that the chain's file names, if it is that of the session's ledger. */
async function writtenDown(
  { chainId, ledgerAddress }: Session,
  folders: readonly string[],
): Promise<[string, string][]> {
  const found = await fileOf(chainId, folders).catch((error: unknown) => {
    // Of several files none is meant, where options name the ledger.
    if (error instanceof UsageError) return undefined;
    throw error;
  });
  const { contracts, roles } = found?.file ?? { contracts: {}, roles: {} };
  const named = [...addressesIn(roles), ...addressesIn(contracts)];
  return named.some(([name, at]) => name === "ledger" && at === ledgerAddress) ? named : [];
}

/** Addresses by their names. */
function addressesIn(group: object): [string, string][] {
  return Object.entries(group).flatMap(([name, address]): [string, string][] =>
    isAddress(address) ? [[ALIASES[name] ?? name, getAddress(address)]] : [],
  );
}
