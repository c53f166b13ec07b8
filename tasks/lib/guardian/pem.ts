import type { KeyObject } from "node:crypto";

import { UsageError } from "../usage.ts";

/** P-256 as node:crypto calls it. */
const CURVE = "prime256v1";

/** A P-256 key of a PEM file, refused with a sentence if it is none. */
export function p256In(option: string, path: string, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option}: ${path} holds no key in PEM that can be read: ${why}.`);
  }
  if (key.asymmetricKeyDetails?.namedCurve === CURVE) return key;
  throw new UsageError(
    `${option}: ${path} holds a key of ${key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType}, not of P-256 (${CURVE}).`,
  );
}

/** The point of a P-256 key, 64 bytes in hex. */
export function p256PointOf(option: string, path: string, read: () => KeyObject): string {
  const { x, y } = p256In(option, path, read).export({ format: "jwk" });
  return `0x${hexOf(x)}${hexOf(y)}`;
}

/** The secret of a P-256 key, 32 bytes in hex. */
export function p256SecretOf(option: string, path: string, read: () => KeyObject): string {
  return `0x${hexOf(p256In(option, path, read).export({ format: "jwk" }).d)}`;
}

function hexOf(word: string | undefined): string {
  return Buffer.from(word ?? "", "base64url").toString("hex");
}
