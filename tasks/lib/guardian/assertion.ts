import { encodedAssertion } from "../../../scripts/lib/guardian/keys.ts";
import type { Assertion } from "../../../scripts/lib/guardian/keys.ts";
import { record, text } from "../multisig/fields.ts";
import type { Fields } from "../multisig/fields.ts";
import { challengeOf } from "./proposal.ts";

/** Where flags stand in authenticator data, and the two that the guardian wants: somebody was there, and was verified. */
const FLAGS = 32;
const PRESENT = 0x01;
const VERIFIED = 0x04;

/**
 * The signature that a passkey's assertion is, for an operation's hash.
 *
 * @param content - JSON as `PublicKeyCredential.toJSON` writes what `navigator.credentials.get` gave.
 * @throws Error that says what is wrong with the assertion.
 */
export function assertionSignature(content: string, hash: string): string {
  const credential = record("the file", JSON.parse(content));
  const response = record("response", credential["response"]);
  const assertion = {
    authenticatorData: bytes(response, "authenticatorData"),
    clientData: bytes(response, "clientDataJSON").toString("utf8"),
    signature: bytes(response, "signature"),
  };
  checkAssertion(assertion, hash);
  try {
    return encodedAssertion(assertion);
  } catch {
    throw new Error("response.signature is no signature of P-256");
  }
}

function bytes(fields: Fields, name: string): Buffer {
  const encoded = text(fields, name);
  if (/^[\w-]+=*$/.test(encoded)) return Buffer.from(encoded, "base64url");
  throw new Error(`response.${name} is not base64url, as PublicKeyCredential.toJSON writes it`);
}

/** Refuses what the guardian would not take, with more words than its no. */
function checkAssertion({ authenticatorData, clientData }: Assertion, hash: string): void {
  const { type, challenge } = record("clientDataJSON", JSON.parse(clientData));
  if (type !== "webauthn.get") throw new Error("it is no answer to navigator.credentials.get");
  if (challenge !== challengeOf(hash)) {
    throw new Error(
      `it answers the challenge ${String(challenge)}; that of the operation is ${challengeOf(hash)}`,
    );
  }
  const flags = authenticatorData[FLAGS] ?? 0;
  if ((flags & PRESENT) !== 0 && (flags & VERIFIED) !== 0) return;
  throw new Error('the user was not verified: ask the browser with userVerification: "required"');
}
