import { isHexString, Signature } from "ethers";

import { reportIn } from "../../../scripts/lib/oracle/dataStreams.ts";
import type { ReportV3 } from "../../../scripts/lib/oracle/dataStreams.ts";
import { packageFromGateway } from "../../../scripts/lib/oracle/redstone.ts";
import type { SignedDataPackagePlainObj } from "../../../scripts/lib/oracle/redstone.ts";
import type { SignedObservation } from "../../../scripts/lib/oracle/signedFeed.ts";
import { readText } from "../files.ts";
import { UsageError } from "../usage.ts";

/** A package as RedStone's library has it. */
export type SignedPackage = ReturnType<typeof packageFromGateway>;

/** A signed report and what it says. */
export interface SignedReport extends ReportV3 {
  readonly payload: string;
}

/** What networks and signers have said, as files bring it. */
export interface Said {
  readonly packages: readonly SignedPackage[];
  readonly observations: readonly SignedObservation[];
  readonly reports: readonly SignedReport[];
}

/** Files by the options that name them. */
export interface SaidArguments {
  readonly packages: string | undefined;
  readonly observations: string | undefined;
  readonly reports: string | undefined;
}

/** Nothing. */
export const SILENCE: Said = { packages: [], observations: [], reports: [] };

const KINDS = {
  packages: "RedStone package: objects with dataPoints, timestampMilliseconds and signature",
  observations: "observation: objects with signer, time, price, and signature or r and vs",
  reports: "Data Streams report of version 3: its full report in hex, or objects with fullReport",
} as const;

/** What the files of `--packages`, `--observations` and `--reports` hold; each must hold something of its kind. */
export async function saidIn(args: SaidArguments): Promise<Said> {
  const one = async <Kind extends keyof Said>(kind: Kind): Promise<Said[Kind]> => {
    const path = args[kind];
    if (path === undefined) return SILENCE[kind];
    const option = `--${kind}`;
    const found = saidBy(option, path, await readText(option, path))[kind];
    if (found.length > 0) return found;
    throw new UsageError(`${option}: ${path} holds no ${KINDS[kind]}.`);
  };
  const [packages, observations, reports] = await Promise.all([
    one("packages"),
    one("observations"),
    one("reports"),
  ]);
  return { packages, observations, reports };
}

/** All that a text says, JSON of any shape around packages, observations and reports, or a report in hex. */
export function saidBy(option: string, path: string, text: string): Said {
  const found = { packages: [], observations: [], reports: [] };
  try {
    collect(isHexString(text.trim()) ? text.trim() : JSON.parse(text), found);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option}: ${path} cannot be understood: ${why}`);
  }
  return found;
}

interface Collected {
  readonly packages: SignedPackage[];
  readonly observations: SignedObservation[];
  readonly reports: SignedReport[];
}

function collect(value: unknown, found: Collected): void {
  if (typeof value === "string") {
    const report = isHexString(value) ? reportIn(value) : undefined;
    if (report !== undefined) found.reports.push({ ...report, payload: value });
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if ("dataPoints" in value) {
    found.packages.push(packageFromGateway(value as SignedDataPackagePlainObj));
  } else if ("signer" in value && "price" in value) {
    found.observations.push(observationOf(value));
  } else {
    for (const inner of Object.values(value)) collect(inner, found);
  }
}

function observationOf(value: Readonly<Record<string, unknown>> | object): SignedObservation {
  const { signer, time, price, signature, r, vs } = value as Readonly<Record<string, unknown>>;
  if (typeof signer !== "string") throw new Error("an observation's signer is no address");
  const whole = { time: wholeOf("time", time), price: wholeOf("price", price) };
  if (typeof r === "string" && typeof vs === "string") return { signer, ...whole, r, vs };
  if (typeof signature !== "string") throw new Error("an observation has no signature");
  const parts = Signature.from(signature);
  return { signer, ...whole, r: parts.r, vs: parts.yParityAndS };
}

function wholeOf(name: string, value: unknown): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "string" && /^\d+$/.test(value)) return BigInt(value);
  throw new Error(`an observation's ${name} is no whole number, which it is in base units`);
}
