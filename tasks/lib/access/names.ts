import type { Interface } from "ethers";

import { INTERFACES } from "../../../deploy/selectors.ts";
import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import type { Parties } from "./read.ts";
import type { AccessState } from "./state.ts";
import { functionText } from "./text.ts";

const manager = AccessManager__factory.createInterface();
const ABIS: readonly Interface[] = [manager, ...Object.values(INTERFACES)];

/** What an address is called; the address itself where it is called nothing. */
export type NameOf = (address: string) => string;

/** Names of all who should have a part. */
export function namesOf({ manager: address }: AccessState, { targets, holders }: Parties): NameOf {
  const named = Object.entries({ ...holders, ...targets, manager: address });
  const names = new Map(named.map(([name, at]) => [at, name]));
  return (at) => names.get(at) ?? at;
}

/** A function of a target by name, where the target has one. */
export function callText(target: string, selector: string): string {
  return target in INTERFACES
    ? functionText(target as keyof typeof INTERFACES, selector)
    : `${target}.${selector}`;
}

/** A call as one reads it, or its selector. */
export function dataText(data: string): string {
  for (const abi of ABIS) {
    const call = abi.parseTransaction({ data });
    if (call !== null) return `${call.name}(${call.args.map(shown).join(", ")})`;
  }
  return data.slice(0, 10);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${(value as unknown[]).map(shown).join(", ")}]` : String(value);
}
