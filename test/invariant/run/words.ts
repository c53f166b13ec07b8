import { allowanceOf, balanceOf, keccakWords, permitNonceOf } from "@certus/model";
import type { Address } from "@certus/model";

import { wordAt } from "../../../scripts/lib/abi.ts";
import type { Chain } from "../chain/chain.ts";
import { PERMIT_NONCES_SLOT } from "../world/permits.ts";
import { AT } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import type { Stage } from "./chainSide.ts";
import { ensure } from "./difference.ts";
import { hex, lensInput } from "./storage.ts";
import type { Expected } from "./storage.ts";

/** Most slots read at a time: what fits the gas of a call. */
const AT_A_TIME = 8_000;

/** Compares words of a contract with what the model expects. */
export async function compareWords(
  chain: Chain,
  contract: Address,
  expected: readonly Expected[],
): Promise<void> {
  for (let from = 0; from < expected.length; from += AT_A_TIME) {
    const some = expected.slice(from, from + AT_A_TIME);
    const words = await chain.slots(contract, lensInput(some));
    some.forEach(({ word, what }, index) => {
      const found = wordAt(words, index * 64);
      ensure(found === word, "state", () => `${what()} is ${hex(found)}, the model ${hex(word)}`);
    });
  }
}

/** Compares balances of a token. */
export async function compareBalances(
  { chain, build }: Stage,
  { ledger: { world } }: Twin,
  token: Address,
  holders: readonly Address[],
): Promise<void> {
  const known = world.tokens.get(token);
  const slot = build.tokenSlots["_balances"];
  if (known === undefined || slot === undefined) throw new Error("the token keeps no balances");
  const expected = holders.map((holder) => ({
    slot: keccakWords([holder, slot]),
    word: balanceOf(known, holder),
    what: () => `balance of ${hex(holder)} in ${hex(token)}`,
  }));
  await compareWords(chain, token, expected);
}

/** Compares what permits write at a token: what the ledger may take from owners, and how many permits they used. */
export async function comparePermits(
  { chain, build }: Stage,
  { ledger: { world } }: Twin,
  token: Address,
  owners: readonly Address[],
): Promise<void> {
  const known = world.tokens.get(token);
  if (known?.permits === undefined) return;
  const slot = build.tokenSlots["_allowances"];
  if (slot === undefined) throw new Error("the token keeps no allowances");
  const expected = owners.flatMap((owner) => [
    {
      slot: keccakWords([AT.ledger, keccakWords([owner, slot])]),
      word: allowanceOf(known, owner, AT.ledger),
      what: () => `allowance of ${hex(owner)} in ${hex(token)}`,
    },
    {
      slot: keccakWords([owner, PERMIT_NONCES_SLOT]),
      word: permitNonceOf(known, owner),
      what: () => `permits of ${hex(owner)} in ${hex(token)}`,
    },
  ]);
  await compareWords(chain, token, expected);
}
