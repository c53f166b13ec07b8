/**
 * Keys of signers, what they sign, and the payloads that carry it. Signatures all have one nonce, so that one is a
 * multiplication: the keys are public anyhow.
 *
 * @module
 */
import { keccak, keccakText, keccakWords } from "@certus/model";
import { computeAddress, encodeBytes32String } from "ethers";

import { toWord } from "../../../scripts/lib/abi.ts";
import { CHAIN_ID } from "../chain/chain.ts";
import { signWithKey } from "../run/signing.ts";

/** Somebody who signs prices. */
export interface Signatory {
  readonly key: bigint;
  readonly address: bigint;
}

/** Signers of a name, out of which their keys come. */
export function signatories(name: string, count: number): readonly Signatory[] {
  return Array.from({ length: count }, (_, index) => {
    const key = keccakText(`certus price campaign: ${name} ${index}`) >> 1n;
    return { key, address: BigInt(computeAddress(`0x${toWord(key)}`)) };
  });
}

/** A bytes32 text as a number. */
export function textWord(text: string): bigint {
  return BigInt(encodeBytes32String(text));
}

/** What each signer of a set says, by its index. */
export type Said = ReadonlyMap<number, bigint>;

function bitmapOf(said: Said): bigint {
  let bitmap = 0n;
  for (const index of said.keys()) bitmap |= 1n << BigInt(index);
  return bitmap;
}

function bytesOf(digits: string): Uint8Array {
  return Buffer.from(digits, "hex");
}

/** Puts bytes of an encoding on the boundary of a word. */
function padded(digits: string): string {
  return digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
}

function inBytes(value: bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, "0");
}

function ascending(said: Said): readonly (readonly [index: number, price: bigint])[] {
  return [...said].sort(([a], [b]) => a - b);
}

function keyAt(signers: readonly Signatory[], index: number): bigint {
  const key = signers[index]?.key;
  if (key === undefined) throw new RangeError(`there is no signer ${index}`);
  return key;
}

/** Ends every payload of RedStone. */
const MARKER = "000002ed57011e0000";

/**
 * Packages of RedStone as the source takes them, as hex digits.
 *
 * @param order - Order of the packages, of which the value is independent; that of the bits if absent.
 */
export function redstonePayload(
  signers: readonly Signatory[],
  dataFeedId: bigint,
  time: bigint,
  said: Said,
  order: <T>(list: readonly T[]) => readonly T[] = (list) => list,
): string {
  let packages = "";
  for (const [index, price] of order(ascending(said))) {
    const point = toWord(dataFeedId) + toWord(price);
    const data = point + inBytes(time * 1_000n, 6) + inBytes(32n, 4) + inBytes(1n, 3);
    const { r, s, odd } = signWithKey(keyAt(signers, index), keccak(bytesOf(data)));
    packages += data + toWord(r) + toWord(s) + (odd ? "1c" : "1b");
  }
  const tail = packages + inBytes(BigInt(said.size), 2) + inBytes(0n, 3) + MARKER;
  const size = BigInt(tail.length / 2);
  return toWord(bitmapOf(said)) + toWord(64n) + toWord(size) + padded(tail);
}

/** For whom own signers sign. */
export interface OwnContext {
  readonly separator: bigint;
  readonly pair: bigint;
}

const DOMAIN_TYPE = keccakText(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);
const OBSERVATION_TYPE = keccakText("Observation(bytes32 pair,uint64 time,uint64 price)");

/** What observations for a source are signed in. */
export function ownContext(
  source: bigint,
  base: bigint,
  quote: bigint,
  priceExp: bigint,
): OwnContext {
  const [name, version] = [keccakText("Certus Signed Feed"), keccakText("1")];
  const separator = keccakWords([DOMAIN_TYPE, name, version, CHAIN_ID, source]);
  return { separator, pair: keccakWords([base, quote, priceExp]) };
}

/** A signature over an observation: r, and s with the parity of y. */
export function signObservation(
  { separator, pair }: OwnContext,
  key: bigint,
  time: bigint,
  price: bigint,
): readonly [r: bigint, vs: bigint] {
  const struct = keccakWords([OBSERVATION_TYPE, pair, time, price]);
  const { r, s, odd } = signWithKey(key, keccakWords([separator, struct], [0x19, 0x01]));
  return [r, s | (odd ? 1n << 255n : 0n)];
}

/** Observations of own signers as the source takes them, as hex digits. */
export function ownPayload(
  context: OwnContext,
  signers: readonly Signatory[],
  time: bigint,
  said: Said,
): string {
  const list = ascending(said);
  const prices = list.map(([, price]) => toWord(price)).join("");
  const signatures = list.map(([index, price]) =>
    signObservation(context, keyAt(signers, index), time, price).map(toWord).join(""),
  );
  const count = toWord(BigInt(list.length));
  const head = [time, bitmapOf(said), 128n, BigInt(128 + 32 + 32 * list.length)].map(toWord);
  return head.join("") + count + prices + count + signatures.join("");
}
