import type { Interface } from "ethers";

import { IBounties__factory } from "../packages/contracts/src/generated/bindings/factories/IBounties__factory.ts";
import { ICircuitBreaker__factory } from "../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { IClearinghouse__factory } from "../packages/contracts/src/generated/bindings/factories/IClearinghouse__factory.ts";
import { OracleHub__factory } from "../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import type { Role, Target } from "./roles.ts";

/** What is called of each target. */
export const INTERFACES: Readonly<Record<Target, Interface>> = {
  ledger: IClearinghouse__factory.createInterface(),
  hub: OracleHub__factory.createInterface(),
  breaker: ICircuitBreaker__factory.createInterface(),
  bounties: IBounties__factory.createInterface(),
};

/** Selector of a target's function. */
export function selectorOf(target: Target, name: string): string {
  const found = INTERFACES[target].getFunction(name);
  if (found === null) throw new Error(`${target} has no function ${name}`);
  return found.selector;
}

/** Selectors that a role may call, by target. */
export function selectorsOf({ functions }: Role): ReadonlyMap<Target, readonly string[]> {
  const selectors = new Map<Target, string[]>();
  for (const [target, name] of functions) {
    selectors.set(target, [...(selectors.get(target) ?? []), selectorOf(target, name)]);
  }
  return selectors;
}
