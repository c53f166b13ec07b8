import { ErrorTable, EventTable, Method } from "../../../scripts/lib/abi.ts";
import type { AbiEntry, Value } from "../../../scripts/lib/abi.ts";
import { layoutsOf, readArtifact, slotsOf } from "../../../scripts/lib/artifacts.ts";
import type { Slots } from "../../../scripts/lib/artifacts.ts";
import { readBuild } from "../chain/build.ts";
import type { Build, Contract } from "../chain/build.ts";

/** Contracts whose code is what the campaign is about. */
export const SUBJECTS = {
  hub: ["contracts/oracle/OracleHub.sol", "OracleHub"],
  breaker: ["contracts/guards/CircuitBreaker.sol", "CircuitBreaker"],
} as const;

const SOURCE = ["contracts/mocks/ScriptedSource.sol", "ScriptedSource"] as const;

/** Name of a contract of the campaign. */
export type Part = keyof typeof SUBJECTS | "source" | "manager" | "token" | "aggregator" | "relay";

/** All that the campaign deploys, and where the breaker's words lie. */
export interface BreakerBuild {
  readonly ledger: Build;
  readonly contracts: Readonly<Record<keyof typeof SUBJECTS | "source", Contract>>;
  readonly slots: Slots;
}

function readContract(source: string, name: string): Contract {
  const { abi, bytecode, deployedBytecode, linkReferences } = readArtifact(source, name);
  const code = { bytecode: bytecode.slice(2), deployedBytecode: deployedBytecode.slice(2) };
  return { abi, ...code, linkReferences };
}

/** Reads what `hardhat build` left in `artifacts/`. */
export function readBreakerBuild(): BreakerBuild {
  const [slots = {}] = layoutsOf([readArtifact(...SUBJECTS.breaker)]).map(slotsOf);
  return {
    ledger: readBuild(),
    contracts: {
      hub: readContract(...SUBJECTS.hub),
      breaker: readContract(...SUBJECTS.breaker),
      source: readContract(...SOURCE),
    },
    slots,
  };
}

/** Slot of one of the breaker's variables. */
export function slotOf({ slots }: BreakerBuild, name: string): bigint {
  const slot = slots[name];
  if (slot === undefined) throw new Error(`the breaker has no ${name}`);
  return slot;
}

/** The functions of the breaker that change something, out of its interface. */
export function writingFunctions({ contracts }: BreakerBuild): readonly string[] {
  const writes = ({ type, stateMutability }: AbiEntry & { stateMutability?: string }): boolean =>
    type === "function" && stateMutability !== "view" && stateMutability !== "pure";
  return contracts.breaker.abi.filter(writes).map(({ name = "" }) => name);
}

/** Names of the errors that the breaker's interface has. */
export function errorNames({ contracts }: BreakerBuild): readonly string[] {
  return contracts.breaker.abi.flatMap(({ type, name = "" }) => (type === "error" ? [name] : []));
}

/** The interfaces of the contracts, ready to use. */
export class BreakerInterfaces {
  /** Events of the breaker and of the ledger that it writes to. */
  readonly events: EventTable;
  /** Names of an event's fields, in their order. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly errors: ErrorTable;
  readonly #methods = new Map<string, Method>();
  readonly #constructors = new Map<string, Method>();

  constructor({ ledger, contracts }: BreakerBuild) {
    const parts: Readonly<Record<Part, Contract>> = {
      ...contracts,
      manager: ledger.manager,
      token: ledger.token,
      aggregator: ledger.aggregator,
      relay: ledger.relay,
    };
    const seen = [...contracts.breaker.abi, ...ledger.ledgerAbi];
    this.events = new EventTable([...seen, ...ledger.relay.abi]);
    this.fields = new Map(
      seen
        .filter(({ type }) => type === "event")
        .map(({ name = "", inputs = [] }) => [name, inputs.map((input) => input.name)]),
    );
    const foreign = [contracts.hub, contracts.source, ledger.manager, ledger.token];
    this.errors = new ErrorTable([...seen, ...foreign.flatMap(({ abi }) => abi)]);
    for (const [part, { abi }] of Object.entries(parts)) {
      for (const entry of abi) {
        if (entry.type === "function") {
          this.#methods.set(`${part}.${entry.name ?? ""}`, new Method(entry));
        }
        if (entry.type === "constructor") this.#constructors.set(part, new Method(entry));
      }
    }
    for (const entry of ledger.ledgerAbi) {
      if (entry.type === "function") {
        this.#methods.set(`ledger.${entry.name ?? ""}`, new Method(entry));
      }
    }
  }

  /** A function of a contract. */
  method(part: Part | "ledger", name: string): Method {
    const method = this.#methods.get(`${part}.${name}`);
    if (method === undefined) throw new Error(`${part} has no function ${name}`);
    return method;
  }

  /** A contract's creation code with its arguments, as hex digits. */
  creation(part: Part, code: string, args: readonly Value[]): string {
    return code + (this.#constructors.get(part)?.encode(args).slice(8) ?? "");
  }
}
