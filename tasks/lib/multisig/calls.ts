import { FunctionFragment, Interface } from "ethers";

import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { ChainlinkSettlement__factory } from "../../../packages/contracts/src/generated/bindings/factories/ChainlinkSettlement__factory.ts";
import { IBounties__factory } from "../../../packages/contracts/src/generated/bindings/factories/IBounties__factory.ts";
import { ICircuitBreaker__factory } from "../../../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { IClearinghouse__factory } from "../../../packages/contracts/src/generated/bindings/factories/IClearinghouse__factory.ts";
import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import { SettlementOracle__factory } from "../../../packages/contracts/src/generated/bindings/factories/SettlementOracle__factory.ts";
import { GUARDIAN } from "../guardian/abi.ts";
import { MULTI_SEND, SAFE } from "./safeArtifacts.ts";

/** A call from the Safe, or from the guardian. */
export interface Call {
  readonly to: string;
  /** Wei sent along. */
  readonly value: bigint;
  readonly data: string;
}

/** Calls of the contracts that governance has to do with. */
export const ABIS = {
  ledger: IClearinghouse__factory.createInterface(),
  hub: OracleHub__factory.createInterface(),
  breaker: ICircuitBreaker__factory.createInterface(),
  bounties: IBounties__factory.createInterface(),
  manager: AccessManager__factory.createInterface(),
  safe: SAFE,
  guardian: GUARDIAN,
  multiSend: MULTI_SEND,
} as const;

const TOKENS = new Interface([
  "function transfer(address to, uint256 amount) returns (bool)",
  "function transferFrom(address from, address to, uint256 amount) returns (bool)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

const ALL: readonly Interface[] = [
  ...Object.values<Interface>(ABIS),
  SettlementOracle__factory.createInterface(),
  ChainlinkSettlement__factory.createInterface(),
  TOKENS,
];

/** Every function by its selector. Where contracts call a parameter differently, it has all of its names: `market_or_book`. */
const BY_SELECTOR: ReadonlyMap<string, FunctionFragment> = (() => {
  const found = new Map<string, FunctionFragment>();
  for (const calls of ALL) {
    calls.forEachFunction((fragment) => {
      const { selector } = fragment;
      const known = found.get(selector);
      found.set(selector, known === undefined ? fragment : withBothNames(known, fragment));
    });
  }
  return found;
})();

function withBothNames(known: FunctionFragment, other: FunctionFragment): FunctionFragment {
  const fragment = JSON.parse(known.format("json")) as { inputs: { name: string }[] };
  fragment.inputs.forEach((input, i) => {
    const names = input.name.split("_or_");
    const also = other.inputs[i]?.name ?? "";
    input.name = [...new Set([...names, also])].filter((name) => name !== "").join("_or_");
  });
  return FunctionFragment.from(fragment);
}

/** The function that a call asks for, if it is one of the project's, of Safe's or of a token's. */
export function functionOf(data: string): FunctionFragment | undefined {
  return BY_SELECTOR.get(data.slice(0, 10).toLowerCase());
}

/** A call of a function by its name. */
export function callOf(
  to: string,
  calls: Interface,
  name: string,
  values: readonly unknown[],
  value = 0n,
): Call {
  return { to, value, data: calls.encodeFunctionData(name, values) };
}

/** Call data of a function and its values. */
export function encoded(fragment: FunctionFragment, values: readonly unknown[]): string {
  return new Interface([fragment]).encodeFunctionData(fragment, values);
}
