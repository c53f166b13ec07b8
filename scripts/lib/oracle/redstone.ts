/**
 * RedStone's signed data packages, and the payload in which a `RedStone` source takes them.
 *
 * @module
 */
import {
  DataPackage,
  DataPoint,
  RedstonePayload,
  SignedDataPackage,
  deserializeSignedPackage,
} from "@redstone-finance/protocol";
import type { SignedDataPackagePlainObj } from "@redstone-finance/protocol";
import {
  AbiCoder,
  SigningKey,
  concat,
  encodeBytes32String,
  getBytes,
  hexlify,
  recoverAddress,
  toBeHex,
} from "ethers";

import { ordered } from "./signerSet.ts";
import type { Statement } from "./signerSet.ts";

export { StatementsError, newestSet } from "./signerSet.ts";
export type { SignedDataPackagePlainObj } from "@redstone-finance/protocol";

const coder = AbiCoder.defaultAbiCoder();

/** What a package says of one feed. */
export interface PackageContent {
  /** RedStone's name of the feed, for example "ETH". */
  readonly dataFeedId: string;
  /** In the network's decimals, usually 8. */
  readonly value: bigint;
  /** Unix time, in milliseconds. */
  readonly milliseconds: bigint;
}

/** A package with what it says of one feed; its time is in milliseconds. */
export interface FeedPackage extends Statement {
  readonly signed: SignedDataPackage;
}

/** A feed's name as it stands in packages, and as the source takes it. */
export function feedIdOf(dataFeedId: string): string {
  return encodeBytes32String(dataFeedId);
}

/** Signs a package with a key of one's own: for tests and local chains. */
export function signPackage(privateKey: string, content: PackageContent): SignedDataPackage {
  return signPoints(privateKey, content.milliseconds, [content]);
}

/** Signs a package of several feeds, all of whose values take `valueBytes` bytes. */
export function signPoints(
  privateKey: string,
  milliseconds: bigint,
  points: readonly Pick<PackageContent, "dataFeedId" | "value">[],
  valueBytes = 32,
): SignedDataPackage {
  const dataPoints = points.map(
    ({ dataFeedId, value }) => new DataPoint(dataFeedId, getBytes(toBeHex(value, valueBytes))),
  );
  const id = points[0]?.dataFeedId ?? "";
  const content = new DataPackage(dataPoints, Number(milliseconds), id);
  // The same signature as `sign` of the package makes, in a tenth of its time.
  const { serialized } = new SigningKey(privateKey).sign(content.getSignableHash());
  return new SignedDataPackage(content, serialized);
}

/** A package as RedStone's gateways give it in JSON; other fields of theirs are left out. */
export function packageFromGateway(plain: SignedDataPackagePlainObj): SignedDataPackage {
  const { dataPackage, signature } = deserializeSignedPackage(plain);
  return new SignedDataPackage(dataPackage, signature);
}

/** Who signed a package. */
export function packageSigner(signed: SignedDataPackage): string {
  return recoverAddress(
    hexlify(signed.dataPackage.getSignableHash()),
    signed.serializeSignatureToHex(),
  );
}

/**
 * What a package says of a feed, for `newestSet` and `encodePackages`.
 *
 * @returns The package with its signer, time and value; undefined if it says nothing of the feed.
 */
export function feedPackage(
  signed: SignedDataPackage,
  dataFeedId: string,
): FeedPackage | undefined {
  const { dataPoints, timestampMilliseconds } = signed.dataPackage;
  const point = dataPoints.find((candidate) => candidate.dataFeedId === dataFeedId);
  if (point === undefined) return undefined;
  const price = BigInt(hexlify(point.value));
  return { signer: packageSigner(signed), time: BigInt(timestampMilliseconds), price, signed };
}

/**
 * The packages of a feed in the answer of a gateway, which lists them by package.
 *
 * @param answer - For each name of a package, the packages of that name.
 * @param dataFeedId - The feed; all packages that say something of it count, whatever their name.
 */
export function packagesOfFeed(
  answer: Readonly<Record<string, readonly SignedDataPackagePlainObj[] | undefined>>,
  dataFeedId: string,
): FeedPackage[] {
  return Object.values(answer)
    .flatMap((packages) => packages ?? [])
    .map((plain) => feedPackage(packageFromGateway(plain), dataFeedId))
    .filter((found) => found !== undefined);
}

/**
 * The payload for `latest` and `valueAt`: claims exactly the signers of the packages.
 *
 * @param signers - `signers()` of the source.
 * @param packages - One of each signer that is to count, in any order, all of one time; `newestSet` picks them.
 * @throws {@link StatementsError} if a signer is unknown or comes twice, or if the times differ.
 */
export function encodePackages(
  signers: readonly string[],
  packages: readonly SignedDataPackage[],
): string {
  const named = packages.map((signed) => ({
    signer: packageSigner(signed),
    time: BigInt(signed.dataPackage.timestampMilliseconds),
    signed,
  }));
  const { bitmap, statements } = ordered(signers, named);
  const tail = connectorPayload(statements.map(({ signed }) => signed));
  return encodeClaim(bitmap, tail);
}

/** What the connector wants at the end of the calldata. */
export function connectorPayload(packages: readonly SignedDataPackage[], metadata = ""): string {
  return concat([`0x${RedstonePayload.prepare([...packages], metadata)}`]);
}

/** A payload as the source decodes it; `encodePackages` makes sure that it can be of use. */
export function encodeClaim(bitmap: bigint, packages: string): string {
  return coder.encode(["uint16", "bytes"], [bitmap, packages]);
}
