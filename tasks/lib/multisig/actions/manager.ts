import { ROLES } from "../../../../deploy/roles.ts";
import { parseWhole } from "../../decimals.ts";
import { ABIS, callOf } from "../calls.ts";
import type { Given } from "../given.ts";
import { operationBy } from "../operations.ts";
import type { Action } from "./types.ts";

const ROLE = `its number, or one of ${ROLES.map(({ name }) => name).join(", ")}`;
const MOST_ROLE = (1n << 64n) - 1n;
const MOST_DELAY = (1n << 32n) - 1n;
const OPERATION = "its id in timelock:queue, or 0x and its first digits";

function roleIn(given: Given): bigint {
  const text = given.text("role", ROLE);
  const named = ROLES.find(({ name }) => name === text.toUpperCase());
  return named?.id ?? parseWhole(given.name("role"), text, 0n, MOST_ROLE);
}

/** What a Safe does at the access manager. Executing and cancelling are for whoever scheduled, so they wait for nothing. */
export const MANAGER_ACTIONS: Readonly<Record<string, Action>> = {
  "grant-role": {
    what: "gives somebody a role",
    takes: {
      role: ROLE,
      account: "who gets it",
      "delay?": "how long before each call it has to say so; 0",
    },
    guarded: true,
    call: async ({ governed }, given) => {
      const role = roleIn(given);
      const account = given.address("account", "write who gets it");
      const delay = given.has("delay") ? given.span("delay", "a length of time, as in 2d") : 0n;
      parseWhole(given.name("delay"), delay.toString(), 0n, MOST_DELAY);
      const values = [role, account, delay];
      return callOf(await governed.need("manager"), ABIS.manager, "grantRole", values);
    },
  },
  "revoke-role": {
    what: "takes a role from somebody",
    takes: { role: ROLE, account: "who has it" },
    guarded: true,
    call: async ({ governed }, given) => {
      const role = roleIn(given);
      const account = given.address("account", "write who has it");
      const values = [role, account];
      return callOf(await governed.need("manager"), ABIS.manager, "revokeRole", values);
    },
  },
  execute: {
    what: "executes an operation that has waited long enough",
    takes: { operation: OPERATION },
    guarded: false,
    call: async ({ session, governed }, given) => {
      const to = await governed.need("manager");
      const text = given.text("operation", OPERATION);
      const { target, data } = await operationBy(session, to, given.name("operation"), text);
      return callOf(to, ABIS.manager, "execute", [target, data]);
    },
  },
  cancel: {
    what: "cancels an operation that waits",
    takes: { operation: OPERATION },
    guarded: false,
    call: async ({ session, governed }, given) => {
      const to = await governed.need("manager");
      const text = given.text("operation", OPERATION);
      const found = await operationBy(session, to, given.name("operation"), text);
      return callOf(to, ABIS.manager, "cancel", [found.caller, found.target, found.data]);
    },
  },
};
