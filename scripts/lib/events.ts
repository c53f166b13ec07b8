import type { LedgerEvent, OracleEvent } from "@certus/model";

import { ErrorTable, EventTable } from "./abi.ts";
import type { AbiEntry, Named, Value } from "./abi.ts";

const LOW_128 = (1n << 128n) - 1n;

/** What makes a field of an event out of its decoded value, where it is not the value itself. */
type Reader = (value: Value) => unknown;

function listOf(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  throw new TypeError("a list was expected");
}

/** The chain packs both draws of a part into one word, the maker's above. */
function readParts(parts: Value): unknown {
  return listOf(parts).map((part) => {
    const [book, premium, fee, draws, legs] = listOf(part);
    if (typeof draws !== "bigint") throw new TypeError("a part has no draws");
    return { book, premium, fee, makerDraw: draws >> 128n, takerDraw: draws & LOW_128, legs };
  });
}

/** Events of a contract by name, their fields by name. */
class NamedEvents {
  readonly #table: EventTable;
  readonly #fields = new Map<string, readonly (readonly [name: string, reader?: Reader])[]>();

  constructor(abi: readonly AbiEntry[], readers: ReadonlyMap<string, Reader>) {
    this.#table = new EventTable(abi);
    for (const { type, name = "", inputs = [] } of abi) {
      if (type !== "event") continue;
      this.#fields.set(
        name,
        inputs.map((input) => {
          const reader = readers.get(`${name}.${input.name}`);
          return reader ? [input.name, reader] : [input.name];
        }),
      );
    }
  }

  /** The event in a log; undefined if the contract declares none such. */
  decode(topics: readonly string[], data: string): { name: string; args: unknown } | undefined {
    const found: Named | undefined = this.#table.decode(topics, data);
    const fields = found && this.#fields.get(found.name);
    if (found === undefined || fields === undefined) return undefined;
    const args: Record<string, unknown> = {};
    fields.forEach(([field, reader], index) => {
      const value = found.args[index];
      args[field] = reader && value !== undefined ? reader(value) : value;
    });
    return { name: found.name, args };
  }
}

/** What the ledger emits beside the events that the model knows. */
export type OtherEvent =
  | { readonly name: "AuthorityUpdated"; readonly args: { readonly authority: bigint } }
  | { readonly name: "EIP712DomainChanged"; readonly args: object };

/** Events of the ledger beside those of the model. */
export const OTHER_EVENTS: ReadonlySet<string> = new Set<OtherEvent["name"]>([
  "AuthorityUpdated",
  "EIP712DomainChanged",
]);

/** Whether the model knows nothing of an event. */
export function isOther(event: LedgerEvent | OtherEvent): event is OtherEvent {
  return OTHER_EVENTS.has(event.name);
}

/** Decodes logs of the ledger into what the model replays, many times as fast as a general library. Hex digits without 0x. */
export class LedgerLogs {
  readonly #events: NamedEvents;

  /** @param abi - Of IClearinghouse. */
  constructor(abi: readonly AbiEntry[]) {
    const errors = new ErrorTable(abi);
    const terms = abi.find(({ type, name }) => type === "event" && name === "MarketListed");
    const [, , { components = [] } = {}] = terms?.inputs ?? [];
    this.#events = new NamedEvents(
      abi,
      new Map<string, Reader>([
        ["OrderFilled.parts", readParts],
        ["FillSkipped.reason", (reason) => errors.decode(String(reason))],
        [
          "MarketListed.terms",
          (values): unknown =>
            Object.fromEntries(
              listOf(values).map((value, index) => [components[index]?.name, value]),
            ),
        ],
      ]),
    );
  }

  /** The event in a log; undefined if the ledger declares none such. */
  decode(topics: readonly string[], data: string): LedgerEvent | OtherEvent | undefined {
    // The compiler cannot see that the interface and the model name the same fields; replays show it.
    return this.#events.decode(topics, data) as LedgerEvent | OtherEvent | undefined;
  }
}

/** Decodes logs of the single-feed oracle. */
export class OracleLogs {
  readonly #events: NamedEvents;

  /** @param abi - Of ChainlinkSettlement. */
  constructor(abi: readonly AbiEntry[]) {
    this.#events = new NamedEvents(abi, new Map());
  }

  /** The event in a log; undefined if the oracle declares none such. */
  decode(topics: readonly string[], data: string): OracleEvent | undefined {
    return this.#events.decode(topics, data) as OracleEvent | undefined;
  }
}
