import { generateKeyPairSync } from "node:crypto";

import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";
import { concat, getBytes, id } from "ethers";
import type { Interface } from "ethers";

import { assertionBy, p256KeyObject, passkey } from "../../../../scripts/lib/guardian/keys.ts";
import { ENTRY_POINT, GUARDIAN } from "../../../../tasks/lib/guardian/abi.ts";
import { signerText } from "../../../../tasks/lib/guardian/account.ts";
import { assertionSignature } from "../../../../tasks/lib/guardian/assertion.ts";
import { entryPointRefusal, guardianRefusal } from "../../../../tasks/lib/guardian/errors.ts";
import { p256PointOf, p256SecretOf } from "../../../../tasks/lib/guardian/pem.ts";
import { Guardian__factory } from "../../../../types/ethers-contracts/index.ts";
import { secretsOf, SITE } from "../../../fixtures/guardian.ts";
import { credentialOf } from "../../../scenario/guardian.support.ts";
import { ACCOUNT, GUARDIAN_AT, P256 } from "./proposals.ts";

const HASH = id("an operation");
const { p256: secret, passkey: passkeySecret } = secretsOf();

describe("tasks/lib/guardian: keys", () => {
  describe("PEM files", () => {
    it("gives the point and the secret of a P-256 key", () => {
      const read = () => p256KeyObject(secret);
      expect(p256SecretOf("--p256", "key.pem", read)).to.equal(secret);
      expect(concat([P256.signer.slice(0, 42), p256PointOf("--p256", "key.pem", read)])).to.equal(
        P256.signer,
      );
      const point = concat(["0x04", p256PointOf("--p256", "key.pem", read)]);
      const made = p256.sign(getBytes(HASH), getBytes(secret), { prehash: false });
      expect(
        p256.verify(made.toCompactRawBytes(), getBytes(HASH), getBytes(point), { prehash: false }),
      ).to.equal(true);
    });

    it("refuses other curves, other kinds, and what is no key", () => {
      const of = (read: Parameters<typeof p256PointOf>[2]) => () =>
        p256PointOf("--p256", "key.pem", read);
      const curve = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
      expect(of(() => curve)).to.throw("a key of secp256k1, not of P-256");
      const edwards = generateKeyPairSync("ed25519").privateKey;
      expect(of(() => edwards)).to.throw("a key of ed25519, not of P-256");
      expect(
        of(() => {
          throw new Error("unsupported");
        }),
      ).to.throw("--p256: key.pem holds no key in PEM that can be read: unsupported");
    });
  });

  describe("assertions", () => {
    const made = assertionBy(passkeySecret, SITE, HASH);
    const credential = JSON.parse(credentialOf(made)) as { response: Record<string, string> };
    const patched = (patch: Record<string, unknown>) =>
      JSON.stringify({ ...credential, response: { ...credential.response, ...patch } });
    const client = (patch: Record<string, unknown>) => {
      const data = JSON.stringify({ ...(JSON.parse(made.clientData) as object), ...patch });
      return patched({ clientDataJSON: Buffer.from(data).toString("base64url") });
    };

    it("are signatures as the verifier takes them", () => {
      const said = assertionSignature(JSON.stringify(credential), HASH);
      // The same key signs otherwise each time, but for all that is not r and s.
      const usual = passkey(GUARDIAN_AT, passkeySecret, SITE).sign(HASH).signature;
      expect(said.slice(2 + 128)).to.equal(usual.slice(2 + 128));
    });

    it("are refused if they answer something else, or not by the user", () => {
      const flags = Buffer.from(made.authenticatorData);
      flags[32] = 0x01;
      for (const [content, message] of [
        ["[]", "the file is no object"],
        ["{}", "response is no object"],
        [client({ challenge: "AAAA" }), "it answers the challenge AAAA; that of the operation is"],
        [client({ type: "webauthn.create" }), "no answer to navigator.credentials.get"],
        [patched({ signature: "AAAA" }), "is no signature of P-256"],
        [patched({ signature: "+/" }), "response.signature is not base64url"],
        [patched({ authenticatorData: undefined }), "authenticatorData is no text"],
        [patched({ authenticatorData: flags.toString("base64url") }), "user was not verified"],
      ] as const) {
        expect(() => assertionSignature(content, HASH)).to.throw(message);
      }
    });
  });

  it("are told by their first digits", () => {
    expect(signerText(ACCOUNT.signer)).to.match(/^0x[\da-fA-F]{40}$/);
    expect(signerText(P256.signer)).to.match(/^key 0x[\da-f]{8}… of the verifier 0x\w{40}$/);
  });
});

describe("tasks/lib/guardian: the contracts", () => {
  it("are called and understood as they are", () => {
    const contract: Interface = Guardian__factory.createInterface();
    GUARDIAN.forEachFunction(({ selector, stateMutability }) => {
      expect(contract.getFunction(selector)?.stateMutability).to.equal(stateMutability);
    });
    GUARDIAN.forEachError(({ selector }) => expect(contract.getError(selector)).not.to.equal(null));
    GUARDIAN.forEachEvent(({ topicHash }) =>
      expect(contract.getEvent(topicHash)).not.to.equal(null),
    );
  });

  it("have their refusals told in words", () => {
    GUARDIAN.forEachError((fragment) => {
      const value = fragment.inputs.map(({ type }) => (type === "uint64" ? 1 : ACCOUNT.signer));
      const said = guardianRefusal(GUARDIAN.encodeErrorResult(fragment, value));
      expect(said, fragment.name).to.match(new RegExp(`^${fragment.name}: \\S.*\\.$`));
    });
    expect(guardianRefusal("0x12345678")).to.equal(undefined);
    const failed = (reason: string) => ({
      data: ENTRY_POINT.encodeErrorResult("FailedOp", [0, reason]),
    });
    expect(entryPointRefusal(failed("AA21 didn't pay prefund"))).to.contain("guardian:deposit");
    expect(entryPointRefusal(failed("AA99"))).to.contain("The entry point refuses it (AA99)");
    expect(entryPointRefusal(new Error("no node"))).to.equal(undefined);
  });
});
