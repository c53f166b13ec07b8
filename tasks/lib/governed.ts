import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { isAddress, getAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { parseAddress } from "./accounts.ts";
import { hubBy } from "./oracle/hubs.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** A part of a governed deployment that an option can name. */
export type Part = "safe" | "manager" | "hub" | "breaker" | "bounties" | "multiSend";

/** What tasks of governance take beside what all take. */
export type GovernedArguments = { readonly [part in Part]: string | undefined };

/** Where the parts of a governed deployment are. */
export interface Governed {
  /** Address of a part; a `UsageError` says what to do where none is known. */
  readonly need: (part: Part) => Promise<string>;
  /** The same; nothing where none is known. */
  readonly find: (part: Part) => string | undefined;
  /** Names of the addresses that are known, the ledger's and others of the deployment among them. */
  readonly names: ReadonlyMap<string, string>;
}

/** How `deployments/*.json` and options call what tasks call otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  accessManager: "manager",
  clearinghouse: "ledger",
  multiSendCallOnly: "multiSend",
};

const OPTIONS: Readonly<Record<Part, string>> = {
  safe: "--safe",
  manager: "--manager",
  hub: "--hub",
  breaker: "--breaker",
  bounties: "--bounties",
  multiSend: "--multi-send",
};

/** The governed deployment around the session's ledger: options first, then `deployments/*.json`, then the chain itself. */
export async function governedOf(
  session: Session,
  args: GovernedArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Governed> {
  const { ledgerAddress, chainId } = session;
  const written = await writtenDown(join(hre.config.paths.root, "deployments"), session);
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

/** Addresses of the deployment that `deployments/` knows of this ledger. */
async function writtenDown(
  folder: string,
  { chainId, ledgerAddress }: Session,
): Promise<Map<string, string>> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  for (const file of files) {
    const { chainId: chain, contracts } = JSON.parse(
      await readFile(join(folder, file), "utf8"),
    ) as { readonly chainId?: unknown; readonly contracts?: Readonly<Record<string, unknown>> };
    const found = new Map(addressesIn(contracts ?? {}));
    if (String(chain) === chainId.toString() && found.get("ledger") === ledgerAddress) return found;
  }
  return new Map();
}

function addressesIn(contracts: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(contracts).flatMap(([name, address]): [string, string][] =>
    isAddress(address) ? [[ALIASES[name] ?? name, getAddress(address)]] : [],
  );
}
