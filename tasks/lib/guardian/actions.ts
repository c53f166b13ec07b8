import { createPublicKey } from "node:crypto";

import { concat, isHexString } from "ethers";

import { readText } from "../files.ts";
import { BREAKER_ACTIONS, breakerCall } from "../multisig/actions/breaker.ts";
import { MARKET } from "../multisig/actions/ledger.ts";
import { MANAGER_ACTIONS } from "../multisig/actions/manager.ts";
import { RAW_ACTIONS } from "../multisig/actions/raw.ts";
import type { Action, Place } from "../multisig/actions/types.ts";
import { callOf } from "../multisig/calls.ts";
import type { Given } from "../multisig/given.ts";
import { UsageError } from "../usage.ts";
import { GUARDIAN } from "./abi.ts";
import { signerText } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import { p256PointOf } from "./pem.ts";

/** What the guardian's actions are worked out from. */
export interface GuardianDesk extends Place {
  readonly account: GuardianAccount;
}

const RESTRICTED = 1n;
const HALTED = 2n;
const HOUR = 3_600n;
/** The longest that the breaker takes. */
const LONGEST = 6n * HOUR;
const SIGNER = "an address, or a verifier's address and the key behind it, in hex";
const MOST_SIGNERS = 255n;
const THRESHOLD = "how many have to sign";

function imposition(level: bigint, what: string): Action {
  return {
    what,
    takes: { market: MARKET, "duration?": "as in 2h, at most 6h; 6h" },
    guarded: true,
    call: (place, given) => {
      const hint = "a length of time, as in 2h";
      const duration = given.has("duration") ? given.span("duration", hint) : LONGEST;
      return breakerCall(place, given, "impose", level, duration);
    },
  };
}

/** The actions of these names. */
function among(
  actions: Readonly<Record<string, Action>>,
  ...names: readonly string[]
): Record<string, Action> {
  return Object.fromEntries(Object.entries(actions).filter(([name]) => names.includes(name)));
}

/** A signer that is to be added: in full, or a verifier and the key that a file holds. */
async function newcomer({ account }: GuardianDesk, given: Given): Promise<string> {
  const signer = given.has("key")
    ? await verified(given)
    : given.text("signer", SIGNER).toLowerCase();
  if (!isHexString(signer, true) || signer.length < 42) {
    throw new UsageError(`${given.name("signer")}: ${JSON.stringify(signer)} is not ${SIGNER}.`);
  }
  if (!account.signers.includes(signer)) return signer;
  throw new UsageError(`${given.name("signer")}: ${signerText(signer)} is a signer already.`);
}

async function verified(given: Given): Promise<string> {
  const verifier = given.address("verifier", "the address of the key's verifier");
  const path = given.text("key", "a PEM file");
  const pem = await readText(given.name("key"), path);
  return concat([verifier, p256PointOf(given.name("key"), path, () => createPublicKey(pem))]);
}

/** One of the signers of now, by its first digits. */
function member({ account }: GuardianDesk, given: Given): string {
  const text = given.text("signer", SIGNER).toLowerCase();
  const found = account.signers.filter((signer) => signer.startsWith(text) && text.length >= 10);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UsageError(
    `${given.name("signer")}: ${JSON.stringify(text)} is not one of the signers, nor the first digits of one alone: they are ${account.signers.join(", ")}.`,
  );
}

/** What the guardian alone does with its own keys. */
const OWN_ACTIONS: Readonly<Record<string, Action<GuardianDesk>>> = {
  "add-signer": {
    what: "lets a key sign",
    takes: { "signer?": `${SIGNER}; or:`, "verifier?": "its address", "key?": "a PEM file" },
    guarded: false,
    call: async (desk, given) =>
      callOf(desk.account.address, GUARDIAN, "addSigners", [[await newcomer(desk, given)]]),
  },
  "remove-signer": {
    what: "takes a key out",
    takes: { signer: "in full, or its first digits" },
    guarded: false,
    call: (desk, given) =>
      Promise.resolve(
        callOf(desk.account.address, GUARDIAN, "removeSigners", [[member(desk, given)]]),
      ),
  },
  "set-threshold": {
    what: "sets how many have to sign",
    takes: { threshold: THRESHOLD },
    guarded: false,
    call: ({ account }, given) => {
      const threshold = given.whole("threshold", THRESHOLD, 1n, MOST_SIGNERS);
      return Promise.resolve(callOf(account.address, GUARDIAN, "setThreshold", [threshold]));
    },
  },
};

/** Everything that the guardian can be asked for by name: what its role and the access manager let it do, and its own keys. */
export const GUARDIAN_ACTIONS: Readonly<Record<string, Action<GuardianDesk>>> = {
  halt: imposition(HALTED, "halts a market without evidence"),
  restrict: imposition(RESTRICTED, "restricts a market without evidence"),
  ...among(BREAKER_ACTIONS, "impose", "lift", "roll-back", "release", "trip"),
  ...among(MANAGER_ACTIONS, "cancel"),
  ...OWN_ACTIONS,
  ...RAW_ACTIONS,
};
