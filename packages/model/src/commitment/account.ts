import type { Account } from "../state.ts";
import type { AccountId } from "../types.ts";
import { headerWord, legSlotWords, noncesWords, operatorWord, partialWord } from "../words.ts";
import { factOf, hashLeaf } from "./leaf.ts";
import type { StateLeaf } from "./leaf.ts";
import { idOf } from "./ledger.ts";
import { MerkleTree } from "./merkle.ts";

/** The facts of an account. */
export function factsOfAccount(id: AccountId, account: Account): readonly StateLeaf[] {
  const { epoch, cash, positions, operators, nonces } = account;
  return [
    ...factOf("epoch", [id], epoch),
    ...[...cash].flatMap(([token, amount]) => factOf("cash", [id, token], amount)),
    ...[...positions].flatMap(([book, position]) =>
      factOf("position", [id, idOf(book)], headerWord(position), ...legSlotWords(position)),
    ),
    ...[...operators].flatMap(([operator, grant]) =>
      factOf("operator", [id, operator], operatorWord(grant)),
    ),
    ...[...noncesWords(account)].flatMap(([index, word]) => factOf("nonces", [id, index], word)),
    ...[...nonces].flatMap(([nonce, is]) => factOf("partial", [id, nonce], partialWord(is))),
  ];
}

/** The leaf that stands for an account whose facts lead to a root. */
export function leafOfAccount(id: AccountId, root: bigint): StateLeaf {
  return { kind: "account", key: [id], value: [root] };
}

/**
 * The leaf of an account out of all its facts: who is given the facts and a proof of this leaf knows that the account has
 * these and no others.
 *
 * @returns undefined without facts: such an account is in no tree.
 */
export function accountLeaf(id: AccountId, facts: readonly StateLeaf[]): StateLeaf | undefined {
  if (facts.length === 0) return undefined;
  return leafOfAccount(id, new MerkleTree(facts.map(hashLeaf)).root);
}
