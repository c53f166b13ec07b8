import { parseArgs } from "node:util";

import { UsageError } from "../demo/usage.ts";

/** How to replay. */
export const HELP = `npm run replay -- --rpc URL --ledger ADDRESS [options]
  Rebuilds a ledger from its events alone and compares every word of its storage with the chain.

  --rpc URL            JSON-RPC of a node, http or https
  --ledger ADDRESS     the ledger
  --oracle ADDRESS     a single-feed settlement oracle whose fixings are compared too; may be given several times
  --from BLOCK         the block that the first of them was deployed in, or one before it. Default: it is looked for
  --to BLOCK           the block to compare at. Default: the newest
  --confirmations N    compares N blocks below the newest instead
  --json               prints the outcome as JSON
  --help               shows this text

Ends with 0 if all is equal, 1 if something differs, 2 if asked wrongly, 3 if the node cannot be reached or is of no use.
`;

/** What to replay. Addresses are in small letters. */
export interface ReplayOptions {
  readonly rpc: string;
  readonly ledger: string;
  readonly oracles: readonly string[];
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly confirmations: number;
  readonly json: boolean;
}

/** Reads and checks the command line; undefined if help is asked for. */
export function parseOptions(args: readonly string[]): ReplayOptions | undefined {
  const values = parsed(args);
  if (values.help === true) return undefined;
  const { rpc, ledger, oracle = [], from, to, confirmations } = values;
  if (rpc === undefined) throw new UsageError("--rpc URL is missing");
  if (ledger === undefined) throw new UsageError("--ledger ADDRESS is missing");
  if (to !== undefined && confirmations !== undefined) {
    throw new UsageError("--to and --confirmations exclude each other");
  }
  const [first, last] = [numberOf("from", from), numberOf("to", to)];
  if (first !== undefined && last !== undefined && first > last) {
    throw new UsageError(`--from ${first} is after --to ${last}`);
  }
  return {
    rpc: urlOf(rpc),
    ledger: addressOf("ledger", ledger),
    oracles: [...new Set(oracle.map((address) => addressOf("oracle", address)))],
    from: first,
    to: last,
    confirmations: numberOf("confirmations", confirmations) ?? 0,
    json: values.json === true,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rpc: text,
        ledger: text,
        oracle: { type: "string", multiple: true },
        from: text,
        to: text,
        confirmations: text,
        json: flag,
        help: flag,
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function urlOf(value: string): string {
  const url = URL.parse(value);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(`--rpc ${value}: a URL of http or https is wanted`);
  }
  return value;
}

function addressOf(name: string, value: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) {
    throw new UsageError(`--${name} ${value}: an address is wanted, 0x and 40 hex digits`);
  }
  return value.toLowerCase();
}

function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw new UsageError(`--${name} ${value}: a whole number from 0 on is wanted`);
  }
  return Number(value);
}
