import { UsageError } from "../../usage.ts";
import type { Call } from "../calls.ts";
import type { Given } from "../given.ts";
import type { Action, Desk } from "./types.ts";

const MOST_OWNERS = 255n;
const THRESHOLD = "signatures that a transaction then needs; as many as now if left out";

/** What the kit answers: it finds a signer's neighbour in the Safe's list, which the call has to name. */
type Made = Promise<{ readonly data: { to: string; value: string; data: string } }>;

async function callIn(made: Made): Promise<Call> {
  const { to, value, data } = (await made).data;
  return { to, value: BigInt(value), data };
}

function thresholdIn({ safe }: Desk, given: Given, owners: number): { threshold: number } {
  const count = given.has("threshold")
    ? Number(given.whole("threshold", THRESHOLD, 1n, MOST_OWNERS))
    : safe.threshold;
  if (count <= owners) return { threshold: count };
  throw new UsageError(
    `${given.name("threshold")}: ${count} signatures of ${owners} signers can never be had: name a smaller one.`,
  );
}

function owner({ safe }: Desk, given: Given, key: string): string {
  const address = given.address(key, "write the signer's address");
  if (safe.owners.includes(address)) return address;
  throw new UsageError(
    `${given.name(key)}: ${address} is no signer of the Safe: they are ${safe.owners.join(", ")}.`,
  );
}

function newcomer({ safe }: Desk, given: Given, key: string): string {
  const address = given.address(key, "write the signer's address");
  if (!safe.owners.includes(address)) return address;
  throw new UsageError(`${given.name(key)}: ${address} is a signer of the Safe already.`);
}

/** What a Safe does with its own signers; it alone may. */
export const OWNER_ACTIONS: Readonly<Record<string, Action<Desk>>> = {
  "add-signer": {
    what: "adds a signer of the Safe",
    takes: { signer: "its address", "threshold?": THRESHOLD },
    guarded: false,
    call: async (desk, given) => {
      const ownerAddress = newcomer(desk, given, "signer");
      const threshold = thresholdIn(desk, given, desk.safe.owners.length + 1);
      return callIn(desk.kit.createAddOwnerTx({ ownerAddress, ...threshold }));
    },
  },
  "remove-signer": {
    what: "removes a signer of the Safe",
    takes: { signer: "its address", "threshold?": THRESHOLD },
    guarded: false,
    call: async (desk, given) => {
      const ownerAddress = owner(desk, given, "signer");
      const threshold = thresholdIn(desk, given, desk.safe.owners.length - 1);
      return callIn(desk.kit.createRemoveOwnerTx({ ownerAddress, ...threshold }));
    },
  },
  "swap-signer": {
    what: "puts one signer of the Safe in place of another",
    takes: { old: "who leaves", new: "who comes" },
    guarded: false,
    call: async (desk, given) => {
      const oldOwnerAddress = owner(desk, given, "old");
      const newOwnerAddress = newcomer(desk, given, "new");
      return callIn(desk.kit.createSwapOwnerTx({ oldOwnerAddress, newOwnerAddress }));
    },
  },
  "set-threshold": {
    what: "sets how many signatures the Safe needs",
    takes: { threshold: "a number of signatures" },
    guarded: false,
    call: async (desk, given) => {
      if (!given.has("threshold")) given.raw("threshold", "a number of signatures");
      const { threshold } = thresholdIn(desk, given, desk.safe.owners.length);
      return callIn(desk.kit.createChangeThresholdTx(threshold));
    },
  },
};
