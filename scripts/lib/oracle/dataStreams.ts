/**
 * Encodes and signs reports of Chainlink's Data Streams, version 3, as their verifier takes them.
 *
 * A report is signed without any prefix: the digest is keccak256(keccak256(report) ‖ context), of the three words of
 * the context.
 *
 * @module
 */
import { AbiCoder, concat, hexlify, keccak256, toBeHex } from "ethers";
import type { SigningKey } from "ethers";

/** Begins the id of every feed of version 3. */
const VERSION = "0x0003";
const REPORT = [
  "bytes32",
  "uint32",
  "uint32",
  "uint192",
  "uint192",
  "uint32",
  "int192",
  "int192",
  "int192",
];
const PAYLOAD = ["bytes32[3]", "bytes", "bytes32[]", "bytes32[]", "bytes32"];
/** All words of a report behind its feed. */
type ReportWords = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
const EPOCH_OFFSET = 8n;

/** A report of version 3. Times are unix seconds, prices have 18 decimals. */
export interface ReportV3 {
  /** The feed; its id begins with 0x0003. */
  readonly feedId: string;
  /** First second that the report speaks of. */
  readonly validFrom: bigint;
  /** Last one: when the price was observed. */
  readonly observedAt: bigint;
  /** Fee in native coin, wei. */
  readonly nativeFee: bigint;
  /** Fee in LINK, base units. */
  readonly linkFee: bigint;
  /** Last second at which a verifier that takes fees verifies it. */
  readonly expiresAt: bigint;
  readonly price: bigint;
  readonly bid: bigint;
  readonly ask: bigint;
}

/** What a report was signed in. */
export interface ReportContext {
  /** Names the oracles' configuration at the verifier. */
  readonly configDigest: string;
  /** Epoch and round of the oracles' protocol. */
  readonly epoch: bigint;
  readonly round: bigint;
  /** A word that the verifier does not look at; zero if absent. */
  readonly extraHash?: string;
}

/** Whoever has a key; every ethers wallet. */
export interface ReportSigner {
  readonly signingKey: SigningKey;
}

/** A feed's id of version 3 from any 32 bytes. */
export function feedIdV3(name: string): string {
  return concat([VERSION, `0x${name.slice(6)}`]);
}

/** The report as it is signed. */
export function encodeReportV3(report: ReportV3): string {
  const { feedId, validFrom, observedAt, nativeFee, linkFee, expiresAt, price, bid, ask } = report;
  return AbiCoder.defaultAbiCoder().encode(REPORT, [
    feedId,
    validFrom,
    observedAt,
    nativeFee,
    linkFee,
    expiresAt,
    price,
    bid,
    ask,
  ]);
}

/**
 * The report inside a payload; nothing is verified.
 *
 * @returns The report; undefined if the bytes are no payload, or its feed is not of version 3.
 */
export function reportIn(payload: string): ReportV3 | undefined {
  try {
    const coder = AbiCoder.defaultAbiCoder();
    const [, bytes] = coder.decode(PAYLOAD, payload) as unknown as [unknown, string];
    if (!bytes.startsWith(VERSION)) return undefined;
    const words = coder.decode(REPORT, bytes) as unknown as [string, ...ReportWords];
    const [feedId, validFrom, observedAt, nativeFee, linkFee, expiresAt, price, bid, ask] = words;
    return { feedId, validFrom, observedAt, nativeFee, linkFee, expiresAt, price, bid, ask };
  } catch {
    return undefined;
  }
}

/** The three words of a context. */
export function contextWords({ configDigest, epoch, round, extraHash }: ReportContext): string[] {
  const epochAndRound = toBeHex((epoch << EPOCH_OFFSET) | round, 32);
  return [configDigest, epochAndRound, extraHash ?? toBeHex(0, 32)];
}

/** What the oracles sign. */
export function reportDigest(report: string, context: ReportContext): string {
  return keccak256(concat([keccak256(report), ...contextWords(context)]));
}

/**
 * Signs an encoded report.
 *
 * @param report - As `encodeReportV3` gives it.
 * @param context - What it is signed in.
 * @param signers - The verifier wants f + 1 different oracles of the configuration.
 * @returns The payload that `latest` and `valueAt` of a source take.
 */
export function signReport(
  report: string,
  context: ReportContext,
  signers: readonly ReportSigner[],
): string {
  const digest = reportDigest(report, context);
  const signatures = signers.map(({ signingKey }) => signingKey.sign(digest));
  const parities = new Uint8Array(32);
  for (const [i, { yParity }] of signatures.entries()) parities[i] = yParity;
  return AbiCoder.defaultAbiCoder().encode(PAYLOAD, [
    contextWords(context),
    report,
    signatures.map(({ r }) => r),
    signatures.map(({ s }) => s),
    hexlify(parities),
  ]);
}
