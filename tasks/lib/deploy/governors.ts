import { isHexString } from "ethers";

import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import type { GuardianPlan, Plan, SafePlan } from "../../../deploy/plan.ts";
import { LOCAL_SIGNERS } from "../../../scripts/lib/oracle/localFeed.ts";
import { parseAddress } from "../accounts.ts";
import { parseWhole } from "../decimals.ts";
import { listed, UsageError } from "../usage.ts";
import { SETTINGS, typed } from "./arguments.ts";
import type { Setting } from "./arguments.ts";

/** Who governs a deployment. */
export type Governing = Pick<Plan, "safe" | "steward" | "guardian" | "ownSigners">;

type Settings = Readonly<Record<Setting, string | undefined>>;

const ADDRESS_BYTES = 20;

/**
 * Who governs, by options and environment.
 *
 * @param solo - Whether the deployer may stand for all who are not named; on a local chain it does.
 */
export function governorsOf(
  settings: Settings,
  { local }: Pick<ChainParameters, "local">,
  deployer: string,
  solo: boolean,
): Governing {
  const alone = local || solo;
  if (!alone) requireAll(settings);
  const { steward } = settings;
  return {
    safe: safeOf(settings, deployer),
    steward: steward === undefined ? deployer : parseAddress(typed("steward"), steward),
    guardian: guardianOf(settings, deployer),
    ownSigners: ownSignersOf(settings, local),
  };
}

/** Refuses to let one key govern because somebody forgot an option. */
function requireAll(settings: Settings): void {
  const needed: Setting[] = ["owners", "steward", "guardians"];
  const missing = needed
    .filter((name) => settings[name] === undefined)
    .filter((name) => name !== "owners" || settings.safe === undefined);
  if (missing.length === 0) return;
  const names = missing.map((name) => `${typed(name)} (or ${SETTINGS[name]})`);
  throw new UsageError(
    `Who governs is not said: ${names.join(", ")}. Name them, or pass --solo for a deployment that the deployer's key governs alone.`,
  );
}

function safeOf({ safe, owners, threshold }: Settings, deployer: string): SafePlan {
  if (safe !== undefined) {
    if (owners === undefined && threshold === undefined) {
      return { address: parseAddress(typed("safe"), safe) };
    }
    throw new UsageError(
      "--safe names a Safe that has its owners already: leave --owners and --threshold out.",
    );
  }
  const addresses =
    owners === undefined
      ? [deployer]
      : listed(typed("owners"), owners, ",").map((text) => parseAddress(typed("owners"), text));
  return {
    owners: distinct("owners", addresses),
    threshold: most("threshold", threshold, addresses),
  };
}

function guardianOf({ guardians, guardianThreshold }: Settings, deployer: string): GuardianPlan {
  const signers =
    guardians === undefined
      ? [deployer.toLowerCase()]
      : listed(typed("guardians"), guardians, ",").map(parseSigner);
  return {
    signers: distinct("guardians", signers),
    threshold: most("guardianThreshold", guardianThreshold, signers),
  };
}

/** A signer as ERC-7913 has it: an address, or a verifier's address followed by a key. */
function parseSigner(text: string): string {
  const name = typed("guardians");
  if (!isHexString(text)) {
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no signer: write an address, or a verifier's address and the key behind it, in hex.`,
    );
  }
  const address = text.slice(0, 2 + 2 * ADDRESS_BYTES);
  return `${parseAddress(name, address)}${text.slice(address.length)}`.toLowerCase();
}

/** Signers of the protocol's own feed; on a local chain those whose keys everybody knows. */
function ownSignersOf({ ownSigners }: Settings, local: boolean): readonly string[] {
  if (ownSigners === undefined) return local ? LOCAL_SIGNERS.own : [];
  const name = typed("ownSigners");
  const signers = listed(name, ownSigners, ",").map((text) => parseAddress(name, text));
  if (signers.length % 3 === 1 && signers.length >= 4 && signers.length <= 16) {
    return distinct("ownSigners", signers);
  }
  throw new UsageError(`${name}: name 4, 7, 10, 13 or 16 signers, not ${signers.length}.`);
}

/** How many have to sign: more than half, unless it is said. */
function most(name: Setting, text: string | undefined, of: readonly string[]): number {
  if (text === undefined) return Math.floor(of.length / 2) + 1;
  return Number(parseWhole(typed(name), text, 1n, BigInt(of.length)));
}

function distinct(name: Setting, of: readonly string[]): readonly string[] {
  const twice = of.find((each, index) => of.indexOf(each) !== index);
  if (twice === undefined) return of;
  throw new UsageError(`${typed(name)}: ${twice} stands there twice.`);
}
