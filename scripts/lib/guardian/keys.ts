/**
 * The three kinds of keys of the guardian: of an account, P-256, and a passkey. A passkey signs in the browser; here its
 * assertion is made the way an authenticator makes it.
 *
 * @module
 */
import { createHash, createPrivateKey, sign } from "node:crypto";

import { p256 } from "@noble/curves/nist.js";
import { AbiCoder, SigningKey, computeAddress, concat, getBytes, hexlify } from "ethers";

import type { SignedBy } from "./userOperation.ts";

/** A key of the guardian. */
export interface GuardianKey {
  /** What the guardian knows it by: an address, or a verifier and a public key. */
  readonly signer: string;
  /** Signs the hash of an operation. */
  readonly sign: (hash: string) => SignedBy;
}

const coder = AbiCoder.defaultAbiCoder();
/** OpenZeppelin's `WebAuthnAuth`: r, s, where challenge and type stand in the client data, authenticator data, client data. */
const ASSERTION = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"];

/** User present and user verified. */
const FLAGS = 0x05;

/** The key of an account: signs the hash as its wallet signs the operation as typed data. */
export function accountKey(privateKey: string): GuardianKey {
  const key = new SigningKey(privateKey);
  const signer = computeAddress(key).toLowerCase();
  return { signer, sign: (hash) => ({ signer, signature: key.sign(hash).serialized }) };
}

/** What an authenticator answers a challenge with. */
export interface Assertion {
  readonly authenticatorData: Uint8Array;
  /** JSON as the browser wrote it. */
  readonly clientData: string;
  /** P-256 signature of both, DER. */
  readonly signature: Uint8Array;
}

/** An assertion as OpenZeppelin's verifier takes it. */
export function encodedAssertion({ authenticatorData, clientData, signature }: Assertion): string {
  // Authenticators sign either half of the curve's order; OpenZeppelin takes the lower.
  const { r, s } = p256.Signature.fromDER(new Uint8Array(signature)).normalizeS();
  const places = ['"challenge"', '"type"'].map((name) => Buffer.from(clientData).indexOf(name));
  return coder.encode(ASSERTION, [word(r), word(s), ...places, authenticatorData, clientData]);
}

/** A P-256 key, as in a hardware module: signs the hash itself. Known to OpenZeppelin's verifier at an address. */
export function p256Key(verifier: string, privateKey: string): GuardianKey {
  const secret = getBytes(privateKey);
  const signer = concat([verifier, p256.getPublicKey(secret, false).slice(1)]);
  const signWith = (hash: string) => {
    const made = p256.sign(getBytes(hash), secret, { prehash: false, lowS: true });
    return { signer, signature: hexlify(made.toCompactRawBytes()) };
  };
  return { signer, sign: signWith };
}

/** A passkey of a site: signs the hash as the challenge of an assertion, user verified. */
export function passkey(verifier: string, privateKey: string, site: string): GuardianKey {
  const signer = concat([verifier, p256.getPublicKey(getBytes(privateKey), false).slice(1)]);
  const signWith = (hash: string) => ({
    signer,
    signature: encodedAssertion(assertionBy(privateKey, site, hash)),
  });
  return { signer, sign: signWith };
}

/** What a passkey of a site answers to a hash. */
export function assertionBy(privateKey: string, site: string, hash: string): Assertion {
  const challenge = Buffer.from(getBytes(hash)).toString("base64url");
  const origin = `https://${site}`;
  const client = { type: "webauthn.get", challenge, origin, crossOrigin: false };
  const clientData = JSON.stringify(client);
  const counter = new Uint8Array(4);
  const siteHash = sha256(Buffer.from(site));
  const authenticatorData = Buffer.concat([siteHash, Buffer.from([FLAGS]), counter]);
  const message = Buffer.concat([authenticatorData, sha256(Buffer.from(clientData))]);
  const signature = sign("sha256", message, p256KeyObject(privateKey));
  return { authenticatorData, clientData, signature };
}

const sha256 = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
const word = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;

/** A P-256 key as node:crypto has it. */
export function p256KeyObject(privateKey: string) {
  const secret = getBytes(privateKey);
  const point = p256.getPublicKey(secret, false).slice(1);
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const [x, y] = [base64url(point.subarray(0, 32)), base64url(point.subarray(32))];
  const jwk = { kty: "EC", crv: "P-256", x, y, d: base64url(secret) };
  return createPrivateKey({ key: jwk, format: "jwk" });
}
