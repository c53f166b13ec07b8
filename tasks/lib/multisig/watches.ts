import { Contract } from "ethers";
import type { FunctionFragment, Interface, ParamType, Provider, Result } from "ethers";

import { ILens__factory } from "../../../packages/contracts/src/generated/bindings/factories/ILens__factory.ts";
import type { Session } from "../session.ts";
import { ABIS } from "./calls.ts";
import type { Told } from "./told.ts";
import { valueText } from "./values.ts";

/** A value that a view answers, by the view, its arguments and the field. */
export type Values = ReadonlyMap<string, string>;

/** A value that a call changes. */
export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const LENS = ILens__factory.createInterface();

/** A view that shows what some functions change. */
interface Row {
  readonly changes: readonly [calls: Interface, names: readonly string[]];
  readonly view: readonly [calls: Interface, name: string];
  /** Arguments of the view, from those of the call; its first ones if left out, as many as the view takes. */
  readonly args?: (values: Result) => readonly (readonly unknown[])[];
  /** Fields of the answer that matter; all if left out. */
  readonly fields?: readonly string[];
}

const { ledger, hub, breaker, bounties, manager, safe, guardian } = ABIS;
/** The lens takes a list of markets. */
const market = ([key]: Result): readonly (readonly unknown[])[] => [[[key]]];

/** Functions of the breaker that change what a market lets one do, and those that change its thresholds. */
const LEVELS = ["trip", "tripShortfall", "release", "impose", "lift"];
const POLICIES = ["setPolicy", "tighten", "rollBack"];

/** Views by what they show; each is asked before and after, and what differs is told. */
const ROWS: readonly Row[] = [
  { changes: [ledger, ["setTreasury"]], view: [ledger, "treasury"] },
  { changes: [ledger, ["list"]], view: [LENS, "markets"], args: () => [[0, 0]] },
  { changes: [ledger, ["retire"]], view: [LENS, "marketsOf"], args: market },
  {
    changes: [breaker, [...LEVELS, ...POLICIES]],
    view: [LENS, "marketsOf"],
    args: market,
  },
  {
    changes: [breaker, [...LEVELS, ...POLICIES, "setTokenFeed"]],
    view: [breaker, "watchOf"],
    fields: ["policy", "tokenFeed", "trigger"],
  },
  { changes: [bounties, ["setBounty"]], view: [bounties, "bountyOf"] },
  { changes: [hub, ["createFeed", "addSource"]], view: [hub, "feedTerms"] },
  { changes: [hub, ["disable"]], view: [hub, "source"] },
  { changes: [manager, ["grantRole", "revokeRole"]], view: [manager, "getAccess"] },
  { changes: [manager, ["setRoleAdmin"]], view: [manager, "getRoleAdmin"] },
  { changes: [manager, ["setRoleGuardian"]], view: [manager, "getRoleGuardian"] },
  { changes: [manager, ["setGrantDelay"]], view: [manager, "getRoleGrantDelay"] },
  { changes: [manager, ["setTargetClosed"]], view: [manager, "isTargetClosed"] },
  { changes: [manager, ["setTargetAdminDelay"]], view: [manager, "getTargetAdminDelay"] },
  {
    changes: [manager, ["setTargetFunctionRole"]],
    view: [manager, "getTargetFunctionRole"],
    args: ([target, selectors]) =>
      [...(selectors as readonly string[])].map((selector): unknown[] => [target, selector]),
  },
  {
    changes: [safe, ["addOwnerWithThreshold", "removeOwner", "swapOwner"]],
    view: [safe, "getOwners"],
  },
  {
    changes: [safe, ["addOwnerWithThreshold", "removeOwner", "changeThreshold"]],
    view: [safe, "getThreshold"],
  },
  {
    changes: [guardian, ["addSigners", "removeSigners"]],
    view: [guardian, "getSigners"],
    args: () => [[0n, (1n << 64n) - 1n]],
  },
  { changes: [guardian, ["setThreshold"]], view: [guardian, "threshold"] },
];

const BY_SELECTOR: ReadonlyMap<string, readonly Row[]> = (() => {
  const found = new Map<string, Row[]>();
  for (const row of ROWS) {
    const [calls, names] = row.changes;
    for (const name of names) {
      const { selector } = fragmentOf(calls, name);
      found.set(selector, [...(found.get(selector) ?? []), row]);
    }
  }
  return found;
})();

function fragmentOf(calls: Interface, name: string): FunctionFragment {
  const fragment = calls.getFunction(name);
  if (fragment === null) throw new Error(`there is no function ${name}`);
  return fragment;
}

/** What the views say now that show what these calls change. A view that does not answer is left out. */
export async function valuesNow(
  session: Session,
  provider: Provider,
  calls: readonly Told[],
): Promise<Values> {
  const lens = await session.lens.getAddress();
  const found = await Promise.all(
    calls.flatMap(({ to, data, values }) =>
      (BY_SELECTOR.get(data.slice(0, 10)) ?? []).map(async (row) => {
        const [abi, name] = row.view;
        const fragment = fragmentOf(abi, name);
        const at = abi === LENS ? lens : to;
        const lists = row.args?.(values as Result) ?? [
          values?.toArray().slice(0, fragment.inputs.length) ?? [],
        ];
        return Promise.all(lists.map((args) => answersOf(provider, at, row, args)));
      }),
    ),
  );
  return new Map(found.flat(2));
}

async function answersOf(
  provider: Provider,
  to: string,
  { view: [abi, called], fields }: Row,
  args: readonly unknown[],
): Promise<[string, string][]> {
  const fragment = fragmentOf(abi, called);
  const given = fragment.inputs.map((type, i) => shortened(valueText(type, args[i])));
  const name = `${fragment.name}(${given.join(", ")})`;
  try {
    const answer: unknown = await new Contract(to, abi, provider).getFunction(fragment)(...args);
    const single = fragment.outputs.length === 1;
    const values = fragment.outputs.flatMap((type, i) =>
      flat(single ? name : `${name}.${type.name}`, type, single ? answer : (answer as Result)[i]),
    );
    if (fields === undefined) return values;
    return values.filter(([place]) =>
      fields.some((it) => `${place}.`.startsWith(`${name}.${it}.`)),
    );
  } catch {
    return [];
  }
}

/** The values inside a value, each behind its place. */
function flat(name: string, type: ParamType, value: unknown): [string, string][] {
  if (type.isArray() && type.arrayChildren.isTuple()) {
    const { arrayChildren: child } = type;
    return [...(value as Result)].flatMap((entry, i) => flat(`${name}[${i}]`, child, entry));
  }
  if (!type.isTuple()) return [[name, valueText(type, value)]];
  return type.components.flatMap((field, i) =>
    flat(`${name}.${field.name}`, field, (value as Result)[i]),
  );
}

/** Identifiers of a market or a feed by their first digits; nothing else is as long. */
function shortened(text: string): string {
  return text.replaceAll(/(0x[\da-f]{8})[\da-f]{56}/g, "$1…");
}

/** What differs between two times. */
export function changesBetween(before: Values, after: Values): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((what) => {
    const [old, young] = [before.get(what) ?? "nothing", after.get(what) ?? "nothing"];
    return old === young ? [] : [{ what, before: old, after: young }];
  });
}
