import type { Interface } from "ethers";

import { AccessManager__factory } from "../../../packages/contracts/src/generated/bindings/factories/AccessManager__factory.ts";
import { IBounties__factory } from "../../../packages/contracts/src/generated/bindings/factories/IBounties__factory.ts";
import { ICircuitBreaker__factory } from "../../../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { IClearinghouse__factory } from "../../../packages/contracts/src/generated/bindings/factories/IClearinghouse__factory.ts";
import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import type { RpcLog } from "../../../scripts/replay/node.ts";
import { fieldsText, withoutCalls } from "../multisig/values.ts";
import type { CallNames } from "./rules/pending.ts";

/** An event of a contract beside the ledger, its values by name. */
export interface Told {
  readonly name: string;
  readonly transaction: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const MOST_TEXT = 160;
/** 0x and four bytes. */
const SELECTOR = 10;

/** Reads what contracts beside the ledger tell and are told. */
export class Others implements CallNames {
  readonly #manager = AccessManager__factory.createInterface();
  readonly #breaker = ICircuitBreaker__factory.createInterface();
  /** What an operation may call. */
  readonly #callable: readonly Interface[] = [
    IClearinghouse__factory.createInterface(),
    this.#breaker,
    OracleHub__factory.createInterface(),
    IBounties__factory.createInterface(),
    this.#manager,
  ];

  /** An event of an access manager; nothing if it is none. */
  manager(log: RpcLog): Told | undefined {
    return toldIn(this.#manager, log);
  }

  /** An event of a circuit breaker; nothing if it is none. */
  breaker(log: RpcLog): Told | undefined {
    return toldIn(this.#breaker, log);
  }

  /** A call as people read it: `list(…) of 0x…`. */
  call(target: string, data: string): string {
    for (const each of this.#callable) {
      const found = attempt(() => each.parseTransaction({ data }));
      if (found === undefined) continue;
      const values = fieldsText(found.fragment.inputs, found.args.toArray(), withoutCalls);
      const short = values.length > MOST_TEXT ? `${values.slice(0, MOST_TEXT)}…` : values;
      return `${found.name}(${short}) of ${target}`;
    }
    return `${data.slice(0, SELECTOR)} of ${target}`;
  }

  /** A function by its selector; the selector where it is not known. */
  functionName(selector: string): string {
    const found = this.#callable.map((each) => each.getFunction(selector));
    return found.find((one) => one !== null)?.name ?? selector;
  }
}

/** Logs and calls may be another contract's, whose name is known here with other values. */
function attempt<Found>(parse: () => Found | null): Found | undefined {
  try {
    return parse() ?? undefined;
  } catch {
    return undefined;
  }
}

function toldIn(events: Interface, log: RpcLog): Told | undefined {
  const found = attempt(() => events.parseLog(log));
  if (found === undefined) return undefined;
  const { name, args, fragment } = found;
  const values = fragment.inputs.map((input, index) => [input.name, valueOf(args[index])]);
  return {
    name,
    transaction: log.transactionHash,
    args: Object.fromEntries(values) as Told["args"],
  };
}

function valueOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(valueOf) : value;
}
