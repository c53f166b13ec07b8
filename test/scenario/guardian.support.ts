import { writeFile } from "node:fs/promises";

import { assertionBy, p256KeyObject } from "../../scripts/lib/guardian/keys.ts";
import type { Assertion } from "../../scripts/lib/guardian/keys.ts";
import { secretsOf, SITE } from "../fixtures/guardian.ts";
import type { Ran } from "../helpers/commandLine.ts";
import { startMultisigWorld } from "./multisig.support.ts";
import type { MultisigWorld } from "./multisig.support.ts";
import { hardhat } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

type Options = Readonly<Record<string, unknown>>;

/** Tasks of a guardian with one key of each kind, two of which sign, on a chain that other processes reach. */
export interface GuardianWorld {
  readonly world: MultisigWorld;
  /** PEM file of the P-256 key, and of one that the guardian does not know. */
  readonly pem: string;
  readonly otherPem: string;
  /** The first one encrypted with `PASSPHRASE`. */
  readonly lockedPem: string;
  /** Path of a file of this world. */
  readonly file: (name: string) => string;
  /** A task's document in a process of its own. */
  readonly apart: (name: string, ...args: string[]) => Promise<Json>;
  /** How a task of the account's key ends, which another process holds and no node knows. */
  readonly keyed: (privateKey: string, name: string, ...args: string[]) => Promise<Ran>;
  /** A task's document, or its refusal, without a process of its own. */
  readonly here: (name: string, options: Options) => Promise<Json>;
  readonly refused: (name: string, options: Options) => Promise<string>;
  /** Writes what the passkey answers to a hash; gives the path. */
  readonly answered: (name: string, hash: unknown, patch?: Partial<Assertion>) => Promise<string>;
  readonly close: () => Promise<void>;
}

const PEM = { format: "pem", type: "pkcs8" } as const;
/** Of the encrypted PEM file. */
export const PASSPHRASE = "everybody knows it";

/** Starts a chain with everything on it, and writes the keys down. */
export async function startGuardianWorld(): Promise<GuardianWorld> {
  const world = await startMultisigWorld();
  const { url, lens, file, close, governed } = world;
  const { p256, passkey } = secretsOf();
  const [pem, otherPem, lockedPem] = [file("p256.pem"), file("other.pem"), file("locked.pem")];
  const locked = { ...PEM, cipher: "aes-256-cbc", passphrase: PASSPHRASE };
  await writeFile(lockedPem, p256KeyObject(p256).export(locked));
  await writeFile(pem, p256KeyObject(p256).export(PEM));
  await writeFile(otherPem, p256KeyObject(secretsOf("other").p256).export(PEM));
  const named = { guardian: governed.guardian.address, breaker: governed.targets.breaker };
  const flags = Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
  const keyed = (privateKey: string, name: string, ...args: string[]) => {
    process.env["DEPLOYER_KEY"] = privateKey;
    const network = ["--network", "sepolia", "--rpc", url, "--lens", lens];
    const running = hardhat([name, ...network, ...flags, ...args]);
    delete process.env["DEPLOYER_KEY"];
    return running;
  };
  const answered = async (name: string, hash: unknown, patch: Partial<Assertion> = {}) => {
    const made = { ...assertionBy(passkey, SITE, String(hash)), ...patch };
    await writeFile(file(name), credentialOf(made));
    return file(name);
  };
  return {
    ...{ world, pem, otherPem, lockedPem, file, close, keyed, answered },
    apart: (name, ...args) => world.json(name, ...flags, ...args),
    here: (name, options) => world.jsonHere(name, { ...named, ...options }),
    refused: (name, options) => world.refusalHere(name, { ...named, ...options }),
  };
}

/** An assertion as `PublicKeyCredential.toJSON` writes it. */
export function credentialOf({ authenticatorData, clientData, signature }: Assertion): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const response = {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(Buffer.from(clientData)),
    signature: text(signature),
    userHandle: text(Buffer.from("guardian")),
  };
  const id = text(Buffer.from("passkey"));
  return JSON.stringify({ id, rawId: id, type: "public-key", response });
}
