import { selectorOf } from "../selectors.ts";
import type { SettlementOracle } from "../oracle/interface.ts";
import type { Address } from "../types.ts";
import type { Token } from "../world/tokens.ts";
import type { RestrictedFunction, World } from "../world/world.ts";
import { factOf } from "./leaf.ts";
import type { StateLeaf } from "./leaf.ts";

const RESTRICTED: readonly RestrictedFunction[] = ["list", "retire", "setTreasury"];

function factsOfToken(address: Address, token: Token): readonly StateLeaf[] {
  const { balances, allowances, loss, permits } = token;
  return [
    ...factOf("token", [address], 1n, loss, permits ? 1n : 0n, permits?.domain ?? 0n),
    ...[...balances].flatMap(([holder, amount]) =>
      factOf("tokenBalance", [address, holder], amount),
    ),
    ...[...allowances].flatMap(([owner, spenders]) =>
      [...spenders].flatMap(([spender, amount]) =>
        factOf("tokenAllowance", [address, owner, spender], amount),
      ),
    ),
    ...[...(permits?.nonces ?? [])].flatMap(([owner, nonce]) =>
      factOf("permitNonce", [address, owner], nonce),
    ),
  ];
}

function factsOfOracle(address: Address, oracle: SettlementOracle): readonly StateLeaf[] {
  return [
    ...factOf("oracle", [address], 1n),
    ...[...(oracle.words?.() ?? [])].flatMap(([fixing, word]) =>
      factOf("fixing", [address, fixing], word),
    ),
  ];
}

/** The facts of what a ledger meets outside, as far as the model keeps them. */
export function factsOfWorld({ code, tokens, oracles, authority }: World): readonly StateLeaf[] {
  return [
    ...[...code].flatMap((address) => factOf("code", [address], 1n)),
    ...[...tokens].flatMap(([address, token]) => factsOfToken(address, token)),
    ...[...oracles].flatMap(([address, oracle]) => factsOfOracle(address, oracle)),
    ...RESTRICTED.flatMap((name) =>
      [...authority[name]].flatMap((caller) => factOf("authority", [selectorOf(name), caller], 1n)),
    ),
  ];
}
